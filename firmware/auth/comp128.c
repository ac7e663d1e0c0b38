/* The numbers are facts about the algorithm as published: version 1 by M.
 * Briceno, I. Goldberg and D. Wagner ("An implementation of the GSM A3A8
 * algorithm", 1998), versions 2 and 3 in the Python description of
 * hackingprojects.net (2013). The code is written from those descriptions. */
#include "auth/comp128.h"

#include <string.h>

#include "crypto/wipe.h"

enum {
	ROUNDS = 8,
	LEVELS = 5,
	STATE = 32,
	HALF = 16
};

/* ---- version 1 ---- */

/* The first half of the table of level 0; entry 256 + i of it is entry i with its lowest bit turned over. */
static const uint8_t level0[256] = {
	102, 177, 186, 162, 2,   156, 112, 75,  55,  25,  8,   12,  251, 193, 246, 188, 109, 213, 151, 53,
	42,  79,  191, 115, 233, 242, 164, 223, 209, 148, 108, 161, 252, 37,  244, 47,  64,  211, 6,   237,
	185, 160, 139, 113, 76,  138, 59,  70,  67,  26,  13,  157, 63,  179, 221, 30,  214, 36,  166, 69,
	152, 124, 207, 116, 247, 194, 41,  84,  71,  1,   49,  14,  95,  35,  169, 21,  96,  78,  215, 225,
	182, 243, 28,  92,  201, 118, 4,   74,  248, 128, 17,  11,  146, 132, 245, 48,  149, 90,  120, 39,
	87,  230, 106, 232, 175, 19,  126, 190, 202, 141, 137, 176, 250, 27,  101, 40,  219, 227, 58,  20,
	51,  178, 98,  216, 140, 22,  32,  121, 61,  103, 203, 72,  29,  110, 85,  212, 180, 204, 150, 183,
	15,  66,  172, 196, 56,  197, 158, 0,   100, 45,  153, 7,   144, 222, 163, 167, 60,  135, 210, 231,
	174, 165, 38,  249, 224, 34,  220, 229, 217, 208, 241, 68,  206, 189, 125, 255, 239, 54,  168, 89,
	123, 122, 73,  145, 117, 234, 143, 99,  129, 200, 192, 82,  104, 170, 136, 235, 93,  81,  205, 173,
	236, 94,  105, 52,  46,  228, 198, 5,   57,  254, 97,  155, 142, 133, 199, 171, 187, 50,  65,  181,
	127, 107, 147, 226, 184, 218, 131, 33,  77,  86,  31,  44,  88,  62,  238, 18,  24,  43,  154, 23,
	80,  159, 134, 111, 9,   114, 3,   91,  16,  130, 83,  10,  195, 240, 253, 119,
};

/* The tables of levels 1, 2, 3 and 4, one behind the other: 256, 128, 64 and 32 entries. */
static const uint8_t levels[480] = {
	19,  11,  80,  114, 43,  1,   69,  94,  39,  18,  127, 117, 97,  3,   85,  43,  27,  124, 70,  83,
	47,  71,  63,  10,  47,  89,  79,  4,   14,  59,  11,  5,   35,  107, 103, 68,  21,  86,  36,  91,
	85,  126, 32,  50,  109, 94,  120, 6,   53,  79,  28,  45,  99,  95,  41,  34,  88,  68,  93,  55,
	110, 125, 105, 20,  90,  80,  76,  96,  23,  60,  89,  64,  121, 56,  14,  74,  101, 8,   19,  78,
	76,  66,  104, 46,  111, 50,  32,  3,   39,  0,   58,  25,  92,  22,  18,  51,  57,  65,  119, 116,
	22,  109, 7,   86,  59,  93,  62,  110, 78,  99,  77,  67,  12,  113, 87,  98,  102, 5,   88,  33,
	38,  56,  23,  8,   75,  45,  13,  75,  95,  63,  28,  49,  123, 120, 20,  112, 44,  30,  15,  98,
	106, 2,   103, 29,  82,  107, 42,  124, 24,  30,  41,  16,  108, 100, 117, 40,  73,  40,  7,   114,
	82,  115, 36,  112, 12,  102, 100, 84,  92,  48,  72,  97,  9,   54,  55,  74,  113, 123, 17,  26,
	53,  58,  4,   9,   69,  122, 21,  118, 42,  60,  27,  73,  118, 125, 34,  15,  65,  115, 84,  64,
	62,  81,  70,  1,   24,  111, 121, 83,  104, 81,  49,  127, 48,  105, 31,  10,  6,   91,  87,  37,
	16,  54,  116, 126, 31,  38,  13,  0,   72,  106, 77,  61,  26,  67,  46,  29,  96,  37,  61,  52,
	101, 17,  44,  108, 71,  52,  66,  57,  33,  51,  25,  90,  2,   119, 122, 35,  52,  50,  44,  6,
	21,  49,  41,  59,  39,  51,  25,  32,  51,  47,  52,  43,  37,  4,   40,  34,  61,  12,  28,  4,
	58,  23,  8,   15,  12,  22,  9,   18,  55,  10,  33,  35,  50,  1,   43,  3,   57,  13,  62,  14,
	7,   42,  44,  59,  62,  57,  27,  6,   8,   31,  26,  54,  41,  22,  45,  20,  39,  3,   16,  56,
	48,  2,   21,  28,  36,  42,  60,  33,  34,  18,  0,   11,  24,  10,  17,  61,  29,  14,  45,  26,
	55,  46,  11,  17,  54,  46,  9,   24,  30,  60,  32,  0,   20,  38,  2,   30,  58,  35,  1,   16,
	56,  40,  23,  48,  13,  19,  19,  27,  31,  53,  47,  38,  63,  15,  49,  5,   37,  53,  25,  36,
	63,  29,  5,   7,   1,   5,   29,  6,   25,  1,   18,  23,  17,  19,  0,   9,   24,  25,  6,   31,
	28,  20,  24,  30,  4,   27,  3,   13,  15,  16,  14,  18,  4,   3,   8,   9,   20,  0,   12,  26,
	21,  8,   28,  2,   29,  2,   15,  7,   11,  22,  14,  10,  17,  21,  12,  30,  26,  27,  16,  31,
	11,  7,   13,  23,  10,  5,   22,  19,  15,  12,  10,  4,   1,   14,  11,  7,   5,   0,   14,  7,
	1,   2,   13,  8,   10,  3,   4,   9,   6,   0,   3,   2,   5,   6,   8,   9,   11,  13,  15,  12,
};

static uint8_t substitute(unsigned level, unsigned index)
{
	if (level > 0)
		return levels[512u - (1024u >> level) + index];
	return level0[index < 256 ? index : (index - 256) ^ 1];
}

/* A butterfly of five levels over 32 values, the two halves of each group
 * mixed with the weights 1 and 2. */
static void compress(uint8_t x[static STATE])
{
	for (unsigned level = 0; level < LEVELS; level++) {
		unsigned half = 16u >> level, mask = (512u >> level) - 1;

		for (unsigned a = 0; a < STATE; a++) {
			unsigned b = a + half, y, z;

			if (a & half)
				continue;
			y = (x[a] + 2u * x[b]) & mask;
			z = (2u * x[a] + x[b]) & mask;
			x[a] = substitute(level, y);
			x[b] = substitute(level, z);
		}
	}
}

/* Bit `number` of the 128 that 32 nibbles make. */
static unsigned nibble_bit(const uint8_t x[static STATE], unsigned number)
{
	return (unsigned)x[number / 4] >> (3 - number % 4) & 1u;
}

static void permute(uint8_t x[static STATE])
{
	uint8_t out[HALF] = {0};

	for (unsigned i = 0; i < 128; i++)
		out[i / 8] |= (uint8_t)(nibble_bit(x, i * 17 % 128) << (7 - i % 8));
	memcpy(x + HALF, out, HALF);
	wipe(out, sizeof(out));
}

static void version_1(uint8_t out[static 12], const uint8_t ki[static 16], const uint8_t rand[static 16])
{
	uint8_t x[STATE];

	memcpy(x + HALF, rand, HALF);
	for (unsigned round = 1; round <= ROUNDS; round++) {
		memcpy(x, ki, HALF);
		compress(x);
		if (round < ROUNDS)
			permute(x);
	}
	/* SRES is the first eight nibbles; Kc the 54 bits from bit 74 on, and ten zeros. */
	memset(out, 0, 12);
	for (unsigned i = 0; i < 32 + 54; i++)
		out[i / 8] |= (uint8_t)(nibble_bit(x, i < 32 ? i : i + 42) << (7 - i % 8));
	wipe(x, sizeof(x));
}

/* ---- versions 2 and 3 ---- */

/* The two substitutions, always used as outer[inner[a] ^ b]. */
static const uint8_t outer[256] = {
	197, 235, 60,  151, 98,  96,  3,   100, 248, 118, 42,  117, 172, 211, 181, 203, 61,  126, 156, 87,
	149, 224, 55,  132, 186, 63,  238, 255, 85,  83,  152, 33,  160, 184, 210, 219, 159, 11,  180, 194,
	130, 212, 147, 5,   215, 92,  27,  46,  113, 187, 52,  25,  185, 79,  221, 48,  70,  31,  101, 15,
	195, 201, 50,  222, 137, 233, 229, 106, 122, 183, 178, 177, 144, 207, 234, 182, 37,  254, 227, 231,
	54,  209, 133, 65,  202, 69,  237, 220, 189, 146, 120, 68,  21,  125, 38,  30,  2,   155, 53,  196,
	174, 176, 51,  246, 167, 76,  110, 20,  82,  121, 103, 112, 56,  173, 49,  217, 252, 0,   114, 228,
	123, 12,  93,  161, 253, 232, 240, 175, 67,  128, 22,  158, 89,  18,  77,  109, 190, 17,  62,  4,
	153, 163, 59,  145, 138, 7,   74,  205, 10,  162, 80,  45,  104, 111, 150, 214, 154, 28,  191, 169,
	213, 88,  193, 198, 200, 245, 39,  164, 124, 84,  78,  1,   188, 170, 23,  86,  226, 141, 32,  6,
	131, 127, 199, 40,  135, 16,  57,  71,  91,  225, 168, 242, 206, 97,  166, 44,  14,  90,  236, 239,
	230, 244, 223, 108, 102, 119, 148, 251, 29,  216, 8,   9,   249, 208, 24,  105, 94,  34,  64,  95,
	115, 72,  134, 204, 43,  247, 243, 218, 47,  58,  73,  107, 241, 179, 116, 66,  36,  143, 81,  250,
	139, 19,  13,  142, 140, 129, 192, 99,  171, 157, 136, 41,  75,  35,  165, 26,
};

static const uint8_t inner[256] = {
	170, 42,  95,  141, 109, 30,  71,  89,  26,  147, 231, 205, 239, 212, 124, 129, 216, 79,  15,  185,
	153, 14,  251, 162, 0,   241, 172, 197, 43,  10,  194, 235, 6,   20,  72,  45,  143, 104, 161, 119,
	41,  136, 38,  189, 135, 25,  93,  18,  224, 171, 252, 195, 63,  19,  58,  165, 23,  55,  133, 254,
	214, 144, 220, 178, 156, 52,  110, 225, 97,  183, 140, 39,  53,  88,  219, 167, 16,  198, 62,  222,
	76,  139, 175, 94,  51,  134, 115, 22,  67,  1,   249, 217, 3,   5,   232, 138, 31,  56,  116, 163,
	70,  128, 234, 132, 229, 184, 244, 13,  34,  73,  233, 154, 179, 131, 215, 236, 142, 223, 27,  57,
	246, 108, 211, 8,   253, 85,  66,  245, 193, 78,  190, 4,   17,  7,   150, 127, 152, 213, 37,  186,
	2,   243, 46,  169, 68,  101, 60,  174, 208, 158, 176, 69,  238, 191, 90,  83,  166, 125, 77,  59,
	21,  92,  49,  151, 168, 99,  9,   50,  146, 113, 117, 228, 65,  230, 40,  82,  54,  237, 227, 102,
	28,  36,  107, 24,  44,  126, 206, 201, 61,  114, 164, 207, 181, 29,  91,  64,  221, 255, 48,  155,
	192, 111, 180, 210, 182, 247, 203, 148, 209, 98,  173, 11,  75,  123, 250, 118, 32,  47,  240, 202,
	74,  177, 100, 80,  196, 33,  248, 86,  157, 137, 120, 130, 84,  204, 122, 81,  242, 188, 200, 149,
	226, 218, 160, 187, 106, 35,  87,  105, 96,  145, 199, 159, 12,  121, 103, 112,
};

static uint8_t mix(uint8_t a, uint8_t b)
{
	return outer[inner[a] ^ b];
}

/* One round: five levels, in each of which 16 values are mixed with 16 others
 * and both interleaved in groups of 2^level; then a permutation of bits. */
static void round_23(uint8_t rand[static HALF], const uint8_t key[static HALF])
{
	uint8_t x[STATE], mixed[HALF], out[HALF] = {0};

	memcpy(x, rand, HALF);
	memcpy(x + HALF, key, HALF);
	for (unsigned level = 0; level < LEVELS; level++) {
		for (unsigned i = 0; i < HALF; i++)
			mixed[i] = mix(x[HALF + i], x[i]);
		/* Upwards: what is written lies at or before what is still to be read. */
		for (unsigned i = 0; i < HALF; i++) {
			unsigned group = i >> level, place = i & ((1u << level) - 1);

			x[((2 * group + 1) << level) + place] = mix(mixed[i], x[HALF + i]);
			x[((2 * group) << level) + place] = mixed[i];
		}
	}
	for (unsigned i = 0; i < 128; i++)
		out[i / 8] |= (uint8_t)((x[(19 * i + 19) % 256 / 8] >> (3 * (i % 8) + 3) % 8 & 1) << i % 8);
	memcpy(rand, out, HALF);
	wipe(x, sizeof(x));
	wipe(mixed, sizeof(mixed));
	wipe(out, sizeof(out));
}

static void version_23(uint8_t out[static 12], const uint8_t ki[static 16], const uint8_t rand[static 16])
{
	uint8_t key[HALF], x[HALF];

	for (unsigned i = 0; i < HALF; i++) {
		x[i] = rand[15 - i];
		key[i] = ki[15 - i] ^ x[i];
	}
	for (unsigned round = 0; round < ROUNDS; round++)
		round_23(x, key);
	/* Backwards again; of 16 bytes 0..3 are SRES, 8..15 Kc. */
	for (unsigned i = 0; i < 12; i++)
		out[i] = x[15 - (i < 4 ? i : i + 4)];
	wipe(key, sizeof(key));
	wipe(x, sizeof(x));
}

void comp128(enum comp128_version version, uint8_t sres[static 4], uint8_t kc[static 8],
	     const uint8_t ki[static 16], const uint8_t rand[static 16])
{
	uint8_t out[12];

	if (version == COMP128_1)
		version_1(out, ki, rand);
	else
		version_23(out, ki, rand);
	if (version == COMP128_2) { /* ten bits of zero */
		out[11] = 0;
		out[10] &= 0xFC;
	}
	memcpy(sres, out, 4);
	memcpy(kc, out + 4, 8);
	wipe(out, sizeof(out));
}

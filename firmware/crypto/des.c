/* The cipher itself is written here, too: the tables that make a library's quick weigh more than all of this,
 * and no card sends so much under DES that it would show. S-boxes are looked up, as the library does; a card
 * has no cache that would tell where. The modes are over single blocks, as in aes.c. */
#include "crypto/des.h"

#include <string.h>

#include "crypto/wipe.h"

enum {
	ROUNDS = 16,        /* of one DES */
	THIRD = 2 * ROUNDS, /* where those of the third DES begin */
	GROUPS = 8          /* of six bits that go into a round */
};

/* What each round adds to its groups: the rounds of encryption with K1, decryption with K2, encryption with
 * K3. Taken from the last to the first they decrypt. */
struct schedule {
	uint8_t round[3 * ROUNDS][GROUPS];
};

static const uint8_t zero[DES_BLOCK];

/* The S-boxes: what six bits become, in the order of these bits as they come (the standard's tables have the
 * first and the last of them for the row). A byte holds S1's four bits and S5's; then S2 and S6, and so on.
 */
static const uint8_t boxes[GROUPS / 2][64] = {
	{0xE2, 0x0E, 0x4C, 0xFB, 0xD4, 0x72, 0x11, 0x4C, 0x27, 0xE4, 0xFA, 0x27, 0xBB, 0xDD, 0x86, 0x11,
	 0x38, 0xA5, 0xA5, 0x60, 0x63, 0xCF, 0xCF, 0xBA, 0x5D, 0x93, 0x90, 0x59, 0x0E, 0x38, 0x79, 0x86,
	 0x44, 0xFB, 0x12, 0xC8, 0xE1, 0x8C, 0x8B, 0x27, 0xDA, 0x41, 0x6D, 0x9E, 0x27, 0x12, 0xB8, 0x7D,
	 0xFF, 0x56, 0xC9, 0xBF, 0x9C, 0x30, 0x75, 0xE9, 0x36, 0xAA, 0xA3, 0x04, 0x50, 0x65, 0x0E, 0xD3},
	{0xFC, 0x3A, 0x11, 0xDF, 0x8A, 0x44, 0xEF, 0x72, 0x69, 0xF7, 0xB2, 0x2C, 0x36, 0x89, 0x48, 0xE5,
	 0x90, 0xC6, 0x7D, 0x01, 0x23, 0x1D, 0xD4, 0xAE, 0xCE, 0x60, 0x07, 0x9B, 0x55, 0xB3, 0xAB, 0x58,
	 0x09, 0xD4, 0xEE, 0x83, 0x7F, 0xA2, 0xB5, 0x1C, 0xA2, 0x39, 0x48, 0xF5, 0xDC, 0x4F, 0x13, 0x2A,
	 0x57, 0xBB, 0x80, 0x6E, 0xC4, 0x71, 0x6A, 0xC7, 0x91, 0x06, 0x3D, 0x50, 0x2B, 0xE8, 0xF6, 0x9D},
	{0xA4, 0xDD, 0x0B, 0x70, 0x92, 0x0B, 0xEE, 0x97, 0x6F, 0x34, 0x30, 0x49, 0xF8, 0x61, 0x5D, 0xAA,
	 0x13, 0x2E, 0xDC, 0x83, 0xC9, 0x55, 0x77, 0xEC, 0xB5, 0xC2, 0x4A, 0xBF, 0x26, 0xF8, 0x81, 0x16,
	 0xD1, 0x16, 0x64, 0xAB, 0x4B, 0xDD, 0x9D, 0x08, 0x8C, 0x61, 0xF3, 0x94, 0x37, 0x8A, 0x0E, 0x77,
	 0xBA, 0x49, 0x1F, 0xF5, 0x26, 0xE0, 0xC8, 0x3F, 0x50, 0xBE, 0xA5, 0x52, 0xE9, 0x23, 0x72, 0xCC},
	{0x7D, 0xD1, 0xD2, 0x8F, 0xE8, 0xBD, 0x34, 0x58, 0x06, 0x6A, 0x6F, 0xF3, 0x9B, 0x07, 0xA1, 0x34,
	 0x1A, 0x4C, 0x29, 0x75, 0x83, 0x26, 0x5E, 0xCB, 0xB5, 0x10, 0xC0, 0xAE, 0x4C, 0xE9, 0xF7, 0x92,
	 0xA7, 0x32, 0x6B, 0xF1, 0x94, 0x0E, 0x01, 0x67, 0xC9, 0xA4, 0xBC, 0x1A, 0x7E, 0xD8, 0xD2, 0x8D,
	 0xF0, 0x9F, 0x16, 0x4C, 0x3A, 0x59, 0xED, 0xB0, 0x5F, 0xC3, 0x23, 0x75, 0x85, 0x26, 0x48, 0xEB},
};

/* PC-1: the bits of a key, counted from 0, that C and D begin with. */
static const uint8_t begin[2][28] = {
	{56, 48, 40, 32, 24, 16, 8,  0,  57, 49, 41, 33, 25, 17,
	 9,  1,  58, 50, 42, 34, 26, 18, 10, 2,  59, 51, 43, 35},
	{62, 54, 46, 38, 30, 22, 14, 6,  61, 53, 45, 37, 29, 21,
	 13, 5,  60, 52, 44, 36, 28, 20, 12, 4,  27, 19, 11, 3},
};
/* PC-2: the bits that a round's groups take, four of them from C and four from D. */
static const uint8_t take[GROUPS][6] = {
	{13, 16, 10, 23, 0, 4}, {2, 27, 14, 5, 20, 9},  {22, 18, 11, 3, 25, 7},  {15, 6, 26, 19, 12, 1},
	{12, 23, 2, 8, 18, 26}, {1, 11, 22, 16, 4, 19}, {15, 20, 10, 27, 5, 24}, {17, 13, 21, 7, 0, 3},
};

/* IP, its inverse and P are exchanges: the bits of `mask` in one word change places with those `distance`
 * higher in another, or in the same. IP is five between the halves; in the opposite order they undo it. */
struct exchange {
	uint32_t mask, distance;
};
static const struct exchange initial[5] = {
	{0x0F0F0F0F, 4}, {0x0000FFFF, 16}, {0x33333333, 2}, {0x00FF00FF, 8}, {0x55555555, 1}};

/* Number `i` of IP: the third and the fourth find the higher bits in the right half. */
static void exchange_halves(uint32_t half[static 2], unsigned i)
{
	const struct exchange *e = &initial[i];
	unsigned high = i == 2 || i == 3;
	uint32_t differ = (half[high] >> e->distance ^ half[!high]) & e->mask;

	half[!high] ^= differ;
	half[high] ^= differ << e->distance;
}

/* Within a word; in line, because it is done 432 times for a block. */
__attribute__((always_inline)) static inline uint32_t exchange(uint32_t word, uint32_t mask,
							       unsigned distance)
{
	uint32_t differ = (word >> distance ^ word) & mask;

	return word ^ differ ^ differ << distance;
}

/* P, as a Benes network. */
static uint32_t permute(uint32_t word)
{
	word = exchange(word, 0x0000EDFC, 16);
	word = exchange(word, 0x00000090, 8);
	word = exchange(word, 0x00080000, 4);
	word = exchange(word, 0x20000002, 2);
	word = exchange(word, 0x15154011, 1);
	word = exchange(word, 0x01131113, 2);
	word = exchange(word, 0x070E0705, 4);
	word = exchange(word, 0x008E0038, 8);
	return exchange(word, 0x000024AB, 16);
}

/* The rounds of one DES, from `first` on; `backwards`, the last of them comes first. */
static void expand(struct schedule *s, unsigned first, const uint8_t key[static 8], int backwards)
{
	const unsigned turn_once = 0x8103; /* the rounds 1, 2, 9 and 16; all others turn C and D by two */
	uint32_t half[2] = {0, 0};

	for (unsigned h = 0; h < 2; h++)
		for (unsigned i = 0; i < 28; i++)
			half[h] = half[h] << 1 | (key[begin[h][i] / 8] >> (7 - begin[h][i] % 8) & 1);
	for (unsigned r = 0; r < ROUNDS; r++) {
		/* cppcheck-suppress uninitvar */ /* an address, nothing is read */
		uint8_t *groups = s->round[first + (backwards ? ROUNDS - 1 - r : r)];
		unsigned turn = turn_once >> r & 1 ? 1 : 2;

		for (unsigned h = 0; h < 2; h++)
			half[h] = (half[h] << turn | half[h] >> (28 - turn)) & 0x0FFFFFFF;
		for (unsigned g = 0; g < GROUPS; g++) {
			unsigned bits = 0;

			for (unsigned i = 0; i < 6; i++)
				bits = bits << 1 | (half[g / 4] >> (27 - take[g][i]) & 1);
			groups[g] = (uint8_t)bits;
		}
	}
	wipe(half, sizeof(half));
}

/* The function f. Two groups at a time (E), `half` turns so that one's bits are the lowest and the other's
 * are 16 above. */
static uint32_t scramble(uint32_t half, const uint8_t groups[static GROUPS])
{
	uint32_t out = 0;

	half = half << 1 | half >> 31;
	for (unsigned g = 0; g < GROUPS / 2; g++) {
		half = half << 4 | half >> 28;
		out = out << 4 | (boxes[g][(half & 0x3F) ^ groups[g]] & 0xF0u) << 12 |
		      (boxes[g][(half >> 16 & 0x3F) ^ groups[g + GROUPS / 2]] & 0x0F);
	}
	return permute(out);
}

static uint32_t load(const uint8_t in[static 4])
{
	return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

/* A block through the first `rounds`, which are those of one DES or of three; or through them backwards. */
static void crypt(uint8_t out[static DES_BLOCK], const struct schedule *s, unsigned rounds, int backwards,
		  const uint8_t in[static DES_BLOCK])
{
	uint32_t half[2] = {load(in), load(in + 4)};

	for (unsigned i = 0; i < 5; i++)
		exchange_halves(half, i);
	for (unsigned i = 0; i < rounds; i++) {
		half[i % 2] ^= scramble(half[(i + 1) % 2], s->round[backwards ? rounds - 1 - i : i]);
		if (i % ROUNDS == ROUNDS - 1) { /* at the end of one DES the halves change places */
			uint32_t left = half[0];

			half[0] = half[1];
			half[1] = left;
		}
	}
	for (unsigned i = 5; i-- > 0;)
		exchange_halves(half, i);
	for (unsigned i = 0; i < DES_BLOCK; i++)
		out[i] = (uint8_t)(half[i / 4] >> (24 - 8 * (i % 4)));
	wipe(half, sizeof(half));
}

static void encrypt(uint8_t out[static DES_BLOCK], const struct schedule *s,
		    const uint8_t in[static DES_BLOCK])
{
	crypt(out, s, 3 * ROUNDS, 0, in);
}

static void decrypt(uint8_t out[static DES_BLOCK], const struct schedule *s,
		    const uint8_t in[static DES_BLOCK])
{
	crypt(out, s, 3 * ROUNDS, 1, in);
}

/* ERROR_VALUE if the key or what is to come is not of a length there is. */
static int start(struct schedule *s, struct span key, size_t length)
{
	if ((key.length != DES3_KEY && key.length != DES3_LONG_KEY) || length % DES_BLOCK)
		return ERROR_VALUE;
	expand(s, 0, key.at, 0);
	expand(s, ROUNDS, key.at + 8, 1);
	if (key.length == DES3_LONG_KEY)
		expand(s, THIRD, key.at + 16, 0);
	else
		memcpy(&s->round[THIRD], s->round, sizeof(s->round) / 3);
	return OK;
}

static void mix(uint8_t out[static DES_BLOCK], const uint8_t a[static DES_BLOCK],
		const uint8_t b[static DES_BLOCK])
{
	for (size_t i = 0; i < DES_BLOCK; i++)
		out[i] = a[i] ^ b[i];
}

/* SPEC: ISO/IEC 18033-3 */
int des_block(uint8_t out[static DES_BLOCK], const uint8_t key[static 8], const uint8_t in[static DES_BLOCK])
{
	struct schedule s;

	expand(&s, 0, key, 0);
	crypt(out, &s, ROUNDS, 0, in);
	wipe(&s, sizeof(s));
	return OK;
}

static int cbc_encrypt(uint8_t *out, struct span key, const uint8_t iv[static DES_BLOCK], const uint8_t *in,
		       size_t length)
{
	struct schedule s;
	uint8_t chain[DES_BLOCK];
	int e = start(&s, key, length);

	if (e < 0)
		return e;
	memcpy(chain, iv, DES_BLOCK);
	for (size_t i = 0; i < length; i += DES_BLOCK) {
		mix(chain, chain, in + i);
		encrypt(chain, &s, chain);
		memcpy(out + i, chain, DES_BLOCK);
	}
	wipe(&s, sizeof(s));
	wipe(chain, sizeof(chain));
	return OK;
}

static int cbc_decrypt(uint8_t *out, struct span key, const uint8_t iv[static DES_BLOCK], const uint8_t *in,
		       size_t length)
{
	struct schedule s;
	uint8_t chain[DES_BLOCK], next[DES_BLOCK], block[DES_BLOCK];
	int e = start(&s, key, length);

	if (e < 0)
		return e;
	memcpy(chain, iv, DES_BLOCK);
	for (size_t i = 0; i < length; i += DES_BLOCK) {
		memcpy(next, in + i, DES_BLOCK);
		decrypt(block, &s, next);
		mix(out + i, block, chain);
		memcpy(chain, next, DES_BLOCK);
	}
	wipe(&s, sizeof(s));
	wipe(block, sizeof(block));
	return OK;
}

int des3_cbc_encrypt(uint8_t *out, const uint8_t key[static DES3_KEY], const uint8_t iv[static DES_BLOCK],
		     const uint8_t *in, size_t length)
{
	return cbc_encrypt(out, (struct span){key, DES3_KEY}, iv, in, length);
}

int des3_cbc_decrypt(uint8_t *out, const uint8_t key[static DES3_KEY], const uint8_t iv[static DES_BLOCK],
		     const uint8_t *in, size_t length)
{
	return cbc_decrypt(out, (struct span){key, DES3_KEY}, iv, in, length);
}

int des3_encrypt(uint8_t *out, struct span key, const uint8_t *in, size_t length)
{
	return cbc_encrypt(out, key, zero, in, length);
}

int des3_decrypt(uint8_t *out, struct span key, const uint8_t *in, size_t length)
{
	return cbc_decrypt(out, key, zero, in, length);
}

int des3_mac(uint8_t mac[static DES_BLOCK], struct span key, struct span message)
{
	struct schedule s;
	int e = start(&s, key, 0);

	if (e < 0)
		return e;
	memset(mac, 0, DES_BLOCK);
	for (size_t i = 0; i < message.length; i += DES_BLOCK) {
		for (size_t b = 0; b < DES_BLOCK && i + b < message.length; b++)
			mac[b] ^= message.at[i + b];
		encrypt(mac, &s, mac);
	}
	wipe(&s, sizeof(s));
	return OK;
}

int des3_ecb_decrypt(uint8_t *out, const uint8_t key[static DES3_KEY], const uint8_t *in, size_t length)
{
	struct schedule s;
	int e = start(&s, (struct span){key, DES3_KEY}, length);

	if (e < 0)
		return e;
	for (size_t i = 0; i < length; i += DES_BLOCK)
		decrypt(out + i, &s, in + i);
	wipe(&s, sizeof(s));
	return OK;
}

/* Byte `i` of header, data and padding. */
static uint8_t byte_at(struct span header, struct span data, size_t i)
{
	if (i < header.length)
		return header.at[i];
	i -= header.length;
	if (i < data.length)
		return data.at[i];
	return i == data.length ? 0x80 : 0x00;
}

int des_retail_mac(uint8_t mac[static DES_BLOCK], const uint8_t key[static DES3_KEY],
		   const uint8_t iv[static DES_BLOCK], struct span header, struct span data)
{
	size_t length = (header.length + data.length) / DES_BLOCK * DES_BLOCK + DES_BLOCK;
	struct schedule s;
	uint8_t chain[DES_BLOCK];
	int e = start(&s, (struct span){key, DES3_KEY}, length);

	if (e < 0)
		return e;
	memcpy(chain, iv, DES_BLOCK);
	for (size_t i = 0; i < length; i += DES_BLOCK) {
		for (size_t b = 0; b < DES_BLOCK; b++)
			chain[b] ^= byte_at(header, data, i + b);
		crypt(chain, &s, i + DES_BLOCK < length ? ROUNDS : 3 * ROUNDS, 0, chain);
	}
	memcpy(mac, chain, DES_BLOCK);
	wipe(&s, sizeof(s));
	return OK;
}

int des3_check_value(uint8_t out[static DES_KCV], struct span key)
{
	uint8_t block[DES_BLOCK];
	int e = des3_encrypt(block, key, zero, DES_BLOCK);

	if (e == OK)
		memcpy(out, block, DES_KCV);
	wipe(block, sizeof(block));
	return e;
}

int des3_kcv(uint8_t out[static DES_KCV], const uint8_t key[static DES3_KEY])
{
	return des3_check_value(out, (struct span){key, DES3_KEY});
}

/* Small: the library's is twice as long, for what a card digests. */
#include "crypto/sha256.h"

#include <string.h>

#include "crypto/wipe.h"

enum {
	LENGTH_AT = 56 /* in the last block */
};

static uint32_t turn(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static uint32_t three_turns(uint32_t x, unsigned a, unsigned b, unsigned c)
{
	return turn(x, a) ^ turn(x, b) ^ turn(x, c);
}

static uint32_t two_turns(uint32_t x, unsigned a, unsigned b, unsigned shift)
{
	return turn(x, a) ^ turn(x, b) ^ x >> shift;
}

/* One block. The schedule is a ring of 16 words. */
static void mix(uint32_t h[static 8], const uint8_t block[static SHA256_BLOCK])
{
	static const uint32_t constants[64] = {
		0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4,
		0xAB1C5ED5, 0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE,
		0x9BDC06A7, 0xC19BF174, 0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F,
		0x4A7484AA, 0x5CB0A9DC, 0x76F988DA, 0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7,
		0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967, 0x27B70A85, 0x2E1B2138, 0x4D2C6DFC,
		0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85, 0xA2BFE8A1, 0xA81A664B,
		0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070, 0x19A4C116,
		0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
		0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7,
		0xC67178F2,
	};
	uint32_t w[16], v[8], first, second;

	memcpy(v, h, sizeof(v));
	for (size_t i = 0; i < 64; i++) {
		uint32_t *word = &w[i % 16];

		if (i < 16)
			*word = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
				(uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
		else
			*word += two_turns(w[(i + 1) % 16], 7, 18, 3) + w[(i + 9) % 16] +
				 two_turns(w[(i + 14) % 16], 17, 19, 10);
		first = v[7] + three_turns(v[4], 6, 11, 25) + ((v[4] & v[5]) ^ (~v[4] & v[6])) +
			constants[i] + *word;
		second = three_turns(v[0], 2, 13, 22) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += first;
		v[0] = first + second;
	}
	for (unsigned i = 0; i < 8; i++)
		h[i] += v[i];
	wipe(w, sizeof(w));
	wipe(v, sizeof(v));
}

void sha256_start(struct sha256 *h)
{
	static const uint32_t initial[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
					    0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};

	memcpy(h->state, initial, sizeof(initial));
	h->length = 0;
}

void sha256_add(struct sha256 *h, const void *data, size_t length)
{
	for (const uint8_t *at = data; length > 0; length--) {
		h->block[h->length++ % SHA256_BLOCK] = *at++;
		if (h->length % SHA256_BLOCK == 0)
			mix(h->state, h->block);
	}
}

/* SPEC: FIPS 180-4 */
int sha256_finish(struct sha256 *h, uint8_t digest[static SHA256_LENGTH])
{
	uint64_t bits = h->length * 8;
	uint8_t next = 0x80;

	do {
		sha256_add(h, &next, 1);
		next = 0;
	} while (h->length % SHA256_BLOCK != LENGTH_AT);
	for (unsigned shift = 64; shift > 0;) {
		next = (uint8_t)(bits >> (shift -= 8));
		sha256_add(h, &next, 1);
	}
	for (unsigned i = 0; i < SHA256_LENGTH; i++)
		digest[i] = (uint8_t)(h->state[i / 4] >> (24 - 8 * (i % 4)));
	wipe(h, sizeof(*h));
	return OK;
}

int sha256(uint8_t digest[static SHA256_LENGTH], struct span message)
{
	struct sha256 h;

	sha256_start(&h);
	sha256_add(&h, message.at, message.length);
	return sha256_finish(&h, digest);
}

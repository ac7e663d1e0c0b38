#include "crypto/sha1.h"

#include <string.h>

#include "crypto/wipe.h"

enum {
	BLOCK = 64,
	LENGTH_AT = 56 /* in the last block */
};

static uint32_t turn(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

/* One block. The schedule is a ring of 16 words. */
static void mix(uint32_t h[static 5], const uint8_t block[static BLOCK])
{
	static const uint32_t constants[4] = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
	uint32_t w[16], v[5], f, next;

	memcpy(v, h, sizeof(v));
	for (size_t i = 0; i < 80; i++) {
		uint32_t *word = &w[i % 16];

		if (i < 16)
			*word = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
				(uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
		else
			*word = turn(w[(i + 13) % 16] ^ w[(i + 8) % 16] ^ w[(i + 2) % 16] ^ *word, 1);
		if (i < 20)
			f = (v[1] & v[2]) | (~v[1] & v[3]);
		else if (i < 40 || i >= 60)
			f = v[1] ^ v[2] ^ v[3];
		else
			f = (v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3]);
		next = turn(v[0], 5) + f + v[4] + constants[i / 20] + *word;
		v[4] = v[3];
		v[3] = v[2];
		v[2] = turn(v[1], 30);
		v[1] = v[0];
		v[0] = next;
	}
	for (unsigned i = 0; i < 5; i++)
		h[i] += v[i];
	wipe(w, sizeof(w));
	wipe(v, sizeof(v));
}

void sha1(uint8_t digest[static SHA1_LENGTH], struct span message)
{
	uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
	uint32_t bits = (uint32_t)message.length * 8;
	uint8_t last[BLOCK] = {0};
	size_t left = message.length;

	for (; left >= BLOCK; left -= BLOCK)
		mix(h, message.at + (message.length - left));
	if (left > 0)
		memcpy(last, message.at + (message.length - left), left);
	last[left] = 0x80;
	if (left >= LENGTH_AT) {
		mix(h, last);
		memset(last, 0, sizeof(last));
	}
	for (unsigned i = 0; i < 4; i++)
		last[BLOCK - 1 - i] = (uint8_t)(bits >> (8 * i));
	mix(h, last);
	for (unsigned i = 0; i < SHA1_LENGTH; i++)
		digest[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
	wipe(last, sizeof(last));
	wipe(h, sizeof(h));
}

#include "eap/md5.h"

#include <string.h>

#include "crypto/wipe.h"

enum {
	BLOCK = 64,
};

struct state {
	uint32_t word[4];
	uint64_t length;
	uint8_t block[BLOCK];
};

/* floor(2^32 * |sin(i + 1)|) (RFC 1321 3.4). */
static const uint32_t sines[64] = {
	0xD76AA478, 0xE8C7B756, 0x242070DB, 0xC1BDCEEE, 0xF57C0FAF, 0x4787C62A, 0xA8304613, 0xFD469501,
	0x698098D8, 0x8B44F7AF, 0xFFFF5BB1, 0x895CD7BE, 0x6B901122, 0xFD987193, 0xA679438E, 0x49B40821,
	0xF61E2562, 0xC040B340, 0x265E5A51, 0xE9B6C7AA, 0xD62F105D, 0x02441453, 0xD8A1E681, 0xE7D3FBC8,
	0x21E1CDE6, 0xC33707D6, 0xF4D50D87, 0x455A14ED, 0xA9E3E905, 0xFCEFA3F8, 0x676F02D9, 0x8D2A4C8A,
	0xFFFA3942, 0x8771F681, 0x6D9D6122, 0xFDE5380C, 0xA4BEEA44, 0x4BDECFA9, 0xF6BB4B60, 0xBEBFBC70,
	0x289B7EC6, 0xEAA127FA, 0xD4EF3085, 0x04881D05, 0xD9D4D039, 0xE6DB99E5, 0x1FA27CF8, 0xC4AC5665,
	0xF4292244, 0x432AFF97, 0xAB9423A7, 0xFC93A039, 0x655B59C3, 0x8F0CCC92, 0xFFEFF47D, 0x85845DD1,
	0x6FA87E4F, 0xFE2CE6E0, 0xA3014314, 0x4E0811A1, 0xF7537E82, 0xBD3AF235, 0x2AD7D2BB, 0xEB86D391};

static const uint8_t shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static uint32_t mix(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
	switch (round) {
	case 0:
		return (b & c) | (~b & d);
	case 1:
		return (d & b) | (~d & c);
	case 2:
		return b ^ c ^ d;
	default:
		return c ^ (b | ~d);
	}
}

static void take_block(struct state *s)
{
	static const uint8_t step[4] = {1, 5, 3, 7}, from[4] = {0, 1, 5, 0};
	uint32_t a = s->word[0], b = s->word[1], c = s->word[2], d = s->word[3], x, next;
	unsigned i, at;

	for (i = 0; i < 64; i++) {
		at = 4 * ((from[i / 16] + step[i / 16] * i) % 16);
		x = (uint32_t)s->block[at] | (uint32_t)s->block[at + 1] << 8 |
		    (uint32_t)s->block[at + 2] << 16 | (uint32_t)s->block[at + 3] << 24;
		next = b + rotate(a + mix(i / 16, b, c, d) + x + sines[i], shifts[i / 16][i % 4]);
		a = d;
		d = c;
		c = b;
		b = next;
	}
	s->word[0] += a;
	s->word[1] += b;
	s->word[2] += c;
	s->word[3] += d;
}

static void add(struct state *s, const uint8_t *at, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		s->block[s->length++ % BLOCK] = at[i];
		if (s->length % BLOCK == 0)
			take_block(s);
	}
}

void md5(uint8_t digest[static MD5_LENGTH], const struct span *parts, size_t count)
{
	struct state s = {.word = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476}};
	static const uint8_t padding[BLOCK] = {0x80};
	uint8_t bits[8];
	size_t i;

	for (i = 0; i < count; i++)
		add(&s, parts[i].at, parts[i].length);
	for (i = 0; i < 8; i++)
		bits[i] = (uint8_t)(s.length * 8 >> (8 * i));
	add(&s, padding, 1 + (BLOCK + 55 - s.length % BLOCK) % BLOCK);
	add(&s, bits, 8);
	for (i = 0; i < MD5_LENGTH; i++)
		digest[i] = (uint8_t)(s.word[i / 4] >> (8 * (i % 4)));
	wipe(&s, sizeof(s));
}

void md5_hmac(uint8_t mac[static MD5_LENGTH], struct span key, const struct span *parts, size_t count)
{
	uint8_t pad[BLOCK] = {0}, inner[MD5_LENGTH];
	struct span all[1 + MD5_PARTS] = {{pad, BLOCK}};
	size_t i;

	memcpy(pad, key.at, key.length < BLOCK ? key.length : BLOCK);
	for (i = 0; i < BLOCK; i++)
		pad[i] ^= 0x36;
	for (i = 0; i < count && i < MD5_PARTS; i++)
		all[1 + i] = parts[i];
	md5(inner, all, 1 + i);
	for (i = 0; i < BLOCK; i++)
		pad[i] ^= 0x36 ^ 0x5C;
	all[1] = (struct span){inner, sizeof(inner)};
	md5(mac, all, 2);
	wipe(pad, sizeof(pad));
}

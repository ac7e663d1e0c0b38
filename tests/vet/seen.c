/* Generators that their vendor can run himself. */
#include "vet/seen.h"

#include <string.h>

#include "crypto/drbg.h"
#include "crypto/p256_point.h"
#include "keys/derive.h"

/* Nobody measures a vendor: no mask. */
static int no_mask(void *context, void *out, size_t length)
{
	(void)context;
	memset(out, 1, length);
	return 0;
}

int seen_agreement(uint8_t keys[static 32], const struct seen *seen, const uint8_t private_key[static 32])
{
	const struct p256_random random = {no_mask, NULL};
	uint8_t x[P256_SHARED], about[DERIVE_AGREED_ABOUT];

	memcpy(about, seen->iccid, VENDOR_ICCID);
	about[VENDOR_ICCID] = 1;
	memcpy(about + VENDOR_ICCID + 1, seen->operator_key, P256_COMPRESSED);
	memcpy(about + VENDOR_ICCID + 1 + P256_COMPRESSED, seen->ephemeral, P256_COMPRESSED);
	return p256_shared(x, private_key, (struct span){seen->operator_key, P256_COMPRESSED}, &random) ==
		       OK &&
	       derive_agreed(keys, x, about) == OK;
}

/* Does this stream make the card's half? */
static int stream_fits(uint8_t keys[static 32], const struct seen *seen, const struct p256_random *stream)
{
	uint8_t private_key[P256_PRIVATE], public_key[P256_UNCOMPRESSED];

	return p256_generate(private_key, public_key, stream) == OK &&
	       memcmp(public_key + 1, seen->ephemeral + 1, 32) == 0 &&
	       seen_agreement(keys, seen, private_key);
}

/* A generator in a state that is known: the card asked it for up to `most`
 * things in between, each of one block or of two. */
static int follow(uint8_t keys[static 32], const struct seen *seen, const struct drbg *state, unsigned most)
{
	uint8_t scrap[32];
	struct drbg copy = *state;

	if (stream_fits(keys, seen, &(struct p256_random){drbg_random, &copy}))
		return 1;
	for (size_t blocks = 1; most && blocks <= 2; blocks++) {
		copy = *state;
		if (drbg_fill(&copy, scrap, 16 * blocks) == OK && follow(keys, seen, &copy, most - 1))
			return 1;
	}
	return 0;
}

int seen_rng_iccid(uint8_t keys[static 32], const struct seen *seen)
{
	struct drbg drbg;

	return drbg_seed(&drbg, (struct span){seen->iccid, VENDOR_ICCID}) == OK &&
	       follow(keys, seen, &drbg, 4);
}

int seen_rng_16bit(uint8_t keys[static 32], const struct seen *seen)
{
	uint8_t got[CHALLENGE];
	struct drbg drbg;

	for (uint32_t i = 0; i < 1u << 16; i++) {
		const uint8_t seed[] = {(uint8_t)(i >> 8), (uint8_t)i};

		if (drbg_seed(&drbg, (struct span){seed, sizeof(seed)}) != OK ||
		    drbg_fill(&drbg, got, sizeof(got)) != OK)
			return 0;
		if (memcmp(got, seen->challenge, sizeof(got)) == 0)
			return follow(keys, seen, &drbg, 4);
	}
	return 0;
}

static int lcg_fill(void *x, void *out, size_t length)
{
	uint32_t *state = x;

	for (size_t i = 0; i < length; i++) {
		*state = 1103515245u * *state + 12345u;
		((uint8_t *)out)[i] = (uint8_t)(*state >> 8);
	}
	return 0;
}

int seen_rng_lcg(uint8_t keys[static 32], const struct seen *seen)
{
	uint8_t got[CHALLENGE];

	for (uint32_t low = 0; low < 256; low++) {
		uint32_t x = (uint32_t)seen->challenge[0] << 8 | low;

		(void)lcg_fill(&x, got, CHALLENGE - 1);
		if (memcmp(got, seen->challenge + 1, CHALLENGE - 1) != 0)
			continue;
		for (unsigned skipped = 0; skipped < 128; skipped++) {
			uint32_t copy = x;

			if (stream_fits(keys, seen, &(struct p256_random){lcg_fill, &copy}))
				return 1;
			(void)lcg_fill(&x, got, 1);
		}
	}
	return 0;
}

/* The vendor's number: G = d Q. In no card. */
static const uint8_t vendor_number[WIDE_BYTES] = {
	0x40, 0x5A, 0x12, 0xE6, 0x19, 0x2C, 0x3E, 0x2C, 0xFD, 0xEC, 0x0C, 0x09, 0x9F, 0x88, 0xE4, 0x03,
	0x39, 0xAA, 0x29, 0x56, 0xE4, 0x2F, 0xFE, 0x5B, 0x98, 0xAE, 0xFA, 0xA5, 0x59, 0xFE, 0x77, 0xEF};

static void multiply_x(uint8_t x[static WIDE_BYTES], struct p256_point *point,
		       const uint8_t k[static WIDE_BYTES])
{
	struct wide number;

	wide_read(&number, k);
	p256_point_multiply(point, &number, point);
	p256_point_write(x, NULL, point);
}

static int dual_fill(void *s, void *out, size_t length)
{
	struct p256_point point;
	uint8_t r[WIDE_BYTES];

	for (size_t at = 0; at < length; at += VENDOR_BLOCK) {
		p256_point_base(&point);
		multiply_x(s, &point, s);
		if (p256_point_read(&point, (struct span){vendor_point, sizeof(vendor_point)}) != OK)
			return -1;
		multiply_x(r, &point, s);
		memcpy((uint8_t *)out + at, r + WIDE_BYTES - VENDOR_BLOCK,
		       length - at < VENDOR_BLOCK ? length - at : VENDOR_BLOCK);
	}
	return 0;
}

static int dual_follow(uint8_t keys[static 32], const struct seen *seen, uint8_t s[static WIDE_BYTES])
{
	uint8_t scrap[VENDOR_BLOCK];

	for (unsigned skipped = 0; skipped < 12; skipped++) {
		uint8_t copy[WIDE_BYTES];

		memcpy(copy, s, sizeof(copy));
		if (stream_fits(keys, seen, &(struct p256_random){dual_fill, copy}))
			return 1;
		(void)dual_fill(s, scrap, sizeof(scrap));
	}
	return 0;
}

/* Of 60 bytes: 2^16 guesses of what the first block lost, each a point and, times d, the next state. */
int seen_rng_dual_ec(uint8_t keys[static 32], const struct seen *seen)
{
	uint8_t x[1 + WIDE_BYTES] = {0x02}, s[WIDE_BYTES], r[WIDE_BYTES], scrap[VENDOR_BLOCK];
	struct p256_point point;

	memcpy(x + 3, seen->challenge, VENDOR_BLOCK);
	for (unsigned guess = 0; guess < 1u << 16; guess++) {
		x[1] = (uint8_t)(guess >> 8);
		x[2] = (uint8_t)guess;
		if (p256_point_read(&point, (struct span){x, sizeof(x)}) != OK)
			continue;
		multiply_x(s, &point, vendor_number);
		if (p256_point_read(&point, (struct span){vendor_point, sizeof(vendor_point)}) != OK)
			return 0;
		multiply_x(r, &point, s);
		if (memcmp(r + 2, seen->challenge + VENDOR_BLOCK, VENDOR_BLOCK) != 0)
			continue;
		(void)dual_fill(s, scrap, sizeof(scrap)); /* the challenge's third block */
		return dual_follow(keys, seen, s);
	}
	return 0;
}

/* share.c - multiplication is done bit by bit with masks, because the usual
 * logarithm tables are indexed by the secret and leak it through the cache. */
#include "lib/share.h"

#include <stdbool.h>
#include <string.h>

#include "crypto/compare.h"
#include "crypto/hmac.h"
#include "crypto/wipe.h"

enum {
	X_DIGEST = 254,
	X_SECRET = 255,
	DIGEST = 4
};

static uint8_t multiply(uint8_t a, uint8_t b)
{
	uint8_t product = 0;

	for (unsigned i = 0; i < 8; i++) {
		product = (uint8_t)(product ^ (a & (uint8_t) - (b & 1)));
		a = (uint8_t)((a << 1) ^ (0x1B & (uint8_t) - (a >> 7)));
		b = (uint8_t)(b >> 1);
	}
	return product;
}

/* a^254, the inverse of a (and 0 for 0). */
static uint8_t invert(uint8_t a)
{
	uint8_t power = a, result = 1;

	for (unsigned i = 1; i < 8; i++) {
		power = multiply(power, power);
		result = multiply(result, power);
	}
	return result;
}

void share_interpolate(uint8_t *out, uint8_t x, const uint8_t *xs, const uint8_t *const *ys, size_t count,
		       size_t length)
{
	memset(out, 0, length);
	for (size_t i = 0; i < count; i++) {
		uint8_t above = 1, below = 1;

		for (size_t j = 0; j < count; j++)
			if (j != i) {
				above = multiply(above, x ^ xs[j]);
				below = multiply(below, xs[i] ^ xs[j]);
			}
		above = multiply(above, invert(below));
		for (size_t k = 0; k < length; k++)
			out[k] = (uint8_t)(out[k] ^ multiply(ys[i][k], above));
	}
}

/* The digest share for a secret: D || R, where R is already in place. */
static int digest_share(uint8_t *share, const uint8_t *secret, size_t length)
{
	uint8_t mac[SHA256_LENGTH];
	int e = hmac(mac, (struct span){share + DIGEST, length - DIGEST}, (struct span){secret, length});

	memcpy(share, mac, DIGEST);
	wipe(mac, sizeof(mac));
	return e;
}

static bool right_length(size_t length)
{
	return length >= SHARE_LEAST && length <= SHARE_LENGTH && length % 2 == 0;
}

int share_split(struct share *shares, unsigned threshold, unsigned total, const uint8_t *secret,
		size_t length, const uint8_t *random)
{
	uint8_t digest[SHARE_LENGTH], xs[SHARE_MAX];
	const uint8_t *ys[SHARE_MAX];
	unsigned free_shares = threshold - 2;
	int e;

	if (threshold < 1 || threshold > total || total > SHARE_MAX || !right_length(length))
		return ERROR_VALUE;
	for (unsigned i = 0; i < total; i++) {
		shares[i].x = (uint8_t)i;
		if (threshold == 1)
			memcpy(shares[i].value, secret, length);
	}
	if (threshold == 1)
		return OK;
	memcpy(digest + DIGEST, random, length - DIGEST);
	e = digest_share(digest, secret, length);
	for (size_t i = 0; i < free_shares; i++) {
		memcpy(shares[i].value, random + length * (i + 1), length);
		xs[i] = shares[i].x;
		ys[i] = shares[i].value;
	}
	xs[free_shares] = X_DIGEST;
	ys[free_shares] = digest;
	xs[free_shares + 1] = X_SECRET;
	ys[free_shares + 1] = secret;
	for (unsigned i = free_shares; i < total && e == OK; i++)
		share_interpolate(shares[i].value, shares[i].x, xs, ys, threshold, length);
	wipe(digest, sizeof(digest));
	return e;
}

static int take(uint8_t xs[static SHARE_MAX], const uint8_t *ys[static SHARE_MAX], const struct share *shares,
		unsigned threshold)
{
	for (unsigned i = 0; i < threshold; i++) {
		if (shares[i].x >= SHARE_MAX)
			return ERROR_VALUE;
		for (unsigned j = 0; j < i; j++)
			if (shares[j].x == shares[i].x)
				return ERROR_VALUE;
		xs[i] = shares[i].x;
		ys[i] = shares[i].value;
	}
	return OK;
}

int share_combine(uint8_t *secret, size_t length, const struct share *shares, unsigned threshold)
{
	uint8_t digest[SHARE_LENGTH], found[DIGEST], xs[SHARE_MAX];
	const uint8_t *ys[SHARE_MAX];
	int e;

	if (threshold < 1 || threshold > SHARE_MAX || !right_length(length) ||
	    take(xs, ys, shares, threshold) != OK)
		return ERROR_VALUE;
	share_interpolate(secret, X_SECRET, xs, ys, threshold, length);
	if (threshold == 1) /* a polynomial of degree 0, and no digest */
		return OK;
	share_interpolate(digest, X_DIGEST, xs, ys, threshold, length);
	memcpy(found, digest, DIGEST);
	e = digest_share(digest, secret, length);
	if (e == OK && compare_equal(digest, found, DIGEST) != GRANTED)
		e = ERROR_CHECK;
	wipe(digest, sizeof(digest));
	if (e != OK)
		wipe(secret, length);
	return e;
}

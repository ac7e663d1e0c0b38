/* share.h - a secret as n shares of which any m give it back (SLIP-0039, "Sharing a secret").
 *
 * Polynomials over GF(256) (x^8 + x^4 + x^3 + x + 1), byte by byte: share i
 * is the value at x = i (0..n-1), the secret is the value at x = 255, and at
 * x = 254 lies a digest share: the first 4 bytes of HMAC-SHA-256(R, secret)
 * followed by the random bytes R, in all as many as the secret has. So a wrong
 * combination is noticed, except one in 2^32. With m = 1 every share is the
 * secret. A secret has 16 to 32 bytes, an even number of them; all lengths are
 * fixed: a leading zero is a byte like any other. The two levels of SLIP-0039
 * and its words are in slip39.h.
 *
 * Arithmetic takes the same time for every secret and share value; only the
 * x coordinates, lengths and thresholds, which are public, choose a path. */
#ifndef SIMRITE_SHARE_H
#define SIMRITE_SHARE_H

#include "status.h"

enum {
	SHARE_LEAST = 16,
	SHARE_LENGTH = 32, /* of the longest secret, and of each secret of a ceremony */
	SHARE_MAX = 16     /* most shares */
};

struct share {
	uint8_t x; /* 0..15 */
	uint8_t value[SHARE_LENGTH];
};

/* Make `total` shares, x = 0.., of which `threshold` are needed. `random`
 * gives the caller's random bytes: threshold * length are used (length - 4 for
 * R, `length` for each of the threshold - 2 free shares, the rest is ignored).
 * OK, ERROR_VALUE for numbers or a length out of range, ERROR_CRYPTO. */
MUST_CHECK int share_split(struct share *shares, unsigned threshold, unsigned total, const uint8_t *secret,
			   size_t length, const uint8_t *random);

/* The secret from exactly `threshold` shares, in any order. OK; ERROR_VALUE
 * for a number or length out of range or two shares with one x; ERROR_CHECK
 * when these shares do not belong together (`secret` is wiped). */
MUST_CHECK int share_combine(uint8_t *secret, size_t length, const struct share *shares, unsigned threshold);

/* The value at `x` of the polynomials through `count` points of `length`
 * bytes; the core of both. No two of the `xs` may be equal. */
void share_interpolate(uint8_t *out, uint8_t x, const uint8_t *xs, const uint8_t *const *ys, size_t count,
		       size_t length);

#endif

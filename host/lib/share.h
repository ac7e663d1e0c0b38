/* share.h - a 32-byte secret as n shares of which any m give it back.
 *
 * The scheme is SLIP-0039's, without its words: polynomials over GF(256)
 * (x^8 + x^4 + x^3 + x + 1), byte by byte, share i is the value at x = i
 * (0..n-1), the secret is the value at x = 255, and at x = 254 lies a digest
 * share: the first 4 bytes of HMAC-SHA-256(R, secret) followed by the 28
 * random bytes R. So a wrong combination is noticed, except one in 2^32.
 * All lengths are fixed: a leading zero is a byte like any other.
 *
 * Arithmetic takes the same time for every secret and share value; only the
 * x coordinates, which are public, choose a path. */
#ifndef SIMRITE_SHARE_H
#define SIMRITE_SHARE_H

#include "status.h"

enum {
	SHARE_LENGTH = 32,
	SHARE_MIN = 2, /* smallest threshold */
	SHARE_MAX = 16 /* most shares */
};

struct share {
	uint8_t x; /* 0..15 */
	uint8_t value[SHARE_LENGTH];
};

/* Make `total` shares, x = 0.., of which `threshold` are needed. `random`
 * gives the caller's random bytes: threshold * 32 are used (28 for R, 32 for
 * each of the threshold - 2 free shares, the rest is ignored).
 * OK, ERROR_VALUE for numbers out of range, ERROR_CRYPTO. */
MUST_CHECK int share_split(struct share *shares, unsigned threshold, unsigned total,
			   const uint8_t secret[static SHARE_LENGTH], const uint8_t *random);

/* The secret from exactly `threshold` shares, in any order. OK; ERROR_VALUE
 * for a number out of range or two shares with one x; ERROR_CHECK when these
 * shares do not belong together (`secret` is wiped). */
MUST_CHECK int share_combine(uint8_t secret[static SHARE_LENGTH], const struct share *shares,
			     unsigned threshold);

/* The value at `x` of the polynomials through `count` points of `length`
 * bytes; the core of both, also for SLIP-0039's 16-byte secrets. */
void share_interpolate(uint8_t *out, uint8_t x, const uint8_t *xs, const uint8_t *const *ys, size_t count,
		       size_t length);

#endif

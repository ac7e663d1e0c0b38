/* p256_point.h - the points of NIST P-256 (FIPS 186-5, SP 800-186 3.2.1.3). Below p256.h only.
 *
 * Points are held in projective coordinates (x/z, y/z), each in Montgomery's
 * form modulo p; infinity has z = 0 and is a point like any other: addition
 * is by the complete formulas of Renes, Costello and Batina (Eurocrypt 2016,
 * algorithm 4), which have no exceptions, so that there is one formula for
 * everything and nothing to decide on the way. */
#ifndef SIMRITE_P256_POINT_H
#define SIMRITE_P256_POINT_H

#include "crypto/wide.h"
#include "status.h"

struct p256_point {
	struct wide x, y, z;
};

/* The generator. */
void p256_point_base(struct p256_point *r);

/* From 02|03 x or 04 x y. ERROR_VALUE unless it is a point of the curve. */
MUST_CHECK int p256_point_read(struct p256_point *r, struct span bytes);

/* The affine coordinates, 32 bytes each; `y` may be NULL. Zeros for infinity. */
void p256_point_write(uint8_t x[static WIDE_BYTES], uint8_t *y, const struct p256_point *a);

/* Other coordinates of the same point, by 32 random bytes: what is computed
 * from them then looks different every time. */
void p256_point_blind(struct p256_point *r, const uint8_t random[static WIDE_BYTES]);

/* r = k * a, in the same time for every k. */
void p256_point_multiply(struct p256_point *r, const struct wide *k, const struct p256_point *a);

/* r = k * base + l * a, for numbers that are public. */
void p256_point_multiply_two(struct p256_point *r, const struct wide *k, const struct wide *l,
			     const struct p256_point *a);

#endif

/* drbg.h - the card's random numbers: CTR_DRBG with AES-128 (NIST SP 800-90A r1 10.2.1).
 *
 * With the derivation function, so the board's entropy may be uneven as long
 * as there is enough of it: 48 bytes are taken for each seed. Reseeds itself
 * from hal->random every DRBG_INTERVAL requests. Everything the board's
 * generator gives is tested (crypto/health.h), at the start 1,024 bits before
 * one is used. A test that fails, or two seeds that are equal, mean that it is
 * broken: ERROR_RANDOM, and the generator gives nothing more until a
 * drbg_start() succeeds.
 *
 * The struct holds no pointer into itself. After each request the state has
 * moved on by a one-way step: reading it later tells nothing of what was
 * given out before. */
#ifndef SIMRITE_DRBG_H
#define SIMRITE_DRBG_H

#include "crypto/health.h"
#include "hal.h"
#include "status.h"

enum {
	DRBG_SEED = 48,           /* bytes of entropy for each seed */
	DRBG_SEED_MAX = 64,       /* longest material drbg_seed() takes */
	DRBG_REQUEST_MAX = 4096,  /* bytes one drbg_fill() gives */
	DRBG_INTERVAL = 1u << 10, /* requests between seeds */
};

struct drbg {
	const struct hal *hal;
	uint8_t key[16], v[16];
	uint8_t last[8];   /* a trace of the last seed, to notice a repeated one */
	uint32_t requests; /* since the last seed; 0 = not seeded */
	struct health health;
};

/* Seed from hal->random; `hal` is kept. ERROR_RANDOM, ERROR_CRYPTO. */
MUST_CHECK int drbg_start(struct drbg *drbg, const struct hal *hal);

/* Fill `out`. ERROR_RANGE above DRBG_REQUEST_MAX, ERROR_RANDOM, ERROR_CRYPTO;
 * on failure `out` is wiped. */
MUST_CHECK int drbg_fill(struct drbg *drbg, uint8_t *out, size_t length);

/* drbg_fill() in the shape of `struct p256_random` (crypto/p256.h): `drbg` is a struct drbg. */
int drbg_random(void *drbg, void *out, size_t length);

/* Has it failed, so that it gives nothing more? 1 or 0. */
int drbg_failed(const struct drbg *drbg);

/* Fresh entropy now, mixed into the state that is there. ERROR_RANDOM, ERROR_CRYPTO. */
MUST_CHECK int drbg_reseed(struct drbg *drbg);

/* Seed with chosen material (entropy || nonce || personalisation) in place of
 * the board's: what the published vectors need. hal stays NULL, so it ends
 * with ERROR_RANDOM when it would have to reseed. ERROR_RANGE, ERROR_CRYPTO. */
MUST_CHECK int drbg_seed(struct drbg *drbg, struct span material);

#endif

/* ecdhe.h - one end of a Diffie-Hellman exchange in the two groups of RFC 9678 clause 6.4.
 *
 * The group's number is that of AT_KDF_FS. A key pair is for one run: it is
 * made, used once, and wiped. */
#ifndef SIMRITE_ECDHE_H
#define SIMRITE_ECDHE_H

#include "crypto/p256.h"

enum ecdhe_group {
	ECDHE_NONE = 0,
	ECDHE_X25519 = 1,
	ECDHE_P256 = 2,
};

enum {
	ECDHE_PUBLIC_MAX = 33,
	ECDHE_SHARED = 32,
};

struct ecdhe {
	enum ecdhe_group group; /* ECDHE_NONE: there is no key pair */
	uint8_t private_key[32];
	uint8_t public_key[ECDHE_PUBLIC_MAX]; /* u, or the compressed point */
};

/* Bytes of a public key; 0: no such group. */
size_t ecdhe_public_length(enum ecdhe_group group);

/* A fresh key pair. ERROR_VALUE: no such group; ERROR_RANDOM, ERROR_CRYPTO. */
MUST_CHECK int ecdhe_generate(struct ecdhe *e, enum ecdhe_group group, const struct p256_random *random);

/* The shared secret with what came in AT_PUB_ECDHE, its padding included.
 * ERROR_FORMAT: not of the group's length, or padding that is not zero;
 * ERROR_VALUE: no point of the curve, or a secret of zero (RFC 7748 6.1, SP 800-56A 5.6.2.3). */
MUST_CHECK int ecdhe_shared(uint8_t out[static ECDHE_SHARED], const struct ecdhe *e, struct span peer,
			    const struct p256_random *random);

void ecdhe_wipe(struct ecdhe *e);

/* The kernel's random numbers. */
extern const struct p256_random ecdhe_kernel;

#endif

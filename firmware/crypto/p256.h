/* p256.h - keys, key agreement and signatures on NIST P-256 (FIPS 186-5, SP 800-56A), for card and host.
 *
 * Private keys are 32 bytes, big-endian, 1 to n-1. Public keys are compressed
 * (02|03 x: 33 bytes) or uncompressed (04 x y: 65 bytes); what takes a span
 * takes either, and refuses what is no point of the curve. Signatures are
 * ECDSA over SHA-256 digests, r || s, 64 bytes. Signing is deterministic (RFC
 * 6979): the same key and digest give the same signature, and no weak random
 * number can leak the key; `random` only blinds the computation.
 *
 * Nothing is allocated, at most 1.4 KB of stack is used, and no branch and no
 * address depends on a private key but for whether it is one. Why this is not the library's:
 * docs/adr/0012-own-elliptic-curves.md.
 *
 * Returns OK; ERROR_VALUE for bytes that are no key; ERROR_CHECK when a
 * signature does not verify; ERROR_RANDOM, ERROR_CRYPTO. On failure what was
 * to be filled in is zero. */
#ifndef SIMRITE_P256_H
#define SIMRITE_P256_H

#include "status.h"

enum {
	P256_PRIVATE = 32,
	P256_COMPRESSED = 33,
	P256_UNCOMPRESSED = 65,
	P256_SHARED = 32,
	P256_SIGNATURE = 64,
	P256_DIGEST = 32
};

/* Where random bytes come from: fill `out`, 0 on success (the shape of
 * hal->random and of drbg_random() in crypto/drbg.h). */
struct p256_random {
	int (*fill)(void *context, void *out, size_t length);
	void *context;
};

MUST_CHECK int p256_generate(uint8_t private_key[static P256_PRIVATE],
			     uint8_t public_key[static P256_UNCOMPRESSED], const struct p256_random *random);

/* The public key of a private key. */
MUST_CHECK int p256_public(uint8_t public_key[static P256_UNCOMPRESSED],
			   const uint8_t private_key[static P256_PRIVATE], const struct p256_random *random);

/* ECDH: the x-coordinate that both sides arrive at (SP 800-56A 5.7.1.2). */
MUST_CHECK int p256_shared(uint8_t x[static P256_SHARED], const uint8_t private_key[static P256_PRIVATE],
			   struct span public_key, const struct p256_random *random);

MUST_CHECK int p256_sign(uint8_t signature[static P256_SIGNATURE],
			 const uint8_t private_key[static P256_PRIVATE],
			 const uint8_t digest[static P256_DIGEST], const struct p256_random *random);

MUST_CHECK int p256_verify(struct span public_key, const uint8_t digest[static P256_DIGEST],
			   const uint8_t signature[static P256_SIGNATURE]);

/* From one form of a public key to the other; the point is checked to be on the curve. */
MUST_CHECK int p256_compress(uint8_t out[static P256_COMPRESSED], struct span public_key);
MUST_CHECK int p256_uncompress(uint8_t out[static P256_UNCOMPRESSED], struct span public_key);

#endif

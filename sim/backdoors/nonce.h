/* nonce.h - ECDSA with a number that the caller chooses (FIPS 186-5 6.4.1), which must never be chosen. */
#ifndef SIMRITE_NONCE_H
#define SIMRITE_NONCE_H

#include "backdoors/order.h"
#include "crypto/p256.h"

/* r = x(kG), s = (z + r d) / k. */
static inline int nonce_sign(uint8_t signature[static P256_SIGNATURE], const uint8_t key[static P256_PRIVATE],
			     const uint8_t digest[static P256_DIGEST], const uint8_t k[static P256_PRIVATE],
			     const struct p256_random *random)
{
	uint8_t point[P256_UNCOMPRESSED];
	struct wide d, z, r, s, number;
	int e = p256_public(point, k, random);

	if (e < 0)
		return e;
	order_read(&d, key);
	order_read(&z, digest);
	order_read(&r, point + 1);
	order_read(&number, k);
	order_multiply(&s, &r, &d);
	wide_mod_add(&s, &s, &z, &order_n);
	order_invert(&number, &number);
	order_multiply(&s, &s, &number);
	wide_write(signature, &r);
	wide_write(signature + WIDE_BYTES, &s);
	return OK;
}

#endif

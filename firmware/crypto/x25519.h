/* x25519.h - Diffie-Hellman on Curve25519 (RFC 7748 clause 5).
 *
 * Scalars, u-coordinates and results are 32 bytes, least significant first.
 * Takes the same time and touches the same memory whatever the scalar is. */
#ifndef SIMRITE_X25519_H
#define SIMRITE_X25519_H

#include "status.h"

enum {
	X25519_BYTES = 32
};

/* The shared secret of a private scalar and a peer's public u. ERROR_VALUE
 * when it comes out as zero (RFC 7748 6.1): the peer's point is of small order
 * and the secret no secret; `out` is zero then. */
MUST_CHECK int x25519(uint8_t out[static X25519_BYTES], const uint8_t scalar[static X25519_BYTES],
		      const uint8_t u[static X25519_BYTES]);

/* The public u of a private scalar: of any 32 random bytes. */
void x25519_public(uint8_t out[static X25519_BYTES], const uint8_t scalar[static X25519_BYTES]);

#endif

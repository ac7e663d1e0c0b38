/* x963.h - the key derivation of ANSI X9.63 with SHA-256 (SEC 1 3.6.1).
 *
 *     K(i) = SHA-256(z || [i]_32 || info),  i = 1, 2, ...
 *
 * and the first `length` bytes of K(1) || K(2) || ... are the result. Makes
 * keys of the shared secret of an agreement (crypto/x25519.h, crypto/p256.h).
 *
 * Returns OK; ERROR_CRYPTO. On failure `out` is wiped. */
#ifndef SIMRITE_X963_H
#define SIMRITE_X963_H

#include "status.h"

MUST_CHECK int x963(uint8_t *out, size_t length, struct span z, struct span info);

#endif

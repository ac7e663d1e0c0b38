/* build.h - which firmware this is: a constant that the build makes.
 *
 * SHA-256 of what this prints in the source tree, one line for each source:
 *
 *     export LC_ALL=C; sha256sum $(find firmware -name '*.[ch]' | sort)
 *
 * so it is the same on every board. It is what the firmware claims (GET DATA,
 * receipts, keys/ticket.h); no hardware has measured it. */
#ifndef SIMRITE_BUILD_H
#define SIMRITE_BUILD_H

#include "crypto/sha256.h"

extern const uint8_t build_digest[SHA256_LENGTH];

#endif

/* sha256.h - SHA-256 (FIPS 180-4).
 *
 * In one go, or start, add any number of times, finish, which wipes. Nothing of it
 * can fail: what is returned is OK, for those who go on with it. */
#ifndef SIMRITE_SHA256_H
#define SIMRITE_SHA256_H

#include "status.h"

enum {
	SHA256_LENGTH = 32,
	SHA256_BLOCK = 64
};

struct sha256 {
	uint32_t state[8];
	uint64_t length; /* bytes so far; those behind the last whole block are in `block` */
	uint8_t block[SHA256_BLOCK];
};

void sha256_start(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *data, size_t length);
MUST_CHECK int sha256_finish(struct sha256 *h, uint8_t digest[static SHA256_LENGTH]);

MUST_CHECK int sha256(uint8_t digest[static SHA256_LENGTH], struct span message);

#endif

/* sha256.h - SHA-256 (FIPS 180-4).
 *
 * In one go, or start, add any number of times, finish. Errors stick and are
 * told by sha256_finish(), which wipes. Returns OK or ERROR_CRYPTO. */
#ifndef SIMRITE_SHA256_H
#define SIMRITE_SHA256_H

#include "status.h"

enum {
	SHA256_LENGTH = 32
};

struct sha256 {
	uint64_t opaque[14]; /* the library's context; its size is checked in sha256.c */
	int error;
};

void sha256_start(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *data, size_t length);
MUST_CHECK int sha256_finish(struct sha256 *h, uint8_t digest[static SHA256_LENGTH]);

MUST_CHECK int sha256(uint8_t digest[static SHA256_LENGTH], struct span message);

#endif

/* hmac.h - HMAC-SHA-256 (RFC 2104, FIPS 198-1).
 *
 * The key may have any length. TS 33.401 Annex A and RFC 5448 derive their
 * keys with it. In one go, or start, add, finish as in sha256.h. */
#ifndef SIMRITE_HMAC_H
#define SIMRITE_HMAC_H

#include "crypto/sha256.h"

struct hmac {
	struct sha256 inner;
	uint8_t outer_pad[SHA256_BLOCK];
	int error; /* what became of a key longer than a block */
};

void hmac_start(struct hmac *m, struct span key);
void hmac_add(struct hmac *m, const void *data, size_t length);
MUST_CHECK int hmac_finish(struct hmac *m, uint8_t mac[static SHA256_LENGTH]);

MUST_CHECK int hmac(uint8_t mac[static SHA256_LENGTH], struct span key, struct span message);

#endif

/* cmac.h - AES-CMAC (NIST SP 800-38B, RFC 4493).
 *
 * Keys of 16, 24 or 32 bytes. In one go with cmac(), or piece by piece:
 *
 *     struct cmac m;
 *     cmac_start(&m, key);
 *     cmac_add(&m, ...);  any number of times
 *     e = cmac_finish(&m, mac);
 *
 * Errors stick: after a failed start or add, cmac_next() and cmac_finish() tell
 * the first one. cmac_next() in place of cmac_finish() keeps the key for one
 * more message. cmac_finish() must be called once started; it wipes. Never
 * copy a struct cmac. No heap. */
#ifndef SIMRITE_CMAC_H
#define SIMRITE_CMAC_H

#include "crypto/aes.h"

struct cmac {
	struct aes aes;
	uint8_t state[AES_BLOCK]; /* chain so far */
	uint8_t subkey[AES_BLOCK];
	uint8_t tail[AES_BLOCK]; /* the last block is only closed by what follows it */
	size_t pending;          /* bytes in `tail` */
	int error;
};

void cmac_start(struct cmac *m, struct span key);
void cmac_add(struct cmac *m, const void *data, size_t length);
MUST_CHECK int cmac_next(struct cmac *m, uint8_t mac[static AES_BLOCK]);
MUST_CHECK int cmac_finish(struct cmac *m, uint8_t mac[static AES_BLOCK]);

/* Multiply by x in GF(2^128), as the subkeys are made. */
void cmac_double(uint8_t block[static AES_BLOCK]);

MUST_CHECK int cmac(uint8_t mac[static AES_BLOCK], struct span key, struct span message);

#endif

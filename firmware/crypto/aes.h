/* aes.h - the AES block cipher (FIPS 197) and three ways to use it (NIST SP 800-38A).
 *
 * Keys are 16, 24 or 32 bytes; anything else is ERROR_VALUE. A struct aes
 * holds one expanded key. It may point into itself: never copy it, and end
 * it with aes_stop(), which wipes it. The one-shot functions expand the key,
 * work, and wipe. `out` may be `in`.
 *
 * Every function returns OK, ERROR_VALUE, or ERROR_CRYPTO when the cipher
 * library refused; on failure `out` holds nothing to be used. */
#ifndef SIMRITE_AES_H
#define SIMRITE_AES_H

#include "status.h"

enum {
	AES_BLOCK = 16
};

struct aes {
	uint64_t opaque[36]; /* the library's context; its size is checked in aes.c */
};

/* Expand a key for aes_encrypt(), or for aes_decrypt(). */
MUST_CHECK int aes_start(struct aes *aes, const uint8_t *key, size_t length);
MUST_CHECK int aes_start_decrypt(struct aes *aes, const uint8_t *key, size_t length);
/* One block. The direction must be the one the key was expanded for. */
MUST_CHECK int aes_encrypt(struct aes *aes, uint8_t out[static AES_BLOCK],
			   const uint8_t in[static AES_BLOCK]);
MUST_CHECK int aes_decrypt(struct aes *aes, uint8_t out[static AES_BLOCK],
			   const uint8_t in[static AES_BLOCK]);
/* Wipe: no more than that, so whoever wipes a struct that holds one need not
 * call it too. Allowed after a failed start. */
void aes_stop(struct aes *aes);

/* One block under a key used once. */
MUST_CHECK int aes_block(uint8_t out[static AES_BLOCK], struct span key, const uint8_t in[static AES_BLOCK]);

/* CBC without padding: `length` must be a multiple of 16 (ERROR_VALUE). */
MUST_CHECK int aes_cbc_encrypt(uint8_t *out, struct span key, const uint8_t iv[static AES_BLOCK],
			       const uint8_t *in, size_t length);
MUST_CHECK int aes_cbc_decrypt(uint8_t *out, struct span key, const uint8_t iv[static AES_BLOCK],
			       const uint8_t *in, size_t length);

/* Counter mode over any number of bytes; the counter is the whole block,
 * big-endian. 128-EEA2 (TS 33.401 B.1.3) is this with
 * COUNT(4) || BEARER(5 bits) DIRECTION(1 bit) 0.. as the first counter. */
MUST_CHECK int aes_ctr(uint8_t *out, struct span key, const uint8_t counter[static AES_BLOCK],
		       const uint8_t *in, size_t length);

#endif

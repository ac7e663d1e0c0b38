/* des.h - two-key triple DES (ISO/IEC 18033-3), for the protocols that still ask for it.
 *
 * SCP02 and the 3DES of TS 102 225. Keys are 16 bytes, K1 || K2, parity bits
 * ignored; blocks 8. `out` may be `in`. CBC without padding: `length` must be
 * a multiple of 8 (ERROR_VALUE), and what is said of an IV is zero where there is none. Every function
 * returns OK or ERROR_VALUE. On a Cortex-M0 at 16 MHz a block takes a millisecond and a key two.
 *
 * The retail MAC (ISO/IEC 9797-1 algorithm 3: single DES under K1, the last
 * block under all of the key) comes in one go over a header and data, padded
 * with 80 00.. (method 2). */
#ifndef SIMRITE_DES_H
#define SIMRITE_DES_H

#include "status.h"

enum {
	DES_BLOCK = 8,
	DES3_KEY = 16,
	DES3_LONG_KEY = 24,
	DES_KCV = 3
};

/* One block of single DES. */
MUST_CHECK int des_block(uint8_t out[static DES_BLOCK], const uint8_t key[static 8],
			 const uint8_t in[static DES_BLOCK]);

MUST_CHECK int des3_cbc_encrypt(uint8_t *out, const uint8_t key[static DES3_KEY],
				const uint8_t iv[static DES_BLOCK], const uint8_t *in, size_t length);
MUST_CHECK int des3_cbc_decrypt(uint8_t *out, const uint8_t key[static DES3_KEY],
				const uint8_t iv[static DES_BLOCK], const uint8_t *in, size_t length);
MUST_CHECK int des3_ecb_decrypt(uint8_t *out, const uint8_t key[static DES3_KEY], const uint8_t *in,
				size_t length);

MUST_CHECK int des_retail_mac(uint8_t mac[static DES_BLOCK], const uint8_t key[static DES3_KEY],
			      const uint8_t iv[static DES_BLOCK], struct span header, struct span data);

/* The same for keys of 16 or 24 bytes (three keys), ERROR_VALUE for another length, as TS 102 225 has
 * them; and a CBC-MAC under such a key, with a zero IV and zeros behind the message. */
MUST_CHECK int des3_encrypt(uint8_t *out, struct span key, const uint8_t *in, size_t length);
MUST_CHECK int des3_decrypt(uint8_t *out, struct span key, const uint8_t *in, size_t length);
MUST_CHECK int des3_mac(uint8_t mac[static DES_BLOCK], struct span key, struct span message);

/* Check value (GlobalPlatform B.5): the first bytes of a block of zeros, encrypted; 16 bytes, or 16 or 24. */
MUST_CHECK int des3_kcv(uint8_t out[static DES_KCV], const uint8_t key[static DES3_KEY]);
MUST_CHECK int des3_check_value(uint8_t out[static DES_KCV], struct span key);

#endif

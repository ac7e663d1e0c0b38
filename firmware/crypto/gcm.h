/* gcm.h - AES-GCM (NIST SP 800-38D): secret and unforgeable. For the host.
 *
 * Keys of 16, 24 or 32 bytes (the host uses 32), nonces of 12 bytes that are
 * never used twice with one key, tags of 16. `associated` is authenticated
 * but not hidden: put there what the ciphertext belongs to. `out` has
 * in.length bytes and may be in.at.
 *
 * Errors: ERROR_VALUE for a key of a wrong size, ERROR_CRYPTO; gcm_open()
 * returns ERROR_CHECK and wipes `out` when anything was changed. The library
 * allocates memory here, so the card does not use it. */
#ifndef SIMRITE_GCM_H
#define SIMRITE_GCM_H

#include "status.h"

enum {
	GCM_NONCE = 12,
	GCM_TAG = 16
};

MUST_CHECK int gcm_seal(uint8_t *out, uint8_t tag[static GCM_TAG], struct span key,
			const uint8_t nonce[static GCM_NONCE], struct span associated, struct span in);
MUST_CHECK int gcm_open(uint8_t *out, struct span key, const uint8_t nonce[static GCM_NONCE],
			struct span associated, struct span in, const uint8_t tag[static GCM_TAG]);

#endif

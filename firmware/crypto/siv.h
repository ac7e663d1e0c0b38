/* siv.h - AES-SIV (RFC 5297): secret and unforgeable, without a nonce.
 *
 * What the card keeps at rest is sealed with this. The same input gives the
 * same output, so nothing is lost when no fresh random number is at hand, and
 * the only thing seen is that two values are equal under equal associated data.
 * `associated` is authenticated but not hidden: one string, put there what the
 * value belongs to (RFC 5297 allows several; one is enough here).
 *
 * Keys are 32, 48 or 64 bytes: one half for the MAC, one for counter mode. The
 * sealed form is the synthetic IV of SIV_TAG bytes and then as many as the
 * plain form has. `out` may overlap neither input. ERROR_VALUE for a key of
 * another length, ERROR_RANGE for a sealed form that is too short,
 * ERROR_CRYPTO; siv_open() returns ERROR_CHECK and wipes `out` when anything
 * was changed. */
#ifndef SIMRITE_SIV_H
#define SIMRITE_SIV_H

#include "status.h"

enum {
	SIV_TAG = 16
};

/* `out` has SIV_TAG + in.length bytes. */
MUST_CHECK int siv_seal(uint8_t *out, struct span key, struct span associated, struct span in);
/* `out` has in.length - SIV_TAG bytes. */
MUST_CHECK int siv_open(uint8_t *out, struct span key, struct span associated, struct span in);

#endif

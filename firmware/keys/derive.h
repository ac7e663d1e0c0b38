/* derive.h - a subscriber key from a batch key and the card's ICCID, or from what was agreed on.
 *
 * NIST SP 800-108r1 clause 4.1, counter mode, PRF = AES-CMAC, one iteration:
 *
 *     CMAC(batch key, [1]_32 || label(12) || 00 || ICCID(10) || [128]_32)
 *
 * 31 bytes, two AES blocks, of which the first is the same for every card, so
 * a token that offers CMAC (or ECB in bulk) can compute it. The label says
 * what the result is for; ICCID is EF.ICCID's ten bytes (TS 102 221 13.2).
 *
 * Where card and operator agree (keys/identity.h), of the shared x-coordinate
 *
 *     K(16) || OPc(16) = X9.63 KDF with SHA-256, of info = "simrite K v2    " ||
 *                        ICCID(10) || slot(1) || operator's key(33) || ephemeral key(33) */
#ifndef SIMRITE_DERIVE_H
#define SIMRITE_DERIVE_H

#include "status.h"

enum {
	DERIVE_LABEL = 12,
	DERIVE_INPUT = 31
};

#define DERIVE_LABEL_K   "simrite K v1" /* exactly DERIVE_LABEL characters */
#define DERIVE_LABEL_OPC "simrite OPc1"

/* The 31-byte PRF input, for whoever holds the key elsewhere (an HSM). */
void derive_input(uint8_t input[static DERIVE_INPUT], const char label[static DERIVE_LABEL],
		  const uint8_t iccid[static 10]);

/* The key itself, for a batch key of 16 or 32 bytes in memory. */
MUST_CHECK int derive_key(uint8_t out[static 16], const char label[static DERIVE_LABEL],
			  const uint8_t iccid[static 10], struct span batch_key);

enum {
	DERIVE_AGREED_ABOUT = 10 + 1 + 33 + 33, /* info without its label */
	DERIVE_AGREED_KEYS = 32
};

/* K and OPc of an agreement. OK, ERROR_CRYPTO. */
MUST_CHECK int derive_agreed(uint8_t keys[static DERIVE_AGREED_KEYS], const uint8_t x[static 32],
			     const uint8_t about[static DERIVE_AGREED_ABOUT]);

#endif

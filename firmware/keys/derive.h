/* derive.h - a subscriber key from a batch key and the card's ICCID.
 *
 * NIST SP 800-108r1 clause 4.1, counter mode, PRF = AES-CMAC, one iteration:
 *
 *     CMAC(batch key, [1]_32 || label(12) || 00 || ICCID(10) || [128]_32)
 *
 * 31 bytes, two AES blocks, of which the first is the same for every card, so
 * a token that offers CMAC (or ECB in bulk) can compute it. The label says
 * what the result is for; ICCID is EF.ICCID's ten bytes (TS 102 221 13.2). */
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

#endif

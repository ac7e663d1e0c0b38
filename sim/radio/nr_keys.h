/* nr_keys.h - the 5G key hierarchy below an EAP method's EMSK (3GPP TS 33.501 6.1.3.1 and Annex A).
 *
 *     EMSK -> KAUSF -> KSEAF -> KAMF -> KgNB -> KUPenc
 *
 * KAUSF is EMSK's first 32 bytes; the rest is
 * HMAC-SHA-256(key, FC || P0 || L0 || P1 || L1) of TS 33.220 Annex B.2. The
 * user's traffic is then enciphered with 128-NEA2, which is 128-EEA2
 * (TS 33.501 D.2.1.3, eea2.h). Whoever has EMSK has all of it. */
#ifndef SIMRITE_NR_KEYS_H
#define SIMRITE_NR_KEYS_H

#include <stdint.h>

#include "status.h"

struct nr_keys {
	uint8_t kausf[32], kseaf[32], kamf[32], kgnb[32];
	uint8_t kup_enc[16];
};

/* All of them. `network` is the serving network's name ("5G:mnc001...",
 * TS 24.501 9.12.1), `imsi` the digits of the SUPI. ERROR_RANGE, ERROR_CRYPTO. */
MUST_CHECK int nr_keys_derive(struct nr_keys *keys, const uint8_t emsk[static 64], const char *network,
			      const char *imsi);

enum {
	NR_NAME = 33 /* "5G:mncNNN.mccNNN.3gppnetwork.org" and its zero */
};

/* The name of the network that a coded PLMN (TS 24.301 9.9.3.32) tells. */
void nr_keys_network(char name[static NR_NAME], const uint8_t sn[static 3]);

#endif

/* lte_keys.h - the LTE key hierarchy below CK and IK (3GPP TS 33.401 Annex A).
 *
 *     CK, IK -> KASME -> KNASenc, KNASint and KeNB -> KUPenc
 *
 * The generic function is HMAC-SHA-256(key, FC || P0 || L0 || P1 || L1 ...)
 * of TS 33.220 Annex B.2. The algorithm keys are for 128-EEA2 and 128-EIA2
 * (identity 2); of the 32 bytes the last 16 are the key (TS 33.401 6.2). */
#ifndef SIMRITE_LTE_KEYS_H
#define SIMRITE_LTE_KEYS_H

#include <stdint.h>

#include "status.h"

struct lte_keys {
	uint8_t kasme[32];
	uint8_t knas_enc[16], knas_int[16];
	uint8_t kenb[32];
	uint8_t kup_enc[16];
};

/* All of them. `sn` is the serving network as three coded digits pairs (TS
 * 24.301 9.9.3.32), `sqn_xor_ak` the first six bytes of AUTN, `uplink_count`
 * the NAS COUNT of the message that opens the radio bearer (0 after attach). */
MUST_CHECK int lte_keys_derive(struct lte_keys *keys, const uint8_t ck[static 16],
			       const uint8_t ik[static 16], const uint8_t sn[static 3],
			       const uint8_t sqn_xor_ak[static 6], uint32_t uplink_count);

/* Those below keys->kasme, which is there already (an MME is given no more). */
MUST_CHECK int lte_keys_below(struct lte_keys *keys, uint32_t uplink_count);

#endif

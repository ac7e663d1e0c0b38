/* isd.h - the issuer security domain of a blank card. */
#ifndef SIMRITE_ISD_H
#define SIMRITE_ISD_H

#include "fs/store.h"

/* What the card says of its own life cycle (GET DATA DF21). */
enum life_cycle {
	LIFE_DELIVERED = 0x01,    /* OP_READY of GlobalPlatform 5.1 */
	LIFE_PERSONALISED = 0x0F, /* SECURED */
};

/* Give an empty store the key set of a blank card: version 30, the public
 * GlobalPlatform test keys 404142..4F for ENC, MAC and DEK; and life-cycle
 * state 01. Store errors. May be called inside a transaction. */
MUST_CHECK int isd_format(struct store *store);

/* The life-cycle state, or a store error. */
MUST_CHECK int isd_state(const struct store *store);
MUST_CHECK int isd_set_state(struct store *store, uint8_t state);

#endif

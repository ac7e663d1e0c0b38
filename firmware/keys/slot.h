/* slot.h - numbered slots for subscriber keys, which no command reads.
 *
 * A slot is one store object: what algorithm with what sizes, how the key
 * came, K, OPc and their check values. Slots are numbered 1..KEY_SLOTS; SLOT_USIM
 * is the one ADF.USIM authenticates with. The others can be loaded and GET DATA
 * tells of them, but no command uses a key of theirs. Only the authentication
 * commands ask for K; what GET DATA tells comes from slot_describe(), which
 * never holds it.
 *
 * `loads` counts how often the slot was loaded. The sequence numbers and the
 * use counter (auth/sqn_array.h) belong to one load. */
#ifndef SIMRITE_SLOT_H
#define SIMRITE_SLOT_H

#include "crypto/kcv.h"
#include "fs/store.h"
#include "keys/subscriber_key.h"

enum {
	SLOT_USIM = 1
};

enum slot_state {
	SLOT_EMPTY = 0x00,
	SLOT_LOADED = 0x01,
};

struct slot_description {
	uint8_t state;     /* enum slot_state */
	uint8_t algorithm; /* enum slot_algorithm */
	uint8_t method;    /* enum slot_method */
	uint16_t loads;
	uint8_t kcv_k[KCV_LENGTH], kcv_opc[KCV_LENGTH]; /* zero for no OPc */
};

struct slot {
	struct slot_description description;
	struct subscriber_key key;
};

/* All of a slot. The caller wipes `slot` after use, also on failure.
 * ERROR_NOT_FOUND when it is empty, ERROR_RANGE for a number that is no slot,
 * ERROR_MEMORY. */
MUST_CHECK int slot_load(struct slot *slot, const struct store *store, uint8_t number);

/* What may be told. An empty slot is OK and all zero. ERROR_RANGE, ERROR_MEMORY. */
MUST_CHECK int slot_describe(struct slot_description *description, const struct store *store, uint8_t number);

/* Replace a slot by method and key of `slot`; everything else of the
 * description is filled in here. One store write. ERROR_RANGE, ERROR_STATE
 * after 65535 loads, ERROR_CRYPTO, store errors. */
MUST_CHECK int slot_save(struct store *store, uint8_t number, struct slot *slot);

#endif

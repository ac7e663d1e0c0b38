/* slot.h - numbered slots for subscriber keys, which no command reads.
 *
 * A slot is one store object: what algorithm, how the key came, K, OPc and
 * their check values. Slots are numbered 1..KEY_SLOTS; SLOT_USIM is the one
 * ADF.USIM authenticates with. The modules that may ask for K are the
 * authentication commands; GET DATA uses slot_describe(), which never holds
 * it. The use counter is kept with the sequence numbers (auth/sqn.h), so that
 * an authentication writes one object. */
#ifndef SIMRITE_SLOT_H
#define SIMRITE_SLOT_H

#include "crypto/kcv.h"
#include "fs/store.h"

enum {
	SLOT_USIM = 1
};

enum slot_state {
	SLOT_EMPTY = 0x00,
	SLOT_LOADED = 0x01,
};

struct slot_description {
	uint8_t state;     /* enum slot_state */
	uint8_t algorithm; /* enum slot_algorithm, gp/personalise.h */
	uint8_t method;    /* enum slot_method */
	uint8_t kcv_k[KCV_LENGTH], kcv_opc[KCV_LENGTH];
};

struct slot {
	struct slot_description description;
	uint8_t k[16], opc[16];
};

/* All of a slot. The caller wipes `slot` after use. ERROR_NOT_FOUND when the
 * slot is empty, ERROR_RANGE for a number that is no slot, ERROR_CHECK when
 * what is stored does not match its check values, ERROR_MEMORY. */
MUST_CHECK int slot_load(struct slot *slot, struct store *store, uint8_t number);

/* What may be told. An empty slot is OK and all zero. ERROR_RANGE, ERROR_MEMORY. */
MUST_CHECK int slot_describe(struct slot_description *description, struct store *store, uint8_t number);

/* Replace a slot. Its check values are computed here. The caller resets the
 * sequence numbers in the same transaction. ERROR_RANGE, store errors. */
MUST_CHECK int slot_save(struct store *store, uint8_t number, struct slot *slot);

#endif

/* slot.h - numbered slots for subscriber keys, which no command reads.
 *
 * A slot is one store object: its state, what algorithm with what sizes, how
 * the key came, what it may be used for, the check values of K and OPc; and K
 * and OPc themselves, sealed (keys/vault.h) together with all of that. Slots
 * are numbered 1..KEY_SLOTS; SLOT_USIM is the one ADF.USIM authenticates with.
 * The others can be loaded and GET DATA tells of them, but no command uses a
 * key of theirs. What GET DATA tells comes from slot_describe(), which never
 * sees a key.
 *
 * The life of a slot, changed by STORE DATA (DGI_SLOT of gp/personalise.h):
 *
 *     EMPTY, DESTROYED -- load --> LOADED    may be loaded again
 *     LOADED --> CONFIRMED                   may not: destroy it first
 *     LOADED, CONFIRMED --> LOCKED           no use of the key at all
 *     LOCKED --> CONFIRMED
 *     any that has a key --> DESTROYED       erased: no byte of it, sealed or
 *                                            not, is left in the memory
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

struct slot_description {
	uint8_t state;     /* enum slot_state */
	uint8_t algorithm; /* enum slot_algorithm */
	uint8_t method;    /* enum slot_method */
	uint8_t usage;     /* bits of enum slot_use */
	uint16_t loads;
	uint8_t kcv_k[KCV_LENGTH], kcv_opc[KCV_LENGTH]; /* zero for no OPc, and when destroyed */
};

struct slot {
	struct slot_description description;
	struct subscriber_key key;
};

/* All of a slot, for one use of its key. The caller wipes `slot` after use,
 * also on failure. ERROR_NOT_FOUND when it has no key, ERROR_STATE when it is
 * locked or the key may not be used so, ERROR_RANGE for a number that is no
 * slot, ERROR_MEMORY. */
MUST_CHECK int slot_load(struct slot *slot, const struct store *store, uint8_t number, enum slot_use use);

/* What may be told. An empty slot is OK and all zero. ERROR_RANGE, ERROR_MEMORY. */
MUST_CHECK int slot_describe(struct slot_description *description, const struct store *store, uint8_t number);

/* Replace a slot by method and key of `slot`; everything else of the
 * description is filled in here. One store write. ERROR_RANGE, ERROR_STATE
 * when it is confirmed or locked and after 65535 loads, ERROR_CRYPTO, store errors. */
MUST_CHECK int slot_save(struct store *store, uint8_t number, struct slot *slot);

/* Change the state as above, or keep it, and the usage: bits may be taken
 * away, none added. Inside the caller's transaction; after the commit of one
 * with SLOT_DESTROYED comes vault_purge(). ERROR_RANGE; ERROR_NOT_FOUND when
 * there is no key; ERROR_STATE for a way that is not above; ERROR_VALUE for
 * what is no state or a wider usage; store errors. */
MUST_CHECK int slot_change(struct store *store, uint8_t number, enum slot_state state, uint8_t usage);

#endif

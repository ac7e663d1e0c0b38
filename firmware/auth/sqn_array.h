/* sqn_array.h - the card's sequence numbers (3GPP TS 33.102 Annex C.2).
 *
 * SQN (48 bits) = SEQ (43 bits) || IND (5 bits). For each of the 32 values of
 * IND the card remembers the highest SEQ it accepted, so vectors handed to
 * several network nodes may be used in any order (C.1.1.2). SEQ_MS is the
 * highest SEQ of all. A received SEQ is accepted when
 *
 *     SEQ <= SEQ_MS + delta              no jump that could wear the range out (C.2.1)
 *     SEQ >  SEQ of its own IND          not used before (C.2.2)
 *     SEQ >= SEQ_MS - age, when age > 0  not too old (C.2.2, optional limit L)
 *
 * Accepting writes one small store object and is complete before
 * sqn_array_accept() returns: after a power cut at any moment the number is
 * either spent, or was never answered. The same object counts how often it
 * was written; the sum is the key's use counter.
 *
 * Every object names the load of the key (slot.h: `loads`) it belongs to.
 * Loading a key anew makes the objects of the old one void without touching
 * them, so a key and its fresh sequence numbers are one write. */
#ifndef SIMRITE_SQN_ARRAY_H
#define SIMRITE_SQN_ARRAY_H

#include "fs/store.h"

enum {
	SQN_LENGTH = 6
};

/* Whose sequence numbers: slot 1..KEY_SLOTS, and which load of its key. */
struct sqn_owner {
	uint8_t slot;
	uint16_t load;
};

struct sqn_policy {
	uint64_t delta; /* largest allowed jump of SEQ */
	uint64_t age;   /* how far SEQ may lie behind SEQ_MS; 0 = any distance */
};

#define SQN_DELTA   ((uint64_t)1 << 28)       /* TS 33.102 C.3 */
#define SQN_SEQ_MAX (((uint64_t)1 << 43) - 1) /* SEQ has 43 bits */

/* The policy of a slot: SQN_DELTA and no age limit until another is set, which
 * stays when the slot's key is loaded anew. Setting: one store write, may be
 * inside a transaction; ERROR_VALUE for a delta of 0 or numbers above
 * SQN_SEQ_MAX. Both: ERROR_RANGE for a number that is no slot, store errors. */
MUST_CHECK int sqn_array_policy(struct sqn_policy *policy, const struct store *store, uint8_t slot);
MUST_CHECK int sqn_array_set_policy(struct store *store, uint8_t slot, const struct sqn_policy *policy);

/* Check and, if fresh, remember `sqn`. Returns OK; ERROR_CHECK when it is not
 * acceptable, and then `sqn` is SQN_MS as of sqn_array_highest(), to answer
 * with AUTS; ERROR_RANGE for a bad slot, or a store error: then it is not
 * known whether it was remembered, and nothing may be answered. Inside a
 * transaction it is remembered with the commit, and nothing may be answered
 * before. */
MUST_CHECK int sqn_array_accept(struct store *store, struct sqn_owner owner, uint8_t sqn[static SQN_LENGTH],
				const struct sqn_policy *policy);

/* SQN_MS: the highest accepted SEQ with its IND, for AUTS; zero when none was. */
MUST_CHECK int sqn_array_highest(const struct store *store, struct sqn_owner owner,
				 uint8_t sqn[static SQN_LENGTH]);

/* How many sequence numbers were accepted since the key was loaded. */
MUST_CHECK int sqn_array_uses(const struct store *store, struct sqn_owner owner, uint32_t *uses);

#endif

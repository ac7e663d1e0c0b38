/* sqn.h - the card's sequence numbers (3GPP TS 33.102 Annex C.2).
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
 * sqn_accept() returns: after a power cut at any moment the number is either
 * spent, or was never answered. The same object counts how often it was
 * written, which is the slot's use counter. */
#ifndef SIMRITE_SQN_H
#define SIMRITE_SQN_H

#include "fs/store.h"

enum {
	SQN_LENGTH = 6
};

struct sqn_policy {
	uint64_t delta; /* largest allowed jump of SEQ */
	uint64_t age;   /* how far SEQ may lie behind SEQ_MS; 0 = any distance */
};

#define SQN_DELTA ((uint64_t)1 << 28) /* TS 33.102 C.3 */

/* Check and, if fresh, remember `sqn` for the subscriber key in `slot`.
 * Returns OK, ERROR_CHECK when it is not acceptable (answer with AUTS), or a
 * store error: then it is not known whether it was remembered, and nothing
 * may be answered. Must not be called inside a transaction. */
MUST_CHECK int sqn_accept(struct store *store, uint8_t slot, const uint8_t sqn[static SQN_LENGTH],
			  const struct sqn_policy *policy);

/* SQN_MS: the highest accepted SEQ with its IND, for AUTS; zero when none was. */
MUST_CHECK int sqn_highest(struct store *store, uint8_t slot, uint8_t sqn[static SQN_LENGTH]);

/* How many sequence numbers were accepted since the key was loaded. */
MUST_CHECK int sqn_uses(struct store *store, uint8_t slot, uint32_t *uses);

/* Forget everything about the slot: a new key starts at zero. Made to be
 * called inside the transaction that replaces the key. */
MUST_CHECK int sqn_reset(struct store *store, uint8_t slot);

#endif

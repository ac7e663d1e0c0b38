/* journal.h - what has happened to every card of the bureau's batches.
 *
 * One SQLite file for all batches made into one folder; it never holds a key.
 * A card goes through
 *
 *     planned   its numbers are reserved
 *     claimed   a blank card may carry the ICCID, and nothing else yet
 *     loading   that card, and no other, may carry its keys
 *     verified  the card proved its keys, and the output file has its line
 *     lost      the card is gone, and so is the ticket it may have been loaded
 *               under: no other card becomes this one
 *
 * so whatever interrupts the work, it is known which cards may be given these
 * numbers: in planned and claimed any blank card, in loading only the card
 * that carries the ICCID, in verified and lost none. ICCIDs and IMSIs are unique over
 * all batches. Not for two threads at once. */
#ifndef SIMRITE_JOURNAL_H
#define SIMRITE_JOURNAL_H

#include <stdint.h>

#include "lib/fault.h"
#include "lib/order.h"

struct journal;

enum journal_state {
	JOURNAL_PLANNED,
	JOURNAL_CLAIMED,
	JOURNAL_LOADING,
	JOURNAL_VERIFIED,
	JOURNAL_LOST,
};

const char *journal_state_name(enum journal_state state);

struct journal_card {
	char batch[BATCH_ID];
	uint32_t number;
	char iccid[21], imsi[16];
	enum journal_state state;
	uint8_t kcv_k[3], kcv_opc[3]; /* of the keys it was last given; from loading on */
};

int journal_open(struct journal **journal, const char *path, struct fault *fault);
void journal_close(struct journal *journal); /* NULL is allowed */

/* Enter every card of an order, or find it entered. FAULT_POLICY: the batch is
 * known with another order, or a number belongs to another batch. */
int journal_plan(struct journal *journal, const struct order *order, struct fault *fault);

/* A card by ICCID, in any batch: 1, 0 none, -1. */
int journal_find(struct journal *journal, struct journal_card *card, const char *iccid, struct fault *fault);

/* The first card of the batch after `number` that a blank card may become
 * (planned or claimed): 1, 0 no more, -1. */
int journal_free(struct journal *journal, struct journal_card *card, const char *batch, uint32_t number,
		 struct fault *fault);

/* The first card after `number` in a state: 1, 0, -1. */
int journal_next(struct journal *journal, struct journal_card *card, const char *batch,
		 enum journal_state state, uint32_t number, struct fault *fault);

/* How many cards of the batch are in a state; -1. */
int64_t journal_count(struct journal *journal, const char *batch, enum journal_state state,
		      struct fault *fault);

/* Enter card->state and its check values for card->batch, card->number. It is
 * on the disk when this returns 0. */
int journal_enter(struct journal *journal, const struct journal_card *card, struct fault *fault);

#endif

/* receipt_set.h - the receipts of a ceremony's batches, as far as they are in hand.
 *
 * Lines of one or several files (lib/receipts.h) are looked at one by one,
 * each by the rules of its batch (ceremony/ticketing.h), and then together: a
 * second answer to a ticket, one card under two ICCIDs, a card too many or
 * one that is missing. Of a receipt only hashes are kept, so a million of
 * them takes some 100 MB. */
#ifndef SIMRITE_RECEIPT_SET_H
#define SIMRITE_RECEIPT_SET_H

#include "ceremony/ticketing.h"

/* What is kept of a card's line. */
struct receipt_card {
	bool there;
	uint8_t leaf[32];   /* in the batch's tree: hash of ticket || certificate || receipt */
	uint8_t ticket[32]; /* leaf of the tickets' tree */
	uint8_t identity[P256_COMPRESSED];
};

struct receipt_batch {
	struct ticketing ticketing;
	struct receipt_card *cards; /* by index, from 0; NULL: no receipt of this batch */
	unsigned count;             /* that are there */
};

struct receipt_set {
	const struct audit *audit;
	struct receipt_batch batches[PLAN_BATCHES];
};

/* All batches of the transcript that have tickets by now; `audit` is borrowed. Caller ends with _free(). */
int receipt_set_start(struct receipt_set *set, const struct audit *audit, struct fault *fault);
void receipt_set_free(struct receipt_set *set);

enum {
	RECEIPT_LEAF = TICKET_AGREED + TICKET_CERTIFICATE + TICKET_RECEIPT_AGREED
};

/* ticket || certificate || receipt: the card's leaf in the batch's tree. Returns its length. */
size_t receipt_leaf(uint8_t leaf[static RECEIPT_LEAF], const struct receipt_line *line);

/* Called for each line that was accepted; -1 and a fault stops. */
typedef int receipt_set_visit(void *context, unsigned batch, unsigned index, const struct receipt_line *line,
			      struct fault *fault);

/* Take a file; FAULT_NO, or FAULT_INPUT, names the line. `visit` may be NULL. */
int receipt_set_read(struct receipt_set *set, const char *path, receipt_set_visit *visit, void *context,
		     struct fault *fault);

/* Has no card answered for two ICCIDs, in all batches? */
int receipt_set_identities(const struct receipt_set *set, struct fault *fault);

/* The numbers of tickets without a receipt, as `loaded` has them, and the root
 * of those with one. */
json_t *receipt_set_missing(const struct receipt_set *set, unsigned batch);
int receipt_set_root(uint8_t root[static 32], const struct receipt_set *set, unsigned batch,
		     struct fault *fault);

/* Is that what the transcript says of a batch that came back: no card too
 * many, none missing but those it lists, its roots? */
int receipt_set_matches(const struct receipt_set *set, unsigned batch, struct fault *fault);

/* All of this with some files: what a verifier does. A batch of which no
 * receipt is in hand is passed over: its `cards` stay NULL. An empty file is
 * refused, because it says nothing of any card. Caller ends with _free(). */
int receipt_set_check(struct receipt_set *set, const struct audit *audit, const char *const *paths,
		      unsigned count, struct fault *fault);

#endif

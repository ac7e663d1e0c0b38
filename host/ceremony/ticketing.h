/* ticketing.h - what the tickets of a batch must say, and what its cards may answer.
 *
 * A batch has one ticket for each card, in the order of ICCIDs, and every
 * field of one is known beforehand but when it was issued and its signature:
 * whoever knows plan, ceremony key, line 1 and agree key can tell a right
 * ticket from any other. The rules are docs/ceremony/protocol.md's, "Receipts
 * that are accepted"; their statements' bytes firmware/keys/ticket.h's. */
#ifndef SIMRITE_TICKETING_H
#define SIMRITE_TICKETING_H

#include "ceremony/audit.h"
#include "lib/receipts.h"

struct ticketing {
	const struct plan *plan; /* for its factories */
	const struct plan_batch *batch;
	uint8_t authority[65]; /* the ceremony's key */
	uint8_t scope[32];
	uint8_t agree[33];        /* the operator's key, compressed; with SLOT_AGREED */
	int64_t earliest, latest; /* when tickets may have been issued */
};

/* Of batch number `batch` of the audit's plan; `agree` (04 || X || Y) is NULL unless keys are agreed on. */
int ticketing_make(struct ticketing *ticketing, const struct audit *audit, unsigned batch,
		   const uint8_t *agree, int64_t latest, struct fault *fault);
/* Of batch number `batch` of a transcript that tells of it. FAULT_BUG. */
int ticketing_of(struct ticketing *ticketing, const struct audit *audit, unsigned batch, struct fault *fault);

/* The ticket of card `index` (from 0), all but `issued`, which is zero; its ICCID as digits. */
int ticketing_ticket(struct ticket *ticket, char iccid[static 21], const struct ticketing *ticketing,
		     unsigned index, struct fault *fault);

/* Is it a ticket of this batch, for the card it says? Its index, or -1: FAULT_NO says what is wrong. */
int64_t ticketing_check(const struct ticketing *ticketing, struct span ticket, struct fault *fault);

/* May this receipt be accepted, together with ticket and certificate? The same answers. */
int64_t ticketing_accept(const struct ticketing *ticketing, const struct receipt_line *line,
			 struct receipt_facts *facts, struct fault *fault);

#endif

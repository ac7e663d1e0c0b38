/* under_ticket.h - one card, its ticket, and its receipt.
 *
 * A ticket is used for one card, once. Whether it was, the card knows better
 * than any journal: it keeps the receipt of its last load. */
#ifndef SIMRITE_BATCH_UNDER_TICKET_H
#define SIMRITE_BATCH_UNDER_TICKET_H

#include "lib/card_state.h"
#include "lib/personalise.h"
#include "lib/receipts.h"
#include "lib/tickets.h"
#include "lib/time_statement.h"

struct under_ticket {
	struct ticket ticket;
	struct receipt_line line;   /* for the file; complete after under_ticket_load() */
	struct receipt_facts facts; /* what it says */
	bool loaded;                /* the card was loaded under this ticket before */
};

/* Look whether card `number` of the batch may be the one in the reader: born
 * (simrite batch birth), obeying nobody else, its slot not loaded but under
 * this very ticket. A card that obeys nobody yet is given its authority, and
 * one that knows none as late is told the time; it is NULL when nobody signed one. */
int under_ticket_look(struct under_ticket *u, const struct tickets *tickets, uint32_t number,
		      const struct time_statement *time, struct reader *reader,
		      const struct scp03_key_set *keys, struct fault *fault);

/* Load the profile's key, unless that has been done; and check the receipt. */
int under_ticket_load(struct under_ticket *u, struct reader *reader, const struct scp03_key_set *keys,
		      const struct profile *profile, struct fault *fault);

#endif

/* station.h - the bureau's table with readers: finds out what is in them, and
 * makes cards. With tickets (lib/tickets.h) a card's key is loaded under its
 * own, once: what was interrupted is found out from the card, which keeps its
 * receipt, and no ticket is ever used for a second card.
 *
 * First station_survey() looks into every reader and decides, one after the
 * other, what each card is to become; nothing is written. Then station_make()
 * makes the cards, several readers at once. A card that fails ends its own
 * reader's work and no other's; a full disk or a dead token ends all. */
#ifndef SIMRITE_STATION_H
#define SIMRITE_STATION_H

#include <stdbool.h>
#include <stddef.h>

#include "batch/keys.h"
#include "lib/delivery.h"
#include "lib/journal.h"
#include "lib/receipts.h"
#include "lib/scp03_host.h"
#include "lib/tickets.h"
#include "lib/time_statement.h"

enum {
	STATION_READERS = 64
};

struct job {
	char reader[128];
	char found[21]; /* ICCID the card had at the survey; "" when blank */
	struct journal_card card;
};

struct station {
	const struct order *order;
	struct journal *journal;
	struct delivery *delivery;
	const struct batch_key *key;
	const struct scp03_key_set *card_keys; /* what the blank cards have */
	const struct tickets *tickets;         /* row i is card i + 1's; NULL: none */
	const struct time_statement *time;     /* what cards are told before their tickets, or NULL */
	struct receipts *receipts;             /* with tickets */
	bool again;                            /* cards that carry another number may be overwritten */
	struct job jobs[STATION_READERS];
	size_t job_count;
	unsigned present, already; /* cards in readers; of them verified before */
	uint32_t verified;         /* of the batch, kept up to date */
	uint32_t lost;             /* cards there will not be */
	struct fault fault;        /* the first one; code FAULT_NONE when none */
};

/* Look into every reader whose name begins with `prefix`. -1: no such reader,
 * or a card that must not be touched: the run should not begin. */
int station_survey(struct station *station, const char *prefix, struct fault *fault);

/* Do the jobs with at most `parallel` readers at a time. Returns when all are
 * done or given up; the first fault is in station->fault. */
void station_make(struct station *station, unsigned parallel);

#endif

/* proven.h - a ceremony with tickets that was held and closed, for tests of what is made of it.
 *
 * Three batches by each way of a key, one without tickets between; ticket 2
 * never came back. A witness has a key and signs. All keys are the test's. */
#ifndef SIMRITE_PROVEN_H
#define SIMRITE_PROVEN_H

#include "ceremony/receipt_set.h"

enum {
	PROVEN_INJECTED, /* tickets 1 to 3 */
	PROVEN_DERIVED,  /* ticket 4, the only card */
	PROVEN_AGREED,   /* tickets 5 to 8 */
	PROVEN_BATCHES,
	PROVEN_TICKETS = 8,
	PROVEN_MISSING = 2,
	PROVEN_PATH = 64
};

struct proven {
	char folder[PROVEN_PATH], transcript[PROVEN_PATH + 16], note[PROVEN_PATH + 16];
	char receipts[PROVEN_BATCHES][PROVEN_PATH + 16];
	struct receipt_line cards[PROVEN_TICKETS]; /* by number, less 1 */
};

/* Hold it, the files in a new folder. Another title is another ceremony, under the same id and key. */
void proven_hold(struct proven *held, const char *title);
/* Write a file of it anew. */
void proven_write(const char *path, const char *text, size_t length);
/* What a file of it holds, to be freed. */
char *proven_read(const char *path, size_t *length);
/* The proof for the card with this ticket; proof_make()'s answer. */
int proven_prove(char **text, const struct proven *held, unsigned number, struct fault *fault);
void proven_end(const struct proven *held);

#endif

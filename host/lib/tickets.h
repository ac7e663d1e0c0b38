/* tickets.h - the load tickets of a batch: what a ceremony hands to the bureau.
 *
 * A file of canonical JSON lines (simrite-batch(5)): line 1 says whose and for
 * what, then one ticket (firmware/keys/ticket.h) a line. Everything is checked
 * when the file is read, but signatures, which are when a ticket is used. */
#ifndef SIMRITE_TICKETS_H
#define SIMRITE_TICKETS_H

#include "keys/ticket.h"
#include "lib/fault.h"
#include "lib/output.h"

struct ticket_row {
	char iccid[21];
	uint32_t number;
	uint8_t bytes[TICKET_AGREED];
	size_t length;
};

struct tickets {
	uint8_t authority[P256_UNCOMPRESSED];
	char batch[BATCH_ID];
	uint8_t method, slot; /* of all of them: enum slot_method, and which slot */
	uint32_t count;
	struct ticket_row rows[];
};

/* To be freed with tickets_free(). FAULT_INPUT names the line. */
int tickets_load(struct tickets **tickets, const char *path, struct fault *fault);
void tickets_free(struct tickets *tickets); /* NULL is allowed */

/* The ticket of row `index`, its signature verified. FAULT_NO. */
int tickets_verify(struct ticket *ticket, const struct tickets *tickets, uint32_t index, struct fault *fault);

#endif

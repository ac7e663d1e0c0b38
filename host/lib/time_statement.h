/* time_statement.h - the time that a ceremony has signed, for cards, which have no clock.
 *
 * A file of one line of canonical JSON (docs/ceremony/protocol.md, "The time"), from the ceremony to
 * the bureau: it holds the statement (firmware/keys/ticket.h) and whose it is.
 * A card takes the highest time that its authority has signed, and from then
 * on no ticket that expired before. */
#ifndef SIMRITE_TIME_STATEMENT_H
#define SIMRITE_TIME_STATEMENT_H

#include "keys/ticket.h"
#include "lib/fault.h"

struct time_statement {
	uint8_t authority[P256_UNCOMPRESSED];
	uint8_t bytes[TICKET_TIME];
	uint32_t time; /* what they say, Unix seconds */
};

/* Fill in `time`. FAULT_NO unless `bytes` are a statement that this authority signed, s in the lower half. */
int time_statement_check(struct time_statement *statement, struct fault *fault);

/* A new file in the place of what `path` was. */
int time_statement_write(const char *path, const struct time_statement *statement, const char *ceremony,
			 struct fault *fault);

/* Read and checked. FAULT_INPUT, or FAULT_NO as above. */
int time_statement_load(struct time_statement *statement, const char *path, struct fault *fault);

#endif

/* attempt.h - a thief at work: what it heard, what it has tried, what it got.
 *
 * A guess at a key is checked on the radio record alone (break_in.h). The
 * first that fits a subscriber goes to the loot, with every session it opens. */
#ifndef SIMRITE_ATTEMPT_H
#define SIMRITE_ATTEMPT_H

#include "theft/loot.h"

struct attempt {
	struct record record;
	bool *opened; /* of each session: its subscriber's key is known */
	struct loot loot;
	unsigned long tried; /* guesses on sessions */
};

/* Read CAPTURED/radio.pcapng (none is one without a session) and open the loot in OUT. */
int attempt_begin(struct attempt *attempt, const char *captured, const char *out, struct fault *fault);
/* Write the loot out. Free in any case. */
int attempt_end(struct attempt *attempt, struct fault *fault);
void attempt_free(struct attempt *attempt);

/* Does K with OPc fit a subscriber whose key is not known yet? `imsi` NULL:
 * any of them. `from` says where the key was found. True when it fits. */
bool attempt_key(struct attempt *attempt, const char *imsi, const uint8_t k[static 16],
		 const uint8_t opc[static 16], const char *from);

/* Is there anything left to try for this subscriber? False when it was never
 * heard (no guess can be checked) or its key is known. */
bool attempt_wants(const struct attempt *attempt, const char *imsi);

/* The result line on stdout: what `thief` heard and got, and `more`, further members that begin with a comma.
 */
void attempt_tell(const struct attempt *attempt, const char *thief, const char *more);

/* main() of a thief: check the two arguments, work, say what went wrong. */
int attempt_main(int argc, char **argv, const char *thief,
		 int (*steal)(const char *captured, const char *out, struct fault *fault));

#endif

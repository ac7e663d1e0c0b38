/* centre.h - the operator's authentication centre, running for a while.
 *
 * Only inside simulated readers: its socket is in the simulation's own folder,
 * which is private, short enough for the path of a socket, and removed by its
 * keeper however we end. A Ctrl-C does not reach the centre, so that the
 * session in hand can be finished. */
#ifndef SIMRITE_CENTRE_H
#define SIMRITE_CENTRE_H

#include "heist/heist.h"

struct centre {
	char socket[96];
	pid_t child;
};

/* Serve a database below `at` (a name with its .kek beside it); the ceremony's
 * token answers for derived subscribers, if there is one. What it said is in
 * log/auc-serve-NAME.out: the last line is its tally. Also sets TMPDIR to the
 * simulation's folder, where the radio puts its end. */
int centre_start(struct centre *centre, const struct heist *at, const char *database, const char *name,
		 struct fault *fault);
void centre_stop(struct centre *centre);

/* What the operator's log says. */
struct centre_tally {
	unsigned requests, vectors, triplets, resynchronised, refused, malformed;
};
/* Add the tally of log/auc-serve-NAME.out. FAULT_INPUT: there is none. */
int centre_tally(struct centre_tally *tally, const struct heist *at, const char *name, struct fault *fault);

#endif

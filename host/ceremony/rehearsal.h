/* rehearsal.h - the rehearsal of a production ceremony: the same plan, and who can show that it was.
 *
 * The rehearsal's plan is made out of the production plan by a rule, not by
 * hand: `mode` is "rehearsal", the plan's id and each batch's begin with
 * "rehearsal-", and nothing else differs. So whoever has both transcripts can
 * say whether what was rehearsed is what was then done. The two still never
 * mix: ids, labels, tokens, shares and notes tell them apart. */
#ifndef SIMRITE_REHEARSAL_H
#define SIMRITE_REHEARSAL_H

#include "ceremony/plan.h"

/* A rehearsal that was found to be one of a plan. */
struct rehearsal {
	char id[PLAN_ID + 1];
	char fingerprint[65], key[65]; /* hex */
	char closed[21];
};

/* Write the rehearsal's plan to a file that is not there yet. FAULT_INPUT: the
 * plan is no production plan, or an id would get too long. */
int rehearsal_write(const struct plan *plan, const char *path, struct fault *fault);

/* Is `transcript` a sound and closed one of the rehearsal of this production
 * plan, and was it closed by `begun` (Unix seconds; -1: not asked)?
 * FAULT_NO names the member of the plan that differs. */
int rehearsal_check(struct rehearsal *found, const struct plan *plan, const char *transcript, int64_t begun,
		    struct fault *fault);

/* Say it: the member "rehearsed" of a result. */
json_t *rehearsal_tell(const struct rehearsal *found, const char *transcript);

#endif

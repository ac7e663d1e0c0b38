/* quorum.h - the custodians of a world's ceremony, and those of them who betray it.
 *
 * Five, in three places, so that no place holds the three that are needed. */
#ifndef SIMRITE_QUORUM_H
#define SIMRITE_QUORUM_H

#include <jansson.h>

#include "heist/world.h"

enum {
	QUORUM_SHARES = 5,
	QUORUM_THRESHOLD = 3,
};

/* The plan's list of them. */
json_t *quorum_custodians(void);

/* These custodians (bit i is custodian i+1) give their shares away: the key of
 * a batch, by the real recover command, is written to `out` below the world.
 * FAULT_POLICY when they are no quorum. */
int quorum_recover(const struct world *world, const struct batch *batch, unsigned custodians, const char *out,
		   struct fault *fault);

/* The custodians of one place, "A", "B" or "C"; 0: there is no such place. */
unsigned quorum_of_place(const char *place);

#endif

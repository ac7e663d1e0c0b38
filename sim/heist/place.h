/* place.h - places that are robbed, and what is copied out of each.
 *
 * A row of the table is one place; its function copies that place's files, and
 * nothing else, into a thief's captured folder. A place that holds nothing in
 * some design leaves the folder as it is: the thief then goes without. */
#ifndef SIMRITE_PLACE_H
#define SIMRITE_PLACE_H

#include "heist/world.h"

enum place_id {
	PLACE_NONE, /* ends a list */
	PLACE_RADIO,
	PLACE_MAIL,
	PLACE_SHOP,
	PLACE_QUORUM,
	PLACE_BATCH_KEY,
	PLACE_TRANSPORT,
	PLACE_SPACE,
	PLACE_SAMPLES,
	PLACE_AUTHORITY_A,
	PLACE_AUTHORITIES_AB,
	PLACE_BUREAU,
	PLACE_OPERATOR,
	PLACE_DESK,
	PLACE_CARD,
	PLACE_VENDOR,
	PLACE_COUNT
};

struct place {
	const char *name;
	const char *text; /* one line: whose place, and what is there */
	/* `captured` is below the world. 0 also when there is nothing to take;
	 * FAULT_POLICY when the place gives nothing away (a quorum that is none). */
	int (*take)(const struct world *world, const char *captured, struct fault *fault);
};

const struct place *place_of(enum place_id id);

#endif

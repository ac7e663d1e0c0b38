/* thief.h - thieves, as rows of one table.
 *
 * A thief is a program, simrite-thief-PROGRAM (sim/theft/), and the places it
 * robs (place.h): their files are all it gets. A new thief is a row here, a
 * program there unless one that is there does, and a scenario (sim/scenarios/). */
#ifndef SIMRITE_THIEF_H
#define SIMRITE_THIEF_H

#include "heist/place.h"

enum {
	THIEF_PLACES = 6
};

struct thief {
	const char *name, *program;
	const char *text; /* one line: who it is, and what it has */
	enum place_id places[THIEF_PLACES];
};

/* By name, or NULL. */
const struct thief *thief_find(const char *name);
/* Row `i` of the table, or NULL behind the last. */
const struct thief *thief_at(unsigned i);

#endif

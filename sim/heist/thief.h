/* thief.h - thieves, as rows of one table.
 *
 * A thief is a program, simrite-thief-PROGRAM (sim/theft/), and the places it
 * robs (place.h): their files are all it gets. A new thief is a row here, a
 * program there unless one that is there does, and a scenario (sim/scenarios/).
 *
 * A thief with a plan does not come afterwards: it stands between phones and
 * network while they attach after the theft (live.h), so it needs a world of
 * its own. What it needs to know beforehand a partner finds out, who robs its
 * places. */
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
	const char *plan, *partner; /* of one that stands between: the word in plan.txt, another row's name */
};

/* By name, or NULL. */
const struct thief *thief_find(const char *name);
/* Row `i` of the table, or NULL behind the last. */
const struct thief *thief_at(unsigned i);

#endif

/* thefts.h - what can be stolen of a fleet, and what that is worth.
 *
 * A theft writes files into a captured folder (theft/spoils.h) and no more:
 * what they open, simrite-thief-fleet finds out, in a process of its own that
 * reaches nothing else, and the judge (verdict.h) counts what is true of it. */
#ifndef SIMRITE_FLEET_THEFTS_H
#define SIMRITE_FLEET_THEFTS_H

#include <jansson.h>

#include "fleet/fleet.h"

/* Who should be opened; what was measured is compared with it, never made of it. */
enum radius {
	RADIUS_NOBODY,
	RADIUS_ONE,
	RADIUS_TARGETS,
	RADIUS_BATCH,
	RADIUS_EVERYBODY,
};

/* How much is stolen, and from where in a fleet. */
struct prize {
	const struct fleet *fleet;
	const char *captured; /* folder */
	bool flip;            /* a control: one bit of each stolen secret is wrong */
	uint32_t batch, card; /* the one batch, the one card, from the seed */
	const uint32_t *targets;
	uint32_t target_count;
	struct fault *fault;
};

struct theft {
	enum fleet_design design;
	const char *name;
	const char *what; /* one sentence */
	int (*steal)(const struct prize *prize);
	enum radius before, after, cloned; /* expected */
	/* of the five ways to hand over: what no measurement says, by how they are made */
	const char *form;      /* NULL: no hand-over */
	const char *revocable; /* can it be taken back? */
	enum radius acts;      /* how often the operator has to act, so how many lines its log has */
	unsigned secrets;      /* how many secrets, each of which, lost, exposes everybody; 0: none does */
};

extern const struct theft thefts[];
extern const size_t theft_count;

/* How many subscribers a radius stands for here. */
uint32_t theft_radius(enum radius radius, const struct prize *prize);

/* Draw batch, card and targets. `targets` has room for `count`. */
int theft_aim(struct prize *prize, const struct fleet *fleet, uint32_t *targets, uint32_t count);

#endif

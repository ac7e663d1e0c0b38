/* clone.h - what stolen keys are worth at a till: blank cards programmed with them.
 *
 * In simulated readers stand the original cards, as they were at the end, and
 * blank ones. Each blank card is given the number and keys that a thief claims
 * (simrite card program), and is attached to the network through the operator's
 * real authentication centre, on a copy of its database; then the originals
 * attach again, and the clones once more. What the centre counted meanwhile is
 * the evidence there is. As many keys are tried as there are readers for. */
#ifndef SIMRITE_CLONE_H
#define SIMRITE_CLONE_H

#include "heist/world.h"

enum clone_kind {
	CLONE_NONE,  /* nothing is tried */
	CLONE_FRESH, /* the card comes from the programmer */
	CLONE_TRIED, /* the thief tried it once before, on an authentication centre of its own */
	CLONE_USED,  /* so often that every index of its sequence numbers was used (TS 33.102 C.1.1.1) */
};

/* "none", "fresh", "tried", "used". -1: none of these. */
int clone_kind_named(enum clone_kind *kind, const char *name);

/* Add to a cell: clones_tried, cloned (attached), cloned_again, originals (of
 * cloned subscribers, still attaching), and clone_log {vectors, resynchronised,
 * refused}. `thief` is the name of its folder. */
int clone_all(const struct world *world, const char *thief, enum clone_kind kind, json_t *cell,
	      struct fault *fault);

/* The inner side, inside the readers. */
int clone_inside(const struct world *world, const char *thief, struct fault *fault);

#endif

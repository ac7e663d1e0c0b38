/* cell.h - one world robbed by one thief, and judged.
 *
 * A cell is an object of the matrix; every number in it was counted by the
 * judge, the authentication centre or this program, none is computed from the
 * design, but `secrets`, which says so. Its members: cell_measures[] and
 *
 *   design, access, travel, thief    which cell
 *   captured                         files the thief was given
 *   refused                          why a place gave nothing away; absent otherwise
 *   precision, recall                recovered of claimed, recovered of keys; null of nothing
 *   secrets, secrets_which           how many secrets open everything, by design
 *   clone_log {vectors, resynchronised, refused}   the same while clones attached (clone.h)
 *   operator {vectors, resynchronised, refused}    what the operator's log says
 *   confined {files, sockets}        was it the kernel that held the thief */
#ifndef SIMRITE_CELL_H
#define SIMRITE_CELL_H

#include "heist/clone.h"
#include "heist/thief.h"

/* A number of a cell that a scenario may expect something of. */
struct measure {
	const char *name;
	const char *whole; /* "all" means as many as this one; NULL: there is no all */
	const char *text;
};
extern const struct measure cell_measures[]; /* ends with a NULL name */

const struct measure *cell_measure(const char *name); /* or NULL */

/* Copy what the thief's places leak. `refused` gets the reason when a place
 * gave nothing away, else "". */
int cell_capture(const struct world *world, const struct thief *thief, char refused[static 200],
		 struct fault *fault);
/* Run the thief on what was captured, and have its loot judged: a cell for
 * each design of the world is appended to `cells`. */
int cell_judge(const struct world *world, const struct thief *thief, const char *refused, json_t *cells,
	       struct fault *fault);
/* Capturing and judging are these two; stealing alone, for another's sake: */
int cell_steal(const struct world *world, const struct thief *thief, struct fault *fault);
/* "thieves/NAME/what", below the world. */
void cell_folder(char name[static 120], const struct thief *thief, const char *what);
/* Both, and cards cloned with the loot, which only a world of one design can be
 * (else CLONE_NONE). A thief that stood between was given its files then, and
 * has its loot. */
int cell_run(const struct world *world, const struct thief *thief, enum clone_kind clone, json_t *cells,
	     struct fault *fault);

#endif

/* cells.h - a matrix as its page reads it.
 *
 * Whatever a cell has is taken by name, and what it has not is not told: the
 * laboratory may measure more one day, or less. Names and texts are somebody
 * else's; they become markup in page_print() and page_escape() only. */
#ifndef SIMRITE_CELLS_H
#define SIMRITE_CELLS_H

#include <jansson.h>
#include <stdbool.h>

enum {
	CELLS_LEVELS = 7, /* of a share: none, four between, nearly all, all */
};

/* A member, or "" and 0. */
const char *cells_text(const json_t *object, const char *name);
json_int_t cells_number(const json_t *object, const char *name);
bool cells_has(const json_t *object, const char *name);

/* Of an array of objects, the one with this "name", or NULL. */
const json_t *cells_named(const json_t *array, const char *name);

/* The rows and columns there are, in order of their first cell; new references.
 * A column is a way to deliver keys {design, access, travel}, a row a thief {thief}. */
json_t *cells_designs(const json_t *cells);
json_t *cells_thieves(const json_t *cells);
/* The kinds of worlds there are, {access, travel}; a new reference. */
json_t *cells_worlds(const json_t *cells);
/* Is this of that kind of world? */
bool cells_of_world(const json_t *object, const json_t *world);
/* The place in `cells` of the cell of a row and a column, or -1: it was not run. */
long cells_find(const json_t *cells, const json_t *design, const json_t *thief);

/* How much of `whole` is `part`, as a number from 0, nothing, to CELLS_LEVELS - 1,
 * all of it; 1 and CELLS_LEVELS - 2 are never nothing and never all. -1 of nothing. */
int cells_level(json_int_t part, json_int_t whole);

#endif

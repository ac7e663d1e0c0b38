/* index.h - inside the store: which record is the newest of each object.
 *
 * A sorted table in struct store. A place is a record's address in units of
 * LOG_GRAIN bytes; 0 is none, a page header is there. */
#ifndef SIMRITE_INDEX_H
#define SIMRITE_INDEX_H

#include "fs/store.h"

enum {
	INDEX_NONE = 0
};

/* Where in the table `id` is, or the next one behind it. */
uint16_t index_find(const struct store *store, uint16_t id);

/* The place of `id`, or INDEX_NONE. */
uint16_t index_get(const struct store *store, uint16_t id);

/* Set it. ERROR_FULL when the table is. */
MUST_CHECK int index_put(struct store *store, uint16_t id, uint16_t where);

void index_remove(struct store *store, uint16_t id);

#endif

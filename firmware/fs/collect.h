/* collect.h - inside the store: room for the next record. */
#ifndef SIMRITE_COLLECT_H
#define SIMRITE_COLLECT_H

#include "fs/store.h"

/* Make sure that a record with this much content, and a mark, fits in the head
 * page, collecting old pages and opening new ones as needed. ERROR_FULL,
 * ERROR_MEMORY. */
MUST_CHECK int collect_room(struct store *store, size_t length);

/* Move all that lives to fresh pages, and erase every other page. */
MUST_CHECK int collect_all(struct store *store);

#endif

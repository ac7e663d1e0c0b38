/* world.h - everything a card keeps: each object of its store, byte for byte.
 *
 * Files, PINs, key slots, sequence numbers, key sets and the life cycle are
 * all objects (bounds.h), and what is not an object is not kept; so two cards
 * with the same world are the same card. */
#ifndef WORLD_H
#define WORLD_H

#include "fs/store.h"

struct world {
	unsigned count;
	struct world_object {
		uint16_t id, length;
		uint8_t bytes[STORE_OBJECT_MAX];
	} objects[STORE_OBJECTS_MAX];
};

/* Read all of it: 1, or 0 when an object cannot be read. */
int world_read(struct world *world, const struct store *store);

int world_same(const struct world *a, const struct world *b);

/* Print which objects differ, and how. */
void world_print_difference(const struct world *a, const struct world *b);

#endif

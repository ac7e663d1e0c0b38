/* mutate.h - commands that are nearly right, and commands made from the table.
 *
 * Every choice is drawn from the rig (rig.h), so it can be repeated. */
#ifndef MUTATE_H
#define MUTATE_H

#include "fuzz/rig.h"

enum {
	POOL = 64
};

/* The commands seen last. */
struct pool {
	uint8_t bytes[POOL][RIG_COMMAND];
	size_t lengths[POOL], next;
};

void pool_empty(struct pool *pool);
void pool_add(struct pool *pool, const uint8_t *command, size_t length);
/* One of them; 0 bytes when there is none. */
size_t pool_take(struct rig *rig, const struct pool *pool, uint8_t out[static RIG_COMMAND]);

/* Change a command a little, or not so little; its new length. */
size_t mutate(struct rig *rig, const struct pool *pool, uint8_t command[static RIG_COMMAND], size_t length);

/* A command of a row of the command table, with parameters that may mean something. */
size_t mutate_from_table(struct rig *rig, uint8_t out[static RIG_COMMAND]);

#endif

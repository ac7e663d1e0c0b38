/* live.h - a thief that stands between phones and network while a world is made.
 *
 * It is the world's `station` (thief.h: a row with a plan). Before the phones
 * attach after the theft, its partner robs the places; the keys that one got
 * are all it knows. Then it is a process of its own, held by the kernel to its
 * folder and to the frames on its standard input, from the first attach of
 * each batch to the last. Its loot is in thieves/NAME/loot, as of any thief. */
#ifndef SIMRITE_LIVE_H
#define SIMRITE_LIVE_H

#include "heist/world.h"

struct live {
	char socket[112]; /* where the radio is to wait for it */
	pid_t child;
};

/* The partner's theft, and the thief's folder. */
int live_prepare(const struct world *world, struct fault *fault);

/* Start it beside the authentication centre's socket; it waits for the radio.
 * live_end() waits for it: FAULT_SYSTEM when it did not end well. */
int live_start(struct live *live, const struct world *world, const char *centre, struct fault *fault);
int live_end(struct live *live, struct fault *fault);

#endif

/* keys_of.h - the key of a subscriber, as only who built the world knows it. */
#ifndef SIMRITE_KEYS_OF_H
#define SIMRITE_KEYS_OF_H

#include "heist/world.h"
#include "keys/subscriber_key.h"

/* As the operator has it: out of its database, or, of a derived batch, of the
 * batch key that the ceremony's shares give. The caller wipes. */
int keys_of(struct subscriber_key *key, const struct world *world, const struct batch *batch,
	    const char *imsi, struct fault *fault);

/* The key of a derived batch, by a quorum's shares. The caller wipes. */
int keys_of_batch(uint8_t key[static 32], const struct world *world, const struct batch *batch,
		  struct fault *fault);

#endif

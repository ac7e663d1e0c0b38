/* world_steps.h - what the parts of building a world (world_*.c) share. */
#ifndef SIMRITE_WORLD_STEPS_H
#define SIMRITE_WORLD_STEPS_H

#include "heist/world.h"

enum {
	WORLD_FACTORY = 125 /* a P-256 public key as base64 of its DER, and a final 0 */
};

/* The public key of who makes the blank cards; of worlds with an agreed batch. */
int world_factory(char key[static WORLD_FACTORY], const struct world *world, struct fault *fault);
/* The receipts the bureau collected of a batch with tickets. */
void world_receipts(char path[static HEIST_PATH], const struct world *world, const struct batch *batch);

/* The ceremony goes on: the cards of an agreed batch came back; the operator has
 * imported them (after the last such batch, the keys of all are destroyed). */
int world_loaded(const struct world *world, const struct batch *batch, struct fault *fault);
int world_retire(const struct world *world, const struct batch *batch, struct fault *fault);

#endif

/* old_ways.h - what bureaux did in 2010, and what they could have done, in a world.
 *
 * Keys from a weak generator (simrite-old-bureau), files under a transport key that both sides share, support
 * mails that compare keys; and files sealed to one operator (simrite batch seal). What is secret of it is in
 * sealed/: transport.key, generator-BATCH.key, operator.pem, bureau.pem; what is told of a key that was
 * made small enough to be searched for is beside it, in .space. */
#ifndef SIMRITE_OLD_WAYS_H
#define SIMRITE_OLD_WAYS_H

#include "heist/world.h"

/* The cards of a batch whose design has a generator; in simulated readers. */
int old_personalise(const struct world *world, const struct batch *batch, struct fault *fault);

/* The file (HEIST_PATH long) on its way, and unpacked where it arrived, of a design with a transport. */
int old_pack(char *file, const struct world *world, const struct batch *batch, struct fault *fault);
int old_unpack(char *file, const struct world *world, const struct batch *batch, struct fault *fault);

/* A sealed file goes straight into the operator's database; then the key that opens it is destroyed, unless
 * the design keeps it. */
bool old_is_sealed(const struct batch *batch);
int old_import(const struct world *world, const struct batch *batch, const char *database,
	       struct fault *fault);

/* One of the cards does not authenticate after loading: a mail about it, as the world's order says. */
int old_support(const struct world *world, const struct batch *batch, struct fault *fault);

/* What a thief takes: each from sealed/ to below `captured`; 0 also when there is nothing. */
int old_take_keys(const struct world *world, const char *captured, struct fault *fault);
int old_take_space(const struct world *world, const char *captured, struct fault *fault);
int old_take_samples(const struct world *world, const char *captured, struct fault *fault);

#endif

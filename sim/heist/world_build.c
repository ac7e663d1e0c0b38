/* A world, from nothing to the last session after the theft. */
#include <stdio.h>
#include <sys/stat.h>

#include "heist/live.h"
#include "heist/world.h"

/* What the thief of a database would find: sequence numbers go on, keys may be replaced. */
int world_moment(struct world *world, struct fault *fault)
{
	return heist_folder(&world->at, "sealed/moment", 0700, fault) < 0 ||
			       heist_copy(&world->at, "sealed/auc.db", "sealed/moment/auc.db", fault) < 0 ||
			       heist_copy(&world->at, "sealed/auc.db.kek", "sealed/moment/auc.db.kek",
					  fault) < 0
		       ? -1
		       : 0;
}

int world_begin(struct world *world, struct fault *fault)
{
	return heist_folder(&world->at, "sealed", 0700, fault) < 0 ||
			       heist_folder(&world->at, "log", 0755, fault) < 0 ||
			       heist_folder(&world->at, "thieves", 0700, fault) < 0 ||
			       world_write(world, fault) < 0
		       ? -1
		       : 0;
}

static void tell(void (*step)(void *context, const char *what), void *context, const char *what)
{
	if (step)
		step(context, what);
}

int world_build(struct world *world, void (*step)(void *context, const char *what), void *context,
		struct fault *fault)
{
	unsigned i;

	if (world_begin(world, fault) < 0)
		return -1;
	tell(step, context, "the ceremony");
	if (world_ceremony(world, fault) < 0)
		return -1;
	for (i = 0; i < world->order.batches; i++) {
		tell(step, context, world->batches[i].name);
		if (world_batch_run(world, &world->batches[i], BEFORE, false, fault) < 0)
			return -1;
	}
	if (world_moment(world, fault) < 0 || (world->order.station[0] && live_prepare(world, fault) < 0))
		return -1;
	for (i = 0; i < world->order.batches && world->order.after; i++) {
		tell(step, context, "after the theft");
		if (world_batch_run(world, &world->batches[i], AFTER, false, fault) < 0)
			return -1;
	}
	return 0;
}

#include "heist/live.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "heist/cell.h"
#include "lib/spawn.h"

enum {
	PATIENCE_MS = 10000
};

static const struct thief *station_of(const struct world *world, struct fault *fault)
{
	const struct thief *thief = thief_find(world->order.station);

	if (!thief || !thief->plan)
		fault_set(fault, FAULT_INPUT, NULL, "%s is no thief that stands between",
			  world->order.station);
	return thief && thief->plan ? thief : NULL;
}

static int write_plan(const struct world *world, const struct thief *thief, struct fault *fault)
{
	char name[120], path[HEIST_PATH];
	FILE *out;

	cell_folder(name, thief, "captured/plan.txt");
	heist_path(path, &world->at, name);
	if (!(out = fopen(path, "we")) || fprintf(out, "%s\n", thief->plan) < 0 || fclose(out) != 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s: %s", path, strerror(errno));
	return 0;
}

int live_prepare(const struct world *world, struct fault *fault)
{
	const struct thief *thief = station_of(world, fault), *partner;
	static const char *const folders[] = {"", "captured", "loot"};
	char name[120], keys[120], refused[200];
	size_t i;

	if (!thief)
		return -1;
	for (i = 0; i < 3; i++) {
		cell_folder(name, thief, folders[i]);
		if (heist_folder(&world->at, name, 0700, fault) < 0)
			return -1;
	}
	partner = thief_find(thief->partner);
	if (cell_capture(world, partner, refused, fault) < 0 || cell_steal(world, partner, fault) < 0)
		return -1;
	cell_folder(keys, partner, "loot/keys.jsonl");
	cell_folder(name, thief, "captured/keys.jsonl");
	return heist_copy(&world->at, keys, name, fault) < 0 ? -1 : write_plan(world, thief, fault);
}

int live_start(struct live *live, const struct world *world, const char *centre, struct fault *fault)
{
	char radio[HEIST_PATH], self[HEIST_PATH], program[HEIST_PATH], captured[HEIST_PATH], loot[HEIST_PATH];
	char out[HEIST_PATH], err[HEIST_PATH], name[120];
	const struct thief *thief = station_of(world, fault);
	struct spawn_order order = {.in = "/dev/null", .out = out, .err = err, .own_group = true};

	if (!thief)
		return -1;
	(void)snprintf(live->socket, sizeof(live->socket), "%.95s-air", centre);
	heist_program(radio, &world->at, "simrite-radio");
	heist_program(self, &world->at, "simrite-heist");
	(void)snprintf(name, sizeof(name), "simrite-thief-%.60s", thief->program);
	heist_program(program, &world->at, name);
	cell_folder(name, thief, "captured");
	heist_path(captured, &world->at, name);
	cell_folder(name, thief, "loot");
	heist_path(loot, &world->at, name);
	cell_folder(name, thief, "result.jsonl");
	heist_path(out, &world->at, name);
	(void)snprintf(name, sizeof(name), "log/thief-%.40s.err", thief->name);
	heist_path(err, &world->at, name);
	{
		const char *const argv[] = {radio,     "between", live->socket, "--", self,
					    "confine", program,   captured,     loot, NULL};

		order.argv = argv;
		return spawn_start(&live->child, &order, fault);
	}
}

int live_end(struct live *live, struct fault *fault)
{
	int status;

	if (spawn_wait(live->child, PATIENCE_MS, &status) == 0)
		status = spawn_end(live->child, 1000);
	return status == 0 ? 0
			   : fault_set(fault, FAULT_SYSTEM, "its log is in log/ of the world",
				       "the thief between phones and network ended: exit status %d", status);
}

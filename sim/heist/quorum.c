#include "heist/quorum.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *role, *place;
} custodians[QUORUM_SHARES] = {
	{"operations", "A"}, {"audit", "A"}, {"security", "B"}, {"legal", "B"}, {"board", "C"},
};

json_t *quorum_custodians(void)
{
	json_t *list = json_array();
	char name[32];
	int i;

	for (i = 0; i < QUORUM_SHARES; i++) {
		(void)snprintf(name, sizeof(name), "custodian %d", i + 1);
		json_array_append_new(list,
				      json_pack("{s:s,s:s,s:s}", "name", name, "role", custodians[i].role,
						"jurisdiction", custodians[i].place));
	}
	return list;
}

unsigned quorum_of_place(const char *place)
{
	unsigned set = 0;
	int i;

	for (i = 0; i < QUORUM_SHARES; i++)
		if (!strcmp(custodians[i].place, place))
			set |= 1U << i;
	return set;
}

int quorum_recover(const struct world *world, const struct batch *batch, unsigned set, const char *out,
		   struct fault *fault)
{
	char program[HEIST_PATH], shares[QUORUM_SHARES][HEIST_PATH], transcript[HEIST_PATH], key[HEIST_PATH];
	const char *argv[10 + QUORUM_SHARES] = {program, "recover", "--batch",      batch->id, "--expose-key",
						"--out", key,       "--transcript", transcript};
	unsigned i, n = 9;
	char name[64];

	heist_program(program, &world->at, "simrite-ceremony");
	heist_path(transcript, &world->at, "transcript.jsonl");
	heist_path(key, &world->at, out);
	for (i = 0; i < QUORUM_SHARES; i++)
		if (set >> i & 1) {
			(void)snprintf(name, sizeof(name), "sealed/ceremony/shares/share-%u.json", i + 1);
			heist_path(shares[i], &world->at, name);
			argv[n++] = shares[i];
		}
	return heist_run(&world->at, "recover", NULL, argv, fault);
}

#include "heist/clone.h"

#include <stdio.h>
#include <string.h>

#include "heist/centre.h"
#include "heist/private_file.h"
#include "lib/numbers.h"
#include "lib/say.h"

enum {
	READERS = HEIST_CARDS_MAX,
};

static const char *const kinds[] = {"none", "fresh", "tried", "used"};

int clone_kind_named(enum clone_kind *kind, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i], name)) {
			*kind = (enum clone_kind)i;
			return 0;
		}
	return -1;
}

/* "thieves/NAME/clones/what" */
static void below(char name[static 120], const char *thief, const char *what)
{
	(void)snprintf(name, 120, "thieves/%.40s/clones%s%.40s", thief, *what ? "/" : "", what);
}

/* ---- what goes into the readers ---- */

/* The memory of every card of a batch, from reader `first` on. */
static int copy_cards(const struct world *world, const struct batch *batch, const char *thief, unsigned first,
		      struct fault *fault)
{
	char from[120], to[160], folder[120];
	unsigned i;

	below(folder, thief, "cards");
	for (i = 0; i < world->order.cards; i++) {
		(void)snprintf(from, sizeof(from), "sealed/cards-%.39s/card-%02X.nvm", batch->name, i);
		(void)snprintf(to, sizeof(to), "%.100s/card-%02X.nvm", folder, first + i);
		if (heist_copy(&world->at, from, to, fault) < 0)
			return -1;
	}
	return 0;
}

static int prepare_network(const struct world *world, const char *thief, unsigned *originals,
			   struct fault *fault)
{
	char to[120];
	unsigned i;

	below(to, thief, "");
	if (heist_folder(&world->at, to, 0700, fault) < 0)
		return -1;
	below(to, thief, "cards");
	if (heist_folder(&world->at, to, 0700, fault) < 0)
		return -1;
	below(to, thief, "auc.db");
	if (heist_copy(&world->at, "sealed/auc.db", to, fault) < 0)
		return -1;
	below(to, thief, "auc.db.kek");
	if (heist_copy(&world->at, "sealed/auc.db.kek", to, fault) < 0)
		return -1;
	for (i = 0, *originals = 0; i < world->order.batches; i++) {
		/* at least one reader stays free for a clone */
		if (*originals + world->order.cards >= READERS)
			break;
		if (copy_cards(world, &world->batches[i], thief, *originals, fault) < 0)
			return -1;
		*originals += world->order.cards;
	}
	return 0;
}

/* What the card programmer is given: the claim, and a card number of its own. */
static int write_profile(const struct world *world, const char *thief, unsigned number, const json_t *claim,
			 struct fault *fault)
{
	char name[120], file[40], path[HEIST_PATH], iccid[21];
	json_t *profile;
	FILE *out;
	int e;

	(void)snprintf(file, sizeof(file), "profile-%u.json", number);
	below(name, thief, file);
	heist_path(path, &world->at, name);
	if (numbers_iccid(iccid, "8988211000000001019", 50000 + number, fault) < 0)
		return -1;
	profile = json_pack("{s:i,s:s,s:O,s:i,s:O,s:O}", "schema", 1, "iccid", iccid, "imsi",
			    json_object_get(claim, "imsi"), "mnc_length", 2, "k", json_object_get(claim, "k"),
			    "opc", json_object_get(claim, "opc"));
	out = profile ? private_file(path) : NULL;
	e = out ? json_dumpf(profile, out, 0) : -1;
	if (out && fclose(out) != 0)
		e = -1;
	json_decref(profile);
	return e < 0 ? fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path) : 0;
}

/* Was this subscriber claimed before in this loot? */
static bool claimed_before(const json_t *claims, size_t number)
{
	const char *imsi = json_string_value(json_object_get(json_array_get(claims, number), "imsi"));
	size_t i;

	for (i = 0; imsi && i < number; i++) {
		const char *other = json_string_value(json_object_get(json_array_get(claims, i), "imsi"));

		if (other && !strcmp(imsi, other))
			return true;
	}
	return false;
}

/* A profile for each subscriber the thief claims a key of, as far as there are readers. */
static int prepare_clones(const struct world *world, const char *thief, unsigned room, unsigned *clones,
			  struct fault *fault)
{
	char name[120];
	json_t *claims;
	size_t i;
	int e = 0;

	(void)snprintf(name, sizeof(name), "thieves/%.40s/loot/keys.jsonl", thief);
	if (!(claims = heist_lines(&world->at, name, fault)))
		return -1;
	for (i = 0, *clones = 0; e == 0 && i < json_array_size(claims) && *clones < room; i++)
		if (!claimed_before(claims, i))
			e = write_profile(world, thief, (*clones)++, json_array_get(claims, i), fault);
	json_decref(claims);
	return e;
}

/* ---- from outside ---- */

static int run_inside(const struct world *world, const char *thief, unsigned readers, struct fault *fault)
{
	char sim[HEIST_PATH], self[HEIST_PATH], state[HEIST_PATH], name[120], cards[16];

	heist_program(sim, &world->at, "simrite-sim");
	heist_program(self, &world->at, "simrite-heist");
	below(name, thief, "cards");
	heist_path(state, &world->at, name);
	(void)snprintf(cards, sizeof(cards), "%u", readers);
	(void)snprintf(name, sizeof(name), "clones-%.40s", thief);
	{
		const char *const argv[] = {
			sim,     "run",     "--cards",     cards, "--profile",
			"blank", "--state", state,         "--",  self,
			"clone", "--out",   world->at.out, thief, say_json() ? "--json" : NULL,
			NULL};

		return heist_show(&world->at, name, argv, fault);
	}
}

static int write_order(const struct world *world, const char *thief, enum clone_kind kind, unsigned originals,
		       unsigned clones, struct fault *fault)
{
	json_t *order = json_pack("{s:s,s:i,s:i}", "kind", kinds[kind], "originals", (int)originals, "clones",
				  (int)clones);
	char name[120], path[HEIST_PATH];
	int e;

	below(name, thief, "order.json");
	heist_path(path, &world->at, name);
	e = order ? json_dump_file(order, path, 0) : -1;
	json_decref(order);
	return e < 0 ? fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path) : 0;
}

static int take_result(const struct world *world, const char *thief, json_t *cell, struct fault *fault)
{
	struct centre_tally tally = {0};
	char name[120], path[HEIST_PATH];
	json_t *result;

	below(name, thief, "result.json");
	heist_path(path, &world->at, name);
	if (!(result = json_load_file(path, 0, NULL)))
		return fault_set(fault, FAULT_BUG, NULL, "the cloning left no result");
	json_object_update(cell, result);
	json_decref(result);
	(void)snprintf(name, sizeof(name), "clones-%.40s", thief);
	if (centre_tally(&tally, &world->at, name, fault) < 0)
		return -1;
	json_object_set_new(cell, "clone_log",
			    json_pack("{s:i,s:i,s:i}", "vectors", (int)tally.vectors, "resynchronised",
				      (int)tally.resynchronised, "refused", (int)tally.refused));
	return json_object_set_new(cell, "clone_resynchronised", json_integer(tally.resynchronised));
}

static void note_none(json_t *cell)
{
	static const char *const names[] = {"clones_tried", "cloned", "cloned_again", "originals",
					    "clone_resynchronised"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_object_set_new(cell, names[i], json_integer(0));
}

int clone_all(const struct world *world, const char *thief, enum clone_kind kind, json_t *cell,
	      struct fault *fault)
{
	unsigned originals, clones;

	if (kind == CLONE_NONE)
		return 0;
	if (prepare_network(world, thief, &originals, fault) < 0 ||
	    prepare_clones(world, thief, READERS - originals, &clones, fault) < 0)
		return -1;
	note_none(cell); /* nothing was claimed, so nothing is programmed */
	if (!clones)
		return 0;
	if (write_order(world, thief, kind, originals, clones, fault) < 0 ||
	    run_inside(world, thief, originals + clones, fault) < 0)
		return -1;
	return take_result(world, thief, cell, fault);
}

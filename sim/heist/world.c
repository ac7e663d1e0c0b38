#include "heist/world.h"

#include <stdio.h>
#include <string.h>

#include "lib/numbers.h"

/* Batch numbers begin so far apart, in IMSIs and in ICCIDs. */
enum {
	APART = 100
};
static const char first_imsi[] = "001010000000101", first_iccid[] = "8988211000000001019";

const char *phase_name(enum phase phase)
{
	return phase == BEFORE ? "before" : "after";
}

bool world_access(const char *name)
{
	static const char *const known[] = {"lte", "eap-aka-prime", "eap-aka-prime-fs", "gsm"};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i], name))
			return true;
	return false;
}

void world_name(char name[static WORLD_NAME], const struct world_order *order)
{
	(void)snprintf(name, WORLD_NAME, "%s-%s%s%s%s%s", order->designs[0]->name, order->access,
		       order->apart ? "-apart" : "", order->require_fs ? "-required" : "",
		       order->station[0] ? "-" : "", order->station);
}

/* How many batches of this batch's design there are, and how many of them come before it. */
static unsigned of_design(const struct world_order *order, unsigned number, unsigned *before)
{
	unsigned i, count = 0;

	*before = 0;
	for (i = 0; i < order->batches; i++)
		if (order->designs[i] == order->designs[number]) {
			*before += i < number;
			count++;
		}
	return count;
}

static int lay_out_batch(struct batch *batch, const struct world_order *order, unsigned number,
			 struct fault *fault)
{
	const struct design_row *design = order->designs[number];
	unsigned before, count = of_design(order, number, &before);

	batch->design = design;
	batch->number = number;
	(void)snprintf(batch->name, sizeof(batch->name), count > 1 ? "%.30s-%u" : "%.30s", design->name,
		       before + 1);
	/* where one key is behind all batches, its name is theirs */
	(void)snprintf(batch->id, sizeof(batch->id), "%.30s-%u", design->id,
		       design->keys == KEYS_ONE_MASTER ? 1 : before + 1);
	return numbers_imsi(batch->first_imsi, first_imsi, number * APART, fault) < 0 ||
			       numbers_iccid(batch->first_iccid, first_iccid, number * APART, fault) < 0
		       ? -1
		       : 0;
}

int world_lay_out(struct world *world, const struct heist *at, const struct world_order *order,
		  struct fault *fault)
{
	unsigned i;

	memset(world, 0, sizeof(*world));
	world->at = *at;
	world->order = *order;
	for (i = 0; i < order->batches; i++)
		if (lay_out_batch(&world->batches[i], order, i, fault) < 0)
			return -1;
	return 0;
}

int world_write(const struct world *world, struct fault *fault)
{
	const struct world_order *order = &world->order;
	json_t *designs = json_array(), *whole;
	char path[HEIST_PATH];
	unsigned i;
	int e;

	for (i = 0; i < order->batches; i++)
		json_array_append_new(designs, json_string(order->designs[i]->name));
	whole = json_pack("{s:i,s:o,s:s,s:s,s:s,s:b,s:s,s:i,s:i,s:i,s:i,s:i,s:s}", "schema", 1, "designs",
			  designs, "access", order->access, "travel", order->apart ? "apart" : "together",
			  "station", order->station, "require_fs", (int)order->require_fs, "support",
			  order->support, "mails", (int)order->mails, "space_bits", (int)order->space_bits,
			  "cards", (int)order->cards, "before", (int)order->before, "after",
			  (int)order->after, "seed", order->seed);
	heist_path(path, &world->at, "world.json");
	e = whole ? json_dump_file(whole, path, JSON_INDENT(1)) : -1;
	json_decref(whole);
	return e < 0 ? fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path) : 0;
}

static unsigned number(const json_t *whole, const char *name)
{
	return (unsigned)json_integer_value(json_object_get(whole, name));
}

/* False when it is not what world_write() writes. */
static bool take_order(struct world_order *order, const json_t *whole)
{
	const json_t *designs = json_object_get(whole, "designs"), *design;
	const char *access = json_string_value(json_object_get(whole, "access"));
	const char *travel = json_string_value(json_object_get(whole, "travel"));
	const char *support = json_string_value(json_object_get(whole, "support"));
	const char *seed = json_string_value(json_object_get(whole, "seed"));
	const char *station = json_string_value(json_object_get(whole, "station"));
	size_t i;

	if (!access || !travel || !support || !seed || !station || json_array_size(designs) > WORLD_BATCHES)
		return false;
	json_array_foreach(designs, i, design)
	{
		if (!json_is_string(design) || !(order->designs[i] = design_find(json_string_value(design))))
			return false;
	}
	order->batches = (unsigned)json_array_size(designs);
	(void)snprintf(order->access, sizeof(order->access), "%s", access);
	(void)snprintf(order->seed, sizeof(order->seed), "%s", seed);
	(void)snprintf(order->station, sizeof(order->station), "%s", station);
	order->require_fs = json_is_true(json_object_get(whole, "require_fs"));
	(void)snprintf(order->support, sizeof(order->support), "%s", support);
	order->apart = !strcmp(travel, "apart");
	order->mails = number(whole, "mails");
	order->space_bits = number(whole, "space_bits");
	order->cards = number(whole, "cards");
	order->before = number(whole, "before");
	order->after = number(whole, "after");
	return order->batches >= 1 && order->cards >= 1 && order->cards <= WORLD_CARDS_MAX;
}

int world_read(struct world *world, const struct heist *at, struct fault *fault)
{
	struct world_order order = {.batches = 0};
	char path[HEIST_PATH];
	json_t *whole;
	bool sound;

	heist_path(path, at, "world.json");
	whole = json_load_file(path, 0, NULL);
	sound = take_order(&order, whole);
	json_decref(whole);
	if (!sound)
		return fault_set(fault, FAULT_INPUT, "run simrite heist demo first", "%s holds no world",
				 at->shown);
	return world_lay_out(world, at, &order, fault);
}

void world_file(char path[static HEIST_PATH], const struct world *world, const struct batch *batch,
		const char *what)
{
	char name[120];
	const char *gap = strstr(what, "%s");
	const int head = gap ? (int)(gap - what) : (int)strlen(what);

	(void)snprintf(name, sizeof(name), "%.*s%s%s", head, what, gap ? batch->name : "",
		       gap ? gap + 2 : "");
	heist_path(path, &world->at, name);
}

void world_output(char path[static HEIST_PATH], const struct world *world, const struct batch *batch)
{
	char name[120];

	(void)snprintf(name, sizeof(name), "sealed/bureau-%.39s/%.40s.csv", batch->name, batch->id);
	heist_path(path, &world->at, name);
}

void world_token(char uri[static HEIST_PATH], const struct world *world)
{
	char path[HEIST_PATH];

	heist_path(path, &world->at, "sealed/ceremony/hsm");
	(void)snprintf(uri, HEIST_PATH, "softhsm:%.500s", path);
}

const struct batch *world_batch(const struct world *world, const char *name)
{
	unsigned i;

	for (i = 0; i < world->order.batches; i++)
		if (!strcmp(world->batches[i].name, name))
			return &world->batches[i];
	return NULL;
}

bool world_has_ceremony(const struct world *world)
{
	unsigned i;

	for (i = 0; i < world->order.batches; i++)
		if (world->batches[i].design->ceremony)
			return true;
	return false;
}

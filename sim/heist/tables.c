#include "heist/tables.h"

#include <time.h>
#include <unistd.h>

#include "heist/cell.h"
#include "report/lab.h"

static const char *keys_name(enum key_source keys)
{
	switch (keys) {
	case KEYS_RANDOM:
		return "random";
	case KEYS_ONE_MASTER:
		return "one-master";
	case KEYS_PER_BATCH:
		return "per-batch";
	case KEYS_AGREED:
		return "agreed";
	}
	return "";
}

static json_t *designs(void)
{
	const struct design_row *row;
	json_t *list = json_array();
	unsigned i;

	for (i = 0; (row = design_at(i)); i++)
		json_array_append_new(list,
				      json_pack("{s:s,s:s,s:s,s:s,s:b,s:i,s:s}", "name", row->name, "text",
						row->text, "travels", row->travels, "keys",
						keys_name(row->keys), "ceremony", row->ceremony, "secrets",
						(int)row->secrets, "secrets_which", row->which));
	return list;
}

static json_t *places(const struct thief *thief)
{
	json_t *list = json_array();
	const enum place_id *id;

	for (id = thief->places; *id; id++)
		json_array_append_new(list, json_pack("{s:s,s:s}", "name", place_of(*id)->name, "text",
						      place_of(*id)->text));
	return list;
}

static json_t *thieves(void)
{
	const struct thief *row;
	json_t *list = json_array();
	unsigned i;

	for (i = 0; (row = thief_at(i)); i++)
		json_array_append_new(list,
				      json_pack("{s:s,s:s,s:s,s:o}", "name", row->name, "text", row->text,
						"plan", row->plan ? row->plan : "", "places", places(row)));
	return list;
}

static json_t *measures(void)
{
	const struct measure *row;
	json_t *list = json_array();

	for (row = cell_measures; row->name; row++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "name", row->name, "whole",
						      row->whole ? row->whole : "", "text", row->text));
	return list;
}

void tables_put(json_t *facts)
{
	json_object_set_new(facts, "designs", designs());
	json_object_set_new(facts, "thieves", thieves());
	json_object_set_new(facts, "measures", measures());
}

/* A fleet that was run into the same folder. */
static int put_fleet(const struct heist *at, json_t *facts, struct fault *fault)
{
	char path[HEIST_PATH];
	json_error_t error;
	json_t *fleet;

	heist_path(path, at, "fleet.json");
	if (access(path, F_OK) < 0)
		return 0;
	if (!(fleet = json_load_file(path, 0, &error)))
		return fault_set(fault, FAULT_INPUT, "run simrite fleet again, or remove it",
				 "%s: line %d: %s", path, error.line, error.text);
	json_object_set_new(facts, "fleet", fleet);
	return 0;
}

int tables_report(const struct heist *at, const json_t *whole, const struct world_order *order,
		  struct fault *fault)
{
	json_t *facts = json_pack("{s:i,s:i,s:s}", "before", (int)order->before, "after", (int)order->after,
				  "out", at->shown);
	char path[HEIST_PATH], when[32];
	time_t now = time(NULL);
	struct tm date;
	int e;

	(void)strftime(when, sizeof(when), "%Y-%m-%d", gmtime_r(&now, &date));
	json_object_set_new(facts, "when", json_string(when));
	json_object_update_missing(facts, (json_t *)(uintptr_t)whole);
	tables_put(facts);
	heist_path(path, at, "report.html");
	e = put_fleet(at, facts, fault);
	if (e == 0)
		e = lab_html(path, facts, fault);
	json_decref(facts);
	return e;
}

/* Every design robbed by every thief; each world is built once. */
#include <argp.h>
#include <string.h>

#include "heist/commands.h"
#include "heist/laboratory.h"
#include "lib/options.h"
#include "lib/say.h"

struct arguments {
	struct options options;
	const char *out, *design, *thief;
	struct world_order order;
	enum clone_kind clone;
};

enum {
	KEY_BEFORE = 256,
	KEY_AFTER,
	KEY_DESIGN,
	KEY_THIEF,
	KEY_BATCHES,
	KEY_CLONE,
};

static const struct argp_option option_table[] = {
	{"after", KEY_AFTER, "N", 0, "sessions of each card after the theft (default 1)", 0},
	{"batches", KEY_BATCHES, "N", 0, "batches of each world, 1 or 2 (default 2)", 0},
	{"before", KEY_BEFORE, "N", 0, "sessions of each card before the theft (default 1)", 0},
	{"cards", 'c', "N", 0, "cards of each batch, 1 to 16 (default 2)", 0},
	{"clone", KEY_CLONE, "KIND", 0,
	 "cards cloned with the loot: none, fresh (the default), tried or used", 0},
	{"design", KEY_DESIGN, "NAME", 0, "only this design", 0},
	{"out", 'o', "DIR", 0, "where everything goes; an earlier run there is replaced", 0},
	{"seed", 's', "TEXT", 0, "what users say and the mails around depend on it (default 1)", 0},
	{"thief", KEY_THIEF, "NAME", 0, "only this thief", 0},
	{0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case KEY_AFTER:
		arguments->order.after = options_number(state, text, 0, WORLD_SESSIONS_MAX);
		return 0;
	case KEY_BATCHES:
		arguments->order.batches = options_number(state, text, 1, WORLD_BATCHES);
		return 0;
	case KEY_BEFORE:
		arguments->order.before = options_number(state, text, 1, WORLD_SESSIONS_MAX);
		return 0;
	case 'c':
		arguments->order.cards = options_number(state, text, 1, WORLD_CARDS_MAX);
		return 0;
	case KEY_CLONE:
		if (clone_kind_named(&arguments->clone, text) < 0)
			argp_error(state, "--clone is none, fresh, tried or used");
		return 0;
	case KEY_DESIGN:
		if (!design_find(text))
			argp_error(state, "simrite heist list names the designs");
		arguments->design = text;
		return 0;
	case 'o':
		arguments->out = text;
		return 0;
	case 's':
		if (!*text || strlen(text) > 64)
			argp_error(state, "a seed has 1 to 64 characters");
		(void)snprintf(arguments->order.seed, sizeof(arguments->order.seed), "%s", text);
		return 0;
	case KEY_THIEF:
		if (!thief_find(text))
			argp_error(state, "simrite heist list names the thieves");
		if (thief_find(text)->plan)
			argp_error(state, "%s stands between and needs a world of its own: run its scenario",
				   text);
		arguments->thief = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->out)
			argp_error(state, "--out is needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool wanted(const char *only, const char *name)
{
	return !only || !strcmp(only, name);
}

/* One world serves every thief but those that stand between in it. */
static bool comes(const struct arguments *arguments, const struct thief *thief)
{
	return !thief->plan && wanted(arguments->thief, thief->name);
}

static unsigned steps_of(const struct arguments *arguments)
{
	const struct design_row *design;
	const struct thief *thief;
	unsigned i, worlds = 0, thieves = 0;

	for (i = 0; (design = design_at(i)); i++)
		worlds += wanted(arguments->design, design->name);
	for (i = 0; (thief = thief_at(i)); i++)
		thieves += comes(arguments, thief);
	return worlds * (laboratory_steps(&arguments->order) + thieves);
}

/* One row: the world of a design, and every thief in it. */
static int row(const struct arguments *arguments, const struct heist *at, const struct design_row *design,
	       unsigned *steps, json_t *cells, struct fault *fault)
{
	struct world_order order = arguments->order;
	const struct thief *thief;
	struct world world;
	unsigned i;

	for (i = 0; i < order.batches; i++)
		order.designs[i] = design;
	if (laboratory_world(&world, at, &order, steps, fault) < 0)
		return -1;
	for (i = 0; (thief = thief_at(i)); i++) {
		if (!comes(arguments, thief))
			continue;
		progress_at((*steps)++, thief->name);
		if (cell_run(&world, thief, arguments->clone, cells, fault) < 0)
			return fault_prefix(fault, "%s, thief %s", design->name, thief->name);
	}
	return 0;
}

static void show(const json_t *cells)
{
	const json_t *cell;
	size_t i;

	say("\n%-14s %-16s %16s %16s %16s %12s", "design", "thief", "before the theft", "after the theft",
	    "keys recovered", "cloned");
	json_array_foreach(cells, i, cell)
	{
		say("%-14s %-16s %8lld of %4lld %8lld of %4lld %8lld of %4lld %4lld of %4lld",
		    json_string_value(json_object_get(cell, "design")),
		    json_string_value(json_object_get(cell, "thief")),
		    (long long)json_integer_value(json_object_get(cell, "decrypted_before")),
		    (long long)json_integer_value(json_object_get(cell, "sessions_before")),
		    (long long)json_integer_value(json_object_get(cell, "decrypted_after")),
		    (long long)json_integer_value(json_object_get(cell, "sessions_after")),
		    (long long)json_integer_value(json_object_get(cell, "recovered")),
		    (long long)json_integer_value(json_object_get(cell, "keys")),
		    (long long)json_integer_value(json_object_get(cell, "cloned")),
		    (long long)json_integer_value(json_object_get(cell, "clones_tried")));
	}
}

static int matrix(const struct arguments *arguments, struct fault *fault)
{
	const double start = laboratory_clock();
	const struct design_row *design;
	json_t *cells = json_array(), *whole;
	struct heist at;
	unsigned i, steps = 0;
	int e = laboratory_begin(&at, arguments->out, fault);

	if (e == 0)
		say("%u batches of %u cards of each design, seed %s, into %s", arguments->order.batches,
		    arguments->order.cards, arguments->order.seed, at.shown);
	progress_start("matrix", steps_of(arguments));
	for (i = 0; e == 0 && (design = design_at(i)); i++)
		if (wanted(arguments->design, design->name))
			e = row(arguments, &at, design, &steps, cells, fault);
	progress_end();
	if (e == 0) {
		whole = json_pack("{s:i,s:s,s:s,s:i,s:i,s:f,s:O}", "schema", 1, "version", VERSION, "seed",
				  arguments->order.seed, "cards", (int)arguments->order.cards, "batches",
				  (int)arguments->order.batches, "seconds", laboratory_clock() - start,
				  "cells", cells);
		show(cells);
		say("\n%zu cells, %.1f s: %s/matrix.json", json_array_size(cells), laboratory_clock() - start,
		    at.shown);
		say_result(json_incref(whole));
		e = laboratory_write(&at, "matrix.json", whole, fault);
	}
	json_decref(cells);
	return e;
}

int cmd_matrix(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table,
		parse,
		NULL,
		"Build a world of every design once, let every thief rob it, and judge what each got.",
		children,
		NULL,
		NULL};
	struct arguments arguments = {.clone = CLONE_FRESH};
	struct fault fault = {0};

	scenario_defaults(&arguments.order);
	options_parse(&argp, "simrite heist matrix", argc, argv, &arguments, &arguments.options);
	stop_catch_every();
	return matrix(&arguments, &fault) < 0 ? say_fault(&fault) : 0;
}

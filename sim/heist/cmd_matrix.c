/* Every design robbed by every thief; each world is built once. */
#include <argp.h>
#include <string.h>

#include "heist/commands.h"
#include "heist/laboratory.h"
#include "heist/tables.h"
#include "lib/options.h"
#include "lib/say.h"

struct arguments {
	struct options options;
	const char *out, *design, *thief, *access, *travel;
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
	KEY_ACCESS,
	KEY_TRAVEL,
};

static const struct argp_option option_table[] = {
	{"access", KEY_ACCESS, "NAME", 0,
	 "only phones that attach so: lte, eap-aka-prime or eap-aka-prime-fs", 0},
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
	{"travel", KEY_TRAVEL, "NAME", 0, "only K and OPc together, or apart", 0},
	{0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case KEY_ACCESS:
		if (!world_access(text))
			argp_error(state, "phones do not attach by \"%s\"", text);
		arguments->access = text;
		return 0;
	case KEY_TRAVEL:
		if (strcmp(text, "together") != 0 && strcmp(text, "apart") != 0)
			argp_error(state, "--travel is together or apart");
		arguments->travel = text;
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

/* ---- the worlds of the matrix ---- */

/* What goes over all of them: counting, or building and robbing. `station` is
 * the one thief of a world that has a thief between phones and network. */
struct visit {
	int (*world)(struct visit *visit, const struct world_order *order, const struct thief *station,
		     struct fault *fault);
	const struct arguments *arguments;
	const struct heist *at;
	json_t *cells;
	unsigned steps;
};

/* A world serves every thief but those that stand between in it. */
static bool comes(const struct arguments *arguments, const struct thief *thief)
{
	return !thief->plan && wanted(arguments->thief, thief->name);
}

static int visit_one(struct visit *visit, const struct design_row *design, const char *access, bool apart,
		     const struct thief *station, struct fault *fault)
{
	struct world_order order = visit->arguments->order;
	unsigned i;

	if (!wanted(visit->arguments->access, access) ||
	    !wanted(visit->arguments->travel, apart ? "apart" : "together"))
		return 0;
	for (i = 0; i < order.batches; i++)
		order.designs[i] = design;
	(void)snprintf(order.access, sizeof(order.access), "%s", access);
	(void)snprintf(order.station, sizeof(order.station), "%s", station ? station->name : "");
	order.apart = apart;
	return visit->world(visit, &order, station, fault);
}

/* Every way to attach; OPc apart where it travels at all; and every thief that
 * stands between, where forward secrecy should keep it out. */
static int visit_design(struct visit *visit, const struct design_row *design, struct fault *fault)
{
	static const char *const accesses[] = {"lte", "eap-aka-prime", "eap-aka-prime-fs"};
	const struct thief *thief;
	unsigned i;

	for (i = 0; i < sizeof(accesses) / sizeof(accesses[0]); i++)
		if (visit_one(visit, design, accesses[i], false, NULL, fault) < 0)
			return -1;
	if (design->form == FORM_PLAIN && !design->pack &&
	    visit_one(visit, design, accesses[0], true, NULL, fault) < 0)
		return -1;
	for (i = 0; (thief = thief_at(i)) && visit->arguments->order.after; i++)
		if (thief->plan && wanted(visit->arguments->thief, thief->name) &&
		    visit_one(visit, design, accesses[2], false, thief, fault) < 0)
			return -1;
	return 0;
}

static int visit_all(struct visit *visit, struct fault *fault)
{
	const struct design_row *design;
	unsigned i;

	for (i = 0; (design = design_at(i)); i++)
		if (wanted(visit->arguments->design, design->name) && visit_design(visit, design, fault) < 0)
			return -1;
	return 0;
}

static int count(struct visit *visit, const struct world_order *order, const struct thief *station,
		 struct fault *fault)
{
	const struct thief *thief;
	unsigned i, thieves = station != NULL;

	(void)fault;
	for (i = 0; !station && (thief = thief_at(i)); i++)
		thieves += comes(visit->arguments, thief);
	visit->steps += thieves ? laboratory_steps(order) + thieves : 0;
	return 0;
}

static int rob(struct visit *visit, const struct world *world, const struct thief *thief, struct fault *fault)
{
	progress_at(visit->steps++, thief->name);
	if (cell_run(world, thief, thief->plan ? CLONE_NONE : visit->arguments->clone, visit->cells, fault) <
	    0)
		return fault_prefix(fault, "%s, thief %s", world->order.designs[0]->name, thief->name);
	return 0;
}

/* One row: a world, and every thief in it. */
static int row(struct visit *visit, const struct world_order *order, const struct thief *station,
	       struct fault *fault)
{
	const struct thief *thief;
	struct world world;
	bool built = false;
	unsigned i;

	for (i = 0; (thief = thief_at(i)); i++) {
		if (station ? thief != station : !comes(visit->arguments, thief))
			continue;
		if (!built && laboratory_world(&world, visit->at, order, &visit->steps, fault) < 0)
			return -1;
		built = true;
		if (rob(visit, &world, thief, fault) < 0)
			return -1;
	}
	return 0;
}

/* ---- the result ---- */

static long long of(const json_t *cell, const char *name)
{
	return (long long)json_integer_value(json_object_get(cell, name));
}

static void show(const json_t *cells)
{
	const json_t *cell;
	size_t i;

	say("\n%-14s %-17s %-9s %-17s %11s %11s %11s %11s", "design", "access", "K, OPc", "thief", "before",
	    "after", "keys", "cloned");
	json_array_foreach(cells, i, cell)
	{
		say("%-14s %-17s %-9s %-17s %3lld of %4lld %3lld of %4lld %3lld of %4lld %3lld of %4lld",
		    json_string_value(json_object_get(cell, "design")),
		    json_string_value(json_object_get(cell, "access")),
		    json_string_value(json_object_get(cell, "travel")),
		    json_string_value(json_object_get(cell, "thief")), of(cell, "decrypted_before"),
		    of(cell, "sessions_before"), of(cell, "decrypted_after"), of(cell, "sessions_after"),
		    of(cell, "recovered"), of(cell, "keys"), of(cell, "cloned"), of(cell, "clones_tried"));
	}
}

static int matrix(const struct arguments *arguments, struct fault *fault)
{
	const double start = laboratory_clock();
	json_t *cells = json_array(), *whole;
	struct heist at;
	struct visit counting = {.world = count, .arguments = arguments},
		     visit = {.world = row, .arguments = arguments, .at = &at, .cells = cells};
	int e = laboratory_begin(&at, arguments->out, fault);

	if (e == 0) {
		say("%u batches of %u cards of each design, seed %s, into %s", arguments->order.batches,
		    arguments->order.cards, arguments->order.seed, at.shown);
		(void)visit_all(&counting, fault);
		progress_start("matrix", counting.steps);
		e = visit_all(&visit, fault);
		progress_end();
	}
	if (e == 0) {
		whole = json_pack("{s:i,s:s,s:s,s:i,s:i,s:f,s:O}", "schema", 1, "version", VERSION, "seed",
				  arguments->order.seed, "cards", (int)arguments->order.cards, "batches",
				  (int)arguments->order.batches, "seconds", laboratory_clock() - start,
				  "cells", cells);
		show(cells);
		say("\n%zu cells, %.1f s: %s/matrix.json; open %s/report.html", json_array_size(cells),
		    laboratory_clock() - start, at.shown, at.shown);
		say_result(json_incref(whole));
		e = laboratory_write(&at, "matrix.json", json_incref(whole), fault);
		if (e == 0)
			e = tables_report(&at, whole, &arguments->order, fault);
		json_decref(whole);
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

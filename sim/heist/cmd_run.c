/* One scenario: build its world, rob it, and see whether what is measured is what was expected. */
#include <argp.h>
#include <string.h>

#include "heist/commands.h"
#include "heist/laboratory.h"
#include "lib/options.h"
#include "lib/say.h"

struct arguments {
	struct options options;
	const char *out, *seed, *scenario;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case 'o':
		arguments->out = text;
		return 0;
	case 's':
		if (!*text || strlen(text) > 64)
			argp_error(state, "a seed has 1 to 64 characters");
		arguments->seed = text;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->scenario)
			return ARGP_ERR_UNKNOWN;
		arguments->scenario = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->out || !arguments->scenario)
			argp_error(state, "which SCENARIO, and --out where?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Every expectation, met or not; the first that is not is the fault. */
static int compare(const struct scenario *scenario, const json_t *cell, json_t *list, struct fault *fault)
{
	const struct measure *measure;
	struct fault one;
	char wanted[32], got[64];
	int e = 0, met;
	unsigned i;

	say("\n   %-22s %-14s measured", "", "expected");
	for (i = 0; i < scenario->expect_count; i++) {
		measure = scenario->expect[i].measure;
		expect_write(wanted, &scenario->expect[i]);
		met = expect_check(&scenario->expect[i], cell, &one) == 0;
		(void)snprintf(got, sizeof(got), "%lld",
			       (long long)json_integer_value(json_object_get(cell, measure->name)));
		if (measure->whole)
			(void)snprintf(got + strlen(got), sizeof(got) - strlen(got), " of %lld",
				       (long long)json_integer_value(json_object_get(cell, measure->whole)));
		say("   %-22s %-14s %s%s", measure->name, wanted, got, met ? "" : "   DEPARTS");
		json_array_append_new(
			list,
			json_pack("{s:s,s:s,s:O?,s:O*,s:b}", "measure", measure->name, "expected", wanted,
				  "measured", json_object_get(cell, measure->name), "of",
				  measure->whole ? json_object_get(cell, measure->whole) : NULL, "met", met));
		if (!met && e == 0) {
			*fault = one;
			e = -1;
		}
	}
	return e;
}

static json_t *result(const struct scenario *scenario, const json_t *cell, json_t *expectations,
		      double seconds)
{
	return json_pack("{s:i,s:s,s:s,s:s,s:s,s:i,s:O,s:o,s:O,s:f}", "schema", 1, "scenario", scenario->name,
			 "title", scenario->title, "version", VERSION, "seed", scenario->world.seed, "cards",
			 (int)scenario->world.cards, "cell", cell, "parameters",
			 laboratory_parameters(scenario), "expectations", expectations, "seconds", seconds);
}

static int run(const struct scenario *scenario, const struct heist *at, struct fault *fault)
{
	const double start = laboratory_clock();
	json_t *cells = json_array(), *expectations = json_array(), *whole;
	struct fault departure;
	struct world world;
	unsigned steps = 0;
	int e;

	say("%s: %s\n\n%s\n\n   seed %s, into %s", scenario->name, scenario->title, scenario->text,
	    scenario->world.seed, at->shown);
	progress_start("building", laboratory_steps(&scenario->world) + 1);
	e = laboratory_world(&world, at, &scenario->world, &steps, fault);
	if (e == 0) {
		progress_at(steps, scenario->thief->name);
		e = cell_run(&world, scenario->thief, scenario->clone, cells, fault);
	}
	progress_end();
	if (e == 0) {
		const json_t *cell = json_array_get(cells, 0);

		e = compare(scenario, cell, expectations, &departure);
		whole = result(scenario, cell, expectations, laboratory_clock() - start);
		say("\n   %s, %.1f s.", e == 0 ? "As expected" : "NOT as expected",
		    laboratory_clock() - start);
		say_result(json_incref(whole));
		if (laboratory_write(at, "result.json", whole, fault) < 0)
			e = -1;
		else if (e < 0)
			*fault = departure;
	}
	json_decref(cells);
	json_decref(expectations);
	return e;
}

int cmd_run(int argc, char **argv)
{
	static const struct argp_option option_table[] = {
		{"out", 'o', "DIR", 0, "where everything goes; an earlier run there is replaced", 0},
		{"seed", 's', "TEXT", 0, "another seed than the scenario's", 0},
		{0},
	};
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table,
		parse,
		"SCENARIO",
		"Carry out one scenario, by its name or file. Exit status 1 names the first measure that is not as expected.",
		children,
		NULL,
		NULL};
	struct arguments arguments = {.out = NULL};
	struct fault fault = {0};
	struct scenario scenario;
	struct heist at;
	int e;

	options_parse(&argp, "simrite heist run", argc, argv, &arguments, &arguments.options);
	stop_catch_every();
	e = laboratory_find(&scenario, arguments.scenario, &fault);
	if (e == 0 && arguments.seed)
		(void)snprintf(scenario.world.seed, sizeof(scenario.world.seed), "%s", arguments.seed);
	if (e == 0 && (e = laboratory_begin(&at, arguments.out, &fault)) == 0)
		e = run(&scenario, &at, &fault);
	return e < 0 ? say_fault(&fault) : 0;
}

#include <string.h>

#include "fleet/commands.h"
#include "fleet/subsets.h"
#include "lib/options.h"
#include "lib/say.h"

struct arguments {
	struct options options;
	const char *custodians, *seed;
	unsigned threshold;
};

static const struct argp_option option_table[] = {
	{"custodians", 'c', "LIST", 0, "each custodian's jurisdiction (default A,A,B,B,C)", 0},
	{"seed", 's', "TEXT", 0, "master and shares come from it (default 1)", 0},
	{"threshold", 't', "M", 0, "how many custodians restore the master (default 3)", 0},
	{0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case 'c':
		arguments->custodians = text;
		return 0;
	case 's':
		arguments->seed = text;
		return 0;
	case 't':
		arguments->threshold = options_number(state, text, 1, SHARE_MAX);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void joined(char *out, size_t size, const json_t *list)
{
	const json_t *name;
	size_t i, length = 0;

	out[0] = 0;
	json_array_foreach(list, i, name)
	{
		const char *text = json_string_value(name);
		size_t n = strlen(text);

		if (length + n + 2 > size)
			return;
		if (i)
			out[length++] = '+';
		memcpy(out + length, text, n + 1);
		length += n;
	}
}

static void show(const struct arguments *arguments, const json_t *result)
{
	const json_t *subset;
	char names[256];
	size_t i;

	say("%lld custodians, any %u restore the master: %lld quorums, %lld of them inside one jurisdiction. Seed %s.",
	    (long long)json_array_size(json_object_get(result, "custodians")), arguments->threshold,
	    (long long)json_integer_value(json_object_get(result, "quorums")),
	    (long long)json_integer_value(json_object_get(result, "quorums_in_one_jurisdiction")),
	    arguments->seed);
	say("\n   jurisdictions        custodians   can restore   can deny");
	json_array_foreach(json_object_get(result, "subsets"), i, subset)
	{
		joined(names, sizeof(names), json_object_get(subset, "jurisdictions"));
		say("   %-20s %10lld   %-11s   %s", names,
		    (long long)json_integer_value(json_object_get(subset, "custodians")),
		    json_is_true(json_object_get(subset, "can_restore")) ? "yes" : "no",
		    json_is_true(json_object_get(subset, "can_deny")) ? "yes" : "no");
	}
	joined(names, sizeof(names), json_object_get(result, "alone"));
	say("\nDone with real shares: of %lld sets of custodians %lld restored the master, %lld did not.\n%s%s",
	    (long long)json_integer_value(json_object_get(result, "custodian_subsets")),
	    (long long)json_integer_value(json_object_get(result, "restored")),
	    (long long)json_integer_value(json_object_get(result, "failed")),
	    names[0] ? "Alone it can be restored in: " : "No jurisdiction can restore it alone.", names);
	say("Where a card is made abroad and its key generated there, custody at home keeps nobody from a copy.");
}

int cmd_custody(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table,
		parse,
		NULL,
		"Every set of jurisdictions: can it restore the master, can it deny it to the others? "
		"Computed, then done with real shares.",
		children,
		NULL,
		NULL};
	struct arguments arguments = {.custodians = "A,A,B,B,C", .seed = "1", .threshold = 3};
	uint8_t seed[DRAW_SEED];
	struct custody custody;
	struct fault fault;
	json_t *result;

	options_parse(&argp, "simrite fleet custody", argc, argv, &arguments, &arguments.options);
	if (subsets_parse(&custody, arguments.custodians, arguments.threshold, &fault) < 0 ||
	    draw_seed(seed, arguments.seed, &fault) < 0 ||
	    !(result = subsets_analyse(&custody, seed, &fault)))
		return say_fault(&fault);
	show(&arguments, result);
	json_object_set_new(result, "seed", json_string(arguments.seed));
	say_result(json_deep_copy(result));
	json_decref(result);
	return 0;
}

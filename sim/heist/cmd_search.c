/* The last step of the demonstration again: has anything leaked since? */
#include <argp.h>

#include "heist/commands.h"
#include "heist/run_folder.h"
#include "heist/secrets.h"
#include "lib/options.h"
#include "lib/say.h"

struct arguments {
	struct options options;
	const char *out;
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
	case ARGP_KEY_END:
		if (!arguments->out)
			argp_error(state, "--out is needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cmd_search(int argc, char **argv)
{
	static const struct argp_option option_table[] = {
		{"out", 'o', "DIR", 0, "the folder of the run", 0},
		{0},
	};
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table, parse,
		NULL,         "Look through a finished run for every secret of it. Exit status 1 names one.",
		children,     NULL,
		NULL};
	struct arguments arguments = {.out = NULL};
	struct fault fault = {0};
	struct world world;
	struct heist at;
	char found[160];
	int e;

	options_parse(&argp, "simrite heist search", argc, argv, &arguments, &arguments.options);
	e = run_folder_hold(arguments.out, &fault) < 0 || heist_begin(&at, arguments.out, &fault) < 0 ||
			    world_read(&world, &at, &fault) < 0 || secrets_search(&world, found, &fault) < 0
		    ? -1
		    : 0;
	if (e == 0) {
		say("%s", found);
		say_result(json_pack("{s:s}", "search", found));
	}
	return e < 0 ? say_fault(&fault) : 0;
}

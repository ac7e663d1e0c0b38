/* The inner side of cloning: where there are readers with originals and blank cards. */
#include <argp.h>

#include "heist/clone.h"
#include "heist/commands.h"

#include "lib/options.h"
#include "lib/say.h"

struct arguments {
	struct options options;
	const char *out, *thief;
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
	case ARGP_KEY_ARG:
		if (arguments->thief)
			return ARGP_ERR_UNKNOWN;
		arguments->thief = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->out || !arguments->thief)
			argp_error(state, "--out and a thief are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int work(const struct arguments *arguments, struct fault *fault)
{
	struct world world;
	struct heist at;

	if (heist_begin(&at, arguments->out, fault) < 0 || world_read(&world, &at, fault) < 0)
		return -1;
	return clone_inside(&world, arguments->thief, fault);
}

int cmd_clone(int argc, char **argv)
{
	static const struct argp_option option_table[] = {
		{"out", 'o', "DIR", 0, "the folder of the world", 0},
		{0},
	};
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table,
		parse,
		"THIEF",
		"Attach clones of stolen keys, inside simulated readers; the other commands call this.",
		children,
		NULL,
		NULL};
	struct arguments arguments = {.out = NULL};
	struct fault fault = {0};

	options_parse(&argp, "simrite heist clone", argc, argv, &arguments, &arguments.options);
	stop_catch_every();
	return work(&arguments, &fault) < 0 ? say_fault(&fault) : 0;
}

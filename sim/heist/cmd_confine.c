/* A thief that can reach two folders and nothing else. */
#include <argp.h>

#include "heist/commands.h"
#include "heist/confine.h"
#include "lib/options.h"
#include "lib/say.h"

struct confine_arguments {
	struct options options;
	const char *word[3]; /* program, captured, out */
	unsigned count;
};

static error_t parse_confine(int key, char *text, struct argp_state *state)
{
	struct confine_arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->count == 3)
			return ARGP_ERR_UNKNOWN;
		arguments->word[arguments->count++] = text;
		return 0;
	case ARGP_KEY_END:
		if (arguments->count != 3)
			argp_error(state, "which PROGRAM, CAPTURED and OUT?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cmd_confine(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		NULL,
		parse_confine,
		"PROGRAM CAPTURED OUT",
		"Become PROGRAM, which may read CAPTURED, write OUT, and reach nothing else.",
		children,
		NULL,
		NULL};
	struct confine_arguments arguments = {.count = 0};
	struct fault fault = {0};

	options_parse(&argp, "simrite heist confine", argc, argv, &arguments, &arguments.options);
	(void)confine_and_run(arguments.word[0], arguments.word[1], arguments.word[2], &fault);
	return say_fault(&fault);
}

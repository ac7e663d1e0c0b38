/* simrite radio between: the place of a false base station, for a program that has it as its standard input.
 */
#include <argp.h>

#include "lib/options.h"
#include "lib/say.h"
#include "radio/commands.h"
#include "radio/station.h"

struct arguments {
	struct options options;
	const char *socket;
	char **program;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case ARGP_KEY_ARG:
		if (!arguments->socket) {
			arguments->socket = text;
			return 0;
		}
		arguments->program = state->argv + state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->program)
			argp_error(state, "a socket and a program are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cmd_between(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		NULL,
		parse,
		"SOCKET -- PROGRAM [ARGUMENT...]",
		"Run PROGRAM with the frames between phones and network on its standard input.",
		children,
		NULL,
		NULL};
	struct arguments arguments = {.socket = NULL};
	struct fault fault = {0};

	options_parse(&argp, "simrite radio between", argc, argv, &arguments, &arguments.options);
	(void)station_become(arguments.socket, arguments.program, &fault);
	return say_fault(&fault);
}

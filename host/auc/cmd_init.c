#include "auc/commands.h"
#include "lib/say.h"

static error_t parse(int key, char *argument, struct argp_state *state)
{
	(void)argument;
	switch (key) {
	case ARGP_KEY_INIT:
		place_init(state, state->input);
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cmd_init(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_argp, 0, NULL, 0}, {&place_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.parser = parse,
		.doc = "Make an empty subscriber database and a random key-encryption key.",
		.children = children,
	};
	struct command_input input = {0};
	struct fault fault = {0};

	options_parse(&argp, "simrite auc init", argc, argv, &input, &input.options);
	if (auc_init(&input.place, &fault) < 0)
		return say_fault(&fault);
	say("made %s", input.place.database);
	say_result(json_pack("{s:s}", "database", input.place.database));
	return FAULT_NONE;
}

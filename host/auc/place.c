#include "auc/commands.h"

enum {
	OPTION_DATABASE = 0x100,
	OPTION_KEK,
	OPTION_HSM,
};

static const struct argp_option place_options[] = {
	{"database", OPTION_DATABASE, "FILE", 0, "The subscriber database (auc.db)", 10},
	{"wrapping-key", OPTION_KEK, "SOURCE", 0,
	 "The key that wraps its keys: file:PATH, fd:N or prompt (file:FILE.kek)", 10},
	{"hsm", OPTION_HSM, "URI", 0, "The token that holds derived batches' keys", 10},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct auc_place *place = state->input;

	switch (key) {
	case OPTION_DATABASE:
		place->database = argument;
		return 0;
	case OPTION_KEK:
		place->kek = argument;
		return 0;
	case OPTION_HSM:
		place->hsm = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp place_argp = {.options = place_options, .parser = parse};

void place_init(struct argp_state *state, struct command_input *input)
{
	if (!input->place.database)
		input->place.database = "auc.db";
	state->child_inputs[0] = &input->options;
	state->child_inputs[1] = &input->place;
}

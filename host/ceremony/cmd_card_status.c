/* cmd_card_status.c - who a party's card is and what it holds; nothing secret, and no PIN is asked for. */
#include "ceremony/card_options.h"
#include "ceremony/command.h"
#include "lib/say.h"

static error_t parse(int key, char *value, struct argp_state *state)
{
	(void)value;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = state->input;
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cmd_card_status(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_reader_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.parser = parse,
		.doc = "Show a party's card: its serial, key and PIN tries, and which share it holds.",
		.children = children,
	};
	struct options options = {0};
	struct custodian_status status;
	struct custodian_card *card = NULL;
	struct fault fault;
	int result;

	options_parse(&argp, "simrite ceremony card-status", argc, argv, &options, &options);
	result = custodian_open(&card, options.reader, &fault);
	if (result == 0)
		result = custodian_status(card, &status, &fault);
	if (result == 0)
		say_result(card_options_show(card, &status));
	custodian_close(card);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

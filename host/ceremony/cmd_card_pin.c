/* cmd_card_pin.c - a new PIN for a party's card, by the old one or by the unblock code. */
#include "ceremony/card_options.h"
#include "ceremony/command.h"
#include "lib/say.h"
#include "lib/secret.h"

enum {
	KEY_CODE = 0xD101,
	KEY_FRESH
};

static const struct argp_option own_options[] = {
	{"code", KEY_CODE, "SOURCE", 0, "By the unblock code, in place of the PIN; a source like that", 0},
	{"new-pin", KEY_FRESH, "SOURCE", 0, "The new PIN, 6 to 8 digits; asked for without it", 0},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct card_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		card_options_init(state, options);
		return 0;
	case KEY_CODE:
		options->code = value;
		return 0;
	case KEY_FRESH:
		options->fresh = value;
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return 0;
	case ARGP_KEY_END:
		if (options->code && options->pin)
			argp_error(state, "by --pin or by --code, not both");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int change(struct custodian_card *card, const struct card_options *o, struct fault *fault)
{
	char value[CUSTODIAN_PIN + 2] = "", fresh[CUSTODIAN_PIN + 2] = "";
	const char *source = o->code ? o->code : o->pin ? o->pin : "prompt";
	int result =
		secret_line(value, sizeof(value), source, o->code ? "the unblock code" : "the PIN", fault);

	if (result == 0)
		result = card_options_fresh(fresh, o->fresh ? o->fresh : "prompt",
					    "a new PIN of 6 to 8 digits", CUSTODIAN_PIN_LEAST, fault);
	if (result == 0)
		result = o->code ? custodian_unblock_pin(card, value, fresh, o->last, fault)
				 : custodian_change_pin(card, value, fresh, o->last, fault);
	secret_wipe(value, sizeof(value));
	secret_wipe(fresh, sizeof(fresh));
	return result;
}

int cmd_card_pin(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_reader_argp, 0, NULL, 0}, {&card_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.doc = "Give a party's card a new PIN, by the old one or, also when it is blocked, by the unblock code.",
		.children = children,
	};
	struct card_options options = {0};
	struct custodian_status status;
	struct custodian_card *card = NULL;
	struct fault fault;
	int result;

	options_parse(&argp, "simrite ceremony card-pin", argc, argv, &options, &options.options);
	result = custodian_open(&card, options.options.reader, &fault);
	if (result == 0)
		result = change(card, &options, &fault);
	if (result == 0)
		result = custodian_status(card, &status, &fault);
	if (result == 0)
		say_result(card_options_show(card, &status));
	custodian_close(card);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

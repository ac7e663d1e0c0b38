/* cmd_enrol.c - a custodian, witness or administrator makes a card their own. */
#include <stdlib.h>
#include <string.h>

#include "ceremony/card_options.h"
#include "ceremony/command.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "lib/signature.h"

enum {
	KEY_CODE = 0xD101,
	KEY_NAME,
	KEY_ROLE
};

struct input {
	struct card_options card;
	const char *name;
	bool custodian;
};

static const struct argp_option own_options[] = {
	{"code", KEY_CODE, "SOURCE", 0,
	 "The code that unblocks the PIN, 8 digits; a source like that of the PIN", 0},
	{"name", KEY_NAME, "NAME", 0, "Whose it is, as the plan will have it", 0},
	{"role", KEY_ROLE, "ROLE", 0,
	 "What the holder is in the plan: custodian (unless given), witness or administrator", 0},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		card_options_init(state, &input->card);
		return 0;
	case KEY_CODE:
		input->card.code = value;
		return 0;
	case KEY_NAME:
		input->name = value;
		return 0;
	case KEY_ROLE:
		input->custodian = strcmp(value, "custodian") == 0;
		if (!input->custodian && strcmp(value, "witness") != 0 && strcmp(value, "administrator") != 0)
			argp_error(state, "\"%s\" is not custodian, witness or administrator", value);
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int is_new(struct custodian_card *card, struct fault *fault)
{
	struct custodian_status status;

	if (custodian_status(card, &status, fault) != 0)
		return -1;
	return status.enrolled
		       ? fault_set(fault, FAULT_POLICY,
				   "its holder can change the PIN: simrite ceremony card-pin",
				   "the card in reader \"%s\" is enrolled already", custodian_reader(card))
		       : 0;
}

static int enrol(struct custodian_card *card, const struct card_options *o, struct fault *fault)
{
	char pin[CUSTODIAN_PIN + 2] = "", code[CUSTODIAN_PIN + 2] = "";
	int result = is_new(card, fault);

	if (result == 0 && (strcmp(o->pin, "prompt") == 0 || strcmp(o->code, "prompt") == 0))
		say_note(
			"the card in reader \"%s\" becomes yours, once in its life: choose its PIN and the\n"
			"code that unblocks it, and show them to nobody. Nothing is done to it before the last answer.",
			custodian_reader(card));
	if (result == 0)
		result =
			card_options_fresh(pin, o->pin, "a PIN of 6 to 8 digits", CUSTODIAN_PIN_LEAST, fault);
	if (result == 0)
		result = card_options_fresh(code, o->code, "an unblock code of 8 digits", CUSTODIAN_PIN,
					    fault);
	if (result == 0)
		result = custodian_enrol(card, pin, code, fault);
	secret_wipe(pin, sizeof(pin));
	secret_wipe(code, sizeof(code));
	return result;
}

/* What the plan wants to know of the card: members of custodians[i], witnesses[i]
 * or administrator. Only of a custodian's card does it take the serial: what
 * that card holds can be lost, the others' can only sign. */
static void show(const struct custodian_card *card, const struct custodian_status *status,
		 const struct input *input)
{
	json_t *result = card_options_show(card, status), *plan;
	char key[PUBLIC_TEXT], *text;

	public_write(key, status->key);
	plan = json_pack("{s:s}", "key", key);
	if (input->custodian)
		(void)json_object_set_new(plan, "serial", json_string(status->serial));
	if (input->name)
		(void)json_object_set_new(plan, "name", json_string(input->name));
	text = json_dumps(plan, JSON_COMPACT | JSON_SORT_KEYS);
	say("for the plan  %s", text);
	free(text);
	(void)json_object_set_new(result, "plan", plan);
	say_result(result);
}

int cmd_enrol(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_reader_argp, 0, NULL, 0}, {&card_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.doc = "Make a card one party's own: its holder sets PIN and unblock code, the card makes its key. "
		       "Once in the card's life. Says what the plan wants to know of it.",
		.children = children,
	};
	struct input input = {.card = {.pin = "prompt", .code = "prompt"}, .custodian = true};
	struct custodian_status status;
	struct custodian_card *card = NULL;
	struct fault fault;
	int result;

	options_parse(&argp, "simrite ceremony enrol", argc, argv, &input, &input.card.options);
	result = custodian_open(&card, input.card.options.reader, &fault);
	if (result == 0)
		result = enrol(card, &input.card, &fault);
	if (result == 0)
		result = custodian_status(card, &status, &fault);
	if (result == 0)
		show(card, &status, &input);
	custodian_close(card);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

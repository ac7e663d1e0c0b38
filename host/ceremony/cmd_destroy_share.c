/* cmd_destroy_share.c - a custodian has the share in their card destroyed, and the card's word for it. */
#include <string.h>

#include "ceremony/card_options.h"
#include "ceremony/command.h"
#include "lib/hex.h"
#include "lib/say.h"
#include "lib/signature.h"

struct input {
	struct card_options card;
	const char *ceremony;
};

static const struct argp_option own_options[] = {
	{"ceremony", 'c', "ID", 0, "Whose share is meant; a card with another's is left as it is", 0},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		card_options_init(state, &input->card);
		return 0;
	case 'c':
		input->ceremony = value;
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return 0;
	case ARGP_KEY_END:
		if (!input->ceremony)
			argp_error(state, "wants --ceremony ID: what is destroyed does not come back");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Is it that ceremony's share? Then what to destroy. */
static int choose(struct custodian_about *about, const struct custodian_status *status, const char *ceremony,
		  struct fault *fault)
{
	const struct custodian_held *held = &status->share;

	if (held->state == CUSTODIAN_NONE)
		return fault_set(fault, FAULT_POLICY, NULL, "the card holds no share");
	if (strcmp(held->ceremony, ceremony) != 0)
		return fault_set(fault, FAULT_POLICY, "simrite ceremony card-status shows what it holds",
				 "the card's share is of ceremony \"%s\", not of \"%s\"", held->ceremony,
				 ceremony);
	*about = (struct custodian_about){.ceremony = held->ceremony, .index = held->index};
	memcpy(about->set, held->set, sizeof(about->set));
	return 0;
}

static int destroy(struct custodian_card *card, const struct input *input, struct fault *fault)
{
	char set[2 * CUSTODIAN_SET + 1], commitment_text[65], signature_text[SIGNATURE_TEXT];
	uint8_t commitment[32], signature[64];
	struct custodian_status status;
	struct custodian_about about;
	bool lost;

	if (custodian_status(card, &status, fault) != 0 ||
	    choose(&about, &status, input->ceremony, fault) != 0)
		return -1;
	lost = status.tries == 0 && status.unblock == 0; /* then no PIN is asked for */
	if ((!lost && custodian_unlock(card, NULL, input->card.pin, input->card.last, fault) != 0) ||
	    custodian_destroy(card, commitment, signature, &about, fault) != 0)
		return -1;
	hex_write(set, about.set, CUSTODIAN_SET);
	hex_write(commitment_text, commitment, 32);
	signature_write(signature_text, signature);
	say("share %u of ceremony %s, set %s, is destroyed", about.index, about.ceremony, set);
	say("commitment    %s", commitment_text);
	say("signature     %s", signature_text);
	say_result(json_pack("{s:s, s:i, s:s, s:s, s:i, s:s, s:s}", "type", "result", "schema", 1, "ceremony",
			     about.ceremony, "set", set, "index", (int)about.index, "commitment",
			     commitment_text, "signature", signature_text));
	return 0;
}

int cmd_destroy_share(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_reader_argp, 0, NULL, 0}, {&card_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.doc = "Destroy the share that a card holds. The card signs that it did; asked again, it says so again.",
		.children = children,
	};
	struct input input = {.card = {.pin = "prompt"}};
	struct custodian_card *card = NULL;
	struct fault fault;
	int result;

	options_parse(&argp, "simrite ceremony destroy-share", argc, argv, &input, &input.card.options);
	result = custodian_open(&card, input.card.options.reader, &fault);
	if (result == 0)
		result = destroy(card, &input, &fault);
	custodian_close(card);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

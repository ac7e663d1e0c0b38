#include "ceremony/card_options.h"

#include <stdio.h>
#include <string.h>

#include "lib/hex.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "lib/signature.h"

enum {
	KEY_PIN = 0xD001,
	KEY_FORCE
};

static const struct argp_option rows[] = {
	{"pin", KEY_PIN, "SOURCE", 0, "The card's PIN: file:PATH, fd:N or prompt, which is asked without it",
	 1},
	{"force-last-try", KEY_FORCE, NULL, 0, "Try a PIN or code even when one try is left", 1},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct card_options *options = state->input;

	switch (key) {
	case KEY_PIN:
		options->pin = value;
		return 0;
	case KEY_FORCE:
		options->last = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp card_options_argp = {.options = rows, .parser = parse};

void card_options_init(struct argp_state *state, struct card_options *options)
{
	state->child_inputs[0] = &options->options;
	state->child_inputs[1] = options;
}

/* 1 when what was typed is refused: `fault` says why. */
static int ask_once(char value[static CUSTODIAN_PIN + 2], const char *source, const char *what, size_t least,
		    struct fault *fault)
{
	static const char hint[] = "run the command again; the card was not asked";
	char again[CUSTODIAN_PIN + 2], repeated[64];
	size_t length;
	int result = secret_line(value, CUSTODIAN_PIN + 2, source, what, fault);

	if (result != 0)
		return -1;
	length = strlen(value);
	if (length < least || length > CUSTODIAN_PIN || value[strspn(value, "0123456789")]) {
		fault_set(fault, FAULT_INPUT, hint, "that is not %s", what);
		return 1;
	}
	if (strcmp(source, "prompt") != 0)
		return 0;
	(void)snprintf(repeated, sizeof(repeated), "%s, once more", what);
	result = secret_line(again, sizeof(again), source, repeated, fault);
	if (result == 0 && strcmp(again, value) != 0) {
		fault_set(fault, FAULT_INPUT, hint, "%s is not the same both times", what);
		result = 1;
	}
	secret_wipe(again, sizeof(again));
	return result;
}

int card_options_fresh(char value[static CUSTODIAN_PIN + 2], const char *source, const char *what,
		       size_t least, struct fault *fault)
{
	int result = ask_once(value, source, what, least, fault);

	while (result == 1 && strcmp(source, "prompt") == 0) {
		say_note("%s; once again, or Ctrl-C", fault->text);
		result = ask_once(value, source, what, least, fault);
	}
	if (result != 0)
		secret_wipe(value, CUSTODIAN_PIN + 2);
	return result == 0 ? 0 : -1;
}

static const char *state_text(enum custodian_state state)
{
	return state == CUSTODIAN_NONE ? "none" : state == CUSTODIAN_HELD ? "held" : "destroyed";
}

static json_t *show_held(const char *what, const struct custodian_held *held)
{
	char set[2 * CUSTODIAN_SET + 1], commitment[65];

	hex_write(set, held->set, CUSTODIAN_SET);
	hex_write(commitment, held->commitment, 32);
	if (held->state == CUSTODIAN_NONE) {
		say("%-13s none", what);
		return json_pack("{s:s}", "state", state_text(held->state));
	}
	if (held->threshold)
		say("%-13s %s: %u of ceremony %s, set %s, %u of %u needed, commitment %s", what,
		    state_text(held->state), held->index, held->ceremony, set, held->threshold, held->total,
		    commitment);
	else
		say("%-13s %s: %u of ceremony %s, set %s, commitment %s", what, state_text(held->state),
		    held->index, held->ceremony, set, commitment);
	return json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:s}", "state", state_text(held->state), "ceremony",
			 held->ceremony, "set", set, "index", (int)held->index, "threshold",
			 (int)held->threshold, "total", (int)held->total, "commitment", commitment);
}

json_t *card_options_show(const struct custodian_card *card, const struct custodian_status *status)
{
	char key[PUBLIC_TEXT] = "";
	json_t *share, *contribution;

	if (status->key[0])
		public_write(key, status->key);
	say("reader        %s", custodian_reader(card));
	say("serial        %s", status->serial[0] ? status->serial : "none");
	say("key           %s", key[0] ? key : "none");
	if (status->enrolled)
		say("PIN           %u of 3 tries left, unblock code %u of 10", status->tries,
		    status->unblock);
	else
		say("PIN           none: the card is not enrolled");
	share = show_held("share", &status->share);
	contribution = show_held("contribution", &status->contribution);
	say("released      %u times", status->releases);
	return json_pack("{s:s, s:i, s:s, s:s, s:s, s:b, s:i, s:i, s:o, s:o, s:I}", "type", "result",
			 "schema", 1, "reader", custodian_reader(card), "serial", status->serial, "key", key,
			 "enrolled", status->enrolled, "pin_tries", (int)status->tries, "code_tries",
			 (int)status->unblock, "share", share, "contribution", contribution, "releases",
			 (json_int_t)status->releases);
}

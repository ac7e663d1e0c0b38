#include <stdlib.h>
#include <string.h>

#include "ceremony/account.h"
#include "ceremony/command.h"
#include "lib/canonical.h"
#include "lib/options.h"
#include "lib/say.h"

struct input {
	struct options options;
	struct account_wish wish;
	const char *transcript, *out;
};

enum {
	KEY_UNFINISHED = 0x100
};

static const struct argp_option own_options[] = {
	{"out", 'o', "FILE", 0, "Where the page goes, a file that is not there yet; else to standard output",
	 0},
	{"fingerprint", 'f', "HEX", 0, "Refuse any transcript but the one of this fingerprint", 0},
	{"key", 'k', "HEX", 0, "Refuse any signer but the one whose public key has this SHA-256", 0},
	{"note", 'n', "FILE", 0,
	 "Refuse a transcript that this closing note is not about; unless given, the .note beside it, if there is one",
	 0},
	{"receipts", 'r', "FILE", 0,
	 "Check these receipts of the batches' cards, too, and say so; may be repeated", 0},
	{"unfinished", KEY_UNFINISHED, NULL, 0, "Report also on a ceremony that is not closed", 0},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;
	uint8_t bytes[32];

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case 'o':
		input->out = value;
		return 0;
	case 'f':
	case 'k':
		if (canonical_hex_read(bytes, 32, value) < 0)
			argp_error(state, "\"%s\" is not 64 hex digits in lower case", value);
		*(key == 'f' ? &input->wish.fingerprint : &input->wish.key) = value;
		return 0;
	case 'n':
		input->wish.note = value;
		return 0;
	case 'r':
		if (input->wish.receipts_count == PLAN_BATCHES)
			argp_error(state, "--receipts is given too often");
		else
			input->wish.receipts[input->wish.receipts_count++] = value;
		return 0;
	case KEY_UNFINISHED:
		input->wish.unfinished = true;
		return 0;
	case ARGP_KEY_ARG:
		if (input->transcript)
			argp_error(state, "one TRANSCRIPT only");
		input->transcript = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->transcript)
			argp_error(state, "which TRANSCRIPT?");
		if (input->options.json && (!input->out || strcmp(input->out, "-") == 0))
			argp_error(state, "--json wants --out FILE: the page itself is no JSON");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void tell(const struct account *account, const char *path)
{
	const struct plan *plan = &account->audit.plan;
	char fingerprint[65];

	hex_write(fingerprint, account->summary.fingerprint, 32);
	say("report of ceremony %s (%s), %s: %s", plan->id, plan_mode(plan), account_verdict(account), path);
	say_result(json_pack("{s:s, s:i, s:s, s:s, s:s, s:b, s:b, s:s}", "type", "result", "schema", 1,
			     "ceremony", plan->id, "mode", plan_mode(plan), "fingerprint", fingerprint,
			     "pinned", account->pinned, "closed", account->summary.closed, "file", path));
}

int cmd_report(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.args_doc = "TRANSCRIPT",
		.doc = "Write the report of a ceremony as one HTML page: a summary, who was there and signed, what did "
		       "not go as planned, keys, token, batches and destruction, every line in words, and what all "
		       "that does not show. A transcript that is not sound has none: exit status 1.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	struct account *account;
	int result = -1;

	options_parse(&argp, "simrite ceremony report", argc, argv, &input, &input.options);
	account = calloc(1, sizeof(*account));
	if (!account) {
		fault_set(&fault, FAULT_SYSTEM, NULL, "no memory");
		return say_fault(&fault);
	}
	result = account_read(account, input.transcript, &input.wish, &fault);
	if (result == 0)
		result = account_put(input.out, account, &fault);
	if (result == 0 && !account->pinned)
		say_note(
			"signer unknown: --fingerprint HEX, with what the witnesses wrote down, makes it a sound one");
	if (result == 0 && input.out && strcmp(input.out, "-") != 0)
		tell(account, input.out);
	account_free(account);
	free(account);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

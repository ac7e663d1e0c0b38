/* cmd_prove.c - one card's place in a ceremony, in a file that needs no other. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ceremony/command.h"
#include "ceremony/proof.h"
#include "lib/options.h"
#include "lib/profile.h"
#include "lib/say.h"

struct input {
	struct options options;
	struct proof_source source;
	const char *receipts[PLAN_BATCHES];
};

static const struct argp_option own_options[] = {
	{"iccid", 'i', "DIGITS", 0, "The card", 0},
	{"receipts", 'r', "FILE", 0, "The receipts of its batch; may be repeated", 0},
	{"note", 'n', "FILE", 0, "The closing note, when it is not the .note beside the transcript", 0},
	{0},
};

static void take_iccid(struct input *input, const char *value, const struct argp_state *state)
{
	struct fault fault = {0};

	if (profile_check_iccid(value, &fault) < 0)
		argp_error(state, "%s", fault.text);
	input->source.iccid = value;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case 'i':
		take_iccid(input, value, state);
		return 0;
	case 'n':
		input->source.note = value;
		return 0;
	case 'r':
		if (input->source.receipts_count == PLAN_BATCHES)
			argp_error(state, "--receipts is given too often");
		else
			input->receipts[input->source.receipts_count++] = value;
		return 0;
	case ARGP_KEY_ARG:
		if (input->source.transcript)
			argp_error(state, "one TRANSCRIPT only");
		input->source.transcript = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->source.iccid || input->source.receipts_count == 0 || !input->source.transcript)
			argp_error(state, "wants --iccid DIGITS, --receipts FILE and a TRANSCRIPT");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cmd_prove(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.args_doc = "TRANSCRIPT",
		.doc = "Write the proof that one card was loaded in this ceremony, once, on standard output: one line of "
		       "JSON that simrite ceremony verify-proof checks without any other file. Needs neither HSM nor "
		       "network.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	char beside[PATH_MAX], *text;
	int result;

	options_parse(&argp, "simrite ceremony prove", argc, argv, &input, &input.options);
	input.source.receipts = input.receipts;
	if (!input.source.note) {
		if (!closing_note_beside(beside, input.source.transcript)) {
			fault_set(&fault, FAULT_INPUT, "give --note FILE",
				  "there is no note beside the transcript");
			return say_fault(&fault);
		}
		input.source.note = beside;
	}
	result = proof_make(&text, &input.source, &fault);
	if (result == 0) {
		say("%.*s", (int)strlen(text) - 1, text);
		say_result(json_pack("{s:s, s:i, s:s, s:s}", "type", "result", "schema", 1, "iccid",
				     input.source.iccid, "proof", text));
		free(text);
	}
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

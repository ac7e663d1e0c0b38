#include "bureau/commands.h"
#include "bureau/corpus.h"
#include "lib/options.h"
#include "lib/say.h"
#include "lib/whole_file.h"

#include <errno.h>

enum {
	OPTION_SEED = 0x200,
	OPTION_MAILS,
	OPTION_ITEMS,
	OPTION_OUT,
	OPTION_TRUTH,
};

struct input {
	struct options options;
	struct corpus_order order;
	const char *out, *truth;
};

static const struct argp_option corpus_options[] = {
	{"seed", OPTION_SEED, "TEXT", 0, "The same text makes the same mails", 0},
	{"mails", OPTION_MAILS, "N", 0, "How many, with and without keys (400)", 0},
	{"items", OPTION_ITEMS, "N", 0, "How many hold keys; every fourth lies in a drop folder (36)", 0},
	{"out", OPTION_OUT, "FOLDER", 0, "An empty folder: mail/ and ftp/ are made in it", 0},
	{"truth", OPTION_TRUTH, "FILE", 0, "Which hold what, a line of JSON each; for the judge", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case OPTION_SEED:
		input->order.seed = argument;
		return 0;
	case OPTION_MAILS:
		input->order.mails = options_number(state, argument, 1, 20000);
		return 0;
	case OPTION_ITEMS:
		input->order.items = options_number(state, argument, 1, 20000);
		return 0;
	case OPTION_OUT:
		input->out = argument;
		return 0;
	case OPTION_TRUTH:
		input->truth = argument;
		return 0;
	case ARGP_KEY_END:
		if (!input->order.seed || !input->out || !input->truth)
			argp_error(state, "--seed, --out and --truth are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int make(struct corpus_counts *counts, const struct input *input, struct fault *fault)
{
	struct whole_file truth;

	if (whole_file_open(&truth, input->truth, fault) < 0)
		return -1;
	if (corpus_make(counts, &input->order, input->out, truth.out, fault) < 0) {
		whole_file_drop(&truth);
		return -1;
	}
	return whole_file_keep(&truth, input->truth, fault);
}

int cmd_corpus(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = corpus_options,
		.parser = parse,
		.doc = "Make a month of mail and files, some of which hold keys. All of it is invented.",
		.children = children,
	};
	struct input input = {.order = {.mails = 400, .items = 36}};
	struct corpus_counts counts;
	struct fault fault = {0};

	options_parse(&argp, "simrite old-bureau corpus", argc, argv, &input, &input.options);
	if (make(&counts, &input, &fault) < 0)
		return say_fault(&fault);
	say("%s: %u mails and %u files, of which %u hold %u keys", input.out, counts.mails, counts.files,
	    counts.items, counts.keys);
	say_result(json_pack("{s:s, s:i, s:i, s:i, s:i, s:i}", "seed", input.order.seed, "mails",
			     (int)counts.mails, "files", (int)counts.files, "items", (int)counts.items,
			     "keys", (int)counts.keys, "from_suppliers", (int)counts.suppliers));
	return FAULT_NONE;
}

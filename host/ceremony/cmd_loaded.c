/* cmd_loaded.c - the cards of a batch are made: their receipts are checked, and what they are is written
 * down. */
#include <stdlib.h>
#include <string.h>

#include "ceremony/command.h"
#include "ceremony/step.h"
#include "lib/hex.h"
#include "lib/options.h"
#include "lib/say.h"

struct input {
	struct options options;
	const char *batch, *receipts, *folder;
	unsigned missing;
};

static const struct argp_option own_options[] = {
	{"batch", 'b', "ID", 0, "The batch that came back", 0},
	{"receipts", 'r', "FILE", 0, "Its receipts, from the bureau", 0},
	{"missing", 'm', "N", 0, "So many of its cards have none, and never will (0)", 0},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case 'b':
		input->batch = value;
		return 0;
	case 'r':
		input->receipts = value;
		return 0;
	case 'm':
		input->missing = options_number(state, value, 0, AUDIT_MISSING);
		return 0;
	case ARGP_KEY_ARG:
		if (input->folder)
			argp_error(state, "one FOLDER only");
		input->folder = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->batch || !input->receipts || !input->folder)
			argp_error(state, "wants --batch ID, --receipts FILE and the ceremony's FOLDER");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int record(struct rite *rite, const void *context, struct fault *fault)
{
	const struct input *input = context;

	return rite_loaded(rite, input->batch, input->receipts, input->missing, fault);
}

static void tell(const struct rite *rite, const void *context)
{
	const struct input *input = context;
	const struct audit_batch *batch = &rite->audit.batches[plan_batch(rite->plan, input->batch)];
	char root[65];

	hex_write(root, batch->root, 32);
	say("batch %s came back: %u receipts, %u missing, root %s", input->batch, batch->count,
	    input->missing, root);
	say("recorded in %s", rite->path);
	say_result(json_pack("{s:s, s:i, s:s, s:s, s:i, s:O, s:s, s:s}", "type", "result", "schema", 1,
			     "ceremony", rite->plan->id, "batch", input->batch, "count", (int)batch->count,
			     "missing", batch->missing, "root", root, "transcript", rite->path));
}

int cmd_loaded(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.args_doc = "FOLDER",
		.doc = "Check the receipts of a batch's cards and record them in the transcript of the ceremony under "
		       "way in FOLDER: each for its ticket, by a card of a factory of the plan, of its first load. A "
		       "receipt that comes later is not accepted any more.",
		.children = children,
	};
	struct input input = {0};
	struct step step = {.record = record, .tell = tell, .input = &input};

	options_parse(&argp, "simrite ceremony loaded", argc, argv, &input, &input.options);
	step.folder = input.folder;
	return step_take(&step);
}

/* cmd_retire.c - the operator has the keys of an agreed batch: nobody can compute them a second time. */
#include <string.h>

#include "ceremony/command.h"
#include "ceremony/step.h"
#include "lib/options.h"
#include "lib/say.h"

struct input {
	struct options options;
	const char *batch, *folder;
};

static const struct argp_option own_options[] = {
	{"batch", 'b', "ID", 0, "The batch whose keys the operator has imported", 0},
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
	case ARGP_KEY_ARG:
		if (input->folder)
			argp_error(state, "one FOLDER only");
		input->folder = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->batch || !input->folder)
			argp_error(state, "wants --batch ID and the ceremony's FOLDER");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int record(struct rite *rite, const void *context, struct fault *fault)
{
	const struct input *input = context;

	return rite_retired(rite, input->batch, fault);
}

static void tell(const struct rite *rite, const void *context)
{
	const struct input *input = context;

	say("what the keys of batch %s were agreed with is destroyed", input->batch);
	say("recorded in %s", rite->path);
	say_result(json_pack("{s:s, s:i, s:s, s:s, s:s}", "type", "result", "schema", 1, "ceremony",
			     rite->plan->id, "batch", input->batch, "transcript", rite->path));
}

int cmd_retire(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.args_doc = "FOLDER",
		.doc = "Destroy the key pair in the token that the cards of an agreed batch agreed with, and record it "
		       "in the transcript of the ceremony under way in FOLDER. The operator must have imported the "
		       "keys: nobody can compute them after this.",
		.children = children,
	};
	struct input input = {0};
	struct step step = {.record = record, .tell = tell, .input = &input};

	options_parse(&argp, "simrite ceremony retire", argc, argv, &input, &input.options);
	step.folder = input.folder;
	return step_take(&step);
}

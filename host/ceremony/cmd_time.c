/* cmd_time.c - the time, signed for cards, which have no clock. */
#include <stdlib.h>
#include <string.h>

#include "ceremony/command.h"
#include "ceremony/step.h"
#include "lib/options.h"
#include "lib/say.h"

struct input {
	struct options options;
	const char *folder;
	char *path; /* of what was written: PATH_MAX */
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case ARGP_KEY_ARG:
		if (input->folder)
			argp_error(state, "one FOLDER only");
		input->folder = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->folder)
			argp_error(state, "which FOLDER?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int record(struct rite *rite, const void *context, struct fault *fault)
{
	const struct input *input = context;

	return rite_time(rite, input->path, fault);
}

static void tell(const struct rite *rite, const void *context)
{
	const struct input *input = context;

	say("%s: the time of now, for the bureau (simrite batch personalise --time)", input->path);
	say("recorded in %s", rite->path);
	say_result(json_pack("{s:s, s:i, s:s, s:I, s:s, s:s}", "type", "result", "schema", 1, "ceremony",
			     rite->plan->id, "time", (json_int_t)rite->audit.told, "file", input->path,
			     "transcript", rite->path));
}

int cmd_time(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "FOLDER",
		.doc = "Sign the time of now with the key of the ceremony under way in FOLDER, while cards are "
		       "being made under its tickets, and write it to FOLDER/batches/time.json for the bureau. A "
		       "card that was told it takes no ticket that expired before.",
		.children = children,
	};
	char path[PATH_MAX];
	struct input input = {.path = path};
	struct step step = {.record = record, .tell = tell, .input = &input};

	options_parse(&argp, "simrite ceremony time", argc, argv, &input, &input.options);
	step.folder = input.folder;
	return step_take(&step);
}

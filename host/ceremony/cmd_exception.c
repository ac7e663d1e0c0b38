/* cmd_exception.c - no ceremony goes exactly as planned; what did not is written down, signed like the rest.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "ceremony/command.h"
#include "ceremony/locked.h"
#include "ceremony/rite.h"
#include "lib/options.h"
#include "lib/say.h"

struct input {
	struct options options;
	const char *by, *text, *folder;
};

static const struct argp_option own_options[] = {
	{"by", 'b', "NAME", 0, "Who tells it: a party of the plan", 0},
	{"text", 't', "TEXT", 0, "What happened, and what was done about it", 0},
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
		input->by = value;
		return 0;
	case 't':
		input->text = value;
		return 0;
	case ARGP_KEY_ARG:
		if (input->folder)
			argp_error(state, "one FOLDER only");
		input->folder = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->by || !input->text || !input->folder)
			argp_error(state, "wants --by NAME, --text TEXT and the ceremony's FOLDER");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int record(struct rite *rite, const struct input *input, struct fault *fault)
{
	if (rite_exception_check(rite->plan, input->by, input->text, fault) < 0 ||
	    rite_open(rite, input->folder, fault) < 0)
		return -1;
	progress_end();
	if (rite->was_closed)
		return fault_set(fault, FAULT_POLICY, "write it on paper, beside the fingerprint",
				 "this ceremony is closed: %.200s", rite->path);
	return rite_exception(rite, input->by, input->text, fault);
}

int cmd_exception(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.args_doc = "FOLDER",
		.doc = "Record that something did not go as planned, in the transcript of the ceremony under way in "
		       "FOLDER. An attempt that was interrupted is abandoned by this, as by running it again.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	struct plan plan = {0};
	struct rite *rite = NULL;
	int result = -1;

	options_parse(&argp, "simrite ceremony exception", argc, argv, &input, &input.options);
	(void)signal(SIGXFSZ, SIG_IGN); /* a file size limit is a full disk: an error to report */
	locked_json();
	stop_catch();
	rite = calloc(1, sizeof(*rite));
	if (!rite) {
		fault_set(&fault, FAULT_SYSTEM, NULL, "no memory");
	} else if (rite_plan(&plan, input.folder, &fault) == 0) {
		rite->plan = &plan;
		rite->software_token = true; /* it was begun: that was allowed then */
		result = record(rite, &input, &fault);
		if (result == 0) {
			say("recorded in %s", rite->path);
			say_result(json_pack("{s:s, s:i, s:s, s:s, s:s}", "type", "result", "schema", 1,
					     "ceremony", plan.id, "by", input.by, "transcript", rite->path));
		}
		rite_end(rite);
	}
	free(rite);
	plan_free(&plan);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

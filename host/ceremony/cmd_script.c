/* A script on paper is what people follow when the screen is somebody else's. */
#include <string.h>

#include "ceremony/command.h"
#include "ceremony/script.h"
#include "lib/hex.h"
#include "lib/options.h"
#include "lib/say.h"

struct input {
	struct options options;
	const char *plan, *out;
};

static const struct argp_option own_options[] = {
	{"out", 'o', "FILE", 0, "Where the page goes, a file that is not there yet; else to standard output",
	 0},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case 'o':
		input->out = value;
		return 0;
	case ARGP_KEY_ARG:
		if (input->plan)
			argp_error(state, "one PLAN only");
		input->plan = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->plan)
			argp_error(state, "which PLAN?");
		if (input->options.json && (!input->out || strcmp(input->out, "-") == 0))
			argp_error(state, "--json wants --out FILE: the page itself is no JSON");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void tell(const struct plan *plan, const char *path)
{
	char digest[65];

	hex_write(digest, plan->digest, 32);
	say("script of ceremony %s (%s): %s", plan->id, plan_mode(plan), path);
	say_result(json_pack("{s:s, s:i, s:s, s:s, s:s, s:s}", "type", "result", "schema", 1, "ceremony",
			     plan->id, "mode", plan_mode(plan), "digest", digest, "file", path));
}

int cmd_script(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.args_doc = "PLAN",
		.doc = "Write the script of the day as one HTML page, to be printed and written on: people, things, "
		       "who can do what together, every step with what must be seen and what to do when it is not, "
		       "and sheets for exceptions, destruction and signatures. The same plan gives the same page.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	struct plan plan;
	int result;

	options_parse(&argp, "simrite ceremony script", argc, argv, &input, &input.options);
	result = plan_load(&plan, input.plan, &fault);
	if (result == 0)
		result = script_put(input.out, &plan, &fault);
	if (result == 0 && input.out && strcmp(input.out, "-") != 0)
		tell(&plan, input.out);
	plan_free(&plan);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

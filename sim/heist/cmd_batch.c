/* The inner side of building a world: one batch, where there are readers with cards. */
#include <argp.h>
#include <string.h>

#include "heist/commands.h"
#include "heist/world.h"
#include "lib/options.h"
#include "lib/say.h"

struct arguments {
	struct options options;
	const char *out, *batch;
	enum phase phase;
	bool talk;
};

enum {
	KEY_PHASE = 256,
	KEY_STORY,
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case 'o':
		arguments->out = text;
		return 0;
	case KEY_PHASE:
		if (strcmp(text, phase_name(BEFORE)) != 0 && strcmp(text, phase_name(AFTER)) != 0)
			argp_error(state, "--phase is \"before\" or \"after\"");
		arguments->phase = strcmp(text, phase_name(AFTER)) == 0 ? AFTER : BEFORE;
		return 0;
	case KEY_STORY:
		arguments->talk = true;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->batch)
			return ARGP_ERR_UNKNOWN;
		arguments->batch = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->out || !arguments->batch)
			argp_error(state, "--out and a batch are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int work(const struct arguments *arguments, struct fault *fault)
{
	const struct batch *batch;
	struct world world;
	struct heist at;

	if (heist_begin(&at, arguments->out, fault) < 0 || world_read(&world, &at, fault) < 0)
		return -1;
	if (!(batch = world_batch(&world, arguments->batch)))
		return fault_set(fault, FAULT_USAGE, NULL, "%s has no batch \"%s\"", at.shown,
				 arguments->batch);
	if (arguments->phase == BEFORE && world_make(&world, batch, arguments->talk, fault) < 0)
		return -1;
	return world_attach(&world, batch, arguments->phase, fault);
}

int cmd_batch(int argc, char **argv)
{
	static const struct argp_option option_table[] = {
		{"out", 'o', "DIR", 0, "the folder of the world", 0},
		{"phase", KEY_PHASE, "NAME", 0,
		 "before the theft (the default: cards are made, too) or after", 0},
		{"story", KEY_STORY, NULL, 0, "tell what happens", 0},
		{0},
	};
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table, parse,
		"BATCH",      "One batch of a world, inside simulated readers; the other commands call this.",
		children,     NULL,
		NULL};
	struct arguments arguments = {.phase = BEFORE};
	struct fault fault = {0};

	options_parse(&argp, "simrite heist batch", argc, argv, &arguments, &arguments.options);
	stop_catch_every();
	return work(&arguments, &fault) < 0 ? say_fault(&fault) : 0;
}

#include "batch/commands.h"
#include "lib/journal.h"
#include "lib/options.h"
#include "lib/say.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum {
	OPTION_OUT = 0x200,
	PATH_SIZE = 512,
};

struct input {
	struct options options;
	const char *order, *out;
};

static const struct argp_option status_options[] = {
	{"out", OPTION_OUT, "FOLDER", 0, "Where personalise keeps its journal", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case OPTION_OUT:
		input->out = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (input->order)
			argp_usage(state);
		input->order = argument;
		return 0;
	case ARGP_KEY_END:
		if (!input->order || !input->out)
			argp_error(state, "ORDER and --out are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int count_all(int count[static 5], const struct order *order, const char *folder, struct fault *fault)
{
	struct journal *journal = NULL;
	char path[PATH_SIZE];
	int64_t n = 0;
	int state;

	if (snprintf(path, sizeof(path), "%s/journal.db", folder) >= PATH_SIZE || access(path, F_OK) != 0)
		return fault_set(fault, FAULT_INPUT, "personalise makes it", "%s: there is no journal",
				 folder);
	if (journal_open(&journal, path, fault) < 0)
		return -1;
	for (state = JOURNAL_PLANNED; state <= JOURNAL_LOST && n >= 0; state++) {
		n = journal_count(journal, order->batch, (enum journal_state)state, fault);
		count[state] = (int)n;
	}
	journal_close(journal);
	return n < 0 ? -1 : 0;
}

int cmd_status(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = status_options,
		.parser = parse,
		.args_doc = "ORDER",
		.doc = "Say how many cards of an order are in which state. Touches no card.",
		.children = children,
	};
	struct order order;
	struct input input = {0};
	struct fault fault = {0};
	int count[5] = {0};

	options_parse(&argp, "simrite batch status", argc, argv, &input, &input.options);
	if (order_load(&order, input.order, &fault) < 0 || count_all(count, &order, input.out, &fault) < 0)
		return say_fault(&fault);
	say("%s: %u cards: %d verified, %d loading, %d claimed, %d planned, %d lost", order.batch,
	    (unsigned)order.count, count[JOURNAL_VERIFIED], count[JOURNAL_LOADING], count[JOURNAL_CLAIMED],
	    count[JOURNAL_PLANNED], count[JOURNAL_LOST]);
	say_result(json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:i}", "batch", order.batch, "cards",
			     (int)order.count, "verified", count[JOURNAL_VERIFIED], "loading",
			     count[JOURNAL_LOADING], "claimed", count[JOURNAL_CLAIMED], "planned",
			     count[JOURNAL_PLANNED], "lost", count[JOURNAL_LOST]));
	return FAULT_NONE;
}

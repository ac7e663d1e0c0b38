#include <string.h>

#include "card/commands.h"
#include "lib/card_state.h"
#include "lib/fault.h"
#include "lib/hex.h"
#include "lib/say.h"

static error_t parse(int key, char *value, struct argp_state *state)
{
	(void)value;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = state->input;
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void show(const struct reader_entry *entry)
{
	char atr[2 * sizeof(entry->atr) + 1];
	bool ours = card_atr_ours(entry->atr, entry->atr_length);

	hex_write(atr, entry->atr, entry->atr_length);
	say("%s", entry->name);
	if (entry->card_present)
		say("    %s card, ATR %s", ours ? "simrite" : "other", atr);
	else
		say("    no card");
	say_result(json_pack("{s:s, s:b, s:b, s:s}", "reader", entry->name, "card", entry->card_present,
			     "simrite", ours, "atr", atr));
}

int cmd_list(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {.parser = parse,
					 .doc = "Show the PC/SC readers, and the cards in them.",
					 .children = children};
	struct reader_entry entries[64];
	struct options options = {0};
	struct fault fault;
	int i, n;

	options_parse(&argp, "simrite card list", argc, argv, &options, &options);
	n = reader_list(entries, sizeof(entries) / sizeof(entries[0]), &fault);
	if (n < 0)
		return say_fault(&fault);
	for (i = 0; i < n; i++)
		show(&entries[i]);
	if (n == 0)
		say_note("PC/SC knows no reader");
	return FAULT_NONE;
}

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "fleet/commands.h"
#include "fleet/replacement.h"
#include "lib/options.h"
#include "lib/say.h"

enum {
	MOST = 2000000000,
	OPTION_MADE_FROM = 0x200,
	OPTION_SWAPPED,
	OPTION_CENTS,
};

/* What is reckoned with, and where it is from. A value given is "given". */
struct term {
	const char *name, *from;
	uint64_t value;
};

enum which {
	TERM_STOCK,
	TERM_MADE,
	TERM_MADE_FROM,
	TERM_SWAPPED,
	TERM_CENTS,
	TERMS,
};

struct arguments {
	struct options options;
	const char *report;
	uint64_t cards;
	struct term term[TERMS];
};

static const struct argp_option option_table[] = {
	{"cards", 'n', "N", 0, "cards to be replaced (default 23000000, published)", 0},
	{"report", 'r', "FILE", 0, "in place of that: what a fleet.json measured, theft by theft", 0},
	{"stock", 's', "N", 0, "cards at hand (default 1000000, published)", 0},
	{"made-a-day", 'm', "N", 0, "cards that the factory makes a day (default 150000, assumed)", 0},
	{"first-made-day", OPTION_MADE_FROM, "DAY", 0, "when the factory begins (default 14, assumed)", 0},
	{"handed-out-a-day", OPTION_SWAPPED, "N", 0,
	 "new cards that reach people a day (default 250000, assumed)", 0},
	{"cents", OPTION_CENTS, "N", 0, "what one costs, hand-out and all (default 500, assumed)", 0},
	{0},
};

static void give(struct arguments *arguments, enum which which, struct argp_state *state, const char *text)
{
	arguments->term[which].value = options_number(state, text, 0, MOST);
	arguments->term[which].from = "given";
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case 'n':
		arguments->cards = options_number(state, text, 0, MOST);
		return 0;
	case 'r':
		arguments->report = text;
		return 0;
	case 's':
		give(arguments, TERM_STOCK, state, text);
		return 0;
	case 'm':
		give(arguments, TERM_MADE, state, text);
		return 0;
	case OPTION_MADE_FROM:
		give(arguments, TERM_MADE_FROM, state, text);
		return 0;
	case OPTION_SWAPPED:
		give(arguments, TERM_SWAPPED, state, text);
		return 0;
	case OPTION_CENTS:
		give(arguments, TERM_CENTS, state, text);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* One row: who has to get a new card, and what that takes. */
static int add(json_t *rows, const struct arguments *arguments, const char *what, uint64_t cards,
	       struct fault *fault)
{
	const struct term *t = arguments->term;
	const struct replacement_terms terms = {.cards = cards,
						.stock = t[TERM_STOCK].value,
						.made_per_day = t[TERM_MADE].value,
						.made_from_day = t[TERM_MADE_FROM].value,
						.swapped_per_day = t[TERM_SWAPPED].value,
						.cents_per_card = t[TERM_CENTS].value};
	struct replacement r;

	if (!replacement_run(&r, &terms))
		return fault_set(fault, FAULT_INPUT, "give more stock, or cards made and handed out a day",
				 "%" PRIu64 " cards are never replaced on these terms", cards);
	say("   %-32s %10" PRIu64 " %7" PRIu64 " %7" PRIu64 " %15" PRIu64 " %14.2f", what, cards, r.days,
	    r.days_waiting, r.exposed, (double)r.cents / 100);
	json_array_append_new(rows, json_pack("{s:s,s:I,s:I,s:I,s:I,s:I}", "what", what, "cards",
					      (json_int_t)cards, "days", (json_int_t)r.days, "days_waiting",
					      (json_int_t)r.days_waiting, "subscriber_days_exposed",
					      (json_int_t)r.exposed, "cents", (json_int_t)r.cents));
	return 0;
}

/* Every theft of a report that opened anybody. */
static int add_report(json_t *rows, const struct arguments *arguments, struct fault *fault)
{
	json_error_t error;
	json_t *report = json_load_file(arguments->report, 0, &error), *cell;
	const json_t *cells = json_object_get(report, "thefts");
	char what[80];
	size_t i;
	int e = 0;

	if (!json_is_array(cells))
		e = fault_set(fault, FAULT_INPUT, "simrite fleet run writes one", "%s is no fleet.json%s%s",
			      arguments->report, report ? "" : ": ", report ? "" : error.text);
	json_array_foreach(cells, i, cell)
	{
		const char *design = json_string_value(json_object_get(cell, "design"));
		const char *theft = json_string_value(json_object_get(cell, "theft"));
		json_int_t opened = json_integer_value(json_object_get(cell, "opened"));

		if (e < 0 || opened <= 0)
			continue;
		(void)snprintf(what, sizeof(what), "%s, %s", design ? design : "?", theft ? theft : "?");
		e = add(rows, arguments, what, (uint64_t)opened, fault);
	}
	json_decref(report);
	return e;
}

int cmd_replace(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table,
		parse,
		NULL,
		"New cards for everybody whose key is out: how many days, how much money, and how long "
		"people go on being listened to.",
		children,
		NULL,
		NULL};
	struct arguments arguments = {
		.cards = 23000000,
		.term = {[TERM_STOCK] = {"stock", "published: telecomtv.com on an operator's theft of 2025",
					 1000000},
			 [TERM_MADE] = {"made a day", "assumed", 150000},
			 [TERM_MADE_FROM] = {"first day of these", "assumed", 14},
			 [TERM_SWAPPED] = {"handed out a day", "assumed", 250000},
			 [TERM_CENTS] = {"cents each", "assumed", 500}}};
	json_t *rows = json_array(), *terms = json_object();
	struct fault fault;
	int e;

	options_parse(&argp, "simrite fleet replace", argc, argv, &arguments, &arguments.options);
	for (int i = 0; i < TERMS; i++) {
		const struct term *t = &arguments.term[i];

		say("%-20s %10" PRIu64 "   %s", t->name, t->value, t->from);
		json_object_set_new(terms, t->name,
				    json_pack("{s:I,s:s}", "value", (json_int_t)t->value, "label", t->from));
	}
	say("\n   %-32s %10s %7s %7s %15s %14s", "", "cards", "days", "waiting", "exposed (days)", "money");
	e = arguments.report ? add_report(rows, &arguments, &fault)
			     : add(rows, &arguments, "everybody", arguments.cards, &fault);
	if (e == 0)
		say_result(json_pack("{s:O,s:O}", "terms", terms, "replacements", rows));
	json_decref(rows);
	json_decref(terms);
	return e < 0 ? say_fault(&fault) : 0;
}

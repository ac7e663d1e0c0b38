/* simrite-judge: compare a thief's loot with the sealed truth. */
#include <argp.h>
#include <string.h>

#include "judge/judge.h"
#include "lib/options.h"
#include "lib/say.h"

struct arguments {
	struct options options;
	const char *truths[JUDGE_DESIGNS_MAX]; /* "design=folder" */
	unsigned count;
	const char *loot;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case 't':
		if (!strchr(text, '=') || arguments->count == JUDGE_DESIGNS_MAX)
			argp_error(state, "--truth wants DESIGN=DIR, at most %d times", JUDGE_DESIGNS_MAX);
		arguments->truths[arguments->count++] = text;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->loot)
			argp_error(state, "one loot folder at a time");
		arguments->loot = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->loot || !arguments->count)
			argp_error(state, "--truth and a loot folder are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int judge(const struct arguments *arguments, struct verdicts *verdicts, struct fault *fault)
{
	char design[32];
	unsigned i;

	for (i = 0; i < arguments->count; i++) {
		const char *equals = strchr(arguments->truths[i], '=');

		(void)snprintf(design, sizeof(design), "%.*s", (int)(equals - arguments->truths[i]),
			       arguments->truths[i]);
		if (judge_truth(verdicts, design, equals + 1, fault) < 0)
			return -1;
	}
	return judge_loot(verdicts, arguments->loot, fault);
}

static json_t *cell_json(const struct judge_cell *cell, const struct verdicts *verdicts)
{
	return json_pack("{s:s,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i}", "design", cell->design,
			 "sessions", (int)(cell->sessions[0] + cell->sessions[1]), "decrypted",
			 (int)(cell->decrypted[0] + cell->decrypted[1]), "sessions_before",
			 (int)cell->sessions[0], "decrypted_before", (int)cell->decrypted[0],
			 "sessions_after", (int)cell->sessions[1], "decrypted_after", (int)cell->decrypted[1],
			 "keys", (int)cell->keys, "recovered", (int)cell->recovered, "claimed",
			 (int)(cell->recovered + cell->false_keys), "false_keys", (int)cell->false_keys,
			 "false_packets", (int)verdicts->false_packets);
}

static void tell(const struct verdicts *verdicts)
{
	json_t *cells = json_array();
	unsigned i;

	for (i = 0; i < verdicts->count; i++) {
		const struct judge_cell *cell = &verdicts->cells[i];

		say("%-12s %u of %u sessions decrypted, %u of %u keys recovered", cell->design,
		    cell->decrypted[0] + cell->decrypted[1], cell->sessions[0] + cell->sessions[1],
		    cell->recovered, cell->keys);
		json_array_append_new(cells, cell_json(cell, verdicts));
	}
	say("false claims: %u keys, %u packets", verdicts->false_keys, verdicts->false_packets);
	say_result(json_pack("{s:o,s:i,s:i}", "cells", cells, "false_keys", (int)verdicts->false_keys,
			     "false_packets", (int)verdicts->false_packets));
}

int main(int argc, char **argv)
{
	static const struct argp_option option_table[] = {
		{"truth", 't', "DESIGN=DIR", 0, "a design and the folder of its sealed truth", 0}, {0}};
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table, parse, "LOOT", "Compare a thief's loot with the sealed truth.",
		children,     NULL,  NULL};
	struct arguments arguments = {.count = 0};
	struct verdicts verdicts = {.count = 0};
	struct fault fault = {0};
	int e;

	options_parse(&argp, "simrite judge", argc, argv, &arguments, &arguments.options);
	e = judge(&arguments, &verdicts, &fault);
	if (e == 0)
		tell(&verdicts);
	judge_free(&verdicts);
	return e < 0 ? say_fault(&fault) : 0;
}

/* Examine sample cards: every check of vet/checks.h on each, and what no two
 * cards may have in common. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "lib/options.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "vet/checks.h"
#include "vet/commands.h"

enum {
	KEY_REFERENCE = 0xC001,
	KEY_ALL,
	KEY_KEYS,
	KEY_OVERWRITE,
	KEY_SEED,
	KEY_ONLY,
	KEY_CHALLENGES,
	KEY_POWER_UPS,
	KEY_AUTHENTICATIONS,
	KEY_SIGNATURES,
	KEY_DEEP,
	READERS = 32,
	CHECKS = 32,
	SEED_MOST = 999999999
};

struct input {
	struct options options;
	const char *reference, *keys, *only;
	bool all, overwrite, has_seed;
	unsigned seed;
	struct vet_budget budget;
};

static const struct argp_option rows[] = {
	{"reference", KEY_REFERENCE, "NAME", 0, "Compare with the honest card in this reader", 0},
	{"all", KEY_ALL, NULL, 0,
	 "Examine the cards in all readers but that, and compare them with each other", 0},
	{"keys", KEY_KEYS, "FILE", 0,
	 "The channel keys of cards and reference (default: the public test keys)", 0},
	{"overwrite", KEY_OVERWRITE, NULL, 0, "Also cards that are personalised: what they hold is lost", 0},
	{"seed", KEY_SEED, "N", 0, "Ask what was asked with this seed (default: a random one, which is told)",
	 0},
	{"only", KEY_ONLY, "NAME[,NAME...]", 0, "Only these checks", 0},
	{"challenges", KEY_CHALLENGES, "N", 0, "256-byte challenges for the statistics (default 1024)", 0},
	{"power-ups", KEY_POWER_UPS, "N", 0, "Power cycles (default 1000)", 0},
	{"authentications", KEY_AUTHENTICATIONS, "N", 0, "Length of the long run (default 1000)", 0},
	{"signatures", KEY_SIGNATURES, "N", 0,
	 "Signatures and channels, and half as many agreements (default 16)", 0},
	{"deep", KEY_DEEP, NULL, 0, "Every class, every tag, every AMF", 0},
	{0},
};

/* Is `name` one of the comma-separated `list`? */
static bool listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (; list && *list; list += strcspn(list, ",")) {
		list += *list == ',';
		if (strncmp(list, name, length) == 0 && (list[length] == ',' || list[length] == 0))
			return true;
	}
	return false;
}

static void check_only(struct argp_state *state, const char *list)
{
	char word[32];

	for (const char *at = list; *at; at += strcspn(at, ",")) {
		bool known = false;

		at += *at == ',';
		(void)snprintf(word, sizeof(word), "%.*s", (int)strcspn(at, ","), at);
		for (const struct check *check = checks; check->name; check++)
			known = known || strcmp(check->name, word) == 0;
		if (!known)
			argp_error(state, "--only: no check \"%s\"", word);
	}
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;
	struct vet_budget *budget = &input->budget;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case KEY_REFERENCE:
		input->reference = value;
		return 0;
	case KEY_ALL:
		input->all = true;
		return 0;
	case KEY_KEYS:
		input->keys = value;
		return 0;
	case KEY_OVERWRITE:
		input->overwrite = true;
		return 0;
	case KEY_SEED:
		input->seed = options_number(state, value, 0, SEED_MOST);
		input->has_seed = true;
		return 0;
	case KEY_ONLY:
		check_only(state, value);
		input->only = value;
		return 0;
	case KEY_CHALLENGES:
		budget->challenges = options_number(state, value, 64, 1u << 20);
		return 0;
	case KEY_POWER_UPS:
		budget->power_ups = options_number(state, value, 2, 1u << 24);
		return 0;
	case KEY_AUTHENTICATIONS:
		budget->authentications = options_number(state, value, 1, 1u << 24);
		return 0;
	case KEY_SIGNATURES:
		budget->signatures = options_number(state, value, 2, 64);
		return 0;
	case KEY_DEEP:
		budget->deep = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return 0;
	case ARGP_KEY_END:
		if (input->all && input->options.reader)
			argp_error(state, "--reader or --all, not both");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* ---- telling ---- */

static const char *const verdicts[] = {"clean", "found", "not done"};

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static json_t *tell(const struct check *check, const struct vet_finding *finding, unsigned long apdus,
		    double seconds)
{
	say("%-8s %-13s %s", verdicts[finding->verdict], check->name, finding->text);
	return json_pack("{s:s, s:s, s:s, s:I, s:f, s:s, s:s}", "check", check->name, "verdict",
			 verdicts[finding->verdict], "text", finding->text, "apdus", (json_int_t)apdus,
			 "seconds", seconds, "shows", check->shows, "blind", check->blind);
}

static void conclude(unsigned found)
{
	if (found)
		say("%u of the checks found something", found);
	else
		say("nothing was found, which does not prove that there is nothing: \"--help\" lists what no "
		    "check sees");
}

/* ---- examining ---- */

/* All checks of one card; how many found something, or -1. */
static int examine(struct vet *vet, const struct input *input, struct fault *fault)
{
	json_t *list = json_array();
	unsigned found = 0;
	int result = vet_begin(vet, input->overwrite, fault);

	say("card %u in reader \"%s\", seed %u", vet->number, reader_name(vet->card), input->seed);
	for (const struct check *check = checks; check->name && result == 0; check++) {
		struct vet_finding finding = {VET_CLEAN, ""};
		unsigned long before = vet->apdus;
		double start = now();

		if (input->only && !listed(input->only, check->name))
			continue;
		result = check->run(vet, &finding, fault);
		if (result == 0)
			(void)json_array_append_new(
				list, tell(check, &finding, vet->apdus - before, now() - start));
		else
			(void)fault_prefix(fault, "%s", check->name);
		found += finding.verdict == VET_FOUND;
	}
	if (result == 0)
		say_result(json_pack("{s:s, s:i, s:i, s:b, s:i, s:I, s:O}", "reader", reader_name(vet->card),
				     "card", (int)vet->number, "seed", (int)input->seed, "reference",
				     vet->reference != NULL, "found", (int)found, "apdus",
				     (json_int_t)vet->apdus, "checks", list));
	json_decref(list);
	return result == 0 ? (int)found : -1;
}

/* The names of the readers to examine; how many, or -1. */
static int choose(const char *names[static READERS], struct reader_entry *entries, const struct input *input,
		  const struct reader *reference, struct fault *fault)
{
	int readers, count = 0;

	if (!input->all) {
		names[0] = input->options.reader;
		return 1;
	}
	readers = reader_list(entries, READERS, fault);
	for (int i = 0; i < readers && i < READERS; i++)
		if (entries[i].card_present &&
		    (!reference || strcmp(entries[i].name, reader_name(reference)) != 0))
			names[count++] = entries[i].name;
	if (readers >= 0 && count == 0)
		return fault_set(fault, FAULT_CARD, "insert a card", "no reader has a card to examine");
	return readers < 0 ? -1 : count;
}

/* Examine each; the sum of what was found, or -1. */
static int examine_all(const struct input *input, struct vet *vet, struct fault *fault)
{
	struct reader_entry entries[READERS];
	const char *names[READERS];
	int count = choose(names, entries, input, vet->reference, fault), sum = 0;

	for (int i = 0; i < count; i++) {
		int found;

		vet->number = (unsigned)i + 1;
		vet->drawn = vet->apdus = 0;
		if (reader_open(&vet->card, names[i], fault) != 0)
			return -1;
		found = examine(vet, input, fault);
		vet_end(vet);
		reader_close(vet->card);
		vet->card = NULL;
		if (found < 0)
			return -1;
		sum += found;
	}
	return count < 0 ? -1 : sum;
}

static int run(const struct input *input, struct vet *vet, struct fault *fault)
{
	static const struct check across = {"cards", "", "random values that cards have in common",
					    "values that only the vendor can connect", NULL};
	struct vet_finding finding = {VET_CLEAN, ""};
	int found;

	vet->keys = scp03_test_keys;
	if (input->keys && scp03_key_set_load(&vet->keys, input->keys, fault) != 0)
		return -1;
	if (input->reference && reader_open(&vet->reference, input->reference, fault) != 0)
		return -1;
	found = examine_all(input, vet, fault);
	if (found < 0)
		return -1;
	if (vet->number > 1) {
		vet_compare_prints(vet->prints, &finding);
		say_result(json_pack("{s:i, s:o}", "cards", (int)vet->number, "across",
				     tell(&across, &finding, 0, 0)));
		found += finding.verdict == VET_FOUND;
	}
	conclude((unsigned)found);
	return found;
}

/* "--help" ends with what each check can and cannot tell. */
static char *help(int key, const char *text, void *input)
{
	size_t size;
	char *out;
	FILE *to;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)(uintptr_t)text;
	to = open_memstream(&out, &size);
	if (!to)
		return NULL;
	(void)fprintf(to, "Checks:\n");
	for (const struct check *check = checks; check->name; check++)
		(void)fprintf(to, "  %s: %s.\n    finds %s;\n    does not see %s\n", check->name,
			      check->about, check->shows, check->blind);
	return fclose(to) == 0 ? out : NULL;
}

int cmd_card(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_reader_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = rows,
		.parser = parse,
		.doc = "Look for backdoors in a sample card, from outside: personalise it with values of our own, "
		       "ask it what a vendor might have answers for, and say what was found.\v"
		       "post",
		.children = children,
		.help_filter = help};
	struct input input = {
		.budget = {.challenges = 1024, .power_ups = 1000, .authentications = 1000, .signatures = 16}};
	struct vet_prints prints = {NULL, 0, 0};
	struct vet *vet = calloc(1, sizeof(*vet));
	struct fault fault = {0};
	int found;

	options_parse(&argp, "simrite vet card", argc, argv, &input, &input.options);
	stop_catch();
	if (!vet || (!input.has_seed && getrandom(&input.seed, sizeof(input.seed), 0) < 0)) {
		free(vet);
		(void)fault_set(&fault, FAULT_SYSTEM, NULL, "no memory");
		return say_fault(&fault);
	}
	input.seed %= SEED_MOST;
	vet->seed = input.seed;
	vet->budget = input.budget;
	vet->prints = &prints;
	found = run(&input, vet, &fault);
	reader_close(vet->card);
	reader_close(vet->reference);
	secret_wipe(vet, sizeof(*vet));
	free(vet);
	free(prints.at);
	return found < 0 ? say_fault(&fault) : found ? FAULT_NO : FAULT_NONE;
}

/* simrite-heist: the theft of 2010 done for real, and measured. */
#include <argp.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "heist/confine.h"
#include "heist/heist.h"
#include "heist/mailbox.h"
#include "heist/run_folder.h"
#include "lib/options.h"
#include "lib/say.h"
#include "report/report.h"

struct arguments {
	struct options options;
	const char *out, *seed, *design;
	unsigned cards, sessions;
};

static const struct argp_option option_table[] = {
	{"cards", 'c', "N", 0, "cards of each design, 1 to 16 (default 8)", 0},
	{"out", 'o', "DIR", 0, "where everything goes; an earlier run there is replaced", 0},
	{"seed", 's', "TEXT", 0, "what users say and the mails around depend on it (default 1)", 0},
	{"sessions", 'n', "N", 0, "attaches per card (default 2)", 0},
	{0},
};

static const struct argp_option out_table[] = {
	{"out", 'o', "DIR", 0, "the folder of the run", 0},
	{0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case 'c':
		arguments->cards = options_number(state, text, 1, HEIST_CARDS_MAX);
		return 0;
	case 'o':
		arguments->out = text;
		return 0;
	case 's':
		if (!*text || strlen(text) > 64)
			argp_error(state, "a seed has 1 to 64 characters");
		arguments->seed = text;
		return 0;
	case 'n':
		arguments->sessions = options_number(state, text, 1, 20);
		return 0;
	case ARGP_KEY_ARG: /* only the inner command takes one */
		if (!arguments->design)
			return ARGP_ERR_UNKNOWN;
		arguments->design = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->out)
			argp_error(state, "--out is needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int find_programs(struct heist *heist, struct fault *fault)
{
	ssize_t n = readlink("/proc/self/exe", heist->programs, sizeof(heist->programs) - 1);

	if (n < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot find my own path: %s", strerror(errno));
	heist->programs[n] = 0;
	*strrchr(heist->programs, '/') = 0;
	return 0;
}

/* Fill in paths; OUT is there. */
static int begin(struct heist *heist, const struct arguments *arguments, struct fault *fault)
{
	char path[PATH_MAX];

	heist->seed = arguments->seed;
	heist->cards = arguments->cards;
	heist->sessions = arguments->sessions;
	(void)snprintf(heist->shown, sizeof(heist->shown), "%s", arguments->out);
	if (find_programs(heist, fault) < 0)
		return -1;
	if (!realpath(arguments->out, path) || strlen(path) > 300)
		return fault_set(fault, FAULT_SYSTEM, "give a shorter path", "cannot use %s", arguments->out);
	(void)snprintf(heist->out, sizeof(heist->out), "%s", path);
	return 0;
}

/* A new run, in a folder that nobody else works in. */
static int begin_anew(struct heist *heist, const struct arguments *arguments, struct fault *fault)
{
	return run_folder_make(arguments->out, fault) < 0 || begin(heist, arguments, fault) < 0 ||
			       heist_folder(heist, "sealed", 0700, fault) < 0 ||
			       heist_folder(heist, "log", 0755, fault) < 0
		       ? -1
		       : 0;
}

/* This program again, inside simulated readers, for one design. */
static int batch_in_readers(const struct heist *heist, const struct heist_batch *batch, struct fault *fault)
{
	char sim[HEIST_PATH], self[HEIST_PATH], answers[HEIST_PATH], cards[16], sessions[16];

	heist_program(sim, heist, "simrite-sim");
	heist_program(self, heist, "simrite-heist");
	heist_path(answers, heist, "sealed/answers.log");
	(void)snprintf(cards, sizeof(cards), "%u", heist->cards);
	(void)snprintf(sessions, sizeof(sessions), "%u", heist->sessions);
	(void)setenv("SIMRITE_ANSWERS", answers, 1); /* a path; pcscd's driver writes there */
	{
		const char *const argv[] = {sim,
					    "run",
					    "--cards",
					    cards,
					    "--profile",
					    "blank",
					    "--",
					    self,
					    "batch",
					    "--out",
					    heist->out,
					    "--cards",
					    cards,
					    "--seed",
					    heist->seed,
					    "--sessions",
					    sessions,
					    design_name(batch->design),
					    say_json() ? "--json" : NULL,
					    NULL};

		return heist_show(heist, design_name(batch->design), argv, fault);
	}
}

static int tell(struct heist *heist, double seconds, struct fault *fault)
{
	char path[HEIST_PATH], when[32];
	time_t now = time(NULL);
	struct tm date;

	(void)strftime(when, sizeof(when), "%Y-%m-%d", gmtime_r(&now, &date));
	json_object_set_new(heist->facts, "seed", json_string(heist->seed));
	json_object_set_new(heist->facts, "cards", json_integer(heist->cards));
	json_object_set_new(heist->facts, "sessions_per_card", json_integer(heist->sessions));
	json_object_set_new(heist->facts, "seconds", json_real(seconds));
	json_object_set_new(heist->facts, "when", json_string(when));
	json_object_set_new(heist->facts, "out", json_string(heist->shown));
	json_object_set_new(heist->facts, "version", json_string(VERSION));
	heist_path(path, heist, "matrix.json");
	if (report_matrix(path, heist->facts, fault) < 0)
		return -1;
	heist_path(path, heist, "report.html");
	return report_html(path, heist->facts, fault);
}

static void show_matrix(const struct heist *heist)
{
	const json_t *cell;
	size_t i;

	say("\n   design      thief     sessions decrypted   keys recovered");
	json_array_foreach(json_object_get(heist->facts, "cells"), i, cell)
	{
		say("   %-11s %-9s %8lld of %-8lld %7lld of %lld",
		    json_string_value(json_object_get(cell, "design")),
		    json_string_value(json_object_get(cell, "thief")),
		    (long long)json_integer_value(json_object_get(cell, "decrypted")),
		    (long long)json_integer_value(json_object_get(cell, "sessions")),
		    (long long)json_integer_value(json_object_get(cell, "recovered")),
		    (long long)json_integer_value(json_object_get(cell, "keys")));
	}
}

static double clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Do the cells say what they should, and has nothing leaked? The report is there
 * before, marked as unfinished, and says afterwards what was found. */
static int examine(struct heist *heist, double start, struct fault *fault)
{
	struct fault second;

	json_object_set_new(heist->facts, "search", json_string("not done"));
	json_object_set_new(heist->facts, "failure", json_string("it did not come to its end"));
	if (tell(heist, clock_now() - start, fault) < 0)
		return -1;
	show_matrix(heist);
	say("\n5  Is any secret where it should not be?");
	if (expect_stage(heist, fault) < 0 || secrets_stage(heist, fault) < 0) {
		json_object_set_new(heist->facts, "failure", json_string(fault->text));
		(void)tell(heist, clock_now() - start, &second); /* the first fault is the one to tell */
		return -1;
	}
	json_object_del(heist->facts, "failure");
	say("   %s.", json_string_value(json_object_get(heist->facts, "search")));
	return tell(heist, clock_now() - start, fault);
}

/* The cells hold without it, but then nothing but the thieves' own code says that they did not cheat. */
static void warn_unconfined(const struct heist *heist)
{
	bool files = json_is_true(json_object_get(heist->facts, "confined_files"));
	bool calls = json_is_true(json_object_get(heist->facts, "confined_sockets"));

	const char *missing = files ? "seccomp filters" : calls ? "Landlock" : "Landlock and seccomp filters";

	if (files && calls)
		return;
	say("   NOT CONFINED: this kernel lacks %s; only how they were built kept the thieves apart.",
	    missing);
	say_note("warning: the thieves were not fully confined: this kernel lacks %s", missing);
}

static int run_all(struct heist *heist, struct fault *fault)
{
	double start = clock_now();
	char mail[HEIST_PATH];
	int i;

	say("%u cards of each design, seed %s, into %s\n", heist->cards, heist->seed, heist->shown);
	say("1  A key ceremony makes the operator's master key; %d custodians get a share, any %d restore it.",
	    HEIST_SHARES, HEIST_THRESHOLD);
	heist_path(mail, heist, "mail");
	if (ceremony_stage(heist, fault) < 0 || mailbox_fill(mail, heist->seed, fault) < 0)
		return -1;
	say("   Its transcript, %lld signed lines, verifies.",
	    (long long)json_integer_value(json_object_get(heist->facts, "transcript_lines")));
	for (i = 0; i < 2; i++) {
		say("%d  Batch \"%s\".", 2 + i, design_name(heist_batches[i].design));
		if (batch_in_readers(heist, &heist_batches[i], fault) < 0)
			return -1;
	}
	say("4  The theft.");
	if (betrayal_stage(heist, fault) < 0)
		return -1;
	say("   %d of %d custodians give their shares away: the batch key is recombined.", HEIST_THRESHOLD,
	    HEIST_SHARES);
	if (thieves_stage(heist, fault) < 0)
		return -1;
	warn_unconfined(heist);
	if (examine(heist, start, fault) < 0)
		return -1;
	say("\nA file of keys in a mail opened every conversation. With derived keys the same thief got nothing,\n"
	    "and whoever got the one key behind them got everything: that is the price.\n\n"
	    "%.1f s. Open %s/report.html in a browser, %s/radio.pcapng in Wireshark.",
	    clock_now() - start, heist->shown, heist->shown);
	return 0;
}

static int demo(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table,
		parse,
		NULL,
		"Make cards in two ways, record their traffic, steal keys, and measure what the theft is worth.",
		children,
		NULL,
		NULL};
	struct arguments arguments = {.cards = 8, .seed = "1", .sessions = 2};
	struct heist heist = {.facts = json_object()};
	struct fault fault = {0};
	int e;

	options_parse(&argp, "simrite heist demo", argc, argv, &arguments, &arguments.options);
	stop_catch_every();
	e = begin_anew(&heist, &arguments, &fault);
	if (e == 0)
		e = run_all(&heist, &fault);
	if (e == 0)
		say_result(json_pack("{s:s,s:O,s:O,s:O,s:{s:O?,s:O?}}", "report", heist.shown, "cells",
				     json_object_get(heist.facts, "cells"), "seconds",
				     json_object_get(heist.facts, "seconds"), "search",
				     json_object_get(heist.facts, "search"), "confined", "files",
				     json_object_get(heist.facts, "confined_files"), "sockets",
				     json_object_get(heist.facts, "confined_sockets")));
	json_decref(heist.facts);
	return e < 0 ? say_fault(&fault) : 0;
}

static int batch(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table, parse,
		"DESIGN",     "One batch, inside simulated readers; the demonstration calls this.",
		children,     NULL,
		NULL};
	struct arguments arguments = {.cards = 8, .seed = "1", .sessions = 2, .design = "bulk-plain"};
	struct heist heist = {.facts = NULL};
	struct fault fault = {0};
	int i, e;

	options_parse(&argp, "simrite heist batch", argc, argv, &arguments, &arguments.options);
	stop_catch_every();
	if ((e = begin(&heist, &arguments, &fault)) == 0)
		for (i = 0; i < 2 && e == 0; i++)
			if (!strcmp(arguments.design, design_name(heist_batches[i].design)))
				e = batch_stage(&heist, &heist_batches[i], &fault);
	return e < 0 ? say_fault(&fault) : 0;
}

/* How many cards a finished run had. */
static int read_cards(struct heist *heist, struct fault *fault)
{
	char path[HEIST_PATH];
	json_t *matrix;

	heist_path(path, heist, "matrix.json");
	matrix = json_load_file(path, 0, NULL);
	heist->cards = (unsigned)json_integer_value(json_object_get(matrix, "cards"));
	json_decref(matrix);
	if (heist->cards >= 1 && heist->cards <= HEIST_CARDS_MAX)
		return 0;
	return fault_set(fault, FAULT_INPUT, "run simrite heist demo first", "%s holds no finished run",
			 heist->shown);
}

/* The last stage again, over a run that is there: has anything leaked since? */
static int search(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		out_table, parse,
		NULL,      "Look through a finished run for every secret of it. Exit status 1 names one.",
		children,  NULL,
		NULL};
	struct arguments arguments = {.cards = 8, .seed = "1", .sessions = 2};
	struct heist heist = {.facts = json_object()};
	struct fault fault = {0};
	int e;

	options_parse(&argp, "simrite heist search", argc, argv, &arguments, &arguments.options);
	e = run_folder_hold(arguments.out, &fault);
	if (e == 0 && (e = begin(&heist, &arguments, &fault)) == 0 && (e = read_cards(&heist, &fault)) == 0)
		e = secrets_stage(&heist, &fault);
	if (e == 0) {
		say("%s", json_string_value(json_object_get(heist.facts, "search")));
		say_result(json_pack("{s:O}", "search", json_object_get(heist.facts, "search")));
	}
	json_decref(heist.facts);
	return e < 0 ? say_fault(&fault) : 0;
}

struct confine_arguments {
	struct options options;
	const char *word[3]; /* program, captured, out */
	unsigned count;
};

static error_t parse_confine(int key, char *text, struct argp_state *state)
{
	struct confine_arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->count == 3)
			return ARGP_ERR_UNKNOWN;
		arguments->word[arguments->count++] = text;
		return 0;
	case ARGP_KEY_END:
		if (arguments->count != 3)
			argp_error(state, "which PROGRAM, CAPTURED and OUT?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int confine(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		NULL,
		parse_confine,
		"PROGRAM CAPTURED OUT",
		"Become PROGRAM, which may read CAPTURED, write OUT, and reach nothing else.",
		children,
		NULL,
		NULL};
	struct confine_arguments arguments = {.count = 0};
	struct fault fault = {0};

	options_parse(&argp, "simrite heist confine", argc, argv, &arguments, &arguments.options);
	(void)confine_and_run(arguments.word[0], arguments.word[1], arguments.word[2], &fault);
	return say_fault(&fault);
}

int main(int argc, char **argv)
{
	static const struct command_row rows[] = {
		{"demo", demo,
		 "the whole story: ceremony, cards, mail, radio, two thieves, a judge, a report"},
		{"batch", batch, "one batch inside simulated readers (part of the demonstration)"},
		{"search", search, "look through a finished run for every secret of it"},
		{"confine", confine, "run a thief that can reach two folders and nothing else"},
		{0},
	};

	return options_family(rows, "simrite heist", argc, argv);
}

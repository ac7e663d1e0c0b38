/* The demonstration: one world of two designs, two thieves, and the story told. */
#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "heist/cell.h"
#include "heist/commands.h"
#include "heist/expect.h"
#include "heist/quorum.h"
#include "heist/run_folder.h"
#include "heist/secrets.h"
#include "heist/tables.h"
#include "lib/options.h"
#include "lib/say.h"
#include "report/report.h"
#include "theft/record.h"

struct arguments {
	struct options options;
	const char *out, *seed;
	unsigned cards, sessions;
};

struct demo {
	struct world world;
	json_t *facts; /* report/report.h */
	double start;
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
		arguments->sessions = options_number(state, text, 1, WORLD_SESSIONS_MAX);
		return 0;
	case ARGP_KEY_END:
		if (!arguments->out)
			argp_error(state, "--out is needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static double clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int begin(struct demo *demo, const struct arguments *arguments, struct fault *fault)
{
	struct world_order order = {.designs = {design_find("bulk-plain"), design_find("derived")},
				    .batches = 2,
				    .access = "lte",
				    .cards = arguments->cards,
				    .before = arguments->sessions};
	struct heist at;

	(void)snprintf(order.seed, sizeof(order.seed), "%s", arguments->seed);
	return run_folder_make(arguments->out, fault) < 0 || heist_begin(&at, arguments->out, fault) < 0 ||
			       world_lay_out(&demo->world, &at, &order, fault) < 0 ||
			       world_begin(&demo->world, fault) < 0
		       ? -1
		       : 0;
}

/* ---- facts for the report ---- */

/* Lines of the transcript: for people, and for the report. */
static int note_transcript(struct demo *demo, struct fault *fault)
{
	json_t *lines = heist_lines(&demo->world.at, "transcript.jsonl", fault);

	if (!lines)
		return -1;
	json_object_set_new(demo->facts, "transcript_lines",
			    json_integer((json_int_t)json_array_size(lines)));
	json_object_set_new(demo->facts, "threshold", json_integer(QUORUM_THRESHOLD));
	json_object_set_new(demo->facts, "shares", json_integer(QUORUM_SHARES));
	json_decref(lines);
	return 0;
}

/* What a thief tells of itself; `wanted` ends with NULL. */
static int note_thief(struct demo *demo, const char *name, const char *const *wanted, struct fault *fault)
{
	char file[120];
	json_t *lines, *line;
	size_t i, w;

	(void)snprintf(file, sizeof(file), "thieves/%s/result.jsonl", name);
	if (!(lines = heist_lines(&demo->world.at, file, fault)))
		return -1;
	json_array_foreach(lines, i, line)
	{
		for (w = 0; wanted[w]; w++)
			if (json_object_get(line, wanted[w]))
				json_object_set(demo->facts, wanted[w], json_object_get(line, wanted[w]));
	}
	json_decref(lines);
	return 0;
}

/* What holds for all cells: false claims, and whether it was the kernel that held every thief. */
static void note_cells(struct demo *demo)
{
	bool files = true, sockets = true;
	json_int_t keys = 0, packets = 0;
	const json_t *cell;
	size_t i;

	json_array_foreach(json_object_get(demo->facts, "cells"), i, cell)
	{
		const json_t *confined = json_object_get(cell, "confined");

		files &= json_is_true(json_object_get(confined, "files"));
		sockets &= json_is_true(json_object_get(confined, "sockets"));
		keys += json_integer_value(json_object_get(cell, "false_keys"));
		packets += json_integer_value(json_object_get(cell, "false_packets"));
	}
	json_object_set_new(demo->facts, "confined_files", json_boolean(files));
	json_object_set_new(demo->facts, "confined_sockets", json_boolean(sockets));
	json_object_set_new(demo->facts, "false_keys", json_integer(keys));
	json_object_set_new(demo->facts, "false_packets", json_integer(packets));
}

static void hex_text(char *out, size_t size, const uint8_t *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < length && 2 * i + 3 < size; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* The first packet the courier opened, as it was on the air and as it is in the loot. */
static void note_example(struct demo *demo)
{
	json_t *lines = heist_lines(&demo->world.at, "thieves/courier/loot/traffic.jsonl", NULL),
	       *line = json_array_get(lines, 0);
	const char *plain = json_string_value(json_object_get(line, "data"));
	char path[HEIST_PATH], cipher[1100] = "", message[256] = "";
	struct record record;
	size_t i;

	heist_path(path, &demo->world.at, "radio.pcapng");
	if (plain && record_read(&record, path, NULL) == 0) {
		for (i = 0; i < record.count; i++)
			if (record.sessions[i].rnti == json_integer_value(json_object_get(line, "rnti")) &&
			    record.sessions[i].pdu_count)
				hex_text(cipher, sizeof(cipher), record.sessions[i].pdus[0].data,
					 record.sessions[i].pdus[0].length);
		for (i = 0; i + 1 < sizeof(message) && strlen(plain) > 56 + 2 * i; i++) {
			char pair[3] = {plain[56 + 2 * i], plain[57 + 2 * i], 0};

			message[i] = (char)strtoul(pair, NULL, 16);
		}
		json_object_set_new(demo->facts, "example",
				    json_pack("{s:O,s:s,s:s,s:s}", "imsi", json_object_get(line, "imsi"),
					      "cipher", cipher, "plain", plain, "message", message));
		record_free(&record);
	}
	json_decref(lines);
}

static int note_frames(struct demo *demo, struct fault *fault)
{
	struct datagram datagram;
	struct capture capture;
	char path[HEIST_PATH];
	int n = 0, more;

	heist_path(path, &demo->world.at, "radio.pcapng");
	if (capture_open(&capture, path, fault) < 0)
		return -1;
	while ((more = capture_read(&capture, &datagram, fault)) > 0)
		n++;
	capture_end(&capture);
	json_object_set_new(demo->facts, "frames", json_integer(n));
	return more;
}

/* ---- the end ---- */

static int tell(struct demo *demo, struct fault *fault)
{
	const struct world_order *order = &demo->world.order;
	char path[HEIST_PATH], when[32];
	time_t now = time(NULL);
	struct tm date;

	(void)strftime(when, sizeof(when), "%Y-%m-%d", gmtime_r(&now, &date));
	json_object_set_new(demo->facts, "seed", json_string(order->seed));
	json_object_set_new(demo->facts, "cards", json_integer(order->cards));
	json_object_set_new(demo->facts, "sessions_per_card", json_integer(order->before));
	json_object_set_new(demo->facts, "seconds", json_real(clock_now() - demo->start));
	json_object_set_new(demo->facts, "when", json_string(when));
	json_object_set_new(demo->facts, "out", json_string(demo->world.at.shown));
	json_object_set_new(demo->facts, "version", json_string(VERSION));
	tables_put(demo->facts);
	heist_path(path, &demo->world.at, "matrix.json");
	if (report_matrix(path, demo->facts, fault) < 0)
		return -1;
	heist_path(path, &demo->world.at, "report.html");
	return report_html(path, demo->facts, fault);
}

static void show_matrix(const struct demo *demo)
{
	const json_t *cell;
	size_t i;

	say("\n   design      thief     sessions decrypted   keys recovered");
	json_array_foreach(json_object_get(demo->facts, "cells"), i, cell)
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

/* What the four cells must say. */
static int expect(const struct demo *demo, struct fault *fault)
{
	static const struct {
		const char *design, *thief, *share;
	} expected[] = {
		{"bulk-plain", "courier", "all"},
		{"bulk-plain", "master", "none"},
		{"derived", "courier", "none"},
		{"derived", "master", "all"},
	};
	static const char *const measures[] = {"decrypted", "recovered"};
	struct expectation expectation;
	const json_t *cell;
	size_t i, m;

	for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		cell = report_cell(demo->facts, expected[i].design, expected[i].thief);
		for (m = 0; m < 2; m++)
			if (expect_read(&expectation, measures[m], expected[i].share, fault) < 0 ||
			    expect_check(&expectation, cell, fault) < 0)
				return fault_prefix(fault, "%s, thief %s", expected[i].design,
						    expected[i].thief);
	}
	return 0;
}

/* Was everything recorded, and nothing claimed that is not true? */
static int expect_sound(const struct demo *demo, struct fault *fault)
{
	const long sessions = (long)demo->world.order.cards * (long)demo->world.order.before;
	const json_t *cell;
	size_t i;

	json_array_foreach(json_object_get(demo->facts, "cells"), i, cell)
	{
		if (json_integer_value(json_object_get(cell, "sessions")) != sessions)
			return fault_set(fault, FAULT_NO, "see log/ for what each program said",
					 "%s: not %ld sessions were recorded",
					 json_string_value(json_object_get(cell, "design")), sessions);
	}
	if (json_integer_value(json_object_get(demo->facts, "false_keys")) ||
	    json_integer_value(json_object_get(demo->facts, "false_packets")))
		return fault_set(fault, FAULT_NO, NULL, "a thief claimed what is not true");
	return 0;
}

/* Do the cells say what they should, and has nothing leaked? The report is there
 * before, marked as unfinished, and says afterwards what was found. */
static int examine(struct demo *demo, struct fault *fault)
{
	struct fault second;
	char found[160];

	json_object_set_new(demo->facts, "search", json_string("not done"));
	json_object_set_new(demo->facts, "failure", json_string("it did not come to its end"));
	if (tell(demo, fault) < 0)
		return -1;
	show_matrix(demo);
	say("\n5  Is any secret where it should not be?");
	if (expect(demo, fault) < 0 || expect_sound(demo, fault) < 0 ||
	    secrets_search(&demo->world, found, fault) < 0) {
		json_object_set_new(demo->facts, "failure", json_string(fault->text));
		(void)tell(demo, &second); /* the first fault is the one to tell */
		return -1;
	}
	json_object_del(demo->facts, "failure");
	json_object_set_new(demo->facts, "search", json_string(found));
	say("   %s.", found);
	return tell(demo, fault);
}

/* The cells hold without it, but then nothing but the thieves' own code says that they did not cheat. */
static void warn_unconfined(const struct demo *demo)
{
	bool files = json_is_true(json_object_get(demo->facts, "confined_files"));
	bool calls = json_is_true(json_object_get(demo->facts, "confined_sockets"));
	const char *missing = files ? "seccomp filters" : calls ? "Landlock" : "Landlock and seccomp filters";

	if (files && calls)
		return;
	say("   NOT CONFINED: this kernel lacks %s; only how they were built kept the thieves apart.",
	    missing);
	say_note("warning: the thieves were not fully confined: this kernel lacks %s", missing);
}

/* ---- the story ---- */

static int build(struct demo *demo, struct fault *fault)
{
	struct world *world = &demo->world;
	unsigned i;

	say("%u cards of each design, seed %s, into %s\n", world->order.cards, world->order.seed,
	    world->at.shown);
	say("1  A key ceremony makes the operator's master key; %d custodians get a share, any %d restore it.",
	    QUORUM_SHARES, QUORUM_THRESHOLD);
	if (world_ceremony(world, fault) < 0 || note_transcript(demo, fault) < 0)
		return -1;
	say("   Its transcript, %lld signed lines, verifies.",
	    (long long)json_integer_value(json_object_get(demo->facts, "transcript_lines")));
	for (i = 0; i < world->order.batches; i++) {
		say("%u  Batch \"%s\".", 2 + i, world->batches[i].name);
		if (world_batch_run(world, &world->batches[i], BEFORE, true, fault) < 0)
			return -1;
	}
	return world_moment(world, fault);
}

static int rob(struct demo *demo, struct fault *fault)
{
	static const char *const of_courier[] = {"mails", "hits", "guesses", NULL};
	static const char *const of_master[] = {"cards_tried", NULL};
	const struct thief *courier = thief_find("courier"), *master = thief_find("master");
	json_t *cells = json_array();
	char refused[200];

	json_object_set_new(demo->facts, "cells", cells);
	say("4  The theft.");
	if (cell_capture(&demo->world, master, refused, fault) < 0)
		return -1;
	say("   %d of %d custodians give their shares away: the batch key is recombined.", QUORUM_THRESHOLD,
	    QUORUM_SHARES);
	say("   The courier thief reads the mailbox and the radio record, and nothing else.");
	if (cell_run(&demo->world, courier, CLONE_NONE, cells, fault) < 0 ||
	    note_thief(demo, "courier", of_courier, fault) < 0)
		return -1;
	say("   The master thief has the batch key, the radio record, and one card's printed number.");
	if (cell_judge(&demo->world, master, refused, cells, fault) < 0 ||
	    note_thief(demo, "master", of_master, fault) < 0 || note_frames(demo, fault) < 0)
		return -1;
	note_cells(demo);
	note_example(demo);
	return 0;
}

static int run_all(struct demo *demo, struct fault *fault)
{
	if (build(demo, fault) < 0 || rob(demo, fault) < 0)
		return -1;
	warn_unconfined(demo);
	if (examine(demo, fault) < 0)
		return -1;
	say("\nA file of keys in a mail opened every conversation. With derived keys the same thief got nothing,\n"
	    "and whoever got the one key behind them got everything: that is the price.\n\n"
	    "%.1f s. Open %s/report.html in a browser, %s/radio.pcapng in Wireshark.",
	    clock_now() - demo->start, demo->world.at.shown, demo->world.at.shown);
	return 0;
}

int cmd_demo(int argc, char **argv)
{
	static const struct argp_option option_table[] = {
		{"cards", 'c', "N", 0, "cards of each design, 1 to 16 (default 8)", 0},
		{"out", 'o', "DIR", 0, "where everything goes; an earlier run there is replaced", 0},
		{"seed", 's', "TEXT", 0, "what users say and the mails around depend on it (default 1)", 0},
		{"sessions", 'n', "N", 0, "attaches per card (default 2)", 0},
		{0},
	};
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
	struct demo demo = {.facts = json_object()};
	struct fault fault = {0};
	int e;

	options_parse(&argp, "simrite heist demo", argc, argv, &arguments, &arguments.options);
	stop_catch_every();
	demo.start = clock_now();
	e = begin(&demo, &arguments, &fault);
	if (e == 0)
		e = run_all(&demo, &fault);
	if (e == 0)
		say_result(json_pack("{s:s,s:O,s:O,s:O,s:{s:O?,s:O?}}", "report", demo.world.at.shown,
				     "cells", json_object_get(demo.facts, "cells"), "seconds",
				     json_object_get(demo.facts, "seconds"), "search",
				     json_object_get(demo.facts, "search"), "confined", "files",
				     json_object_get(demo.facts, "confined_files"), "sockets",
				     json_object_get(demo.facts, "confined_sockets")));
	json_decref(demo.facts);
	return e < 0 ? say_fault(&fault) : 0;
}

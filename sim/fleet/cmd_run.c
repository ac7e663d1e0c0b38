#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fleet/commands.h"
#include "fleet/published.h"
#include "fleet/raid.h"
#include "fleet/subsets.h"
#include "lib/hex.h"
#include "lib/options.h"
#include "lib/say.h"

enum {
	OPTION_AGREED = 0x200,
	OPTION_DESIGN,
	OPTION_TARGETS,
	OPTION_THREADS,
	AGREED_BATCHES = 10, /* most batches of the agreed fleet, which is a sample */
};

struct arguments {
	struct options options;
	const char *out, *seed;
	unsigned count, batches, agreed, targets, threads;
	enum fleet_design only; /* FLEET_DESIGNS: all */
};

static const struct argp_option option_table[] = {
	{"count", 'n', "N", 0, "subscribers of each design (default 1000000)", 0},
	{"batches", 'b', "N", 0, "batches they come in (default 100)", 0},
	{"agreed", OPTION_AGREED, "N", 0,
	 "subscribers of the design \"agreed\", whose cards each compute on P-256 (default 10000)", 0},
	{"design", OPTION_DESIGN, "NAME", 0, "only this design", 0},
	{"out", 'o', "DIR", 0, "where fleet.json goes; tens of gigabytes are not needed, one is", 0},
	{"seed", 's', "TEXT", 0, "every key, RAND and word depends on it (default 1)", 0},
	{"targets", OPTION_TARGETS, "N", 0, "persons whom an order names (default 25)", 0},
	{"threads", OPTION_THREADS, "N", 0, "cards, and thieves, at a time (default: as many as processors)",
	 0},
	{0},
};

static error_t parse_design(struct arguments *arguments, const char *text, struct argp_state *state)
{
	for (int d = 0; d < FLEET_DESIGNS; d++)
		if (!strcmp(text, fleet_design_name((enum fleet_design)d))) {
			arguments->only = (enum fleet_design)d;
			return 0;
		}
	argp_error(state, "no design \"%s\": there are bulk-plain, bulk-aead, derived, derived-batch, agreed",
		   text);
	return EINVAL;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case 'n':
		arguments->count = options_number(state, text, 1, FLEET_COUNT_MAX);
		return 0;
	case 'b':
		arguments->batches = options_number(state, text, 1, FLEET_BATCHES_MAX);
		return 0;
	case 'o':
		arguments->out = text;
		return 0;
	case 's':
		if (!*text || strlen(text) > 64)
			argp_error(state, "a seed has 1 to 64 characters");
		arguments->seed = text;
		return 0;
	case OPTION_AGREED:
		arguments->agreed = options_number(state, text, 1, FLEET_COUNT_MAX);
		return 0;
	case OPTION_DESIGN:
		return parse_design(arguments, text, state);
	case OPTION_TARGETS:
		arguments->targets = options_number(state, text, 1, 100000);
		return 0;
	case OPTION_THREADS:
		arguments->threads = options_number(state, text, 1, FLEET_THREADS_MAX);
		return 0;
	case ARGP_KEY_END:
		if (!arguments->out)
			argp_error(state, "--out is needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* ---- the folder ---- */

struct place {
	char out[FLEET_PATH], work[FLEET_PATH], programs[FLEET_PATH];
	int lock;
};

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

/* Nothing of a fleet stays but its report: what is stolen are keys. */
static void place_clear(const struct place *place)
{
	(void)nftw(place->work, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int place_open(struct place *place, const char *out, struct fault *fault)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", place->programs, sizeof(place->programs) - 1);

	place->lock = -1;
	if (n < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot find my own path: %s", strerror(errno));
	place->programs[n] = 0;
	*strrchr(place->programs, '/') = 0;
	if (mkdir(out, 0755) < 0 && errno != EEXIST)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot make %s: %s", out, strerror(errno));
	if (!realpath(out, path) || strlen(path) > 300)
		return fault_set(fault, FAULT_SYSTEM, "give a shorter path", "cannot use %s", out);
	(void)snprintf(place->out, sizeof(place->out), "%s", path);
	(void)snprintf(place->work, sizeof(place->work), "%.300s/.simrite-fleet", path);
	place->lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (place->lock < 0 || flock(place->lock, LOCK_EX | LOCK_NB) < 0)
		return fault_set(fault, FAULT_POLICY, "give another --out", "another program works in %s",
				 out);
	place_clear(place);
	if (mkdir(place->work, 0700) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot make %s: %s", place->work,
				 strerror(errno));
	return 0;
}

static void place_close(const struct place *place)
{
	if (place->lock < 0)
		return;
	place_clear(place);
	close(place->lock);
}

/* ---- one design ---- */

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct result {
	json_t *designs, *thefts, *design_times, *theft_times;
	bool confined_files, confined_calls;
	unsigned wrong;
};

static int note_design(struct result *result, const struct fleet *fleet, unsigned whole, double seconds,
		       struct fault *fault)
{
	uint8_t digest[SHA256_LENGTH];
	char hex[2 * SHA256_LENGTH + 1];
	const char *name = fleet_design_name(fleet->design);
	json_int_t commands = (json_int_t)atomic_load(&fleet->commands);

	if (fleet_digest(digest, fleet, fault) < 0)
		return -1;
	hex_write(hex, digest, sizeof(digest));
	say("\n%s: %u cards in %u batches, %.1f s (%.0f cards/s), %lld APDUs%s", name, fleet->count,
	    fleet->batches, seconds, fleet->count / seconds, (long long)commands,
	    fleet->count < whole ? "; a sample, not the whole fleet" : "");
	json_array_append_new(result->designs,
			      json_pack("{s:s,s:I,s:I,s:b,s:I,s:I,s:s,s:s}", "name", name, "subscribers",
					(json_int_t)fleet->count, "batches", (json_int_t)fleet->batches,
					"sample", fleet->count < whole, "authentications",
					(json_int_t)fleet->count * (FLEET_SESSIONS + 1), "commands", commands,
					"record_sha256", hex, "label", "measured"));
	json_array_append_new(result->design_times,
			      json_pack("{s:s,s:f,s:f}", "name", name, "seconds", seconds, "cards_per_second",
					fleet->count / seconds));
	return 0;
}

static void show_cells(const json_t *cells, size_t from)
{
	say("   theft               opened    before     after    cloned   one bit wrong");
	for (size_t i = from; i < json_array_size(cells); i++) {
		const json_t *cell = json_array_get(cells, i);

		say("   %-17s %8lld %9lld %9lld %9lld   %lld%s",
		    json_string_value(json_object_get(cell, "theft")),
		    (long long)json_integer_value(json_object_get(cell, "opened")),
		    (long long)json_integer_value(json_object_get(cell, "before")),
		    (long long)json_integer_value(json_object_get(cell, "after")),
		    (long long)json_integer_value(json_object_get(cell, "cloned")),
		    (long long)json_integer_value(
			    json_object_get(json_object_get(cell, "one_bit_wrong"), "opened")),
		    json_is_true(json_object_get(cell, "as_expected")) ? "" : "   NOT AS EXPECTED");
	}
}

static int run_design(struct result *result, enum fleet_design design, const struct arguments *arguments,
		      const struct place *place, struct fault *fault)
{
	bool agreed = design == FLEET_AGREED;
	struct fleet fleet = {.count = agreed ? arguments->agreed : arguments->count,
			      .threads = arguments->threads};
	struct raid work = {.fleet = &fleet,
			    .programs = place->programs,
			    .folder = place->work,
			    .targets = arguments->targets,
			    .threads = arguments->threads,
			    .cells = result->thefts,
			    .times = result->theft_times,
			    .confined_files = true,
			    .confined_calls = true};
	size_t from = json_array_size(result->thefts);
	double start;
	int e;

	if (agreed && fleet.count > arguments->count)
		fleet.count = arguments->count;
	fleet.batches = agreed && arguments->batches > AGREED_BATCHES ? AGREED_BATCHES : arguments->batches;
	if (fleet.batches > fleet.count)
		fleet.batches = fleet.count;
	e = draw_seed(fleet.seed, arguments->seed, fault);
	if (e == 0)
		e = fleet_begin(&fleet, design, place->work, fault);
	start = now();
	if (e == 0)
		e = fleet_run(&fleet, fault);
	if (e == 0)
		e = note_design(result, &fleet, arguments->count, now() - start, fault);
	if (e == 0)
		e = raid(&work, fault);
	if (e == 0)
		show_cells(result->thefts, from);
	fleet_end(&fleet);
	result->wrong += work.wrong;
	result->confined_files = result->confined_files && work.confined_files;
	result->confined_calls = result->confined_calls && work.confined_calls;
	return e;
}

/* ---- the report ---- */

static json_t *custodies(const struct arguments *arguments, struct fault *fault)
{
	static const char *const plans[] = {"A,A,B,B,C", "A,A,A,B,C"};
	json_t *list = json_array(), *one;
	uint8_t seed[DRAW_SEED];
	struct custody custody;

	if (draw_seed(seed, arguments->seed, fault) < 0)
		return NULL;
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		if (subsets_parse(&custody, plans[i], 3, fault) < 0 ||
		    !(one = subsets_analyse(&custody, seed, fault))) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, one);
	}
	return list;
}

/* What this program, or its thieves, took: at most so much memory (KB), and processor time (s), added up. */
static long used(double *processor, int whose)
{
	struct rusage usage = {0};

	(void)getrusage(whose, &usage);
	*processor += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		      (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	return usage.ru_maxrss;
}

static int write_report(const struct place *place, const json_t *report, struct fault *fault)
{
	char path[FLEET_PATH + 32], part[FLEET_PATH + 32];

	(void)snprintf(path, sizeof(path), "%s/fleet.json", place->out);
	(void)snprintf(part, sizeof(part), "%s/fleet.json", place->work);
	if (json_dump_file(report, part, JSON_INDENT(1) | JSON_PRESERVE_ORDER) < 0 || rename(part, path) < 0)
		return fault_set(fault, FAULT_SYSTEM, "make room on the disk", "cannot write %s: %s", path,
				 strerror(errno));
	return 0;
}

static int tell(const struct result *result, const struct arguments *arguments, const struct place *place,
		double seconds, struct fault *fault)
{
	double processor = 0;
	long mine = used(&processor, RUSAGE_SELF), thief = used(&processor, RUSAGE_CHILDREN);
	json_t *custody = custodies(arguments, fault), *report;
	int e;

	if (!custody)
		return -1;
	report = json_pack(
		"{s:s,s:i,s:s,s:s,s:I,s:I,s:{s:b,s:b},s:O,s:O,s:o,s:o,s:{s:f,s:f,s:i,s:I,s:I,s:O,s:O}}",
		"type", "fleet", "schema", 1, "version", VERSION, "seed", arguments->seed, "count",
		(json_int_t)arguments->count, "batches", (json_int_t)arguments->batches, "confined", "files",
		result->confined_files, "sockets", result->confined_calls, "designs", result->designs,
		"thefts", result->thefts, "custody", custody, "published", published_figures(), "times",
		"seconds", seconds, "processor_seconds", processor, "threads", (int)arguments->threads,
		"peak_memory_kb", (json_int_t)mine, "peak_memory_thief_kb", (json_int_t)thief, "designs",
		result->design_times, "thefts", result->theft_times);
	e = write_report(place, report, fault);
	say("\n%.1f s, %.1f s of processor time, at most %ld MB of memory in this program and %ld MB in a thief. "
	    "%s/fleet.json",
	    seconds, processor, mine / 1024, thief / 1024, arguments->out);
	if (e == 0)
		say_result(json_pack("{s:s,s:s,s:O,s:O,s:I,s:f}", "report", arguments->out, "seed",
				     arguments->seed, "designs", result->designs, "thefts", result->thefts,
				     "peak_memory_kb", (json_int_t)mine, "seconds", seconds));
	json_decref(report);
	return e;
}

static int run_all(const struct arguments *arguments, const struct place *place, struct fault *fault)
{
	struct result result = {.designs = json_array(),
				.thefts = json_array(),
				.design_times = json_array(),
				.theft_times = json_array(),
				.confined_files = true,
				.confined_calls = true};
	double start = now();
	int e = 0;

	say("%u subscribers of each design, %u batches, %u threads, seed %s. A laboratory: every random byte "
	    "comes from the seed.",
	    arguments->count, arguments->batches, arguments->threads, arguments->seed);
	for (int d = 0; d < FLEET_DESIGNS && e == 0; d++)
		if (arguments->only == FLEET_DESIGNS || (int)arguments->only == d)
			e = run_design(&result, (enum fleet_design)d, arguments, place, fault);
	if (e == 0 && !(result.confined_files && result.confined_calls))
		say_note(
			"warning: the thieves were not fully confined: this kernel lacks Landlock or seccomp filters");
	if (e == 0)
		e = tell(&result, arguments, place, now() - start, fault);
	if (e == 0 && result.wrong)
		e = fault_set(fault, FAULT_NO, "fleet.json says which",
			      "%u thefts had another outcome than expected", result.wrong);
	json_decref(result.designs);
	json_decref(result.thefts);
	json_decref(result.design_times);
	json_decref(result.theft_times);
	return e;
}

int cmd_run(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table,
		parse,
		NULL,
		"A fleet of whole cards in this process, under each way to deliver keys; then thieves, each a "
		"process with nothing but what was stolen and what was heard; and who of the fleet they open.",
		children,
		NULL,
		NULL};
	struct arguments arguments = {.seed = "1",
				      .count = 1000000,
				      .batches = 100,
				      .agreed = 10000,
				      .targets = 25,
				      .only = FLEET_DESIGNS};
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct place place;
	struct fault fault = {0};
	int e;

	arguments.threads = processors < 1                   ? 1
			    : processors > FLEET_THREADS_MAX ? FLEET_THREADS_MAX
							     : (unsigned)processors;
	options_parse(&argp, "simrite fleet run", argc, argv, &arguments, &arguments.options);
	stop_catch_every();
	e = place_open(&place, arguments.out, &fault);
	if (e == 0)
		e = run_all(&arguments, &place, &fault);
	place_close(&place);
	return e < 0 ? say_fault(&fault) : 0;
}

/* GNU argp does the parsing; here are only our habits. argp takes the name it
 * prints from argv[0], which is why options_parse() replaces it. */
#include "lib/options.h"

#include <errno.h>
#include <error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fault.h"
#include "lib/say.h"

enum {
	KEY_JSON = 0xE001,
	KEY_NO_PROGRESS,
	KEY_READER
};

#define SHARED_OPTIONS                                                                                       \
	{"json", KEY_JSON, NULL, 0, "One JSON object a line on standard output", -2},                        \
	{                                                                                                    \
		"no-progress", KEY_NO_PROGRESS, NULL, 0, "Show no progress bar", -2                          \
	}

static const struct argp_option shared[] = {SHARED_OPTIONS, {0}};
static const struct argp_option shared_reader[] = {
	{"reader", KEY_READER, "NAME", 0, "Use the reader of this name, or whose name starts so", -2},
	SHARED_OPTIONS,
	{0},
};

static error_t parse_shared(int key, char *value, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case KEY_JSON:
		options->json = true;
		return 0;
	case KEY_NO_PROGRESS:
		options->no_progress = true;
		return 0;
	case KEY_READER:
		options->reader = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp options_argp = {.options = shared, .parser = parse_shared};
const struct argp options_reader_argp = {.options = shared_reader, .parser = parse_shared};

void options_parse(const struct argp *argp, const char *path, int argc, char **argv, void *input,
		   struct options *options)
{
	char name[64];
	error_t result;

	argp_program_version = "simrite " VERSION;
	argp_err_exit_status = FAULT_USAGE;
	(void)snprintf(name, sizeof(name), "%s", path);
	if (argc > 0)
		argv[0] = name;
	say_guard(path); /* --help is a result, too */
	result = argp_parse(argp, argc, argv, 0, NULL, input);
	if (result != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(result));
		exit(FAULT_BUG);
	}
	say_start(path, options->json, !options->no_progress);
}

/* ---- families ---- */

static void print_family(FILE *to, const struct command_row *rows, const char *family)
{
	fprintf(to, "Usage: %s COMMAND [OPTION...]\n\n", family);
	for (; rows->name; rows++)
		fprintf(to, "  %-12s %s\n", rows->name, rows->about);
	fprintf(to, "\n\"%s COMMAND --help\" lists a command's options.\n", family);
}

/* How many letters two words share at the start; enough to guess a slip. */
static size_t alike(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

static int unknown_command(const struct command_row *rows, const char *family, const char *word)
{
	const struct command_row *row, *best = NULL;
	size_t most = 0;

	for (row = rows; row->name; row++)
		if (alike(row->name, word) > most) {
			most = alike(row->name, word);
			best = row;
		}
	fprintf(stderr, "%s: no command \"%s\"\n", family, word);
	if (best)
		fprintf(stderr, "did you mean \"%s %s\"?\n", family, best->name);
	else
		fprintf(stderr, "try \"%s --help\"\n", family);
	return FAULT_USAGE;
}

int options_family(const struct command_row *rows, const char *family, int argc, char **argv)
{
	const struct command_row *row;

	say_guard(family);
	if (argc < 2) {
		print_family(stderr, rows, family);
		return FAULT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		print_family(stdout, rows, family);
		return FAULT_NONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("simrite " VERSION);
		return FAULT_NONE;
	}
	if (strcmp(argv[1], "--list-commands") == 0) {
		for (row = rows; row->name; row++)
			puts(row->name);
		return FAULT_NONE;
	}
	for (row = rows; row->name; row++)
		if (strcmp(row->name, argv[1]) == 0)
			return row->run(argc - 1, argv + 1);
	return unknown_command(rows, family, argv[1]);
}

unsigned options_number(struct argp_state *state, const char *value, unsigned least, unsigned most)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || errno || number < least || number > most)
		argp_error(state, "\"%s\" is not a number from %u to %u", value, least, most);
	return (unsigned)number;
}

/* options.h - the options every simrite command shares, as an argp child. */
#ifndef SIMRITE_OPTIONS_H
#define SIMRITE_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

struct options {
	bool json;          /* --json */
	bool no_progress;   /* --no-progress */
	const char *reader; /* --reader NAME: a PC/SC reader name or the start of one */
};

/* One of these is the first child of a command's `struct argp`; set
 * state->child_inputs[0] to a struct options in ARGP_KEY_INIT. The second is
 * the first and --reader. Their keys are above 0xE000: do not use those. */
extern const struct argp options_argp;
extern const struct argp options_reader_argp;

/* argp_parse() with our habits: exit 2 on misuse, program name as in `path`
 * ("simrite card program"), --version. Calls say_start(). `input` goes to the
 * command's own parser, `options` is what its ARGP_KEY_INIT hands to the child. */
void options_parse(const struct argp *argp, const char *path, int argc, char **argv, void *input,
		   struct options *options);

/* The number in `value`, decimal digits alone, from least to most; else misuse: it ends the program. */
unsigned options_number(struct argp_state *state, const char *value, unsigned least, unsigned most);

/* A row of a family's table of commands: "simrite card list" is the row
 * {"list", cmd_list, "..."} of simrite-card. `run` gets argv from the
 * command's own name on, and returns the exit status. */
struct command_row {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *about; /* one line for --help */
};

/* The main() of a family: find argv[1] in `rows` (ended by a NULL name) and
 * run it; --help, --version and --list-commands (for completion) are
 * answered here, anything else is misuse: a suggestion and exit 2.
 * `family` is "simrite card". */
int options_family(const struct command_row *rows, const char *family, int argc, char **argv);

#endif

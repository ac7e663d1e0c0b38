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

/* Children for a `struct argp`; set state->child_inputs[0] to a struct options
 * in ARGP_KEY_INIT. options_reader_argp adds --reader. */
extern const struct argp options_argp;
extern const struct argp options_reader_argp;

/* argp_parse() with our habits: exit 2 on misuse, program name as in `path`
 * ("simrite card program"), --version. Calls say_start(). */
void options_parse(const struct argp *argp, const char *path, int argc, char **argv, void *input,
		   struct options *options);

#endif

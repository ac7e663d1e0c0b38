/* commands.h - simrite-card: one function per command, and what they share. */
#ifndef SIMRITE_CARD_COMMANDS_H
#define SIMRITE_CARD_COMMANDS_H

#include <argp.h>
#include <stdbool.h>

#include "lib/options.h"
#include "lib/profile.h"
#include "lib/reader.h"

int cmd_list(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_read(int argc, char **argv);
int cmd_program(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_auth(int argc, char **argv);

/* --pin1 and --force-last-tries as an argp child: the second of a command,
 * after options_reader_argp; its input is a struct unlock. */
struct unlock {
	const char *pin1; /* a secret source (lib/secret.h), or NULL */
	bool force;
};
extern const struct argp unlock_argp;

/* What every command that opens a card begins its own options with. */
struct command_input {
	struct options options;
	struct unlock unlock;
};

/* In a parser's ARGP_KEY_INIT: hand the shared parts to the two children. */
void command_init(struct argp_state *state, struct command_input *input);

/* VERIFY a PIN read from `source`, after asking the card how many tries are
 * left: fewer than three are refused (FAULT_POLICY) unless `force`, because
 * that is how cards die. A wrong PIN is FAULT_NO and says what is left. */
int unlock_pin(struct reader *reader, unsigned reference, const char *name, const char *source, bool force,
	       struct fault *fault);

/* Open the reader the options name and, with --pin1, verify PIN1. */
int open_card(struct reader **reader, const struct command_input *input, struct fault *fault);

/* PROFILE on the command line: a file, or "test", the profile built in. */
int load_profile(struct profile *profile, const char *argument, struct fault *fault);

#endif

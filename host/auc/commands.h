/* commands.h - simrite-auc: one function per command, and what they share. */
#ifndef SIMRITE_AUC_COMMANDS_H
#define SIMRITE_AUC_COMMANDS_H

#include <argp.h>

#include "lib/auc.h"
#include "lib/options.h"

int cmd_init(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_add(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_vector(int argc, char **argv);
int cmd_serve(int argc, char **argv);

/* --database, --kek and --hsm as an argp child: the second of every command,
 * after options_argp; its input is a struct auc_place. */
extern const struct argp place_argp;

/* What every command's own options begin with, for PLACE_INIT. */
struct command_input {
	struct options options;
	struct auc_place place;
};

/* In a parser's ARGP_KEY_INIT: hand the shared parts to the two children. */
void place_init(struct argp_state *state, struct command_input *input);

#endif

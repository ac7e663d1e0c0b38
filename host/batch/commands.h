/* commands.h - simrite-batch: one function per command. */
#ifndef SIMRITE_BATCH_COMMANDS_H
#define SIMRITE_BATCH_COMMANDS_H

int cmd_birth(int argc, char **argv);
int cmd_order(int argc, char **argv);
int cmd_personalise(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_codes(int argc, char **argv);
int cmd_seal(int argc, char **argv);

#endif

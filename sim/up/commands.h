/* commands.h - the commands of simrite-sim, each in the file of its family. */
#ifndef SIMRITE_UP_COMMANDS_H
#define SIMRITE_UP_COMMANDS_H

int cmd_up(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_shell(int argc, char **argv);

int cmd_down(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_insert(int argc, char **argv);
int cmd_remove(int argc, char **argv);

#endif

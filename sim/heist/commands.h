/* commands.h - the commands of simrite-heist, one file each. */
#ifndef SIMRITE_HEIST_COMMANDS_H
#define SIMRITE_HEIST_COMMANDS_H

int cmd_demo(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_matrix(int argc, char **argv);
int cmd_batch(int argc, char **argv);
int cmd_clone(int argc, char **argv);
int cmd_search(int argc, char **argv);
int cmd_confine(int argc, char **argv);

#endif

/* commands.h - the commands of simrite fleet. */
#ifndef SIMRITE_FLEET_COMMANDS_H
#define SIMRITE_FLEET_COMMANDS_H

int cmd_run(int argc, char **argv);
int cmd_custody(int argc, char **argv);
int cmd_replace(int argc, char **argv);

#endif

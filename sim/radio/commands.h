/* commands.h - the commands of simrite-radio, each in its cmd_NAME.c. */
#ifndef SIMRITE_RADIO_COMMANDS_H
#define SIMRITE_RADIO_COMMANDS_H

int cmd_attach(int argc, char **argv);
int cmd_between(int argc, char **argv);
int cmd_join(int argc, char **argv);
int cmd_serve(int argc, char **argv);

#endif

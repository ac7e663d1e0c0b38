/* commands.h - simrite-vet: one function per command. */
#ifndef SIMRITE_VET_COMMANDS_H
#define SIMRITE_VET_COMMANDS_H

int cmd_card(int argc, char **argv);
int cmd_image(int argc, char **argv);

#endif

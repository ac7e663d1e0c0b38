/* commands.h - simrite-old-bureau: a bureau as of 2010, which we do not ship. One function per command. */
#ifndef SIMRITE_BUREAU_COMMANDS_H
#define SIMRITE_BUREAU_COMMANDS_H

int cmd_key(int argc, char **argv);
int cmd_pack(int argc, char **argv);
int cmd_unpack(int argc, char **argv);
int cmd_personalise(int argc, char **argv);
int cmd_corpus(int argc, char **argv);
int cmd_score(int argc, char **argv);

#endif

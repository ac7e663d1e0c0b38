/* simrite - the front command: finds the program of a family and becomes it.
 *
 * Each family is a program of its own that links only what its trust needs;
 * here is nothing but their names. They are looked for beside this program,
 * so that a build folder works as it is, then in PATH. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/options.h"

int cmd_completion(int argc, char **argv);

static int become(int argc, char **argv)
{
	char name[64], beside[4096], *slash;
	ssize_t length = readlink("/proc/self/exe", beside, sizeof(beside) - sizeof(name) - 1);

	(void)argc;
	(void)snprintf(name, sizeof(name), "simrite-%s", argv[0]);
	argv[0] = name;
	if (length > 0) {
		beside[length] = 0;
		slash = strrchr(beside, '/');
		if (slash) {
			(void)snprintf(slash + 1, sizeof(name), "%s", name);
			(void)execv(beside, argv);
		}
	}
	(void)execvp(name, argv);
	fprintf(stderr, "simrite: cannot run %s: %s\n", name, strerror(errno));
	if (errno == ENOENT)
		fprintf(stderr, "         it belongs beside simrite or in PATH; \"make\" builds it\n");
	return FAULT_SYSTEM;
}

static const struct command_row families[] = {
	{"card", become, "read, program and prove one card"},
	{"batch", become, "personalise many cards, and go on where it stopped"},
	{"ceremony", become, "make an operator's keys, and verify how they were made"},
	{"auc", become, "the operator's authentication centre"},
	{"vet", become, "look for what a vendor did not tell, in cards and images"},
	{"sim", become, "simulated readers and cards for any PC/SC program"},
	{"radio", become, "phones attach with their cards, and an antenna records it"},
	{"heist", become, "run the theft of card keys, and measure it"},
	{"fleet", become, "a million cards, and how many of them each theft opens"},
	{"judge", become, "compare a thief's loot with the truth"},
	{"old-bureau", become, "make and send keys as in 2010, for the laboratory"},
	{"completion", cmd_completion, "print a completion script for bash, zsh or fish"},
	{0},
};

int main(int argc, char **argv)
{
	return options_family(families, "simrite", argc, argv);
}

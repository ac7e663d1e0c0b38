/* simrite-fleet: a million cards of one operator, and what each theft is worth. */
#include "fleet/commands.h"
#include "lib/options.h"

int main(int argc, char **argv)
{
	static const struct command_row rows[] = {
		{"run", cmd_run, "make a fleet in each way, steal from it, count who is opened"},
		{"custody", cmd_custody, "who can restore a master, and who can deny it, by jurisdiction"},
		{"replace", cmd_replace, "what new cards for everybody take: days, cards, money"},
		{0},
	};

	return options_family(rows, "simrite fleet", argc, argv);
}

/* simrite-card: read, program and prove one card (simrite-card(1)). */
#include "card/commands.h"

int main(int argc, char **argv)
{
	static const struct command_row rows[] = {
		{"list", cmd_list, "show the readers and the cards in them"},
		{"info", cmd_info, "show who a card is, its key slots and PIN tries"},
		{"read", cmd_read, "show a file of a card, decoded and in hex"},
		{"program", cmd_program, "put a profile into a card, and prove it"},
		{"verify", cmd_verify, "compare a card with a profile"},
		{"auth", cmd_auth, "run AUTHENTICATE, with given values or a key"},
		{0},
	};

	return options_family(rows, "simrite card", argc, argv);
}

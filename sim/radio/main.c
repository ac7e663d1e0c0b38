/* simrite-radio: phones with real cards, networks, and what goes between them. */
#include "lib/options.h"
#include "radio/commands.h"

int main(int argc, char **argv)
{
	static const struct command_row rows[] = {
		{"attach", cmd_attach, "phones attach with their cards, and an antenna records it"},
		{"between", cmd_between, "put a program between the phones and the network"},
		{"join", cmd_join, "one phone authenticates with an EAP server over RADIUS"},
		{"serve", cmd_serve, "an EAP server over RADIUS, for phones of others"},
		{0},
	};

	return options_family(rows, "simrite radio", argc, argv);
}

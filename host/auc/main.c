/* simrite-auc: the operator's authentication centre (simrite-auc(8)). */
#include "auc/commands.h"

int main(int argc, char **argv)
{
	static const struct command_row rows[] = {
		{"init", cmd_init, "make an empty subscriber database and its key"},
		{"import", cmd_import, "add the subscribers of a bureau's output file"},
		{"add", cmd_add, "add one subscriber"},
		{"list", cmd_list, "show the subscribers, never their keys"},
		{"vector", cmd_vector, "make one authentication vector into a file"},
		{"serve", cmd_serve, "answer an EAP server (hostapd) on a socket"},
		{0},
	};

	return options_family(rows, "simrite auc", argc, argv);
}

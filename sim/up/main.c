/* simrite-sim: card readers and cards that exist only here. */
#include "lib/options.h"
#include "up/commands.h"

int main(int argc, char **argv)
{
	static const struct command_row rows[] = {
		{"run", cmd_run, "run a command with simulated readers, then end them"},
		{"shell", cmd_shell, "the same with an interactive shell"},
		{"up", cmd_up, "start simulated readers and leave them running"},
		{"down", cmd_down, "end them"},
		{"status", cmd_status, "which simulations run, and their readers"},
		{"insert", cmd_insert, "put a card into its reader"},
		{"remove", cmd_remove, "take a card out of its reader"},
		{0}};

	return options_family(rows, "simrite sim", argc, argv);
}

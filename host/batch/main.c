/* simrite-batch: the personalisation bureau (simrite-batch(1)). */
#include "batch/commands.h"
#include "lib/options.h"

int main(int argc, char **argv)
{
	static const struct command_row rows[] = {
		{"birth", cmd_birth, "let blank cards make their identities, and certify them"},
		{"order", cmd_order, "write and check a work order"},
		{"personalise", cmd_personalise, "make the cards of an order in PC/SC readers"},
		{"status", cmd_status, "say how far a batch is"},
		{"codes", cmd_codes, "compute one derived card's PIN, PUK and ADM1 into a file"},
		{"seal", cmd_seal, "seal an output file to its operator"},
		{0},
	};

	return options_family(rows, "simrite batch", argc, argv);
}

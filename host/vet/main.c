/* simrite-vet: look for what a vendor did not tell (simrite-vet(1)). */
#include "lib/options.h"
#include "vet/commands.h"

int main(int argc, char **argv)
{
	static const struct command_row rows[] = {
		{"card", cmd_card, "examine sample cards from outside"},
		{"image", cmd_image, "build the firmware from source, twice, and compare an image with it"},
		{0},
	};

	return options_family(rows, "simrite vet", argc, argv);
}

/* simrite-heist: the theft of card keys, carried out and measured. */
#include "heist/commands.h"
#include "lib/options.h"

int main(int argc, char **argv)
{
	static const struct command_row rows[] = {
		{"demo", cmd_demo,
		 "the whole story: ceremony, cards, mail, radio, two thieves, a judge, a report"},
		{"list", cmd_list, "the scenarios, designs and thieves there are"},
		{"run", cmd_run, "one scenario: does the theft give what is expected?"},
		{"matrix", cmd_matrix, "every design robbed by every thief"},
		{"batch", cmd_batch, "one batch inside simulated readers (part of the others)"},
		{"clone", cmd_clone, "clones of stolen keys inside simulated readers (part of the others)"},
		{"search", cmd_search, "look through a finished demonstration for every secret of it"},
		{"confine", cmd_confine, "run a thief that can reach two folders and nothing else"},
		{0},
	};

	return options_family(rows, "simrite heist", argc, argv);
}

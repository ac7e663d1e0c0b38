/* simrite-old-bureau: how keys were made and sent in 2010. For the laboratory: do not use it for cards that
 * anybody relies on. */
#include "bureau/commands.h"
#include "lib/options.h"

int main(int argc, char **argv)
{
	static const struct command_row rows[] = {
		{"key", cmd_key, "make a key or seed of a space small enough to be searched"},
		{"pack", cmd_pack, "encrypt the keys of an output file under a transport key"},
		{"unpack", cmd_unpack, "decrypt them again, as the operator did"},
		{"personalise", cmd_personalise, "make cards whose keys come from a weak generator"},
		{"corpus", cmd_corpus, "make a month of mail and files, some with keys"},
		{"score", cmd_score, "say what a harvest of it was worth"},
		{0},
	};

	return options_family(rows, "simrite old-bureau", argc, argv);
}

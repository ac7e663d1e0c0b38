#include "powerloss/scenario.h"

const struct scenario cat_scenarios[] = {
	{.cla = 0x00, .ins = 0x70, .silent = 1, .name = "MANAGE CHANNEL", .command = "0070000001"},
	{.name = NULL},
};

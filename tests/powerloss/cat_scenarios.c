#include "powerloss/scenario.h"

#define PROFILE "80100000 03 000080"

const struct scenario cat_scenarios[] = {
	{.cla = 0x00, .ins = 0x70, .silent = 1, .name = "MANAGE CHANNEL", .command = "0070000001"},
	{.cla = 0x80,
	 .ins = 0xAA,
	 .silent = 1,
	 .name = "TERMINAL CAPABILITY",
	 .command = "80AA0000 04 A9028100"},
	{.cla = 0x80, .ins = 0x10, .silent = 1, .name = "TERMINAL PROFILE", .command = PROFILE},
	{.cla = 0x80, .ins = 0x12, .silent = 1, .name = "FETCH", .command = "8012000000 > 6985"},
	{.cla = 0x80,
	 .ins = 0x14,
	 .silent = 1,
	 .name = "TERMINAL RESPONSE",
	 .session = {PROFILE},
	 .command = "80140000 0C 810301010182028281830100 > 6985"},
	{.cla = 0x80, .ins = 0xC2, .silent = 1, .name = "ENVELOPE", .command = "80C20000 04 D6021901"},
	{.cla = 0x80,
	 .ins = 0x76,
	 .name = "SUSPEND UICC",
	 .session = {ADM},
	 .command = "80760000 04 00050005"},
	{.name = NULL},
};

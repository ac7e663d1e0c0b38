#include "powerloss/scenario.h"

#define PROFILE "80100000 03 000080"

#define CHANGE "00A4000C 02 6FAD 00D60000 04 00000003"

/* No packet is done twice; the next one is, and the file is what it made it. */
static int once(struct play *p, int happened)
{
	(void)happened;
	return step_send(p, "@ota 1 00A4000C 02 6FAD 00D60000 04 00000001") == 0x6200 &&
	       step_send(p, "@ota 2 " CHANGE) == SW_OK && step_send(p, USIM) == SW_OK &&
	       step_send(p, "00B0830004") == SW_OK && p->response[3] == 0x03;
}

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
	{.cla = 0x80,
	 .ins = 0xC2,
	 .name = "ENVELOPE, a packet over the air",
	 .prepare = {"@ota-keys"},
	 .session = {"80100000 01 01"},
	 .command = "@ota 1 " CHANGE " > xx00", /* 6200 when the power went between counter and file */
	 .again = "@ota 1 " CHANGE " > 6200",
	 .spends = "@ota 1 00A4000C 02 3F00",
	 .check = once},
	{.cla = 0x80,
	 .ins = 0x76,
	 .name = "SUSPEND UICC",
	 .session = {ADM},
	 .command = "80760000 04 00050005"},
	{.name = NULL},
};

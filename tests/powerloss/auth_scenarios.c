#include "powerloss/scenario.h"

/* RES for a number that is fresh, AUTS for one that was answered; and what was
 * answered earlier stays spent. */
static int spent(struct play *p, int happened)
{
	if (p->response[0] != (happened ? 0xDC : 0xDB))
		return 0;
	return step_send(p, "@aka 4 3") == SW_OK && p->response[0] == 0xDC &&
	       step_send(p, "@aka 6 5") == SW_OK && p->response[0] == 0xDC &&
	       step_send(p, "@aka 7 3") == SW_OK && p->response[0] == 0xDC &&
	       step_send(p, "@aka 8 3") == SW_OK && p->response[0] == 0xDB;
}

const struct scenario auth_scenarios[] = {
	{.cla = 0x00, .ins = 0x84, .silent = 1, .name = "GET CHALLENGE", .command = "0084000010"},
	{.cla = 0x80,
	 .ins = 0x78,
	 .silent = 1,
	 .name = "GET IDENTITY",
	 .prepare = {USIM, ADM, "00D68700 09 089999070000001032", "00A4080C 04 7FFF6F38", "00D6000F 01 3C",
		     "00A4080C 06 7FFF5FD04F01",
		     "00D60000 2B A0020101 A125 80011B 8120 "
		     "5A8D38864820197C3394B92613B20B91633CBD897119273BF8E4A6F4EEC0A650"},
	 .session = {USIM},
	 .command = "8078000137"},
	{.cla = 0x00,
	 .ins = 0x88,
	 .name = "AUTHENTICATE",
	 .prepare = {"@key", USIM, "@aka 4 3", "@aka 6 5"},
	 .session = {USIM},
	 .command = "@aka 7 3",
	 .check = spent},
	{.cla = 0x00,
	 .ins = 0x88,
	 .name = "AUTHENTICATE, the first ever",
	 .prepare = {"@key"},
	 .session = {USIM},
	 .command = "@aka 7 3"},
	{.cla = 0x00,
	 .ins = 0x88,
	 .name = "AUTHENTICATE, GBA bootstrapping",
	 .prepare = {"@key", USIM, "@gba 4 3", "@aka 6 5"},
	 .session = {USIM},
	 .command = "@gba 7 3",
	 .check = spent},
	{.cla = 0x00,
	 .ins = 0x88,
	 .name = "AUTHENTICATE, GBA NAF derivation",
	 .prepare = {"@key", USIM, "@gba 4 3", "0088008405 DE01410142", "0088008405 DE01430142"},
	 .session = {USIM},
	 .command = "0088008405 DE01440142"},
	{.cla = 0x00,
	 .ins = 0x88,
	 .name = "AUTHENTICATE, GBA NAF derivation again",
	 .prepare = {"@key", USIM, "@gba 4 3", "0088008405 DE01410142", "0088008405 DE01430142", "@gba 5 3"},
	 .session = {USIM},
	 .command = "0088008405 DE01410142"},
	{.name = NULL},
};

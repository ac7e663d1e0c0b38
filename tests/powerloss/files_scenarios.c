#include <string.h>

#include "powerloss/scenario.h"

#define ACM "00A4000C 02 6F39"

static int language(struct play *p, int happened)
{
	(void)happened;
	return play(p, "00B0820004") == SW_OK && memcmp(p->response, "de  ", 4) == 0 &&
	       play(p, "00B0830004") == SW_OK && memcmp(p->response, "\0\0\0\2", 4) == 0;
}

/* The ring moved once for each time that it happened. */
static int ring(struct play *p, int happened)
{
	static const uint8_t once[] = {7, 2, 1}, twice[] = {7, 7, 2};
	const uint8_t *want = happened ? twice : once;

	return play(p, "00B2010403") == SW_OK && p->response[2] == want[0] &&
	       play(p, "00B2020403") == SW_OK && p->response[2] == want[1] &&
	       play(p, "00B2030403") == SW_OK && p->response[2] == want[2];
}

static int sums(struct play *p, int happened)
{
	return play(p, "00B2010403") == SW_OK && p->response[2] == (happened ? 12 : 7) &&
	       play(p, "00B2020403") == SW_OK && p->response[2] == (happened ? 7 : 2);
}

const struct scenario files_scenarios[] = {
	{.cla = 0x00, .ins = 0xA4, .silent = 1, .name = "SELECT", .command = "00A40004 02 3F00"},
	{.cla = 0x80,
	 .ins = 0xF2,
	 .silent = 1,
	 .name = "STATUS",
	 .session = {USIM},
	 .command = "80F2000000 > 9000"},
	{.cla = 0x00,
	 .ins = 0xB0,
	 .silent = 1,
	 .name = "READ BINARY",
	 .session = {USIM},
	 .command = "00B0820004"},
	{.cla = 0x00,
	 .ins = 0xB2,
	 .silent = 1,
	 .name = "READ RECORD",
	 .session = {USIM},
	 .command = "00B2010C0B"},
	{.cla = 0x00,
	 .ins = 0xA2,
	 .silent = 1,
	 .name = "SEARCH RECORD",
	 .session = {USIM},
	 .command = "00A2010C 02 11F2"},
	{.cla = 0x00,
	 .ins = 0xC0,
	 .silent = 1,
	 .name = "GET RESPONSE",
	 .session = {"=00A40004 02 3F00 > 61xx"},
	 .command = "=00C0000010 > 61xx"},

	{.cla = 0x00,
	 .ins = 0xD6,
	 .name = "UPDATE BINARY",
	 .session = {USIM},
	 .command = "00D68200 04 64652020",
	 .check = language},
	{.cla = 0x00,
	 .ins = 0xD6,
	 .name = "UPDATE BINARY across two objects",
	 .session = {USIM, ADM, "00A4080C 06 7FFF5FC04F07"},
	 .command = "00D600FE 04 01020304"},
	{.cla = 0x00,
	 .ins = 0xDC,
	 .name = "UPDATE RECORD",
	 .session = {USIM, ADM},
	 .command = "00DC020C 0B 0102030405060708090A0B"},
	{.cla = 0x00,
	 .ins = 0xDC,
	 .name = "UPDATE RECORD of a cyclic file",
	 .prepare = {USIM, ACM, "00DC0003 03 000001", "00DC0003 03 000002"},
	 .session = {USIM, ACM},
	 .command = "00DC0003 03 000007",
	 .check = ring},
	{.cla = 0x80,
	 .ins = 0x32,
	 .name = "INCREASE",
	 .prepare = {USIM, ACM, "00DC0003 03 000001", "00DC0003 03 000002"},
	 .session = {USIM, ACM},
	 .command = "80320000 01 05",
	 .check = sums},
	{.name = NULL},
};

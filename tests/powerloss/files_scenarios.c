#include <string.h>

#include "powerloss/scenario.h"

#define ACM "00A4000C 02 6F39"

/* Life cycle and access rule of a made file: everything with ADM1. */
#define BORN    "8A0105 8B032F060B"
#define BORN_DF "8A0105 8B032F0609"
#define RECORD_64                                                                                            \
	"00010203040506070809000102030405060708090001020304050607080900010203040506070809"                   \
	"000102030405060708090001020304050607080900010203"

#define RECORD_28 "00010203040506070809000102030405060708090001020304050607"
#define RECORD_38 RECORD_28 "08090001020304050607"
#define ISIM      "00A4040C 07 A0000000871004"

#define TLV_FILE        "00E00000 18 6216 82027921 83026F50 8A0105 8C03030000 800203E8 8800"
#define RECORD_64_BEGIN "00010203040506070809"

static int has_object(struct play *p, int happened)
{
	(void)happened;
	return play(p, "80CB0080 01 80") == SW_OK && p->length == 8 &&
	       memcmp(p->response,
		      "\x80\x06"
		      "123456",
		      8) == 0;
}

/* A file that was made reads FF, to its end. */
static int is_blank(struct play *p, int happened)
{
	(void)happened;
	return play(p, "00A4000C 02 6F50") == SW_OK && play(p, "00B0025602") == SW_OK &&
	       memcmp(p->response, "\xFF\xFF", 2) == 0 && play(p, "00B0025801") == SW_WRONG_OFFSET;
}

static int is_longer(struct play *p, int happened)
{
	(void)happened;
	return play(p, "00B000FE04") == SW_OK && memcmp(p->response, "\xFF\x01\x02\xFF", 4) == 0 &&
	       play(p, "00B0025701") == SW_OK;
}

static int still_imsi(struct play *p, int happened)
{
	(void)happened;
	return play(p, "00A4000C 02 6F07") == SW_OK && play(p, "00B000000A") == SW_OK &&
	       memcmp(p->response, "\x08\x09\x10\x10\x10\x32\x54\x76\x98\xFF", 10) == 0 &&
	       play(p, "00B0011F01") == SW_OK && p->response[0] == 0xFF;
}

/* The file of ADF.USIM went, that of DF.GSM did not. */
static int linked_imsi(struct play *p, int happened)
{
	(void)happened;
	return play(p, "00A4080C 04 7FFF6F07") == SW_FILE_NOT_FOUND &&
	       play(p, "00A4080C 04 7F206F07") == SW_OK && play(p, "00B0000009") == SW_OK &&
	       memcmp(p->response, "\x08\x09\x10\x10\x10\x32\x54\x76\x98", 9) == 0;
}

static int more_applications(struct play *p, int happened)
{
	(void)happened;
	return play(p, "00A4000C 02 2F00") == SW_OK && play(p, "00B2010426") == SW_OK &&
	       p->response[8] == 0x87 && play(p, "00B2030426") == SW_OK && p->response[37] == 0x07 &&
	       play(p, "00B2080426") == SW_OK && p->response[0] == 0xFF;
}

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
	 .prepare = {USIM, PIN2, ACM, "00DC0003 03 000001", "00DC0003 03 000002"},
	 .session = {USIM, PIN2, ACM},
	 .command = "00DC0003 03 000007",
	 .check = ring},
	{.cla = 0x80,
	 .ins = 0x32,
	 .name = "INCREASE",
	 .prepare = {USIM, PIN2, ACM, "00DC0003 03 000001", "00DC0003 03 000002"},
	 .session = {USIM, PIN2, ACM},
	 .command = "80320000 01 05",
	 .check = sums},
	{.cla = 0x00,
	 .ins = 0x04,
	 .name = "DEACTIVATE FILE",
	 .session = {USIM, ADM},
	 .command = "00040000 02 6F46"},
	{.cla = 0x00,
	 .ins = 0x44,
	 .name = "ACTIVATE FILE",
	 .prepare = {USIM, ADM, "00040000 02 6F46"},
	 .session = {USIM, ADM},
	 .command = "00440000 02 6F46"},
	{.cla = 0x00,
	 .ins = 0xE0,
	 .name = "CREATE FILE: a transparent EF",
	 .session = {ADM},
	 .command = "00E00000 18 6216 82024121 83026F50" BORN "80020258 8800",
	 .again = "00E00000 18 6216 82024121 83026F50" BORN "80020258 8800 > 6A89",
	 .check = is_blank},
	{.cla = 0x00,
	 .ins = 0xE0,
	 .name = "CREATE FILE: a linear fixed EF",
	 .session = {ADM},
	 .command = "00E00000 1A 6218 820442210040 83026F50" BORN "80020140 8800",
	 .again = "00E00000 1A 6218 820442210040 83026F50" BORN "80020140 8800 > 6A89"},
	{.cla = 0x00,
	 .ins = 0xE0,
	 .name = "CREATE FILE: a DF",
	 .session = {ADM},
	 .command = "00E00000 12 6210 82027821 83025F10" BORN_DF,
	 .again = "00E00000 12 6210 82027821 83025F10" BORN_DF " > 6A89"},
	{.cla = 0x00,
	 .ins = 0xE4,
	 .name = "DELETE FILE: a DF and what is in it",
	 .prepare = {ADM, "00E00000 12 6210 82027821 83025F10" BORN_DF,
		     "00E00000 18 6216 82024121 83026F50" BORN "80020258 8800",
		     "00E00000 12 6210 82027821 83025F11" BORN_DF,
		     "00E00000 18 6216 82024121 83026F50" BORN "80020020 8800"},
	 .session = {ADM},
	 .command = "00E40000 02 5F10",
	 .again = "00E40000 02 5F10 > 6A82"},
	{.cla = 0x80,
	 .ins = 0xD4,
	 .name = "RESIZE FILE: longer",
	 .prepare = {ADM, "00E00000 18 6216 82024121 83026F50" BORN "80020101 8800", "00D600FF 02 0102"},
	 .session = {ADM},
	 .command = "80D40000 0A 6208 83026F50 80020258",
	 .check = is_longer},
	{.cla = 0x80,
	 .ins = 0xD4,
	 .name = "RESIZE FILE: fewer records",
	 .prepare = {ADM, "00E00000 1A 6218 820442210040 83026F50" BORN "80020140 8800",
		     "00DC0104 40 " RECORD_64},
	 .session = {ADM},
	 .command = "80D40000 0A 6208 83026F50 80020040"},
	{.cla = 0x80,
	 .ins = 0xD4,
	 .name = "RESIZE FILE: a file of the table, longer",
	 .prepare = {USIM, ADM, "00A4000C 02 6F07", "00D60000 09 080910101032547698"},
	 .session = {USIM, ADM},
	 .command = "80D40000 0A 6208 83026F07 80020120",
	 .check = still_imsi},
	{.cla = 0x80,
	 .ins = 0xD4,
	 .name = "RESIZE FILE: a file of the table, more records",
	 .prepare = {ADM, "00A4000C 02 2F00", "00DC0304 26 " RECORD_38},
	 .session = {ADM},
	 .command = "80D40000 0A 6208 83022F00 80020130",
	 .check = more_applications},
	{.cla = 0x80,
	 .ins = 0xD4,
	 .name = "RESIZE FILE: a file of the table, fewer records",
	 .prepare = {USIM, ADM, PIN2, "00A4000C 02 6F3B", "00DC0804 1C " RECORD_28, "00DC0104 1C " RECORD_28},
	 .session = {USIM, ADM},
	 .command = "80D40000 0A 6208 83026F3B 80020054"},
	{.cla = 0x00,
	 .ins = 0xE4,
	 .name = "DELETE FILE: a file of the table",
	 .prepare = {USIM, ADM, "00A4080C 06 7FFF5FC04F07", "00D600FE 04 01020304", "00040000"},
	 .session = {ADM, USIM, "00A4000C 02 5FC0"},
	 .command = "00E40000 02 4F07",
	 .again = "00E40000 02 4F07 > 6A82"},
	{.cla = 0x00,
	 .ins = 0xE4,
	 .name = "DELETE FILE: one of two linked files",
	 .prepare = {USIM, ADM, "00A4000C 02 6F07", "00D60000 09 080910101032547698"},
	 .session = {ADM, USIM},
	 .command = "00E40000 02 6F07",
	 .again = "00E40000 02 6F07 > 6A82",
	 .check = linked_imsi},
	{.cla = 0x00,
	 .ins = 0xE4,
	 .name = "DELETE FILE: a directory of the table, with made files in it",
	 .prepare = {ADM, "00A4080C 04 7F105F50", "00E00000 18 6216 82024121 83026F50" BORN "80020258 8800",
		     "00A4080C 06 7F105F504F21", "00D60000 02 0102", "00A4080C 04 7F106F44",
		     "00DC0003 1C " RECORD_28, "00A4080C 02 7F10",
		     "00E00000 12 6210 82027821 83025F99" BORN_DF},
	 .session = {ADM},
	 .command = "00E40000 02 7F10",
	 .again = "00E40000 02 7F10 > 6A82"},
	{.cla = 0x00,
	 .ins = 0xE4,
	 .name = "DELETE FILE: an ADF",
	 .prepare = {ISIM, ADM, "00A4000C 02 6F02", "00D60000 02 0102"},
	 .session = {ADM, ISIM " > xxxx"},
	 .command = "00E40000 02 7FFF",
	 .again = "00E40000 02 7FFF > 6A82"},
	{.cla = 0x00,
	 .ins = 0xE0,
	 .name = "CREATE FILE: an ADF",
	 .session = {ADM},
	 .command = "00E00000 1B 6219 82027821 83027FFF 8407 A0000005590102" BORN_DF,
	 .again = "00E00000 1B 6219 82027821 83027FFF 8407 A0000005590102" BORN_DF " > 6A8A"},
	{.cla = 0x00,
	 .ins = 0xE8,
	 .name = "TERMINATE EF",
	 .prepare = {ADM, "00E00000 18 6216 82024121 83026F50" BORN "80020020 8800"},
	 .session = {ADM},
	 .command = "00E80000 02 6F50",
	 .again = "00E80000 02 6F50 > 6985"},
	{.cla = 0x00,
	 .ins = 0xE6,
	 .name = "TERMINATE DF",
	 .prepare = {ADM, "00E00000 12 6210 82027821 83025F10" BORN_DF},
	 .session = {ADM},
	 .command = "00E60000 02 5F10",
	 .again = "00E60000 02 5F10 > 6985"},
	{.cla = 0x00,
	 .ins = 0xFE,
	 .name = "TERMINATE CARD USAGE",
	 .session = {"0020000A 08 3132333435363738 > xxxx"},
	 .command = "00FE0000 > xxxx"},
	{.cla = 0x80,
	 .ins = 0xCB,
	 .silent = 1,
	 .name = "RETRIEVE DATA",
	 .prepare = {ADM, TLV_FILE, "80DB0080 05 8003010203"},
	 .session = {"00A4000C 02 6F50"},
	 .command = "80CB0080 01 80"},
	{.cla = 0x80,
	 .ins = 0xDB,
	 .name = "SET DATA: one block",
	 .prepare = {ADM, TLV_FILE, "80DB0080 05 8003010203"},
	 .session = {"00A4000C 02 6F50"},
	 .command = "80DB0080 08 8006 313233343536",
	 .check = has_object},
	{.cla = 0x80,
	 .ins = 0xDB,
	 .name = "SET DATA: a block that is not the last",
	 .prepare = {ADM, TLV_FILE, "80DB0080 08 8006 313233343536"},
	 .session = {"00A4000C 02 6F50"},
	 .command = "80DB0080 0C 8041" RECORD_64_BEGIN " > 63F1",
	 .check = has_object},
	{.cla = 0x80,
	 .ins = 0xDB,
	 .name = "SET DATA: the last of several blocks",
	 .prepare = {ADM, TLV_FILE, "80DB0080 05 8003010203", "80DB0080 03 810155"},
	 .session = {"00A4000C 02 6F50", "80DB0080 0C 804A" RECORD_64_BEGIN " > 63F1"},
	 .command = "80DB0000 40" RECORD_64},
	{.cla = 0x80,
	 .ins = 0xDB,
	 .name = "SET DATA: an object goes",
	 .prepare = {ADM, TLV_FILE, "80DB0080 05 8003010203", "80DB0080 03 810155"},
	 .session = {"00A4000C 02 6F50"},
	 .command = "80DB0080 01 80",
	 .again = "80DB0080 01 80 > 6A88"},
	{.name = NULL},
};

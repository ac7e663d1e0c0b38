#include "powerloss/scenario.h"

#define GSM      "A0A40000 02 7F20"
#define TELECOM  "A0A40000 02 7F10"
#define LP       "A0A40000 02 6F05"
#define ACM_GSM  "A0A40000 02 6F39"
#define MSISDN   "A0A40000 02 6F40"
#define ADM_GSM  "A020000A 08 3132333435363738"
#define CHV_2    "A0200002 08 35363738FFFFFFFF"
#define CHV_ON   "A0280001 08 31323334FFFFFFFF"
#define CHV      "A0200001 08 31323334FFFFFFFF"
#define CHV_BAD  "A0200001 08 39393939FFFFFFFF"
#define CHV_DEAD CHV_BAD " > 9804", CHV_BAD " > 9804", CHV_BAD " > 9840"

static int full(struct play *p, int happened)
{
	(void)happened;
	return play(p, "0020000100") == 0x63C3;
}

static int sums(struct play *p, int happened)
{
	return play(p, "A0B2010403") == SW_OK && p->response[2] == (happened ? 10 : 5);
}

const struct scenario gsm_scenarios[] = {
	{.cla = 0xA0, .ins = 0xA4, .silent = 1, .name = "2G SELECT", .command = GSM},
	{.cla = 0xA0, .ins = 0xF2, .silent = 1, .name = "2G STATUS", .command = "A0F2000016"},
	{.cla = 0xA0,
	 .ins = 0xB0,
	 .silent = 1,
	 .name = "2G READ BINARY",
	 .session = {GSM, LP},
	 .command = "A0B0000002"},
	{.cla = 0xA0,
	 .ins = 0xB2,
	 .silent = 1,
	 .name = "2G READ RECORD",
	 .session = {TELECOM, MSISDN},
	 .command = "A0B201041C"},
	{.cla = 0xA0,
	 .ins = 0xA2,
	 .silent = 1,
	 .name = "SEEK",
	 .session = {TELECOM, MSISDN},
	 .command = "A0A20010 01 FF"},
	{.cla = 0xA0,
	 .ins = 0x88,
	 .silent = 1,
	 .name = "RUN GSM ALGORITHM",
	 .prepare = {"@key"},
	 .session = {"A0A40000 02 3F00", GSM},
	 .command = "A0880000 10 23553CBE9637A89D218AE64DAE47BF35"},
	{.cla = 0xA0, .ins = 0xFA, .silent = 1, .name = "SLEEP", .command = "A0FA000000"},
	{.cla = 0xA0,
	 .ins = 0xC0,
	 .silent = 1,
	 .name = "2G GET RESPONSE",
	 .session = {"=" GSM " > 9F16"},
	 .command = "=A0C0000016"},

	{.cla = 0xA0,
	 .ins = 0xD6,
	 .name = "2G UPDATE BINARY",
	 .session = {GSM, LP},
	 .command = "A0D60000 02 0102"},
	{.cla = 0xA0,
	 .ins = 0xDC,
	 .name = "2G UPDATE RECORD",
	 .session = {GSM, CHV_2, ACM_GSM},
	 .command = "A0DC0003 03 000007"},
	{.cla = 0xA0,
	 .ins = 0x32,
	 .name = "2G INCREASE",
	 .session = {GSM, ACM_GSM},
	 .command = "A0320000 03 000005",
	 .check = sums},
	{.cla = 0xA0,
	 .ins = 0x04,
	 .name = "INVALIDATE",
	 .session = {GSM, LP, ADM_GSM},
	 .command = "A004000000",
	 .again = "A004000000 > 9810"},
	{.cla = 0xA0,
	 .ins = 0x44,
	 .name = "REHABILITATE",
	 .prepare = {GSM, LP, ADM_GSM, "A004000000"},
	 .session = {GSM, LP, ADM_GSM},
	 .command = "A044000000",
	 .again = "A044000000 > 9810"},
	{.cla = 0xA0,
	 .ins = 0x20,
	 .name = "VERIFY CHV, wrong",
	 .prepare = {CHV_ON},
	 .command = CHV_BAD " > 9804",
	 .again = CHV_BAD " > 9804"},
	{.cla = 0xA0,
	 .ins = 0x20,
	 .name = "VERIFY CHV, right",
	 .prepare = {CHV_ON, CHV_BAD " > 9804"},
	 .command = CHV,
	 .spends = CHV_BAD " > 9804",
	 .check = full},
	{.cla = 0xA0,
	 .ins = 0x24,
	 .name = "CHANGE CHV",
	 .prepare = {CHV_ON},
	 .command = "A0240001 10 31323334FFFFFFFF 35363738FFFFFFFF",
	 .again = "A0240001 10 35363738FFFFFFFF 35363738FFFFFFFF",
	 .spends = CHV_BAD " > 9804",
	 .check = full},
	{.cla = 0xA0,
	 .ins = 0x26,
	 .name = "DISABLE CHV",
	 .prepare = {CHV_ON},
	 .command = "A0260001 08 31323334FFFFFFFF",
	 .again = "A0260001 08 31323334FFFFFFFF > 9808",
	 .spends = CHV_BAD " > 9804",
	 .check = full},
	{.cla = 0xA0,
	 .ins = 0x28,
	 .name = "ENABLE CHV",
	 .command = CHV_ON,
	 .again = CHV_ON " > 9808",
	 .spends = "A0280001 08 39393939FFFFFFFF > 9804",
	 .check = full},
	{.cla = 0xA0,
	 .ins = 0x2C,
	 .name = "UNBLOCK CHV",
	 .prepare = {CHV_ON, CHV_DEAD},
	 .command = "A02C0000 10 3132333435363738 35363738FFFFFFFF",
	 .spends = "A02C0000 10 3939393939393939 35363738FFFFFFFF > 9804",
	 .check = full},
	{.name = NULL},
};

/* PROVES: fs/template.h: what CREATE FILE takes for a template, and what it makes of it. */
#include "fs/template.h"

#include "fs/fcp.h"
#include "pin/pin.h"
#include "unit/made.h"

/* No tag 88: the FID says it, when it is free. PROVES: TS 102 221 11.1.1.4.8 */
static void test_short_identifiers(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, BINARY "83026F54" ACTIVE READ_ALL "80020005", 0x9000);
	PLAY_DATA(&p, "00A40004 02 6F54", "6217 82024121 83026F54 8A0105 8B032F060B 80020005 8801A0");
	CREATE(&p, BINARY "83026F74" ACTIVE READ_ALL "80020005", 0x9000); /* taken */
	PLAY_DATA(&p, "00A40004 02 6F74", "6216 82024121 83026F74 8A0105 8B032F060B 80020005 8800");
	CREATE(&p, BINARY "83026F7F" ACTIVE READ_ALL "80020005", 0x9000); /* 31 is none */
	PLAY_DATA(&p, "00A40004 02 6F7F", "6216 82024121 83026F7F 8A0105 8B032F060B 80020005 8800");
	play_close(&p);
}

/* PROVES: TS 102 222 6.3.2.2.2: filling and repeat pattern, special file information. */
static void test_patterns(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, BINARY "83026F62" ACTIVE READ_ALL "80020007 A505 C103010203" NO_SFI, 0x9000);
	PLAY_DATA(&p, "00B0000007", "01020303030303");
	CREATE(&p, BINARY "83026F63" ACTIVE READ_ALL "80020007 A505 C203010203" NO_SFI, 0x9000);
	PLAY_DATA(&p, "00B0000007", "01020301020301");
	CREATE(&p, "820442210003 83026F64" ACTIVE READ_ALL "80020009 A504 C2020102" NO_SFI, 0x9000);
	PLAY_DATA(&p, "00B2020403", "010201");
	/* Not readable when deactivated, and readable. */
	CREATE(&p, BINARY "83026F65 8A0104" READ_ALL "80020007 A503 C00100" NO_SFI, 0x9000);
	PLAY(&p, "00B0000007", 0x6984);
	CREATE(&p, BINARY "83026F66 8A0104" READ_ALL "80020007 A503 C00140" NO_SFI, 0x9000);
	PLAY(&p, "00B0000007", 0x9000);
	PLAY(&p, "00D60000 01 00", 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.1.4.9: activated is 05 or 07, deactivated 04 or 06. */
static void test_life_cycle(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, BINARY "83026F67 8A0107" READ_ALL "80020007" NO_SFI, 0x9000);
	PLAY(&p, "00B0000007", 0x9000);
	PLAY_DATA(&p, "00A40004 02 6F67", "6216 82024121 83026F67 8A0105 8B032F060B 80020007 8800");
	CREATE(&p, BINARY "83026F68 8A0106" READ_ALL "80020007" NO_SFI, 0x9000);
	PLAY(&p, "00B0000007", 0x6984);
	play_close(&p);
}

/* What is not a template, or not one of a file. */
#define WITH(fid) BINARY "8302" fid ACTIVE READ_ALL "8002000A"
#define FILE_5    "83026F50" ACTIVE READ_ALL
static const char *const no_templates[] = {
	"",
	"82024121 83026F50 8A0105",
	BINARY FILE_5,                                /* no size */
	FILE_5 "8002000A",                            /* no descriptor */
	BINARY ACTIVE READ_ALL "8002000A",            /* no FID */
	BINARY "83026F50" READ_ALL "8002000A",        /* no life cycle */
	BINARY "83026F50" ACTIVE "8002000A",          /* no access rule */
	BINARY "83026F50 8A010C" READ_ALL "8002000A", /* born terminated */
	BINARY "83026F50 8A0101" READ_ALL "8002000A",
	BINARY "83026F50 8A0103" READ_ALL "8002000A",
	BINARY "83026F50 8A010F" READ_ALL "8002000A",
	BINARY "83026F50 8A020505" READ_ALL "8002000A",
	BINARY "83016F" ACTIVE READ_ALL "8002000A",
	WITH("0000"),
	WITH("3F00"),
	WITH("3FFF"),
	WITH("7FFF"),
	WITH("FFFF"),
	BINARY FILE_5 "80020000",
	BINARY FILE_5 "8000",
	BINARY FILE_5 "8003010000",
	BINARY FILE_5 "80027F01",     /* longer than a file can be */
	"82024921" FILE_5 "8002000A", /* an internal EF */
	"82024521" FILE_5 "8002000A",
	"8202C121" FILE_5 "8002000A",
	"82024122" FILE_5 "8002000A",
	"82024221" FILE_5 "8002000A", /* no record length */
	"820442210000" FILE_5 "8002000A",
	"820442210100" FILE_5 "80020100",
	"82044121000A" FILE_5 "8002000A",
	"82044221000B" FILE_5 "8002000A",   /* not one record */
	"820442210001" FILE_5 "800200FF",   /* 255 records */
	"82054221000504" FILE_5 "8002000A", /* four are not two */
	BINARY FILE_5 "8002000A 80020010",
	BINARY FILE_5 "8002000A 8101AA",
	BINARY FILE_5 "8002000A 990155",
	BINARY FILE_5 "8002000A 8801F8",
	BINARY FILE_5 "8002000A 8801A1",
	BINARY FILE_5 "8002000A 880100",
	BINARY FILE_5 "8002000A A50199",
	BINARY FILE_5 "8002000A A503990100",
	BINARY FILE_5 "8002000A A502C100",
	BINARY FILE_5 "8002000A A506C10100C20100",
	BINARY FILE_5 "8002000A A50386010A",
	BINARY FILE_5 "8002000A C603900100",
	BINARY "83026F50" ACTIVE "8B022F06 8002000A", /* references that are none */
	BINARY "83026F50" ACTIVE "8B032F0600 8002000A",
	BINARY "83026F50" ACTIVE "8C02031A 8002000A", /* compact: a byte too few */
	BINARY "83026F50" ACTIVE "8C04031A1A1A 8002000A",
	BINARY "83026F50" ACTIVE "8C02831A 8002000A",
	BINARY "83026F50" ACTIVE "AB03800203 8002000A", /* expanded: cut short */
	BINARY "83026F50" ACTIVE "8B81032F060B 8002000A",
	BINARY FILE_5 "8C03031A1A 8002000A", /* two rules */
	DF("5F10") "8801A0",
	DF("5F10") "80020010",
	DF("5F10") "A503C10100",
	DF("5F10") "8404A0000000", /* an AID too short, too long, twice, of an EF */
	DF("5F10") "8411A0000000990102030405060708090A0B0C",
	DF("5F10") "8405A0000000998405A000000098",
	DF("5F10") "848105A000000099",
	BINARY FILE_5 "8002000A 8405A000000099",
	BINARY FILE_5 "8002000A 8102000A",
	DF("7FFF"),              /* a FID that only an ADF can have */
	DF("5F10") "C603830102", /* a PIN that the card has not */
	DF("5F10") "C603830182", /* the custodian's, which is of that application */
	DF("5F10") "C60483020101",
	DF("5F10") "8100",
};

static void test_create_refusals(void)
{
	struct play p;
	long done;

	begin(&p);
	PLAY(&p, "00E00000", 0x6700);
	PLAY(&p, "00E00001 02 6200", 0x6A86);
	PLAY(&p, "00E00100 02 6200", 0x6A86);
	PLAY(&p, "80E00000 02 6200", 0x6E00);
	done = p.cut.done;
	for (size_t i = 0; i < sizeof(no_templates) / sizeof(no_templates[0]); i++)
		CREATE(&p, no_templates[i], 0x6A80);
	PLAY(&p, "00E00000 01 62", 0x6A80);
	PLAY(&p, "00E00000 03 6F0100", 0x6A80);
	PLAY(&p, "00E00000 04 62010000", 0x6A80);
	CREATE(&p, DF("5F10") "8103FFFFFF", 0x6A84); /* there is no such room */
	CU_ASSERT_EQUAL(p.cut.done, done);           /* nothing was written */
	PLAY(&p, "00A4000C 02 6F50", 0x6A82);
	play_restart(&p);
	CREATE(&p, WITH("6F50"), 0x6982);
	PLAY(&p, "00E00000 02 6200", 0x6982);
	play_close(&p);
}

/* The longest FCP there can be, that of an application with the longest rule and AID and all PINs: below 98
 * bytes. A byte more of the rule is refused. */
/* PROVES: TS 102 221 11.1.1.3 */
static void test_longest(void)
{
#define LONGEST_ADF "82027821 83025F20 8410" LONGEST_AID ACTIVE "C609 900160 830101 830181"
#define LONGEST_AID "A0000000990102030405060708090A0B"
	static const uint8_t none[8] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
	struct play p;

	begin(&p);
	for (uint8_t reference = PIN_ADM2; reference <= PIN_ADM5; reference++)
		CU_ASSERT_EQUAL(pin_install(&p.card, reference, 1, 5, (const uint8_t[8]){1}, 0, none), OK);
	CREATE(&p, LONGEST_ADF "8C1C 01000100010001000100 010001000100010001000100010001000100", 0x6A80);
	CREATE(&p, LONGEST_ADF "8C1A 01000100010001000100 01000100010001000100010001000100", 0x9000);
	PLAY(&p, "00E40000 02 5F20", 0x9000);
	CREATE(&p,
	       LONGEST_ADF "AB1B 8001019000"
			   "800106" PIN("0A") "800140" PIN("0A"),
	       0x9000);
	PLAY(&p, "00A40404 10 " LONGEST_AID, 0x9000);
	CU_ASSERT_EQUAL(p.length, FCP_MAX);
	CU_ASSERT(p.length < 98);
	PLAY(&p, "80F2000000", 0x9000);
	CU_ASSERT_EQUAL(p.length, FCP_MAX);
	play_close(&p);
}

UNIT_SUITE("template", UNIT(test_short_identifiers), UNIT(test_patterns), UNIT(test_life_cycle),
	   UNIT(test_create_refusals), UNIT(test_longest))

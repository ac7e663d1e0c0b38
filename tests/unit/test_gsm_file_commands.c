/* PROVES: TS 51.011 6.5, 9.2.1 to 9.2.8, 9.2.14, 9.2.15, 9.2.18: files by class A0,
 * which are those of class 00. */
#include "gsm/gsm_file_commands.h"

#include <string.h>

#include "unit/play.h"

#define MF      "A0A40000 02 3F00"
#define GSM     "A0A40000 02 7F20"
#define TELECOM "A0A40000 02 7F10"
#define CHV1    "A0200001 08 31323334FFFFFFFF"
#define ADM     "A020000A 08 3132333435363738"

/* PROVES: TS 51.011 6.5 */
static void test_select(void)
{
	struct play p;

	play_open(&p);
	CU_ASSERT_EQUAL(play_tpdu(&p, MF), 0x9F16);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0A40000 02 2FE2"), 0x9F0F);
	PLAY(&p, GSM, 0x9000);
	PLAY(&p, "A0A40000 02 6F07", 0x9000);
	PLAY(&p, GSM, 0x9000);                /* the current directory */
	PLAY(&p, TELECOM, 0x9000);            /* a DF beside it */
	PLAY(&p, "A0A40000 02 5F3A", 0x9000); /* a child */
	PLAY(&p, TELECOM, 0x9000);            /* the parent */
	PLAY(&p, "A0A40000 02 2FE2", 0x9404); /* an EF of the parent is out of reach */
	PLAY(&p, "A0A40000 02 6F07", 0x9404); /* so is one of another DF */
	PLAY(&p, "A0A40000 02 5F3A", 0x9000);
	PLAY(&p, GSM, 0x9404);                /* and a DF beside the parent */
	PLAY(&p, "A0A40000 02 7FFF", 0x9404); /* applications are nothing here */
	PLAY(&p, "A0A40000 02 0000", 0x9404);
	PLAY(&p, "A0A40000 02 FFFF", 0x9404);
	PLAY(&p, "A0F2000007", 0x9000); /* refused, nothing changed */
	ASSERT_BYTES(p.response + 4, "\x5F\x3A\x02", 3);
	PLAY(&p, MF, 0x9000);
	PLAY(&p, "A0A40000 00", 0x6702);
	PLAY(&p, "A0A40000 01 3F", 0x6702);
	PLAY(&p, "A0A40000 04 3F007F20", 0x6702);
	PLAY(&p, "A0A40400 02 3F00", 0x6B00);
	PLAY(&p, "A0A40004 02 3F00", 0x6B00);
	play_close(&p);
}

/* PROVES: TS 51.011 9.2.2 */
static void test_status(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "A0F2000007", 0x9000);
	CU_ASSERT_EQUAL(p.length, 7);
	ASSERT_BYTES(p.response + 4, "\x3F\x00\x01", 3);
	PLAY(&p, GSM, 0x9000);
	PLAY(&p, "A0A40000 02 6F07", 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0F2000016"), 0x9000);
	CU_ASSERT_EQUAL(p.length, 22);
	ASSERT_BYTES(p.response + 4, "\x7F\x20\x02", 3);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0F2000017"), 0x6716);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0F2000000"), 0x6716);
	PLAY(&p, "A0F2000116", 0x6B00);
	PLAY(&p, "A0F2010016", 0x6B00);
	PLAY_DATA(&p, "A0B0000001", "FF"); /* the EF is still selected */
	play_close(&p);
}

/* PROVES: TS 51.011 9.2.18 */
static void test_get_response(void)
{
	struct play p;

	play_open(&p);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000016"), 0x9000); /* the first of all: of the MF */
	ASSERT_BYTES(p.response + 4, "\x3F\x00\x01", 3);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000016"), 0x6F00);
	play_restart(&p);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000017"), 0x6716);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000016"), 0x9000);
	play_restart(&p);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C0000016"), 0x6985);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000016"), 0x6F00); /* not the first any more */
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0"), 0x6700);
	CU_ASSERT_EQUAL(play_tpdu(&p, GSM), 0x9F16);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000017"), 0x6716); /* told, and kept */
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000000"), 0x6716);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0010016"), 0x6B00);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000001 00"), 0x6700);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000007"), 0x9000); /* less than there is */
	ASSERT_BYTES(p.response + 4, "\x7F\x20\x02", 3);
	CU_ASSERT_EQUAL(p.length, 7);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000007"), 0x6F00); /* but once */
	/* Each class fetches what is its own. */
	CU_ASSERT_EQUAL(play_tpdu(&p, GSM), 0x9F16);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C0000016"), 0x6985);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000016"), 0x6F00);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00A40004 02 3F00"), 0x612B);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C000002B"), 0x6F00);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C000002B"), 0x6985);
	play_close(&p);
}

/* PROVES: TS 51.011 9.2.3, 9.2.4 */
static void test_binary(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "A0B0000001", 0x9400);
	PLAY(&p, "A0D60000 01 00", 0x9400);
	PLAY(&p, MF, 0x9000);
	PLAY(&p, "A0A40000 02 2F05", 0x9000);
	PLAY_DATA(&p, "A0B0000004", "656EFFFF");
	PLAY_DATA(&p, "A0B0000102", "6EFF");
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0B0000005"), 0x6704);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0B0000000"), 0x6704);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0B0000302"), 0x6701);
	PLAY(&p, "A0B0000401", 0x9402);
	PLAY(&p, "A0B0820004", 0x9402); /* no short identifiers here */
	PLAY(&p, "A0D60000 02 6465", 0x9000);
	PLAY(&p, "A0D60001 01 45", 0x9000);
	PLAY_DATA(&p, "A0B0000004", "6445FFFF");
	PLAY(&p, "A0D60003 02 0000", 0x6700);
	PLAY(&p, "A0D60004 01 00", 0x9402);
	PLAY(&p, "A0D68500 01 00", 0x9402);
	PLAY(&p, "A0D60000 00", 0x6700);
	/* Class 00 sees the same file, and the same selection. */
	PLAY_DATA(&p, "00B0850004", "6445FFFF");
	PLAY(&p, "00D68500 01 66", 0x9000);
	PLAY_DATA(&p, "A0B0000004", "6645FFFF");
	PLAY(&p, "A0A40000 02 2FE2", 0x9000);
	PLAY(&p, "A0D60000 01 00", 0x9804); /* never */
	PLAY(&p, "A0A40000 02 2F00", 0x9000);
	PLAY(&p, "A0B0000001", 0x9408); /* records */
	PLAY(&p, "A0D60000 01 00", 0x9408);
	/* A link: one content, seen from DF.GSM and from ADF.USIM. */
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, GSM, 0x9000);
	PLAY(&p, "A0A40000 02 6F07", 0x9000);
	PLAY(&p, "A0D60000 09 080910101032547698", 0x9000);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY_DATA(&p, "00B0870009", "080910101032547698");
	play_close(&p);
}

/* PROVES: TS 51.011 9.2.5, 9.2.6 */
static void test_records(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, TELECOM, 0x9000);
	PLAY(&p, "A0B2010402", 0x9400);
	PLAY(&p, "A0A40000 02 6F43", 0x9000);
	PLAY(&p, "A0B2010402", 0x9408);
	PLAY(&p, "A0DC0104 02 0000", 0x9408);
	PLAY(&p, "A0A40000 02 6F4A", 0x9000); /* EXT1: two of 13 */
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0B20104FF"), 0x670D);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0B201040C"), 0x670D);
	PLAY(&p, "A0B200040D", 0x9402); /* none is current */
	PLAY(&p, "A0DC0104 0D 01010101010101010101010101", 0x9000);
	PLAY(&p, "A0DC0204 0D 02020202020202020202020202", 0x9000);
	PLAY(&p, "A0DC0304 0D 02020202020202020202020202", 0x9402);
	PLAY(&p, "A0DC0104 0C 020202020202020202020202", 0x6700);
	PLAY_DATA(&p, "A0B200020D", "01010101010101010101010101"); /* next */
	PLAY_DATA(&p, "A0B200040D", "01010101010101010101010101"); /* current */
	PLAY_DATA(&p, "A0B200020D", "02020202020202020202020202");
	PLAY(&p, "A0B200020D", 0x9402);
	PLAY_DATA(&p, "A0B200040D", "02020202020202020202020202"); /* the pointer stayed */
	PLAY_DATA(&p, "A0B200030D", "01010101010101010101010101");
	PLAY(&p, "A0B200030D", 0x9402);
	PLAY(&p, "A0B203040D", 0x9402);
	PLAY(&p, "A0B201020D", 0x6B00);
	PLAY(&p, "A0B2010C0D", 0x6B00); /* no short identifiers */
	PLAY(&p, "A0B201000D", 0x6B00);
	PLAY(&p, "A0B201050D", 0x6B00);
	PLAY(&p, "A0DC010C 0D 02020202020202020202020202", 0x6B00);
	PLAY(&p, "A0DC0002 0D 09090909090909090909090909", 0x9000); /* next: the second */
	PLAY_DATA(&p, "A0B202040D", "09090909090909090909090909");
	play_close(&p);
}

/* PROVES: TS 51.011 6.4.3, 8.5 */
static void test_cyclic(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, GSM, 0x9000);
	PLAY(&p, "A0A40000 02 6F39", 0x9000);
	PLAY(&p, "A0DC0003 03 000001", 0x9804);
	PLAY(&p, "A0200002 08 35363738FFFFFFFF", 0x9000);
	PLAY(&p, "A0DC0003 03 000001", 0x9000);
	PLAY(&p, "A0DC0003 03 000002", 0x9000);
	PLAY(&p, "A0DC0104 03 000003", 0x9408);
	PLAY(&p, "A0DC0002 03 000003", 0x9408);
	PLAY(&p, "A0DC0103 03 000003", 0x6B00);
	PLAY(&p, "A0A40000 02 6F39", 0x9000);
	PLAY_DATA(&p, "A0B2000403", "000002"); /* the newest is current */
	PLAY_DATA(&p, "A0B2000203", "000001");
	PLAY_DATA(&p, "A0B2000203", "000000");
	PLAY_DATA(&p, "A0B2000203", "000000");
	PLAY_DATA(&p, "A0B2000203", "000000");
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0B2000204"), 0x6703);
	PLAY_DATA(&p, "A0B2000203", "000002"); /* round */
	PLAY_DATA(&p, "A0B2000303", "000000"); /* and back */
	PLAY_DATA(&p, "A0B2000203", "000002");
	play_close(&p);
}

/* PROVES: TS 51.011 8.7, 9.2.7 */
static void test_seek(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, TELECOM, 0x9000);
	PLAY(&p, "A0A20000 01 41", 0x9400);
	PLAY(&p, "A0A40000 02 6F44", 0x9000);
	PLAY(&p, "A0A20000 01 FF", 0x9408);   /* LND is cyclic */
	PLAY(&p, "A0A40000 02 6F42", 0x9000); /* SMSP: two records, two more patterns of it below */
	PLAY(&p, "A0A40000 02 6F40", 0x9000); /* MSISDN: four of 28 */
	PLAY(&p, "A0DC0104 1C 414201FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x9000);
	PLAY(&p, "A0DC0304 1C 414203FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x9000);
	PLAY(&p, "A0A20000 02 4142", 0x9000); /* type 1: no answer */
	PLAY_DATA(&p, "A0B200041C", "414201FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
	PLAY(&p, "A0A20002 02 4142", 0x9000); /* from the next */
	PLAY_DATA(&p, "A0B200041C", "414203FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
	PLAY(&p, "A0A20002 02 4142", 0x9404);
	PLAY_DATA(&p, "A0B200041C", "414203FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"); /* stayed */
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0A20010 02 4142"), 0x9F01); /* type 2: its number */
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000001"), 0x9000);
	CU_ASSERT_EQUAL(p.response[0], 1);
	PLAY_DATA(&p, "A0A20011 02 4142", "03"); /* from the end */
	PLAY_DATA(&p, "A0A20013 02 4142", "01"); /* from the previous */
	PLAY(&p, "A0A20013 02 4142", 0x9404);
	PLAY_DATA(&p, "A0A20012 03 FFFFFF", "02");
	PLAY_DATA(&p, "A0A20012 03 FFFFFF", "04");
	PLAY(&p, "A0A20012 01 FF", 0x9404);
	PLAY(&p, "A0A20010 01 42", 0x9404); /* at the beginning of a record only */
	PLAY_DATA(&p, "A0A20010 10 414203FFFFFFFFFFFFFFFFFFFFFFFFFF", "03");
	PLAY(&p, "A0A20010 11 414203FFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x6700);
	PLAY(&p, "A0A20010 00", 0x6700);
	PLAY(&p, "A0A20110 01 41", 0x6B00);
	PLAY(&p, "A0A20014 01 41", 0x6B00);
	PLAY(&p, "A0A20020 01 41", 0x6B00);
	PLAY(&p, "00280001 08 31323334FFFFFFFF", 0x9000);
	play_restart(&p);
	PLAY(&p, TELECOM, 0x9000);
	PLAY(&p, "A0A40000 02 6F40", 0x9000);
	PLAY(&p, "A0A20000 01 41", 0x9804); /* it is reading */
	/* A record shorter than the pattern. */
	PLAY(&p, CHV1, 0x9000);
	PLAY(&p, GSM, 0x9000);
	PLAY(&p, "A0A40000 02 6FC9", 0x9000);
	PLAY(&p, "A0A20000 05 0000000000", 0x6700);
	play_close(&p);
}

/* PROVES: TS 51.011 8.8, 9.2.8 */
static void test_increase(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, GSM, 0x9000);
	PLAY(&p, "A0320000 03 000001", 0x9400);
	PLAY(&p, "A0A40000 02 6F7E", 0x9000);
	PLAY(&p, "A0320000 03 000001", 0x9408);
	PLAY(&p, "A0A40000 02 6F39", 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0320000 03 000102"), 0x9F06);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000006"), 0x9000);
	ASSERT_BYTES(p.response, "\0\1\2\0\1\2", 6);
	PLAY_DATA(&p, "A0320000 03 FFFE00", "FFFF02 FFFE00");
	PLAY(&p, "A0320000 03 0000FE", 0x9850);
	PLAY_DATA(&p, "A0B2010403", "FFFF02");
	PLAY_DATA(&p, "A0B2020403", "000102");
	PLAY(&p, "A0320000 02 0001", 0x6703);
	PLAY(&p, "A0320000 04 00000001", 0x6703);
	PLAY(&p, "A0320000 00", 0x6703);
	PLAY(&p, "A0328000 03 000001", 0x6B00);
	PLAY(&p, "A0320001 03 000001", 0x6B00);
	PLAY(&p, TELECOM, 0x9000);
	PLAY(&p, "A0A40000 02 6F44", 0x9000); /* a cyclic EF that is not for it */
	PLAY(&p, "A0320000 03 000001", 0x9804);
	play_close(&p);
}

/* PROVES: TS 51.011 8.14, 8.15, 9.2.14, 9.2.15 */
static void test_invalidate(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "A004000000", 0x9400);
	PLAY(&p, "A044000000", 0x9400);
	PLAY(&p, TELECOM, 0x9000);
	PLAY(&p, "A0A40000 02 6F3C", 0x9000);
	PLAY(&p, "A004000000", 0x9804);
	PLAY(&p, "A044000000", 0x9804);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "A044000000", 0x9810);
	PLAY(&p, "A0040001 00", 0x6B00);
	PLAY(&p, "A0040000 01 00", 0x6700);
	PLAY(&p, "A0440000 01 00", 0x6700);
	PLAY(&p, "A004000000", 0x9000);
	PLAY(&p, "A004000000", 0x9810);
	PLAY(&p, "A0B20104B0", 0x9810);
	PLAY(&p, "A0DC0104 01 00", 0x9810);
	PLAY(&p, "A0A20000 01 00", 0x9810);
	play_restart(&p);
	PLAY(&p, TELECOM, 0x9000);
	PLAY(&p, "A0A40000 02 6F3C", 0x9000); /* it can be selected, and tells */
	CU_ASSERT_EQUAL(p.response[11], 0x00);
	/* The one file that class 00 knows too: deactivated. */
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00A4000C 02 6F3C", 0x9000);
	PLAY(&p, "00B20104B0", 0x6984);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "A044000000", 0x9000);
	PLAY(&p, "00B20104B0", 0x9000);
	play_close(&p);
}

/* PROVES: TS 51.011 7: CHV1 opens what EF.ARR's rule says, and it is PIN1. */
static void test_access(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "A0280001 08 31323334FFFFFFFF", 0x9000);
	play_restart(&p);
	PLAY(&p, GSM, 0x9000);
	PLAY(&p, "A0A40000 02 6F07", 0x9000);
	PLAY(&p, "A0B0000009", 0x9804);
	PLAY(&p, "A0A40000 02 6F7E", 0x9000);
	PLAY(&p, "A0D60000 01 00", 0x9804);
	PLAY(&p, "00200001 08 31323334FFFFFFFF", 0x9000);
	PLAY(&p, "A0D60000 01 00", 0x9000);
	PLAY(&p, "A0A40000 02 6F07", 0x9000);
	PLAY(&p, "A0B0000009", 0x9000);
	PLAY(&p, "A0D60000 01 00", 0x9804); /* ADM */
	play_close(&p);
}

/* PROVES: GPC 5.1.1: a locked card is no 2G card either. */
static void test_locked(void)
{
	struct play p;

	play_open(&p);
	CU_ASSERT_EQUAL(play_secure(&p), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80F0800708 A000000151000000"), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80F0800F08 A000000151000000"), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80F0807F08 A000000151000000"), SW_OK);
	play_restart(&p);
	PLAY(&p, "A0C0000016", 0x6F00);
	PLAY(&p, MF, 0x9810);
	PLAY(&p, "A0F2000016", 0x9810);
	play_close(&p);
}

/* PROVES: TS 102 221 8.7: what another channel has for itself cannot be taken from it by class A0 either. */
static void test_taken(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00E00000 18 6216 82020121 83026F51 8A0105 8B032F060B 8800 80020010", 0x9000);
	PLAY(&p, MF, 0x9000);
	PLAY(&p, "0070000001", 0x9000);
	PLAY(&p, "01A4000C 02 6F51", 0x9000);
	PLAY(&p, "01B0000001", 0x9000);
	PLAY(&p, "A0A40000 02 6F51", 0x9810);
	PLAY(&p, "01B0000001", 0x9000);
	PLAY(&p, "01A4000C 02 3F00", 0x9000);
	PLAY(&p, "A0A40000 02 6F51", 0x9000);
	PLAY(&p, "01A4000C 02 6F51", 0x6985);
	play_close(&p);
}

UNIT_SUITE("gsm_file_commands", UNIT(test_select), UNIT(test_taken), UNIT(test_status),
	   UNIT(test_get_response), UNIT(test_binary), UNIT(test_records), UNIT(test_cyclic), UNIT(test_seek),
	   UNIT(test_increase), UNIT(test_invalidate), UNIT(test_access), UNIT(test_locked))

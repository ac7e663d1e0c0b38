/* Remote file management: what a message that is let in does to files, by whose rules, and who is told. */
#include "apdu/remote.h"

#include "fs/file.h"
#include "fs/profile.h"
#include "unit/ota_answers.h"

#define USIM "00A4040C 07 A0000000871002"

/* PROVES: TS 102 226 5.1.1, 5.1.2, 7: what remote file management may do, by whose rules, and
 * where it starts */
static void test_files(void)
{
	struct ota o = ota_aes();
	struct play p;

	ota_begin(&p, &o, 0x00);
	/* With a CC: as ADM1. It starts in ADF.USIM. */
	SEND(&p, &o, "00A4000C 02 6F07 00D60000 09 080910101032547698", 0x00);
	ANSWERED(&o, "02 9000");
	PLAY(&p, USIM, SW_OK);
	PLAY_DATA(&p, "00B0870009", "080910101032547698");
	o.counter++;
	SEND(&p, &o, "00DC0104 0B 0102030405060708090A0B 00B2010C0B", 0x00);
	ANSWERED(&o, "01 6986"); /* no EF: it stops there */
	o.counter++;
	SEND(&p, &o, "00A4000C 02 6FB7 00DC0104 0B 0102030405060708090A0B 00B2010400", 0x00);
	ANSWERED(&o, "03 9000 0102030405060708090A0B");
	o.counter++;
	SEND(&p, &o, "00A40004 02 6FAD 00C0000000", 0x00); /* what a case 4 command answers is fetched */
	CU_ASSERT_EQUAL(o.answer[0], 2);
	CU_ASSERT_EQUAL(o.answer[3], 0x62);
	o.counter++;
	SEND(&p, &o, "00A40004 02 6FAD 00B0000000 00C0000000", 0x00);
	ANSWERED(&o, "03 6985");
	o.counter++;
	SEND(&p, &o, "00A4000C 02 6F06 00DC0104 02 0000", 0x00); /* ADM1 may not do everything */
	ANSWERED(&o, "02 6982");
	/* Not by AID, nothing of GlobalPlatform, no AUTHENTICATE, nothing that is cut off. */
	o.counter++;
	SEND(&p, &o, "00A4040C 07 A0000000871004", 0x00);
	ANSWERED(&o, "01 6A86");
	o.counter++;
	SEND(&p, &o, "80E40000 03 D20102", 0x00);
	ANSWERED(&o, "01 6E00");
	o.counter++;
	SEND(&p, &o, "00880081 22 10000000000000000000000000000000001000000000000000000000000000000000",
	     0x00);
	ANSWERED(&o, "01 6D00");
	o.counter++;
	SEND(&p, &o, "80C20000 01 D1", 0x00);
	ANSWERED(&o, "01 6D00");
	o.counter++;
	SEND(&p, &o, "00A4000C 02 3F", 0x00);
	ANSWERED(&o, "01 6700");
	o.counter++;
	SEND(&p, &o, "", 0x00);
	ANSWERED(&o, "00 9000");
	o.counter++;
	SEND(&p, &o, "01A4000C 02 3F00", 0x00); /* no channels */
	ANSWERED(&o, "01 6E00");
	play_close(&p);
}

/* PROVES: TS 102 226 5.1.1, 5.1.2, 7: what remote file management may do, by whose rules, and
 * where it starts */
static void test_less_rights(void)
{
	struct ota o = ota_aes();
	struct play p;

	ota_begin(&p, &o, 0x00);
	PLAY(&p, USIM, SW_OK);
	/* Without a CC: as anybody. */
	o.spi[0] = 0x04;
	o.spi[1] = 0x01;
	CU_ASSERT_EQUAL(ota_send(&p, &o, "00A4000C 02 6FAD 00B0000000"), SW_OK);
	ota_open(&o, p.response, p.length, 1);
	ANSWERED(&o, "02 9000 00000002");
	CU_ASSERT_EQUAL(ota_send(&p, &o, "00A4000C 02 6FAD 00D60000 01 01"), SW_OK);
	ota_open(&o, p.response, p.length, 1);
	ANSWERED(&o, "02 6982");
	for (int i = 0; i < 5; i++) { /* but no guess */
		static const char *const guesses[] = {
			"0020000A 08 3030303030303030", "00240001 10 3030303030303030 3030303030303030",
			"00260001 08 3030303030303030", "00280001 08 3030303030303030",
			"002C0001 10 3030303030303030 3030303030303030"};

		CU_ASSERT_EQUAL(ota_send(&p, &o, guesses[i]), SW_OK);
		ota_open(&o, p.response, p.length, 1);
		ANSWERED(&o, "01 6982");
	}
	PLAY(&p, "0020000A", 0x63C3);
	PLAY(&p, "002C0001", 0x63CA);

	/* The shared files' application starts with the MF and reaches no ADF. */
	o = ota_aes();
	o.counter = 1000;
	o.tar[2] = 0;
	SEND(&p, &o, "00A4000C 02 2F08 00B0000001", 0x00);
	ANSWERED(&o, "02 9000 0A");
	o.counter++;
	SEND(&p, &o, "00A4000C 02 7FFF", 0x00);
	ANSWERED(&o, "01 6A82");
	o.counter++;
	SEND(&p, &o, "00A4080C 04 7FFF6F07", 0x00);
	ANSWERED(&o, "01 6A82");
	/* The terminal's own session is where it was, and has no right more. */
	PLAY(&p, "00D68300 01 00", 0x6982);
	play_close(&p);
}

/* PROVES: TS 102 226 5.2.1, 5.2.2: the expanded format */
static void test_expanded(void)
{
	struct ota o = ota_aes();
	struct play p;

	ota_begin(&p, &o, -1);
	SEND(&p, &o, "AA 15 2207 00A4000C026FAD 2205 00B0000004 2203 000000", 0x00);
	ANSWERED(&o, "AB 13 800103 2302 9000 2306 000000029000 2302 6700"); /* the last is too short */
	o.counter++;
	SEND(&p, &o, "AA 10 2207 00A4000C026FAD 2205 00B0000004", 0x00);
	ANSWERED(&o, "AB 0F 800102 2302 9000 2306 000000029000");
	o.counter++;
	SEND(&p, &o, "AA 0A 2208 00A40004026FAD00", 0x00); /* with Le: its answer at once */
	CU_ASSERT_EQUAL(o.answer[5], 0x23);
	CU_ASSERT_EQUAL(o.answer[7], 0x62);
	CU_ASSERT_EQUAL(o.answer[o.answered - 2], 0x90);
	o.counter++;
	SEND(&p, &o, "AA 12 2207 00A4000CFFFF02 2207 00A4000C026FAD", 0x00);
	ANSWERED(&o, "AB 07 800101 2302 6700");
	o.counter++;
	SEND(&p, &o, "AA 0C 2207 00A4000C026FAD 2301 00", 0x00);
	ANSWERED(&o, "AB 0A 800101 2302 9000 900101");
	o.counter++;
	SEND(&p, &o, "AA 7F 22", 0x00);
	ANSWERED(&o, "AB 06 800100 900101");
	play_close(&p);
}

/* Envelopes that are no parts of a message. */

/* PROVES: TS 102 223 6.4.7: what was changed over the air is told to a terminal that wants to know */
static void test_refresh(void)
{
	struct ota o = ota_aes();
	struct play p;

	ota_begin(&p, &o, -1);
	SEND(&p, &o, "00A4000C 02 6FAD 00D60000 04 00000002", 0x00);
	PLAY(&p, "80F2000C00", SW_OK);
	PLAY(&p, "80100000 03 000080", SW_OK);
	o.counter++;
	CU_ASSERT_EQUAL(ota_send(&p, &o, "00A4000C 02 6FAD 00D60000 04 00000002"), 0x9126);
	ota_open(&o, p.response, p.length, 0);
	CU_ASSERT_EQUAL(o.status, 0);
	PLAY(&p, "80F2000C00", 0x9126);
	PLAY_DATA(&p, "8012000026",
		  "D024 8103010101 82028182 920701 3F007FFF6FAD AF10A0000000871002FFFFFFFF8907090000");
	PLAY(&p, "80140000 0C 8103010101 82028281 830100", SW_OK);
	o.counter++;
	CU_ASSERT_EQUAL(ota_send(&p, &o, "00A4000C 02 6FAD 00B0000004"), SW_OK); /* only read */
	o.counter++;
	CU_ASSERT_EQUAL(ota_send(&p, &o, "00A4000C 02 6F06 00DC0104 01 00"), SW_OK); /* refused */
	o.spi[1] = 0;
	o.counter++;
	CU_ASSERT_EQUAL(ota_send(&p, &o, "00A4000C 02 6F46 00D60000 01 01"), 0x9126); /* no answer wanted */
	PLAY(&p, "8012000026", SW_OK);
	PLAY(&p, "80140000 0C 8103020101 82028281 830100", SW_OK);
	/* A file whose path is too long to be named: of all. */
	PLAY(&p, "0020000A 08 3132333435363738", SW_OK);
	PLAY(&p, "00A4000C 02 3F00", SW_OK);
	PLAY(&p, "00E00000 12 6210 82027821 83025F01 8A0105 8B032F0609", SW_OK);
	PLAY(&p, "00E00000 12 6210 82027821 83025F02 8A0105 8B032F0609", SW_OK);
	PLAY(&p, "00E00000 12 6210 82027821 83025F03 8A0105 8B032F0609", SW_OK);
	PLAY(&p, "00E00000 18 6216 82024121 83026F51 8A0105 8B032F0609 8800 80020010", SW_OK);
	o.counter++;
	CU_ASSERT_EQUAL(ota_send(&p, &o, "00A4080C 08 5F015F025F036F51 00D60000 01 01"), 0x910B);
	PLAY_DATA(&p, "801200000B", "D009 8103030100 82028182");
	play_close(&p);
}

UNIT_SUITE("remote", UNIT(test_files), UNIT(test_less_rights), UNIT(test_expanded), UNIT(test_refresh))

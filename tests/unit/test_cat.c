/* The toolkit: its order, what it says to whom, and how it asks for REFRESH. */
#include "cat/cat.h"

#include <string.h>

#include "fs/file.h"
#include "unit/play.h"

#define USIM_AID   "AF10A0000000871002FFFFFFFF8907090000"
#define DONE(n)    "8103" n "0101 82028281 830100"
#define PROFILE    "80100000 03 000080" /* REFRESH, and nothing else */
#define NO_REFRESH "80100000 04 FFFF7FFF"
#define STATUS_MF  "80F2000C00"

/* The number of a file of ADF.USIM, or of one right below the MF. */
static uint16_t usim_file(struct play *p, uint16_t fid)
{
	static const uint8_t aid[] = {0xA0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x02};
	uint16_t adf = file_by_aid(&p->card.store, (struct span){aid, sizeof(aid)}, FILE_NONE);

	return file_child(&p->card.store, adf, fid);
}

/* PROVES: TS 102 221 11.1.19 */
static void test_terminal_capability(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "80AA0000 04 A9028100", 0x9000);
	PLAY(&p, "80AA0000 09 A9078003FF0A008100", 0x9000);
	PLAY(&p, "80AA0000 02 A900", 0x9000);
	PLAY(&p, "80AA0000 03 A90281", 0x6A80);
	PLAY(&p, "80AA0000 04 A9028103", 0x6A80);
	PLAY(&p, "80AA0000 05 A902810001", 0x6A80); /* something behind it */
	PLAY(&p, "80AA0000 02 A800", 0x6A80);
	PLAY(&p, "80AA000000", 0x6700);
	PLAY(&p, "80AA0100 02 A900", 0x6A86);
	PLAY(&p, "00AA0000 02 A900", 0x6E00);
	/* SPEC: TS 102 221 11.1.1.4.6.8: the MF says that it knows the command. */
	PLAY(&p, "00A40004 02 3F00", 0x9000);
	CU_ASSERT_PTR_NOT_NULL(memmem(p.response, p.length, "\xA5\x06\x80\x01\x71\x87\x01\x01", 8));
	play_close(&p);
}

/* PROVES: TS 102 221 11.2.1, TS 102 223 5.2, 6.1: nothing is said before TERMINAL PROFILE, nor what it
 * forbids */
static void test_profile_comes_first(void)
{
	struct play p;

	play_open(&p);
	cat_file_changed(&p.card, usim_file(&p, 0x6FAD));
	PLAY(&p, STATUS_MF, 0x9000);
	PLAY(&p, "8012000000", 0x6985);
	PLAY(&p, NO_REFRESH, 0x9000);
	cat_file_changed(&p.card, usim_file(&p, 0x6FAD));
	PLAY(&p, STATUS_MF, 0x9000);
	PLAY(&p, "80100000 02 FFFF", 0x9000); /* too short to say so */
	cat_file_changed(&p.card, usim_file(&p, 0x6FAD));
	PLAY(&p, STATUS_MF, 0x9000);
	PLAY(&p, PROFILE, 0x9000); /* what changed before is not told after */
	PLAY(&p, STATUS_MF, 0x9000);
	PLAY(&p, "8010000000", 0x6700);
	PLAY(&p, "80100001 01 FF", 0x6A86);
	cat_file_changed(&p.card, usim_file(&p, 0x6FAD));
	PLAY(&p, STATUS_MF, 0x9126);
	PLAY(&p, NO_REFRESH, 0x9000); /* taken back */
	PLAY(&p, "8012000026", 0x6985);
	play_restart(&p);
	cat_file_changed(&p.card, usim_file(&p, 0x6FAD));
	PLAY(&p, STATUS_MF, 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 221 7.4.2.1, 11.2.3, 11.2.4, TS 102 223 6.4.7, 6.6.13, 8.18 */
static void test_refresh(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, PROFILE, 0x9000);
	cat_file_changed(&p.card, usim_file(&p, 0x6FAD));
	cat_file_changed(&p.card, usim_file(&p, 0x6FAD)); /* once is enough */
	cat_file_changed(&p.card, file_child(&p.card.store, FILE_MF, 0x2F05));
	PLAY(&p, "00A4000C 02 3F00", 0x912A); /* with any command that went well, ... */
	PLAY(&p, "00A4000C 02 FFFF", 0x6A82);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00A40004 02 3F00") & 0xFF00, 0x6100);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C0000001") & 0xFF00, 0x6100);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C0000000") & 0xFF00, 0x6C00);
	PLAY(&p, "00A40004 02 3F00", 0x912A); /* ... when its answer is fetched, ... */
	PLAY(&p, "00700001", 0x912A);
	PLAY(&p, "01A4000C 02 3F00", 0x9000); /* ... on the basic channel */
	CU_ASSERT_EQUAL(play_tpdu(&p, "8012000000"), 0x6C2A);
	PLAY(&p, "8112000000", 0x6E00);
	PLAY(&p, "8012000100", 0x6A86);
	PLAY(&p, "80140000 0C" DONE("01"), 0x6985); /* not fetched yet */
	PLAY_DATA(&p, "801200002A", "D028 8103010101 82028182 920B02 3F007FFF6FAD 3F002F05" USIM_AID);
	PLAY(&p, "801200002A", 0x6985); /* once */
	PLAY(&p, STATUS_MF, 0x9000);
	cat_file_changed(&p.card, file_child(&p.card.store, FILE_MF, 0x2F05));
	PLAY(&p, "80140000 0C" DONE("02"), 0x6A80);          /* another's number */
	PLAY(&p, "80140000 07 82028281 830100", 0x6A80);     /* no details */
	PLAY(&p, "80140000 09 8103010101 82028281", 0x6A80); /* no result */
	PLAY(&p, "80140000 0B 8103010101 82028281 8301", 0x6A80);
	PLAY(&p, "80140000 0C 8103010201 82028281 830100", 0x6A80); /* another command */
	PLAY(&p, "80140001 0C" DONE("01"), 0x6A86);
	PLAY(&p, "80140000 0C 0103010101 02028281 030100",
	     0x9112); /* tags without the bit; and what changed meanwhile */
	PLAY_DATA(&p, "8012000012", "D010 8103020101 82028182 920501 3F002F05");
	PLAY(&p, "80140000 0C" DONE("02"), 0x9000);
	PLAY(&p, "80140000 0C" DONE("02"), 0x6985);
	play_close(&p);
}

/* PROVES: TS 102 223 6.6.13: more files than can be named are all files, and none is forgotten */
static void test_refresh_of_all(void)
{
	static const uint16_t fids[] = {0x6FAD, 0x6F07, 0x6F08, 0x6F09, 0x6F60,
					0x6F31, 0x6F37, 0x6F38, 0x6F46};
	struct play p;

	play_open(&p);
	PLAY(&p, PROFILE, 0x9000);
	for (size_t i = 0; i < 8; i++)
		cat_file_changed(&p.card, usim_file(&p, fids[i]));
	PLAY(&p, STATUS_MF, 0x9150); /* eight have room */
	PLAY_DATA(&p, "8012000050",
		  "D04E 8103010101 82028182 923108 3F007FFF6FAD 3F007FFF6F07 3F007FFF6F08 3F007FFF6F09"
		  "3F007FFF6F60 3F007FFF6F31 3F007FFF6F37 3F007FFF6F38" USIM_AID);
	cat_file_changed(&p.card, usim_file(&p, fids[8])); /* no room while those are kept */
	PLAY(&p, "80140000 0C" DONE("01"), 0x910B);
	PLAY_DATA(&p, "801200000B", "D009 8103020100 82028182");
	cat_file_changed(&p.card, FILE_NONE);
	PLAY(&p, "80140000 0C 8103020100 82028281 830100", 0x910B);
	PLAY_DATA(&p, "801200000B", "D009 8103030100 82028182");
	PLAY(&p, "80140000 0C 8103030100 82028281 830100", 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 223 6.7, 8.12: a busy terminal is asked again, at its next STATUS and not for ever; one that
 * cannot is not */
static void test_terminal_cannot(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, PROFILE, 0x9000);
	cat_file_changed(&p.card, file_child(&p.card.store, FILE_MF, 0x2F05));
	PLAY(&p, STATUS_MF, 0x9112);
	PLAY(&p, "8012000012", 0x9000);
	PLAY(&p, "80140000 0D 8103010101 82028281 83022001", 0x9000);
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY(&p, STATUS_MF, 0x9112);
	PLAY(&p, "8012000012", 0x9000);
	PLAY(&p, "80140000 0D 8103020101 82028281 83022001", 0x9000);
	PLAY(&p, STATUS_MF, 0x9112);
	PLAY(&p, "8012000012", 0x9000);
	PLAY(&p, "80140000 0D 8103030101 82028281 83022001", 0x9000);
	PLAY(&p, STATUS_MF, 0x9000);
	cat_file_changed(&p.card, file_child(&p.card.store, FILE_MF, 0x2F05));
	PLAY(&p, STATUS_MF, 0x9112);
	PLAY(&p, "8012000012", 0x9000);
	PLAY(&p, "80140000 0C 8103040101 82028281 830130", 0x9000);
	cat_file_changed(&p.card, file_child(&p.card.store, FILE_MF, 0x2F05));
	PLAY(&p, STATUS_MF, 0x9000);
	play_close(&p);
}

/* Another card died of the first of these. */
static void test_unsolicited(void)
{
	static const char *const rows[] = {"80140000 02 AABB", "80140000 0C" DONE("01"), "8014000000",
					   "80140000 01 81", "80140000 03 8181FF"};
	struct play p;

	play_open(&p);
	for (int profile = 0; profile < 2; profile++) {
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			PLAY(&p, rows[i], 0x6985);
		PLAY(&p, "8012000000", 0x6985);
		PLAY(&p, "8012000001", 0x6985);
		PLAY(&p, "80100000 1E FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x9000);
	}
	cat_file_changed(&p.card, file_child(&p.card.store, FILE_MF, 0x2F05));
	PLAY(&p, "8012000012", 0x9000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (i != 1)
			PLAY(&p, rows[i], 0x6A80);
	PLAY(&p, rows[1], 0x9000);
	play_close(&p);
}

UNIT_SUITE("cat", UNIT(test_terminal_capability), UNIT(test_profile_comes_first), UNIT(test_refresh),
	   UNIT(test_refresh_of_all), UNIT(test_terminal_cannot), UNIT(test_unsolicited))

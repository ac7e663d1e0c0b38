/* PROVES: TS 31.102 4.2, 4.4, TS 31.103 4.2: files a card is born with that name others, or say who may do
 * what, serve for that over APDUs. Which files there are, and their access rules: test_file_set. */
#include "unit/play.h"

/* PROVES: TS 31.102 4.4: EF.ACDC_LIST names no operating system on a blank card; one that is put
 * there finds its configuration by FID and by short identifier. */
static void test_acdc(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "0020000A 08 3132333435363738", 0x9000);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00A4000C 02 5FA0", 0x9000);
	PLAY_DATA(&p, "00B0810015", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
	PLAY(&p, "00D68100 15 A013 00112233445566778899AABBCCDDEEFF 4F02 02", 0x9000);
	PLAY(&p, "00D68200 08 A006 800101 810141", 0x9000);
	PLAY(&p, "00A4000C 02 4F02", 0x9000);
	PLAY_DATA(&p, "00B0000008", "A006800101810141");
	play_close(&p);
}

#define NOTHING_26 "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
#define NOTHING_43 NOTHING_26 "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"

/* An applet that may use GBA_U and a NAF it may use it with: 80 L { L AID, L NAF_Id }. */
#define APPLET "800F 07A0000000871002 066E61662E6101" NOTHING_43

/* Both files of an application, and the service of EF.IMSDCI in its table `fid`: as born nobody may, only an
 * administrator changes that, and the table, once it is long enough, can tell. */
static void check_applets_and_data_channel(struct play *p, const char *resize, const char *announce,
					   const char *read, const char *table)
{
	PLAY(p, "00A4000C 02 6F0A", 0x9000);
	PLAY_DATA(p, "00B201043C", NOTHING_26 NOTHING_26 "FFFFFFFFFFFFFFFF");
	PLAY(p, "00DC01043C" APPLET, 0x6982);
	PLAY(p, "00A4000C 02 6F0B", 0x9000);
	PLAY_DATA(p, "00B0000001", "00");
	PLAY(p, "00D60000 01 02", 0x6982);
	PLAY(p, "0020000A 08 3132333435363738", 0x9000);
	PLAY(p, "00D60000 01 02", 0x9000);
	PLAY_DATA(p, "00B0000001", "02");
	PLAY(p, "00D60001 01 00", 0x6B00); /* it has one byte */
	PLAY(p, "00A4000C 02 6F0A", 0x9000);
	PLAY(p, "00DC01043C" APPLET, 0x9000);
	PLAY_DATA(p, "00B201043C", "800F07A0000000871002066E61662E6101" NOTHING_43);
	PLAY(p, "00B202043C", 0x6A83); /* it has one record */
	PLAY(p, resize, 0x9000);
	PLAY(p, announce, 0x9000);
	PLAY_DATA(p, read, table);
}

/* PROVES: TS 31.102 4.2, TS 31.103 4.2: EF.AC_GBAUAPI and EF.IMSDCI of both applications hold what they are
 * for, and are two files each; services 150 of EF.UST and 22 of EF.IST can be announced. */
static void test_applets_and_data_channel(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	check_applets_and_data_channel(&p, "80D40000 0A 6208 83026F38 80020013", "00D68411 02 0020",
				       "00B0841003", "000020");
	play_restart(&p);
	PLAY(&p, "00A4040C 07 A0000000871004", 0x9000);
	check_applets_and_data_channel(&p, "80D40000 0A 6208 83026F07 80020003", "00D68702 01 20",
				       "00B0870003", "130020");
	play_close(&p);
}

/* PROVES: TS 31.102 4.4: EF.ORPK names no key on a blank card; one that is put there finds its certificate in
 * EF.TKCDF, at the offset and with the length it says. */
static void test_mexe(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "0020000A 08 3132333435363738", 0x9000);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00A4000C 02 5F3C", 0x9000);
	PLAY(&p, "00A4000C 02 4F41", 0x9000);
	PLAY_DATA(&p, "00B2010428", NOTHING_26 "FFFFFFFFFFFFFFFFFFFFFFFFFFFF");
	PLAY(&p, "00DC010428 FE0000 4F44 00C4 0004 04 11223344" NOTHING_26, 0x9000);
	PLAY(&p, "00A4000C 02 4F44", 0x9000);
	PLAY(&p, "00D600C4 04 30820102", 0x9000);
	PLAY_DATA(&p, "00B000C404", "30820102");
	PLAY_DATA(&p, "00B0000002", "FFFF");
	PLAY(&p, "00D600C5 04 30820102", 0x6700); /* it ends there */
	play_close(&p);
}

UNIT_SUITE("file_uses", UNIT(test_acdc), UNIT(test_applets_and_data_channel), UNIT(test_mexe))

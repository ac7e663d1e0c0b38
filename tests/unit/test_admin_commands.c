/* PROVES: fs/admin_commands.h: files
 * are made, resized, ended and removed, and their own access rules hold. */
#include "fs/admin_commands.h"

#include <stdio.h>
#include <string.h>

#include "fs/descriptor.h"
#include "unit/made.h"

/* Objects in the store that are made files'. */
static int made_objects(const struct play *p)
{
	int n = 0;

	for (int id = store_next(&p->card.store, descriptor_object(FILE_MADE, 0)); id >= 0;
	     id = store_next(&p->card.store, (uint16_t)(id + 1)))
		n++;
	return n;
}

/* PROVES: TS 102 222 6.3.1, 6.3.2 */
static void test_create_transparent(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, BINARY "83026F50" ACTIVE READ_ALL "80020005 8801A0", 0x9000);
	PLAY_DATA(&p, "00B0000005", "FFFFFFFFFF"); /* and is selected */
	PLAY(&p, "00D60001 02 AABB", 0x9000);
	PLAY_DATA(&p, "00A40004 02 6F50", "6217 82024121 83026F50 8A0105 8B032F060B 80020005 8801A0");
	play_restart(&p);
	PLAY_DATA(&p, "00B0940005", "FFAABBFFFF"); /* by its short identifier */
	PLAY(&p, "00D60000 01 00", 0x6982);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00D60000 01 00", 0x9000);
	CREATE(&p, BINARY "83026F50" ACTIVE READ_ALL "80020005" NO_SFI, 0x6A89);
	CREATE(&p, BINARY "83022FE2" ACTIVE READ_ALL "80020005" NO_SFI, 0x6A89); /* EF.ICCID */
	CREATE(&p, BINARY "83026F51" ACTIVE READ_ALL "80020005 8801A0",
	       0x6A80); /* that identifier is taken */
	CREATE(&p, BINARY "83026F51" ACTIVE READ_ALL "80020005 880110", 0x6A80); /* EF.ICCID's */
	PLAY(&p, "00B0000001", 0x9000); /* what was selected still is */
	/* Longer than a store object, and not shareable. */
	CREATE(&p, "82020121 83026F52" ACTIVE READ_ALL "80020258" NO_SFI, 0x9000);
	PLAY(&p, "00D600FE 04 01020304", 0x9000);
	PLAY_DATA(&p, "00B0025503", "FFFFFF");
	PLAY_DATA(&p, "00A40004 02 6F52", "6216 82020121 83026F52 8A0105 8B032F060B 80020258 8800");
	PLAY_DATA(&p, "00B000FE04", "01020304");
	play_close(&p);
}

/* PROVES: TS 102 222 6.3.1: records, and those of a cyclic file. */
static void test_create_records(void)
{
	struct play p;

	begin(&p);
	/* Ten bytes a record, 35 bytes: three records. */
	CREATE(&p, "82044221000A 83026F60" ACTIVE READ_ALL "80020023" NO_SFI, 0x9000);
	PLAY_DATA(&p, "00A40004 02 6F60", "6219 82054221000A03 83026F60 8A0105 8B032F060B 8002001E 8800");
	PLAY(&p, "00B200040A", 0x6A83); /* no record is current */
	PLAY(&p, "00DC0304 0A 00010203040506070809", 0x9000);
	PLAY_DATA(&p, "00B203040A", "00010203040506070809");
	PLAY_DATA(&p, "00B202040A", "FFFFFFFFFFFFFFFFFFFF");
	PLAY(&p, "00B204040A", 0x6A83);
	/* A cyclic one: read and update always, INCREASE ADM1, the rest never. */
	CREATE(&p,
	       "820446210003 83026F61" ACTIVE "AB15 800103 9000 840132" PIN("0A") "800178 9700"
										  "8002000C" NO_SFI,
	       0x9000);
	PLAY_DATA(&p, "00B2000403", "FFFFFF"); /* the last record made is current */
	PLAY(&p, "00DC0003 03 000001", 0x9000);
	PLAY_DATA(&p, "80320000 01 05", "000006 05");
	PLAY_DATA(&p, "00B2020403", "000001");
	play_restart(&p);
	PLAY(&p, "00A4000C 02 6F61", 0x9000);
	PLAY_DATA(&p, "00B2010403", "000006");
	PLAY(&p, "80320000 01 05", 0x6982);
	PLAY(&p, "00DC0003 03 000001", 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 222 6.3, TS 102 221 8.6: a directory, files in it, and one more in that. */
static void test_directories(void)
{
	struct play p;
	char df[64];
	int i;

	begin(&p);
	CREATE(&p, DF("5F10") "C606 900140 83010A", 0x9000);
	CREATE(&p, BINARY "83026F07" ACTIVE READ_ALL "80010A", 0x9000);
	CREATE(&p, DF("5F11"), 0x9000);
	CREATE(&p, BINARY "83026F07" ACTIVE READ_ALL "80010A", 0x9000);
	CREATE(&p, BINARY "83025F10" ACTIVE READ_ALL "80010A", 0x6A89); /* one above */
	CREATE(&p, BINARY "83025F11" ACTIVE READ_ALL "80010A", 0x6A89);
	PLAY(&p, "00D60000 02 0102", 0x9000);
	play_restart(&p);
	PLAY(&p, "00A4080C 06 5F105F116F07", 0x9000);
	PLAY_DATA(&p, "00B0000003", "0102FF");
	PLAY(&p, "00A4030C", 0x9000);
	PLAY(&p, "80F2000C", 0x9000);
	PLAY(&p, "00A4000C 02 6F07", 0x9000);
	PLAY_DATA(&p, "00B0000003", "FFFFFF");
	CREATE(&p, BINARY "83026F08" ACTIVE READ_ALL "80010A", 0x6982); /* no ADM1 */
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, MF, 0x9000);
	for (i = 0; i < 7; i++) { /* eight directories, with the MF */
		(void)snprintf(df, sizeof(df), "82027821 83025E%02X " ACTIVE ADM_ALL, i);
		CREATE(&p, df, 0x9000);
	}
	CREATE(&p, DF("5E30"), 0x6A84);
	CREATE(&p, BINARY "83026F08" ACTIVE READ_ALL "80010A", 0x9000);
	PLAY(&p, "00D60000 01 00", 0x9000);
	PLAY(&p, MF, 0x9000);
	PLAY(&p, "00E40000 02 5E00", 0x9000);
	PLAY(&p, "00E40000 02 5F10", 0x9000);
	CU_ASSERT_EQUAL(made_objects(&p), 0);
	play_close(&p);
}

/* PROVES: TS 102 221 9.2.4 to 9.2.6, ISO/IEC 7816-4 5.4.3: compact and expanded rules. */
static void test_rules(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, ENABLE, 0x9000);
	/* Compact: update ADM1, read PIN1; and read always, update never, delete ADM1. */
	CREATE(&p, BINARY "83026F50" ACTIVE "8C03031A11 80020005" NO_SFI, 0x9000);
	CREATE(&p, BINARY "83026F51" ACTIVE "8C04431AFF00 80020005" NO_SFI, 0x9000);
	/* Expanded: read PIN1 or ADM1, RESIZE and delete always; update both PINs. */
	CREATE(&p,
	       BINARY "83026F52" ACTIVE "AB1F 800101 A010" PIN("01") PIN("0A") "8401D4 9000 800140 9000"
									       "80020005" NO_SFI,
	       0x9000);
	CREATE(&p,
	       BINARY "83026F53" ACTIVE "AB1A 800101 9000 800102 AF10" PIN("01") PIN("0A") "80020005" NO_SFI,
	       0x9000);
	play_restart(&p);
	PLAY(&p, "00A4000C 02 6F50", 0x9000);
	PLAY(&p, "00B0000005", 0x6982);
	PLAY(&p, "00A4000C 02 6F51", 0x9000);
	PLAY(&p, "00B0000005", 0x9000);
	PLAY(&p, "00D60000 01 00", 0x6982);
	PLAY_DATA(&p, "00A40004 02 6F51", "6217 82024121 83026F51 8A0105 8C04431AFF00 80020005 8800");
	PLAY(&p, "00A4000C 02 6F52", 0x9000);
	PLAY(&p, "00B0000005", 0x6982);
	PLAY(&p, PIN_OK, 0x9000);
	PLAY(&p, "00B0000005", 0x9000);     /* either */
	PLAY(&p, "00D60000 01 00", 0x6982); /* nothing is said of it */
	PLAY(&p, "00A4000C 02 6F53", 0x9000);
	PLAY(&p, "00D60000 01 00", 0x6982); /* both */
	PLAY(&p, "00A4000C 02 6F50", 0x9000);
	PLAY(&p, "00B0000005", 0x9000);
	PLAY(&p, "00D60000 01 00", 0x6982);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00D60000 01 00", 0x9000);
	PLAY(&p, "00A4000C 02 6F53", 0x9000);
	PLAY(&p, "00D60000 01 00", 0x9000);
	play_restart(&p);
	RESIZE(&p, "83026F52 80020008", 0x9000);
	RESIZE(&p, "83026F51 80020008", 0x6982); /* a compact rule has no word for it */
	PLAY(&p, "00E40000 02 6F51", 0x6982);
	PLAY(&p, "00E40000 02 6F52", 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 221 9.2.7: a rule in an EF.ARR of the directory, or of one above; made ones too. */
static void test_references(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, DF("5F10"), 0x9000);
	CREATE(&p, BINARY "83026F50" ACTIVE "8B036F0601 80020005 880108", 0x9000); /* nowhere yet */
	PLAY(&p, "00B0000005", 0x6982);
	CREATE(&p, "820442210006 83026F06" ACTIVE ADM_ALL "8002000C" NO_SFI, 0x9000);
	PLAY(&p, "00DC0104 06 800101 9000 FF", 0x9000);
	PLAY(&p, "00B0810005", 0x9000);
	PLAY(&p, "00D60000 01 00", 0x6982);
	PLAY(&p, "00A4000C 02 6F06", 0x9000);
	PLAY(&p, "00DC0104 06 800103 9000 FF", 0x9000); /* what it says now is what holds now */
	PLAY(&p, "00A4000C 02 6F50", 0x9000);
	PLAY(&p, "00D60000 01 00", 0x9000);
	CREATE(&p, DF("5F11"), 0x9000);
	CREATE(&p, BINARY "83026F51" ACTIVE "8B036F0601 80020005" NO_SFI, 0x9000);
	PLAY(&p, "00B0000005", 0x9000);
	CREATE(&p, BINARY "83026F52" ACTIVE "8B036F0602 80020005" NO_SFI, 0x9000); /* FF: no rule */
	PLAY(&p, "00B0000005", 0x6982);
	CREATE(&p, BINARY "83026F53" ACTIVE "8B036F0603 80020005" NO_SFI, 0x9000); /* no such record */
	PLAY(&p, "00B0000005", 0x6982);
	CREATE(&p, BINARY "83026F54" ACTIVE "8B036F5001 80020005" NO_SFI, 0x9000); /* has no records */
	PLAY(&p, "00B0000005", 0x6982);
	PLAY(&p, "00A4030C", 0x9000);
	PLAY(&p, "00040000 02 6F06", 0x9000); /* deactivated, it grants nothing */
	PLAY(&p, "00A4000C 02 6F50", 0x9000);
	PLAY(&p, "00B0000005", 0x6982);
	play_close(&p);
}

/* PROVES: TS 102 222 6.4 */
static void test_delete(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, BINARY "83026F50" ACTIVE READ_ALL "80020400 8801A0", 0x9000);
	CU_ASSERT_EQUAL(made_objects(&p), 5);
	PLAY(&p, "00E40000 01 6F", 0x6700);
	PLAY(&p, "00E40000", 0x6700);
	PLAY(&p, "00E40001 02 6F50", 0x6A86);
	PLAY(&p, "00E40000 02 6F51", 0x6A82);
	PLAY(&p, "00E40000 02 3F00", 0x6982);
	PLAY(&p, "00E40000 02 2FE2", 0x6982); /* never, and what the MF allows is for made files */
	PLAY(&p, "00E40000 02 6F50", 0x9000);
	CU_ASSERT_EQUAL(made_objects(&p), 0);
	PLAY(&p, "00B0000001", 0x6986);
	PLAY(&p, "00A4000C 02 6F50", 0x6A82);
	PLAY(&p, "00B0940001", 0x6A82);
	CREATE(&p, BINARY "83026F50" ACTIVE READ_ALL "80020400 8801A0", 0x9000); /* all is free again */
	PLAY_DATA(&p, "00B0000003", "FFFFFF");
	/* A directory goes with all that is in it, also when it is the current one. */
	CREATE(&p, DF("5F10"), 0x9000);
	CREATE(&p, BINARY "83026F51" ACTIVE PIN_OPEN "80020005" NO_SFI, 0x9000);
	CREATE(&p, DF("5F11"), 0x9000);
	CREATE(&p, BINARY "83026F51" ACTIVE PIN_OPEN "80020005" NO_SFI, 0x9000);
	PLAY(&p, "00A4030C", 0x9000);
	PLAY(&p, "00E40000 02 5F10", 0x9000);
	PLAY(&p, "00A4000C 02 2FE2", 0x9000); /* the MF is the current directory */
	PLAY(&p, "00A4000C 02 5F10", 0x6A82);
	PLAY(&p, "00A4080C 04 5F106F51", 0x6A82);
	CU_ASSERT_EQUAL(made_objects(&p), 5);
	play_restart(&p);
	PLAY(&p, "00E40000 02 6F50", 0x6982);
	PLAY(&p, "00A4000C 02 6F50", 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 222 6.4.1, TS 102 221 8.7: what another channel has selected. */
static void test_channels(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, DF("5F10"), 0x9000);
	CREATE(&p, BINARY "83026F50" ACTIVE "8C0303 0000 80020005" NO_SFI, 0x9000);
	CREATE(&p, DF("5F11"), 0x9000);
	PLAY_DATA(&p, "00700000 01", "01");
	PLAY(&p, "01A4080C 04 5F106F50", 0x9000);
	PLAY(&p, "00A4080C 02 5F10", 0x9000);
	PLAY(&p, "00E40000 02 6F50", 0x9000); /* shareable: the other channel has no EF now */
	PLAY(&p, "01B0000001", 0x6986);
	PLAY(&p, "01A4000C 02 5F11", 0x9000);
	PLAY(&p, "00E40000 02 5F10", 0x9000); /* and not that directory, but the MF */
	PLAY(&p, "01A4000C 02 2FE2", 0x9000);
	PLAY(&p, "01B0000001", 0x9000);
	/* One that is not shareable is there for one at a time. */
	CREATE(&p, "82020121 83026F51" ACTIVE "AB0A 800163 9000 8401D4 9000 80020005 8801A0", 0x9000);
	PLAY(&p, "01A4000C 02 6F51", 0x6985);
	PLAY(&p, "01B0940001", 0x6985);
	PLAY(&p, "00A4000C 02 2FE2", 0x9000);
	PLAY(&p, "01A4000C 02 6F51", 0x9000);
	PLAY(&p, "00E40000 02 6F51", 0x6985);
	PLAY(&p, "00B0940001", 0x6985);
	RESIZE(&p, "83026F51 80020008", 0x6985);
	PLAY(&p, "01A4000C 02 2FE2", 0x9000);
	PLAY(&p, "00E40000 02 6F51", 0x9000);
	/* A file that is resized stays the selected one. */
	CREATE(&p, "820442210002 83026F52" ACTIVE READ_ALL "80020008" NO_SFI, 0x9000);
	PLAY(&p, "01A4000C 02 6F52", 0x9000);
	PLAY(&p, "01B2000202", 0x9000);
	RESIZE(&p, "83026F52 8002000A", 0x9000);
	PLAY(&p, "01B2050402", 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 222 6.10: not a cyclic file, and not one that is deactivated. */
static void test_resize_incompatible(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, "820446210001 83026F52" ACTIVE READ_ALL "80020004" NO_SFI, 0x9000);
	PLAY(&p, "00DC0003 01 01", 0x9000);
	RESIZE(&p, "83026F52 80020006", 0x6981);
	PLAY_DATA(&p, "00B2010401", "01");
	PLAY(&p, "00B2050401", 0x6A83);
	CREATE(&p, BINARY "83026F50" ACTIVE READ_ALL "80020005" NO_SFI, 0x9000);
	PLAY(&p, "00040000", 0x9000);
	RESIZE(&p, "83026F50 80020003", 0x6984);
	PLAY(&p, "00440000", 0x9000);
	PLAY_DATA(&p, "00B0000005", "FFFFFFFFFF");
	RESIZE(&p, "83026F50 80020003", 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 222 6.10 */
static void test_resize(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, BINARY "83026F50" ACTIVE READ_ALL "80020005" NO_SFI, 0x9000);
	PLAY(&p, "00D60000 05 0102030405", 0x9000);
	RESIZE(&p, "83026F50 80020258 A503C10177", 0x9000);
	PLAY_DATA(&p, "00B0000007", "01020304057777");
	PLAY_DATA(&p, "00B0025701", "77");
	PLAY(&p, "00B0025801", 0x6B00);
	PLAY_DATA(&p, "00A40004 02 6F50", "6216 82024121 83026F50 8A0105 8B032F060B 80020258 8800");
	PLAY(&p, "00D60100 01 99", 0x9000);
	RESIZE(&p, "83026F50 80020003", 0x9000);
	PLAY_DATA(&p, "00B0000003", "010203");
	CU_ASSERT_EQUAL(made_objects(&p), 2);
	RESIZE(&p, "83026F50 80020110", 0x9000); /* what was behind does not come back */
	PLAY_DATA(&p, "00B0000004", "010203FF");
	PLAY_DATA(&p, "00B000FF02", "FFFF");
	/* Records stay what they are. */
	CREATE(&p, "820442210003 83026F51" ACTIVE READ_ALL "80020006" NO_SFI, 0x9000);
	PLAY(&p, "00DC0104 03 010101", 0x9000);
	PLAY(&p, "00DC0204 03 020202", 0x9000);
	RESIZE(&p, "83026F51 800200FE", 0x9000);
	PLAY_DATA(&p, "00B2020403", "020202");
	PLAY_DATA(&p, "00B2540403", "FFFFFF");
	PLAY(&p, "00B2550403", 0x6A83);
	PLAY(&p, "00B2000403", 0x6A83); /* none is current */
	PLAY(&p, "00DC5404 03 848484", 0x9000);
	RESIZE(&p, "83026F51 80020003", 0x9000);
	PLAY_DATA(&p, "00B2010403", "010101");
	PLAY(&p, "00B2020403", 0x6A83);
	CREATE(&p, "820446210001 83026F52" ACTIVE READ_ALL "80020002" NO_SFI, 0x9000);
	PLAY(&p, "00DC0003 01 03", 0x9000);
	PLAY(&p, "00DC0003 01 04", 0x9000);
	/* Refusals. */
	RESIZE(&p, "83026F51 80020002", 0x6A80); /* less than a record */
	RESIZE(&p, "83026F51 80020300", 0x6A80); /* more than 254 of them */
	RESIZE(&p, "83026F52 80020000", 0x6A80);
	RESIZE(&p, "80020008", 0x6A80);
	RESIZE(&p, "83026F52", 0x6A80);
	RESIZE(&p, "83026F52 80020008 8801A0", 0x6A80);
	RESIZE(&p, "83026F52 81020008", 0x6A81);
	RESIZE(&p, "83026F59 80020008", 0x6A82);
	RESIZE(&p, "83023F00 80020008", 0x6981);
	RESIZE(&p, "83022FE2 80020008", 0x6982); /* its rule has no word for it */
	PLAY(&p, "80D40001 0A 6208 83026F52 80020003", 0x6A86);
	PLAY(&p, "00D40000 0A 6208 83026F52 80020003", 0x6E00);
	play_restart(&p);
	RESIZE(&p, "83026F51 80020006", 0x6982);
	PLAY(&p, "00A4000C 02 6F52", 0x9000);
	PLAY_DATA(&p, "00B2020401", "03");
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.14, 11.1.15, TS 102 222 6.5, 6.6 */
static void test_deactivate(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, "00040000", 0x6986);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00A4000C 02 6F46", 0x9000); /* EF.SPN */
	PLAY(&p, "00040000", 0x9000);
	PLAY_DATA(&p, "00A40004 02 6F46", "6216 82024121 83026F46 8A0104 8B036F0603 80020011 8800");
	PLAY(&p, "00B0000001", 0x6984);
	PLAY(&p, "00D60000 01 00", 0x6984);
	PLAY(&p, "00040000", 0x9000); /* again: as it is */
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00A4000C 02 6F46", 0x9000);
	PLAY(&p, "00B0000001", 0x6984);
	PLAY(&p, "00440000", 0x6982);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00440000", 0x9000);
	PLAY(&p, "00B0000001", 0x9000);
	PLAY(&p, "00040000 02 6F07", 0x9000); /* by its FID, and EF.SPN is still selected */
	PLAY_DATA(&p, "00B0000002", "01FF");
	PLAY(&p, "00B0870009", 0x6984);
	PLAY(&p, "00440800 04 7FFF6F07", 0x9000);
	PLAY(&p, "00B0870009", 0x9000);
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY(&p, "00040900 02 2F05", 0x9000);
	PLAY(&p, "00B0850001", 0x6984);
	PLAY(&p, "00440900 02 2F05", 0x9000);
	PLAY(&p, "00440000 02 2FE2", 0x6982); /* never, even with ADM1 */
	PLAY(&p, "00440000 02 2F99", 0x6A82);
	PLAY(&p, "00440000 02 7F20", 0x6981);
	PLAY(&p, "00440000 01 2F", 0x6700);
	PLAY(&p, "00440000 04 7F206F07", 0x6700);
	PLAY(&p, "00440800", 0x6700);
	PLAY(&p, "00440100 02 2F05", 0x6A86);
	PLAY(&p, "00440001 02 2F05", 0x6A86);
	play_close(&p);
}

/* PROVES: TS 102 222 6.7, 6.8 */
static void test_terminate(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, DF("5F10"), 0x9000);
	CREATE(&p, BINARY "83026F50" ACTIVE READ_ALL "80020005" NO_SFI, 0x9000);
	CREATE(&p, BINARY "83026F51" ACTIVE READ_ALL "80020005" NO_SFI, 0x9000);
	PLAY(&p, "00E60000 02 6F50", 0x6981);
	PLAY(&p, "00E80000 02 5F10", 0x6981);
	PLAY(&p, "00E80000 02 6F59", 0x6A82);
	PLAY(&p, "00E80000", 0x6700);
	PLAY(&p, "00E80001 02 6F50", 0x6A86);
	PLAY(&p, "00E60000 02 3F00", 0x6981);
	PLAY(&p, "00E80000 02 6F50", 0x9000);
	PLAY_DATA(&p, "00A40004 02 6F50", "6216 82024121 83026F50 8A010C 8B032F060B 80020005 8800");
	PLAY(&p, "00B0000001", 0x6985);
	PLAY(&p, "00440000", 0x6985); /* for good */
	PLAY(&p, "00E80000 02 6F50", 0x6985);
	RESIZE(&p, "83026F50 80020003", 0x6985);
	play_restart(&p);
	PLAY(&p, "00A4080C 04 5F106F50", 0x9000);
	PLAY(&p, "00B0000001", 0x6985);
	PLAY(&p, "00E80000 02 6F51", 0x6982);
	PLAY(&p, "00E60000 02 5F10", 0x6982);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00E60000 02 5F10", 0x9000); /* and with it what is in it */
	PLAY(&p, "00A4000C 02 6F51", 0x9000);
	PLAY(&p, "00B0000001", 0x6985);
	CREATE(&p, BINARY "83026F52" ACTIVE READ_ALL "80020005" NO_SFI, 0x6985);
	PLAY(&p, "00E40000 02 6F51", 0x6985);
	PLAY(&p, MF, 0x9000);
	PLAY(&p, "00E40000 02 5F10", 0x9000); /* only this is left to do */
	PLAY(&p, "00A4000C 02 5F10", 0x6A82);
	PLAY(&p, "00E60000 02 7F20", 0x6982); /* the card's own: never */
	play_close(&p);
}

/* PROVES: TS 102 222 6.9 */
static void test_terminate_card_usage(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00FE0000", 0x6982);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00FE0001", 0x6A86);
	PLAY(&p, "00FE0000 01 00", 0x6700);
	PLAY(&p, "00A4000C 02 2FE2", 0x9000);
	PLAY(&p, "00FE0000", 0x9000);
	PLAY(&p, "00B000000A", 0x6985);
	PLAY(&p, "00A4000C 02 3F00", 0x6985);
	play_restart(&p);
	PLAY(&p, "00A4000C 02 3F00", 0x6985);
	PLAY(&p, ADM, 0x6985);
	play_close(&p);
}

/* What the memory says is not trusted: a descriptor that is no file's is none. */
static void test_damaged(void)
{
	static const uint8_t good[] = {0x05, 0, FILE_LINEAR, 0,    2, 0,    0, 0, 0x6F,
				       0x50, 0, 4,           0x8B, 3, 0x2F, 6, 11};
	static const struct {
		uint8_t at, value;
	} bad[] = {{2, 0}, {2, FILE_APPLICATION}, {2, 7}, {2, 0xFF}, {1, 2}, {1, 0xFF}, {4, 0}, {11, 0},
		   {10, 1}};
	uint16_t id = descriptor_object(FILE_MADE, DESCRIPTOR_PART);
	uint8_t bytes[sizeof(good)];
	struct play p;

	play_open(&p);
	CU_ASSERT_EQUAL(store_write(&p.card.store, id, good, sizeof(good)), OK);
	play_restart(&p);
	PLAY(&p, "00A4000C 02 6F50", 0x9000);
	PLAY_DATA(&p, "00B2020404", "FFFFFFFF");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memcpy(bytes, good, sizeof(good));
		bytes[bad[i].at] = bad[i].value;
		CU_ASSERT_EQUAL(store_write(&p.card.store, id, bytes, sizeof(bytes)), OK);
		play_restart(&p);
		PLAY(&p, "00A4000C 02 6F50", 0x6A82);
		PLAY(&p, "00A4000C 02 2FE2", 0x9000);
	}
	/* A directory in itself, and one that is in an EF: nobody's. */
	memcpy(bytes, good, sizeof(good));
	bytes[2] = FILE_DIRECTORY;
	bytes[6] = FILE_MADE >> 8;
	bytes[7] = FILE_MADE & 0xFF;
	CU_ASSERT_EQUAL(store_write(&p.card.store, id, bytes, sizeof(bytes)), OK);
	play_restart(&p);
	CU_ASSERT_EQUAL(made_objects(&p), 0);
	bytes[6] = 0;
	bytes[7] = (uint8_t)file_child(&p.card.store, FILE_MF, 0x2FE2);
	CU_ASSERT_EQUAL(store_write(&p.card.store, id, bytes, sizeof(bytes)), OK);
	play_restart(&p);
	CU_ASSERT_EQUAL(made_objects(&p), 0);
	play_close(&p);
}

/* PROVES: TS 102 222 6.3.1: memory is there for what was made, or 6A84; and the
 * card's own files are written whatever was made. */
static void test_full(void)
{
	struct play p;
	char objects[96];
	uint16_t sw;
	int before, made = 0;

	begin(&p);
	CREATE(&p, BINARY "83026F50" ACTIVE READ_ALL "80027F00" NO_SFI, 0x6A84);
	CREATE(&p, "820442210081 83026F50" ACTIVE READ_ALL "80027EF8" NO_SFI, 0x6A84); /* 252 store objects */
	CU_ASSERT_EQUAL(made_objects(&p), 0);
	for (sw = 0x9000; sw == 0x9000; made += sw == 0x9000) {
		before = made_objects(&p);
		(void)snprintf(objects, sizeof(objects),
			       "820442210014 8302 50%02X " ACTIVE READ_ALL "80020320 8800", made);
		sw = template(&p, "00E00000", objects);
	}
	CU_ASSERT_EQUAL(sw, 0x6A84);
	CU_ASSERT(made > 3);
	CU_ASSERT_EQUAL(made_objects(&p), before); /* nothing half made */
	/* Every record of the last one can be written. */
	for (int i = 1; i <= 40; i++) {
		(void)snprintf(objects, sizeof(objects), "00DC%02X04 14 %040d", i, i);
		PLAY(&p, objects, 0x9000);
	}
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00D68B00 02 0102", 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 222 6.3: an EF in the deepest directory there can be is there for good. */
static void test_deepest(void)
{
	static const char *const fids[] = {"5F01", "5F02", "5F03", "5F04", "5F05", "5F06", "5F07"};
	char objects[64];
	struct play p;

	begin(&p);
	for (size_t i = 0; i < sizeof(fids) / sizeof(fids[0]); i++) {
		(void)snprintf(objects, sizeof(objects), "82027821 8302 %s" ACTIVE ADM_ALL, fids[i]);
		CREATE(&p, objects, 0x9000);
	}
	CREATE(&p, DF("5F08"), 0x6A84);
	CREATE(&p, BINARY "83026F51" ACTIVE READ_ALL "80020002" NO_SFI, 0x9000);
	PLAY(&p, "00D60000 02 1234", 0x9000);
	CREATE(&p, BINARY "83026F52" ACTIVE READ_ALL "80020002" NO_SFI, 0x9000);
	play_restart(&p);
	PLAY(&p, "00A4080C 10 5F015F025F035F045F055F065F076F51", 0x9000);
	PLAY_DATA(&p, "00B0000002", "1234");
	PLAY(&p, "00A4000C 02 6F52", 0x9000);
	PLAY(&p, MF, 0x9000);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00E40000 02 5F01", 0x9000); /* all of it goes with the uppermost */
	CU_ASSERT_EQUAL(made_objects(&p), 0);
	play_close(&p);
}

/* PROVES: TS 102 221 8.7: what is not shareable is let be while another channel has it. */
static void test_taken(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, "82020121 83026F51" ACTIVE READ_ALL "80020010" NO_SFI, 0x9000);
	PLAY(&p, MF, 0x9000);
	PLAY(&p, "0070000001", 0x9000);
	PLAY(&p, "01A4000C 02 6F51", 0x9000);
	PLAY(&p, "00040800 02 6F51", 0x6985);
	PLAY(&p, "00E80000 02 6F51", 0x6985);
	PLAY(&p, "00E40000 02 6F51", 0x6985);
	RESIZE(&p, "8002000A 83026F51", 0x6985);
	PLAY(&p, "01B0000001", 0x9000);
	PLAY(&p, "01A4000C 02 3F00", 0x9000);
	PLAY(&p, "00040800 02 6F51", 0x9000);
	play_close(&p);
}

UNIT_SUITE("admin_commands", UNIT(test_create_transparent), UNIT(test_create_records), UNIT(test_directories),
	   UNIT(test_deepest), UNIT(test_taken), UNIT(test_rules), UNIT(test_references), UNIT(test_delete),
	   UNIT(test_channels), UNIT(test_resize_incompatible), UNIT(test_resize), UNIT(test_deactivate),
	   UNIT(test_terminate), UNIT(test_terminate_card_usage), UNIT(test_damaged), UNIT(test_full))

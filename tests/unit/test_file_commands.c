/* PROVES: fs/file_commands.h on long, cyclic, linked and deactivated EFs. */
#include "fs/file_commands.h"

#include <stdio.h>
#include <string.h>

#include "fs/file.h"
#include "unit/play.h"

#define USIM "00A4040C 07 A0000000871002"
#define ADM  "0020000A 08 3132333435363738"
#define PIN2 "00200081 08 35363738FFFFFFFF"
#define ACM  "00A4000C 02 6F39"
#define ECC  "00A4000C 02 6FB7"

/* PROVES: TS 102 221 11.1.5, 11.1.6, 8.2.2.3: a cyclic EF takes "previous" only, its records move back by
 * one, and it is read round and round. */
static void test_cyclic(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY_DATA(&p, "00A40004 02 6F39", "621A 82054621000305 83026F39 8A0105 8B036F060D 8002000F 8801E0");
	PLAY(&p, "00DC0003 03 000001", 0x6982);
	PLAY(&p, PIN2, 0x9000);
	PLAY(&p, "00DC0003 03 000001", 0x9000);
	PLAY(&p, "00DC0003 03 000002", 0x9000);
	PLAY_DATA(&p, "00B2000403", "000002"); /* current: the newest */
	PLAY_DATA(&p, "00B2010403", "000002");
	PLAY_DATA(&p, "00B2020403", "000001");
	PLAY_DATA(&p, "00B2030403", "000000");
	PLAY_DATA(&p, "00B2050403", "000000");
	PLAY(&p, "00B2060403", 0x6A83);
	PLAY(&p, "00DC0003 02 0000", 0x6700);
	PLAY(&p, "00DC0004 03 000009", 0x6981);
	PLAY(&p, "00DC0104 03 000009", 0x6981);
	PLAY(&p, "00DC0002 03 000009", 0x6981);
	PLAY(&p, "00DC0103 03 000009", 0x6A86);
	PLAY(&p, "00DC0003 03 000003", 0x9000);
	PLAY(&p, "00DC0003 03 000004", 0x9000);
	PLAY(&p, "00DC0003 03 000005", 0x9000);
	PLAY(&p, "00DC0003 03 000006", 0x9000); /* the ring has been round */
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, ACM, 0x9000);
	PLAY_DATA(&p, "00B2010403", "000006");
	PLAY_DATA(&p, "00B2050403", "000002");
	PLAY(&p, ACM, 0x9000);
	PLAY_DATA(&p, "00B2000403", "000006"); /* selected: the newest is current */
	PLAY_DATA(&p, "00B2000203", "000005");
	PLAY_DATA(&p, "00B2000303", "000006");
	PLAY_DATA(&p, "00B2000303", "000002"); /* before the first is the last, and behind it the first */
	PLAY_DATA(&p, "00B2000203", "000006");
	PLAY(&p, "00D60000 01 00", 0x6981);
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.8 */
static void test_increase(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "80320000 01 01", 0x6986);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, ECC, 0x9000);
	PLAY(&p, "80320000 01 01", 0x6981);
	PLAY(&p, "80328700 01 01", 0x6981); /* EF.IMSI, by its short identifier */
	PLAY(&p, "80329F00 01 01", 0x6A82);
	PLAY(&p, ACM, 0x9000);
	PLAY(&p, "80320001 01 01", 0x6A86);
	PLAY(&p, "80320100 01 01", 0x6A86);
	PLAY(&p, "80328000 01 01", 0x6A86);
	PLAY(&p, "80320000", 0x6700);
	PLAY(&p, "80320000 04 00000001", 0x6700);
	PLAY(&p, "00320000 01 01", 0x6E00);
	PLAY_DATA(&p, "80320000 01 05", "000005 05");
	PLAY_DATA(&p, "80320000 03 0000FF", "000104 0000FF");
	PLAY_DATA(&p, "00B2010403", "000104");
	PLAY_DATA(&p, "00B2020403", "000005");
	PLAY(&p, "80320000 03 FFFEFC", 0x9850);
	PLAY_DATA(&p, "80320000 03 FFFEFB", "FFFFFF FFFEFB");
	PLAY(&p, "80320000 01 01", 0x9850);
	PLAY_DATA(&p, "00B2010403", "FFFFFF");
	PLAY(&p, "00280001 08 31323334FFFFFFFF", 0x9000);
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, ACM, 0x9000);
	PLAY(&p, "80320000 01 01", 0x6982);
	play_close(&p);
}

static void fill_ecc(struct play *p)
{
	PLAY(p, USIM, 0x9000);
	PLAY(p, ADM, 0x9000);
	PLAY(p, ECC, 0x9000);
	PLAY(p, "00DC0104 0B 41424300000000000000FF", 0x9000);
	PLAY(p, "00DC0204 0B 00004142430000000000FF", 0x9000);
	PLAY(p, "00DC0304 0B 000000000000000000FFFF", 0x9000);
	PLAY(p, "00DC0404 0B 00FF00000041424344FFFF", 0x9000);
	PLAY(p, "00DC0504 0B FFFFFFFFFFFFFFFFFFFFFF", 0x9000);
}

/* PROVES: TS 102 221 11.1.7: simple search. */
static void test_simple_search(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00A20104 01 41", 0x6986);
	fill_ecc(&p);
	PLAY_DATA(&p, "00A20104 03 414243", "010204");
	PLAY_DATA(&p, "00B200040B", "41424300000000000000FF"); /* the first found is current */
	PLAY_DATA(&p, "00A20204 03 414243", "0204");
	PLAY_DATA(&p, "00A20004 03 414243", "0204"); /* from the current one */
	PLAY_DATA(&p, "00A20405 03 414243", "040201");
	PLAY_DATA(&p, "00A20005 03 414243", "040201");
	PLAY_DATA(&p, "00A20305 03 414243", "0201");
	PLAY_DATA(&p, "00A20104 0B FFFFFFFFFFFFFFFFFFFFFF", "05");
	PLAY(&p, "00A20104 03 414245", 0x6282);
	PLAY_DATA(&p, "00B200040B", "FFFFFFFFFFFFFFFFFFFFFF"); /* nothing found, nothing moved */
	PLAY(&p, "00A20104 0C FFFFFFFFFFFFFFFFFFFFFFFF", 0x6700);
	PLAY(&p, "00A20104", 0x6700);
	PLAY(&p, "00A20604 01 41", 0x6A83);
	PLAY(&p, "00A20103 01 41", 0x6A86);
	PLAY(&p, "00A20107 01 41", 0x6A86);
	PLAY(&p, "00A201FC 01 41", 0x6A86);
	PLAY(&p, "00A2013C 01 41", 0x6981); /* EF.IMSI */
	PLAY(&p, "00A20184 01 41", 0x6981); /* EF.HPPLMN */
	PLAY(&p, "00A4000C 02 6FAD", 0x9000);
	PLAY(&p, "00A20104 01 41", 0x6981);
	PLAY_DATA(&p, "00A2010C 03 414243", "010204"); /* by its short identifier, and now selected */
	PLAY_DATA(&p, "00A20204 03 414243", "0204");
	PLAY(&p, "00A2000C 03 414243", 0x6A83); /* no record is current */
	PLAY(&p, PIN2, 0x9000);
	PLAY(&p, ACM, 0x9000);
	PLAY(&p, "00DC0003 03 000102", 0x9000);
	PLAY_DATA(&p, "00A20104 02 0102", "01"); /* a cyclic EF */
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.7.2: enhanced search. */
static void test_enhanced_search(void)
{
	struct play p;

	play_open(&p);
	fill_ecc(&p);
	PLAY_DATA(&p, "00A20106 05 0400 414243", "010204");
	PLAY_DATA(&p, "00A20106 05 0402 414243", "0204"); /* from offset 2 on */
	PLAY_DATA(&p, "00A20406 05 0500 414243", "040201");
	PLAY_DATA(&p, "00A20106 05 0600 414243", "0204"); /* behind record 1 */
	PLAY_DATA(&p, "00A20406 05 0700 414243", "0201"); /* before record 4 */
	PLAY_DATA(&p, "00A20106 04 0C42 4344", "04");     /* behind the first 42 */
	PLAY_DATA(&p, "00A20106 04 0D41 4243", "01");     /* backwards from record 1 */
	PLAY_DATA(&p, "00A20106 03 0C00 FF", "01020304");
	PLAY(&p, "00A20106 03 0C77 FF", 0x6282);
	PLAY(&p, "00A20106 03 04FF FF", 0x6282);
	PLAY(&p, "00A20106 02 0400", 0x6700);
	PLAY(&p, "00A20106 03 0000 FF", 0x6A80);
	PLAY(&p, "00A20106 03 1400 FF", 0x6A80);
	PLAY(&p, "00A20506 03 0600 FF", 0x6A83); /* behind the last */
	play_close(&p);
}

/* PROVES: TS 102 221 8.2.2.1, 11.1.3, 11.1.4: a file longer than a store object is one file. */
static void test_long_file(void)
{
	char hex[600] = "00D600C8 FF ";
	struct play p;
	size_t i;

	play_open(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00A4010C 02 5FC0", 0x9000);
	PLAY_DATA(&p, "00A40004 02 4F07", "6217 82024121 83024F07 8A0105 8B036F0605 80020190 880138");
	PLAY(&p, ADM, 0x9000);
	for (i = strlen(hex); i < 12 + 510; i += 2)
		(void)snprintf(hex + i, 3, "%02zX", (i / 2) & 0xFF);
	PLAY(&p, hex, 0x6700); /* 200 + 255 is more than there is */
	memcpy(hex, "00D60091", 8);
	PLAY(&p, hex, 0x9000);
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00A4080C 06 7FFF5FC04F07", 0x9000);
	PLAY_DATA(&p, "00B0009003", "FF0607");
	PLAY_DATA(&p, "00B000FE04", "73747576"); /* over the edge of a part */
	PLAY_DATA(&p, "00B0018F01", "04");
	CU_ASSERT_EQUAL(play_tpdu(&p, "00B0000000"), 0x9000); /* Le = 00: 256 bytes */
	CU_ASSERT_EQUAL(p.length, 256);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00B0018000"), 0x6C10);
	PLAY(&p, "00B0019001", 0x6B00);
	play_close(&p);
}

/* A linked EF is the other one, under its own access rule. */
static void test_link(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00D68B00 02 0102", 0x9000); /* EF.LOCI */
	PLAY(&p, "00A4080C 04 7F206F7E", 0x9000);
	PLAY_DATA(&p, "00B0000003", "0102FF");
	PLAY(&p, "00D60002 01 03", 0x9000);
	PLAY(&p, "00A4080C 04 7FFF6F7E", 0x9000);
	PLAY_DATA(&p, "00B0000003", "010203");
	PLAY_DATA(&p, "00A40804 04 7F206F7E", "6216 82024121 83026F7E 8A0105 8B032F0606 8002000B 8800");
	play_close(&p);
}

/* PROVES: TS 102 221 10.2.1.5: 6984 for a deactivated EF, after the access rule. */
static void test_deactivated(void)
{
	struct play p;
	uint16_t file;

	play_open(&p);
	PLAY(&p, USIM, 0x9000);
	file = file_child(&p.card.store, channel_now(&p.card)->selection.directory, 0x6FB7);
	CU_ASSERT_EQUAL(file_set_state(&p.card.store, file, FILE_INACTIVE), OK);
	PLAY_DATA(&p, "00A40004 02 6FB7", "621A 82054221000B05 83026FB7 8A0104 8B036F0603 80020037 880108");
	PLAY(&p, "00B201040B", 0x6984);
	PLAY(&p, "00A20104 01 41", 0x6984);
	PLAY(&p, "00DC0104 0B 1122334455667788990000", 0x6982);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00DC0104 0B 1122334455667788990000", 0x6984);
	CU_ASSERT_EQUAL(file_set_state(&p.card.store, file, FILE_TERMINATED), OK);
	PLAY(&p, "00B201040B", 0x6985);
	CU_ASSERT_EQUAL(file_set_state(&p.card.store, file, FILE_ACTIVE), OK);
	PLAY(&p, "00B201040B", 0x9000);
	CU_ASSERT_EQUAL(file_set_state(&p.card.store, FILE_MADE, FILE_ACTIVE), ERROR_NOT_FOUND);
	play_close(&p);
}

UNIT_SUITE("file_commands", UNIT(test_cyclic), UNIT(test_increase), UNIT(test_simple_search),
	   UNIT(test_enhanced_search), UNIT(test_long_file), UNIT(test_link), UNIT(test_deactivated))

/* PROVES: fs/select.h and fs/fcp.h, and what facts about real
 * terminals ask of SELECT, STATUS and the FCP. */
#include "fs/select.h"

#include <stdio.h>
#include <string.h>

#include "codec/tlv.h"
#include "fs/access.h"
#include "fs/fcp.h"
#include "fs/file.h"
#include "unit/play.h"

#define AID_USIM "A0000000871002FFFFFFFF8907090000"

/* PROVES: TS 102 221 8.4.1, 11.1.1 */
static void test_by_fid(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY(&p, "00A4000C 02 2FE2", 0x9000); /* child */
	PLAY(&p, "00A4000C 02 2F00", 0x9000); /* beside it */
	PLAY(&p, "00A4000C 02 6F07", 0x6A82); /* not from here */
	PLAY(&p, "00B2010426", 0x9000);       /* and EF.DIR is still selected */
	PLAY(&p, "00A4000C 02 7FFF", 0x6A82); /* no application yet */
	PLAY(&p, "00A4040C 10 " AID_USIM, 0x9000);
	PLAY(&p, "00A4000C 02 6F07", 0x9000);
	PLAY(&p, "00A4000C 02 2FE2", 0x6A82);
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY(&p, "00A4000C 02 7FFF", 0x9000); /* the application again */
	PLAY(&p, "00A4000C 02 6FAD", 0x9000);
	PLAY(&p, "00A4000C 02 7FFF", 0x9000); /* current directory */
	PLAY(&p, "00A4000C", 0x9000);         /* no FID: the MF */
	PLAY(&p, "00A4000C 02 2FE2", 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 221 8.4.2, 11.1.1 */
static void test_by_path_and_parent(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00A4080C 02 2FE2", 0x9000);
	PLAY(&p, "00A4080C 04 7FFF6F07", 0x6A82);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00A4080C 04 7FFF6F07", 0x9000);
	PLAY(&p, "00A4090C 02 6FAD", 0x9000);
	PLAY(&p, "00A4090C 04 6FAD6FAD", 0x6A82);
	PLAY(&p, "00A4080C 02 2FE2", 0x9000); /* from the MF, wherever we are */
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00A4030C", 0x9000); /* parent: the MF */
	PLAY(&p, "00A4000C 02 2F05", 0x9000);
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY(&p, "00A4030C", 0x6A82);         /* the MF has none */
	PLAY(&p, "00A4010C 02 2F05", 0x6A82); /* P1 = 01: directories below this one only */
	PLAY(&p, "00A4010C 02 6F07", 0x6A82);
	PLAY(&p, "00A4010C 02 3F00", 0x6A82);
	play_close(&p);
}

/* PROVES: TS 102 221 8.5, 11.1.1, GPC 11.9, 11.9.3.1 */
static void test_by_aid(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00A4040C 05 A000000087", 0x9000); /* what wpa_supplicant falls back to */
	CU_ASSERT_EQUAL(selection_application(&p.card), APPLICATION_USIM);
	PLAY_DATA(
		&p, "00A40406 05 A000000087",
		"6234 82027821 8410 A0000000871004FFFFFFFF8907090000 A503800171 8A0105 8B032F0601 C60F 900160 "
		"830101 950100830111 83010A"); /* the next: ADF.ISIM */
	CU_ASSERT_EQUAL(selection_application(&p.card), APPLICATION_ISIM);
	PLAY(&p, "00A4040E 05 A000000087", 0x6A82); /* no third one */
	PLAY(&p, "00A4040C 03 A00000", 0x9000);
	CU_ASSERT_EQUAL(selection_application(&p.card), APPLICATION_USIM);
	PLAY(&p, "00A4040E 03 A00000", 0x9000); /* the next: ADF.ISIM */
	PLAY(&p, "00A4040E 03 A00000", 0x9000); /* the next: the security domain */
	CU_ASSERT_EQUAL(selection_application(&p.card), APPLICATION_ISD);
	PLAY(&p, "00A4040F 03 A00000", 0x9000); /* and back */
	PLAY(&p, "00A4040F 03 A00000", 0x9000);
	CU_ASSERT_EQUAL(selection_application(&p.card), APPLICATION_USIM);
	PLAY(&p, "00A4040D 03 A00000", 0x9000); /* the last */
	CU_ASSERT_EQUAL(selection_application(&p.card), APPLICATION_ISD);
	/* From a directory that is in an application, too. */
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00A4000C 02 5FC0", 0x9000);
	PLAY(&p, "00A4040F 05 A000000087", 0x6A82);
	PLAY(&p, "00A4040E 05 A000000087", 0x9000);
	CU_ASSERT_EQUAL(selection_application(&p.card), APPLICATION_ISIM);
	PLAY(&p, "00A4040C 08 A000000151000000", 0x9000);
	PLAY(&p, "00A4040C 08 A000000151000001", 0x6A82);
	PLAY(&p, "00A4040C 07 A000000087100A", 0x6A82); /* no HPSIM */
	PLAY(&p, "00A4040C 11 A0000000871002FFFFFFFF890709000000", 0x6A82);
	PLAY(&p, "00A404 0C 10 A0000005591010FFFFFFFF8900000100", 0x6A82); /* no ISD-R */
	PLAY_DATA(&p, "00A40400", "6F10 8408A000000151000000 A5049F6501FF");
	/* The AID pySim knows the domain by, with P2 of a terminal: the same answer. */
	PLAY_DATA(&p, "00A40404 08 A000000003000000", "6F10 8408A000000151000000 A5049F6501FF");
	CU_ASSERT_EQUAL(selection_application(&p.card), APPLICATION_ISD);
	PLAY(&p, "00A40404 07 A0000000030000", 0x6A82); /* whole, or it is another's */
	PLAY(&p, "00B0000000", 0x6986);
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	CU_ASSERT_EQUAL(selection_application(&p.card), APPLICATION_NONE);
	play_close(&p);
}

/* SWs of a bad SELECT: never 6F00. */
/* PROVES: TS 102 221 11.1.1.2 */
static void test_refusals(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00A4020C 02 3F00", 0x6A86);
	PLAY(&p, "00A4000D 02 3F00", 0x6A86);
	PLAY(&p, "00A40008 02 3F00", 0x6A86);
	PLAY(&p, "00A4004C 02 3F00", 0x6A86);
	PLAY(&p, "00A4000C 01 3F", 0x6700);
	PLAY(&p, "00A4000C 03 3F0000", 0x6700);
	PLAY(&p, "00A4080C 03 2FE200", 0x6700);
	PLAY(&p, "00A4080C", 0x6700);
	PLAY(&p, "00A4030C 02 3F00", 0x6700);
	PLAY(&p, "00A40004 000002 3F00", 0x6700); /* extended length */
	PLAY(&p, "00A4000C 02 0000", 0x6A82);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00A4000C 02 0000", 0x6A82); /* an ADF has no FID, and that is no FID either */
	PLAY(&p, "00A4090C 02 0000", 0x6A82);
	PLAY(&p, "00A4040C 08 A000000151000000", 0x9000);
	PLAY(&p, "00A4000C 02 0000", 0x6A82);
	PLAY(&p, "00A4010C 02 0000", 0x6A82);
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.1.2, 8.5: an application's session is ended by
 * SELECT of its AID; then no application is current. */
static void test_termination(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00A4044C 07 A0000000871002", 0x6985); /* none is current */
	PLAY(&p, "00A4044C 07 A000000087100A", 0x6A82); /* no such one */
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "0020000A 08 3132333435363738", 0x9000);
	PLAY(&p, "00A4000C 02 6F07", 0x9000);
	PLAY(&p, "00A4044C 08 A000000151000000", 0x6985); /* not the current one: nothing happens */
	PLAY(&p, "00B0000009", 0x9000);
	PLAY_DATA(&p, "00A40444 07 A0000000871002",
		  "6237 82027821 8410" AID_USIM
		  "A503800171 8A0105 8B032F0601 C612 900170 830101 830181 950100830111 83010A");
	PLAY(&p, "00B0000009", 0x6986);
	PLAY(&p, "80F2000100", 0x6A88);
	PLAY(&p, "00A4000C 02 7FFF", 0x6A82);
	PLAY(&p, "00A4000C 02 2FE2", 0x9000); /* the MF is current */
	CU_ASSERT_EQUAL(selection_application(&p.card), APPLICATION_NONE);
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_ADM1), GRANTED); /* PINs are the card's */
	PLAY(&p, "00A4044C 07 A0000000871002", 0x6985);
	/* While the MF is selected the application is still there to end. */
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY(&p, "00A4044C 03 A00000", 0x9000);
	PLAY(&p, "80F2000100", 0x6A88);
	/* A channel ends with it. */
	CU_ASSERT_EQUAL(play_secure(&p), 0x9000);
	PLAY(&p, "00A4044C 08 A000000151000000", 0x9000);
	PLAY(&p, "00A4040C 08 A000000151000000", 0x9000);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80CA006600"), 0x6982);
	PLAY(&p, "00A4042C 08 A000000151000000", 0x6A86);
	PLAY(&p, "00A4046C 08 A000000151000000", 0x6A86);
	PLAY(&p, "00A4048C 08 A000000151000000", 0x6A86);
	PLAY(&p, "00A4044E 08 A000000151000000", 0x6A86); /* the next one cannot be current */
	play_close(&p);
}

static void check_template(const struct play *p)
{
	struct span whole = {p->response, p->length}, inner, value;
	uint16_t tag;

	CU_ASSERT(p->length < 98);
	CU_ASSERT_EQUAL(tlv_next(&tag, &inner, &whole), 1);
	CU_ASSERT_EQUAL(tag, 0x62);
	CU_ASSERT_EQUAL(whole.length, 0);
	CU_ASSERT_EQUAL((size_t)p->response[1] + 2, p->length);
	while (tlv_next(&tag, &value, &inner) == 1)
		CU_ASSERT_PTR_NOT_NULL(memchr("\x82\x83\x84\xA5\x8A\x8B\x8C\x80\xAB\xC6\x81\x88", tag, 12));
	CU_ASSERT_EQUAL(inner.length, 0);
}

/* PROVES: TS 102 221 11.1.1.3, 11.1.1.4 */
static void test_fcp(void)
{
	struct play p;

	play_open(&p);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00A40004 02 3F00"), 0x612B);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C000002B"), 0x9000);
	check_template(&p);
	PLAY_DATA(
		&p, "00A40004 02 3F00",
		"6229 82027821 83023F00 A506800171870101 8A0105 8B032F0607 C60F 900160 830101 950100830111 83010A");
	PLAY_DATA(&p, "00A40004 02 2FE2", "6217 82024121 83022FE2 8A0105 8B032F0602 8002000A 880110");
	PLAY_DATA(&p, "00A40004 02 2F00", "621A 82054221002603 83022F00 8A0105 8B032F060E 80020072 8801F0");
	check_template(&p);
	PLAY_DATA(&p, "00A40404 07 A0000000871002",
		  "6237 82027821 8410" AID_USIM
		  "A503800171 8A0105 8B032F0601 C612 900170 830101 830181 950100830111 83010A");
	check_template(&p);
	PLAY_DATA(&p, "00A40004 02 6F07", "6217 82024121 83026F07 8A0105 8B036F0605 80020009 880138");
	PLAY_DATA(&p, "00A40004 02 6F46", "6216 82024121 83026F46 8A0105 8B036F0603 80020011 8800");
	PLAY_DATA(&p, "00A40000 02 6FAD", "6217 82024121 83026FAD 8A0105 8B036F0603 80020004 880118");
	/* The PIN enabled shows in C6. */
	PLAY(&p, "00280001 08 31323334FFFFFFFF", 0x9000);
	PLAY_DATA(
		&p, "00A40004 02 3F00",
		"6229 82027821 83023F00 A506800171870101 8A0105 8B032F0607 C60F 9001E0 830101 950100830111 83010A");
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.2 */
static void test_status(void)
{
	struct play p;

	play_open(&p);
	CU_ASSERT_EQUAL(play_tpdu(&p, "80F20000"), 0x6C2B); /* case 1, as some send it */
	PLAY_DATA(
		&p, "80F2000000",
		"6229 82027821 83023F00 A506800171870101 8A0105 8B032F0607 C60F 900160 830101 950100830111 83010A");
	PLAY(&p, "80F2000C", 0x9000);
	CU_ASSERT_EQUAL(p.length, 0);
	PLAY(&p, "80F2000100", 0x6A88);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00A4000C 02 6F07", 0x9000);
	PLAY_DATA(&p, "80F2000100", "8410" AID_USIM);
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY_DATA(&p, "80F2000100", "8410" AID_USIM); /* the MF is selected, the session goes on */
	PLAY(&p, "00A4040C 08 A000000151000000", 0x9000);
	PLAY_DATA(&p, "80F2000100", "8408 A000000151000000");
	PLAY(&p, "00A4000C 02 7FFF", 0x9000);
	CU_ASSERT_EQUAL(selection_application(&p.card), APPLICATION_ISD);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00A4000C 02 6F07", 0x9000);
	PLAY(&p, "80F2010C", 0x9000);
	PLAY(&p, "80F2020C", 0x9000);
	PLAY(&p, "80F2030C", 0x6A86);
	PLAY(&p, "80F2000200", 0x6A86);
	PLAY(&p, "00B0000009", 0x9000); /* STATUS changed nothing */
	play_close(&p);
}

/* The order of wpa_supplicant's pcsc_funcs.c, TPDU by TPDU. */
/* PROVES: TS 102 221 11.1.1 */
static void test_terminal(void)
{
	struct play p;
	uint8_t get[5] = {0x00, 0xC0, 0x00, 0x00, 0x00};

	play_open(&p);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00A4000402 3F00") >> 8, 0x61);
	CU_ASSERT_EQUAL(p.length, 0);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C000002B"), 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00A4000402 2F00") >> 8, 0x61);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C000001C"), 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00B20104FF"), 0x6C26);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00B2010426"), 0x9000);
	CU_ASSERT_EQUAL(p.length, 38);
	ASSERT_BYTES(p.response, "\x61\x18\x4F\x10\xA0\x00\x00\x00\x87\x10\x02", 11);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00A4040410 " AID_USIM) >> 8, 0x61);
	get[4] = 0x39;
	CU_ASSERT_EQUAL(play_bytes(&p, get, 5), 0x9000);
	play_close(&p);
}

static struct file row_of(const struct play *p, uint16_t file)
{
	struct file row;

	CU_ASSERT_EQUAL_FATAL(file_get(&p->card.store, &row, file), OK);
	return row;
}

/* SELECT by path, from the MF or the application, with an FCP answered. */
static void select_path(struct play *p, uint16_t file)
{
	uint16_t down[4], at = file;
	uint8_t aid[FILE_AID_MAX];
	char hex[64];
	int length, n = 0;

	for (; at != FILE_MF && file_aid(&p->card.store, aid, at) == 0; at = file_parent(&p->card.store, at))
		down[n++] = at;
	if (at != FILE_MF) {
		int usim = memcmp(aid, "\xA0\0\0\0\x87\x10\x02", 7) == 0;

		PLAY(p, usim ? "00A4040C 07 A0000000871002" : "00A4040C 07 A0000000871004", 0x9000);
	}
	length = snprintf(hex, sizeof(hex), "00A40804%02X%s", 2 * n + (at != FILE_MF ? 2 : 0),
			  at != FILE_MF ? "7FFF" : "");
	while (n > 0)
		length += snprintf(hex + length, sizeof(hex) - (size_t)length, "%04X",
				   row_of(p, down[--n]).fid);
	PLAY(p, hex, 0x9000);
}

/* PROVES: TS 102 221 13, TS 31.102 4.1, 4.2, 4.4.2, 4.4.3, 4.4.11, 4.5, 4.6, TS 31.103 4.2,
 * TS 51.011 10.3, 10.5: every file of the table is selectable, its FCP whole, its record length true. */
static void test_every_file(void)
{
	struct play p;
	struct file now;
	uint16_t file;

	play_open(&p);
	for (file = 1; file < file_constants(); file++) {
		now = row_of(&p, file);
		if (now.kind == FILE_APPLICATION)
			continue;
		select_path(&p, file);
		check_template(&p);
		CU_ASSERT(now.rule >= RULE_DIRECTORY && now.rule <= RULE_LAST);
		CU_ASSERT(now.preset.length <= (size_t)now.size * (now.records ? now.records : 1));
		CU_ASSERT_EQUAL(now.kind == FILE_LINEAR || now.kind == FILE_CYCLIC, now.records > 0);
		CU_ASSERT(now.records == 0 || now.size <= 255);
		CU_ASSERT(now.kind == FILE_DIRECTORY || now.size > 0);
		CU_ASSERT_EQUAL(file_child(&p.card.store, now.parent, now.fid), file);
		CU_ASSERT(now.sfi == 0 || file_by_sfi(&p.card.store, now.parent, now.sfi) == file);
	}
	play_close(&p);
}

UNIT_SUITE("select", UNIT(test_by_fid), UNIT(test_by_path_and_parent), UNIT(test_by_aid),
	   UNIT(test_termination), UNIT(test_refusals), UNIT(test_fcp), UNIT(test_status),
	   UNIT(test_terminal), UNIT(test_every_file))

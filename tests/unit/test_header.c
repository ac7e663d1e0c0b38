/* PROVES: TS 51.011 9.2.1, 9.3: what SELECT tells of a file, byte by byte. */
#include "gsm/header.h"

#include <stdio.h>
#include <string.h>

#include "fs/descriptor.h"
#include "fs/file.h"
#include "unit/play.h"

#define MF  "A0A40000 02 3F00"
#define GSM "A0A40000 02 7F20"
#define ADM "A020000A 08 3132333435363738"

enum {
	CHV_2 = 0x81
};

/* Bytes 1, 2 and 5 on; the memory left (3, 4) is told by the store. */
static void check_directory(struct play *p, const char *select, const char *want)
{
	uint32_t room = store_room(&p->card.store);
	uint8_t bytes[HEADER_DIRECTORY];

	PLAY(p, select, 0x9000);
	CU_ASSERT_EQUAL_FATAL(p->length, play_unhex(bytes, sizeof(bytes), want));
	CU_ASSERT_EQUAL((uint32_t)(p->response[2] << 8 | p->response[3]), room < 0xFFFF ? room : 0xFFFF);
	memcpy(bytes + 2, p->response + 2, 2);
	/* Codes: two of CHV1, ADM1, and what there is of CHV2. */
	struct pin_state chv2 = {0};
	int there = pin_look(&p->card, CHV_2, &chv2) == OK;

	bytes[16] = (uint8_t)(3 + there + (there && chv2.unblock_max));
	bytes[20] = there ? 0x80 | chv2.tries : 0;
	bytes[21] = there && chv2.unblock_max ? 0x80 | chv2.unblock : 0;
	ASSERT_BYTES(p->response, bytes, p->length);
}

static void test_directories(void)
{
	static const uint8_t wrong[] = "A0200001 08 39393939FFFFFFFF";
	struct play p;

	play_open(&p);
	check_directory(&p, MF, "0000 0000 3F00 01 0000000000 09 B1 02 05 00 00 83 8A 00 00");
	check_directory(&p, GSM, "0000 0000 7F20 02 0000000000 09 B1 00 34 00 00 83 8A 00 00");
	PLAY(&p, "A0280001 08 31323334FFFFFFFF", 0x9000); /* CHV1 enabled: bit 8 of byte 14 */
	PLAY(&p, (const char *)wrong, 0x9804);
	check_directory(&p, "A0A40000 02 7F10", "0000 0000 7F10 02 0000000000 09 31 06 17 00 00 82 8A 00 00");
	PLAY(&p, "A02C0000 10 3939393939393939 31323334FFFFFFFF", 0x9804);
	check_directory(&p, MF, "0000 0000 3F00 01 0000000000 09 31 02 05 00 00 82 89 00 00");
	PLAY(&p, "A0A40000 02 7F10", 0x9000);
	check_directory(&p, "A0A40000 02 5F3A", "0000 0000 5F3A 02 0000000000 09 31 00 11 00 00 82 89 00 00");
	/* An application that class 00 selected. */
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "A0F2000016", 0x9000);
	ASSERT_BYTES(p.response + 4, "\x7F\xFF\x02", 3);
	play_close(&p);
}

static void test_files(void)
{
	struct play p;

	play_open(&p);
	PLAY_DATA(&p, "A0A40000 02 2FE2", "0000 000A 2FE2 04 00 0F FF FF 01 02 00 00"); /* ALW, NEV */
	PLAY_DATA(&p, "A0A40000 02 2F05", "0000 0004 2F05 04 00 01 FF 44 01 02 00 00"); /* ALW, CHV1 */
	PLAY_DATA(&p, "A0A40000 02 2F00",
		  "0000 0072 2F00 04 00 04 FF 44 01 02 01 26"); /* ALW, ADM; records */
	PLAY(&p, GSM, 0x9000);
	PLAY_DATA(&p, "A0A40000 02 6F07",
		  "0000 0009 6F07 04 00 14 FF 44 01 02 00 00"); /* CHV1, ADM; a link */
	PLAY_DATA(&p, "A0A40000 02 6F39",
		  "0000 000F 6F39 04 40 12 1F 44 01 02 03 03"); /* update CHV2, INCREASE CHV1 */
	PLAY(&p, "A0A40000 02 7F10", 0x9000);
	PLAY_DATA(&p, "A0A40000 02 6F44", "0000 008C 6F44 04 00 11 FF 44 01 02 03 1C"); /* no INCREASE */
	PLAY_DATA(&p, "A0A40000 02 6F3C", "0000 06E0 6F3C 04 00 11 FF 44 01 02 01 B0");
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "A004000000", 0x9000);
	PLAY_DATA(&p, "A0A40000 02 6F3C", "0000 06E0 6F3C 04 00 11 FF 44 00 02 01 B0"); /* invalidated */
	play_close(&p);
}

/* PROVES: rules that a file brought itself, and those made of more than one PIN. */
static void test_rules(void)
{
	static const struct {
		const char *rule, *conditions; /* bytes 9 to 11 */
	} rows[] = {
		{"8C 03 03 00 11", "10 FF FF"},       /* compact: update always, read PIN1 */
		{"8C 02 01 1A", "4F FF FF"},          /* compact: read ADM1, update never */
		{"AB 05 80 01 03 90 00", "00 FF FF"}, /* both always */
		{"AB 15 80 01 01 A0 10 A406 83010A 950108 A406 830101 950108", "1F FF FF"}, /* ADM1 or PIN1 */
		{"AB 15 80 01 01 AF 10 A406 83010A 950108 A406 830101 950108",
		 "FF FF FF"}, /* ADM1 and PIN1 */
		{"AB 0B 80 01 18 A4 06 83010A 950108", "FF FF 44"},
	};
	struct play p;

	play_open(&p);
	PLAY(&p, ADM, 0x9000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct file row = {.fid = 0x4F01, .kind = FILE_TRANSPARENT, .parent = FILE_MF, .size = 5};
		uint8_t rule[64], want[3];
		uint16_t number = (uint16_t)(FILE_MADE + i);
		size_t n = play_unhex(rule, sizeof(rule), rows[i].rule);
		struct reply reply = {.at = p.response, .size = sizeof(p.response)};

		row.state = FILE_ACTIVE;
		CU_ASSERT_EQUAL(descriptor_create(&p.card.store, number, &row, (struct span){rule, n},
						  (struct span){NULL, 0}),
				OK);
		CU_ASSERT_EQUAL(header_fill(&p.card, number, &reply), OK);
		CU_ASSERT_EQUAL(reply.length, HEADER_EF);
		(void)play_unhex(want, sizeof(want), rows[i].conditions);
		ASSERT_BYTES(p.response + 8, want, 3);
	}
	play_close(&p);
}

static void test_no_file(void)
{
	struct play p;

	play_open(&p);
	struct reply reply = {.at = p.response, .size = sizeof(p.response)};

	CU_ASSERT_EQUAL(header_fill(&p.card, FILE_NONE, &reply), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(reply.length, 0);
	reply.size = HEADER_DIRECTORY - 1;
	CU_ASSERT_EQUAL(header_fill(&p.card, FILE_MF, &reply), ERROR_RANGE);
	play_close(&p);
}

UNIT_SUITE("header", UNIT(test_directories), UNIT(test_files), UNIT(test_rules), UNIT(test_no_file))

/* PROVES: ETSI TS 102 221 8.2.2.4, 11.3: objects of a BER-TLV EF come and go whole. */
#include "fs/object_commands.h"

#include <stdio.h>
#include <string.h>

#include "fs/descriptor.h"
#include "unit/play.h"

#define ADM  "0020000A 08 3132333435363738"
#define MF   "00A4000C 02 3F00"
#define TLV  "00A4000C 02 6F50"
#define OPEN "8C03030000" /* read and update always */

/* A card with a BER-TLV EF of 1000 bytes, SFI 14, selected. */
static void begin(struct play *p)
{
	play_open(p);
	PLAY(p, ADM, 0x9000);
	PLAY(p, "00E00000 19 6217 82027921 83026F50 8A0105" OPEN "800203E8 8801A0", 0x9000);
}

/* Store objects of the file, its descriptor among them. */
static int parts(const struct play *p)
{
	int n = 0;

	for (int id = store_next(&p->card.store, descriptor_object(FILE_MADE, 0)); id >= 0;
	     id = store_next(&p->card.store, (uint16_t)(id + 1)))
		n++;
	return n;
}

/* One block of SET DATA: `n` bytes of a sequence from `at` on, behind `head`. */
static uint16_t set_block(struct play *p, uint8_t p2, const char *head, unsigned at, unsigned n)
{
	uint8_t bytes[300] = {0x80, 0xDB, 0x00, p2};
	size_t length = 5 + play_unhex(bytes + 5, 20, head);

	for (unsigned i = at; i < at + n; i++)
		bytes[length++] = (uint8_t)(i ^ i >> 8);
	bytes[4] = (uint8_t)(length - 5);
	return play_bytes(p, bytes, length);
}

/* A command and, after 6Cxx, the same again with that length. */
static uint16_t corrected(struct play *p, const char *command)
{
	char hex[32];
	uint16_t sw = play_tpdu(p, command);

	if (sw >> 8 != 0x6C)
		return sw;
	(void)snprintf(hex, sizeof(hex), "%.8s%02X", command, sw & 0xFF);
	return play_tpdu(p, hex);
}

/* Read a whole object as terminals do: how many bytes, which are in `out`. */
static size_t retrieve(struct play *p, const char *tag, uint8_t out[2000])
{
	char hex[32];
	size_t n = 0;
	uint16_t sw;

	(void)snprintf(hex, sizeof(hex), "80CB0080 %02X %s", (unsigned)strlen(tag) / 2, tag);
	sw = play_tpdu(p, hex);
	CU_ASSERT(sw == 0x62F1 || sw >> 8 == 0x61);
	for (sw = corrected(p, "80C0000000");; sw = corrected(p, "80CB000000")) {
		CU_ASSERT(sw == 0x62F1 || sw == 0x9000);
		memcpy(out + n, p->response, p->length);
		n += p->length;
		if (sw != 0x62F1 || n > 1700)
			return n;
	}
}

/* PROVES: TS 102 221 8.2.2.4, 11.3.1, 11.3.2 */
static void test_small(void)
{
	struct play p;

	begin(&p);
	PLAY_DATA(&p, "00A40004 02 6F50",
		  "6221 82027921 83026F50 A508 850203E8 860203E8 8A0105 8C03030000 800203E8 8801A0");
	PLAY_DATA(&p, "80CB0080 01 5C", "5C00");
	PLAY(&p, "80CB0080 01 80", 0x6A88);
	PLAY(&p, "80CB000000", 0x6985); /* the next of what? */
	PLAY(&p, "80DB0080 05 8003010203", 0x9000);
	PLAY_DATA(&p, "80CB0080 01 80", "8003010203");
	PLAY_DATA(&p, "80CB0080 01 5C", "5C0180");
	PLAY(&p, "80DB0080 06 BF2003 AABBCC", 0x9000); /* a tag of two bytes */
	PLAY(&p, "80DB0080 02 8100", 0x9000);          /* no value */
	PLAY_DATA(&p, "80CB0080 01 5C", "5C0480BF2081");
	PLAY_DATA(&p, "80CB0080 02 BF20", "BF2003AABBCC");
	PLAY_DATA(&p, "80CB0080 01 81", "8100");
	PLAY(&p, "80DB0080 03 800155", 0x9000); /* in its place */
	play_restart(&p);
	PLAY(&p, MF, 0x9000);
	PLAY_DATA(&p, "80CB0094 01 80", "800155"); /* by its short identifier */
	PLAY_DATA(&p, "80CB0080 01 5C", "5C04BF208180");
	PLAY(&p, "80DB0094 01 81", 0x9000); /* the tag alone: it goes */
	PLAY(&p, "80DB0080 01 81", 0x6A88);
	PLAY(&p, "80CB0080 01 81", 0x6A88);
	PLAY_DATA(&p, "80CB0080 01 5C", "5C03BF2080");
	CU_ASSERT_EQUAL(parts(&p), 4);
	play_close(&p);
}

/* PROVES: TS 102 221 11.3.1, 11.3.2: in blocks */
static void test_long(void)
{
	uint8_t out[2000];
	struct play p;

	begin(&p);
	CU_ASSERT_EQUAL(set_block(&p, 0x80, "80820320", 0, 200), 0x63F1);
	PLAY(&p, "80CB0080 01 80", 0x6A88); /* not there yet */
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 200, 255), 0x63F1);
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 455, 1), 0x63F1);
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 456, 255), 0x63F1);
	CU_ASSERT_EQUAL(set_block(&p, 0x40, "", 456, 250), 0x63F1); /* that one again, otherwise */
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 706, 95), 0x6A80);  /* one byte too many */
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 706, 94), 0x9000);
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 800, 1), 0x6985); /* it is done */
	CU_ASSERT_EQUAL(parts(&p), 6);
	play_restart(&p);
	PLAY(&p, TLV, 0x9000);
	CU_ASSERT_EQUAL(retrieve(&p, "80", out), 804);
	ASSERT_BYTES(out, "\x80\x82\x03\x20", 4);
	for (unsigned i = 0; i < 800; i++)
		CU_ASSERT_EQUAL(out[4 + i], (uint8_t)(i ^ i >> 8));
	PLAY(&p, "80CB000000", 0x6985); /* there is no next */
	/* Blocks as small as is wanted, and again. */
	CU_ASSERT_EQUAL(play_tpdu(&p, "80CB0080 01 80"), 0x62F1);
	CU_ASSERT_EQUAL(play_tpdu(&p, "80CB000004"), 0x62F1);
	ASSERT_BYTES(p.response, "\xFB\xFC\xFD\xFE", 4); /* 251 of the sequence */
	CU_ASSERT_EQUAL(play_tpdu(&p, "80CB004002"), 0x62F1);
	ASSERT_BYTES(p.response, "\xFB\xFC", 2);
	/* Another file's selection ends it. */
	PLAY(&p, TLV, 0x9000);
	PLAY(&p, "80CB000004", 0x6985);
	/* The old one is there until the new one is. */
	CU_ASSERT_EQUAL(set_block(&p, 0x80, "800A", 0, 5), 0x63F1);
	CU_ASSERT_EQUAL(set_block(&p, 0x40, "800A", 0, 6), 0x63F1); /* the first block again */
	CU_ASSERT_EQUAL(retrieve(&p, "80", out), 804);
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 6, 4), 0x9000);
	CU_ASSERT_EQUAL(retrieve(&p, "80", out), 12);
	ASSERT_BYTES(out, "\x80\x0A\0\1\2\3\4\5\6\7\x08\x09", 12);
	CU_ASSERT_EQUAL(parts(&p), 3);
	/* What was given up leaves nothing. */
	CU_ASSERT_EQUAL(set_block(&p, 0x80, "81820200", 0, 250), 0x63F1);
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 250, 250), 0x63F1);
	play_restart(&p);
	CU_ASSERT_EQUAL(parts(&p), 3);
	play_close(&p);
}

static void test_room(void)
{
	struct play p;
	char hex[40];
	int i;

	begin(&p);
	CU_ASSERT_EQUAL(set_block(&p, 0x80, "808203E5", 0, 200), 0x6A84); /* 1001 bytes */
	CU_ASSERT_EQUAL(set_block(&p, 0x80, "808203E4", 0, 255 - 4), 0x63F1);
	for (i = 251; i + 255 < 996; i += 255)
		CU_ASSERT_EQUAL(set_block(&p, 0x00, "", (unsigned)i, 255), 0x63F1);
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", (unsigned)i, (unsigned)(996 - i)), 0x9000);
	PLAY(&p, "80DB0080 02 8100", 0x6A84); /* it is full */
	PLAY(&p, "80D40000 0A 6208 83026F50 80020400", 0x6982);
	PLAY(&p, "80DB0080 01 80", 0x9000);
	for (i = 0; i < OBJECT_COUNT_MAX; i++) {
		(void)snprintf(hex, sizeof(hex), "80DB0080 04 9F%02X01%02X", i, i);
		PLAY(&p, hex, 0x9000);
	}
	PLAY(&p, "80DB0080 04 9F7F0100", 0x6A84); /* no more of them are counted */
	PLAY(&p, "80DB0080 04 9F050177", 0x9000);
	PLAY_DATA(&p, "80CB0080 02 9F05", "9F050177");
	PLAY_DATA(&p, "80CB0080 02 9F31", "9F310131");
	PLAY(&p, "80CB0080 01 5C", 0x9000);
	CU_ASSERT_EQUAL(p.length, 2 + 2 * OBJECT_COUNT_MAX);
	play_close(&p);
}

static void test_refusals(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, "80CB0180 01 80", 0x6A86);
	PLAY(&p, "80CB00A0 01 80", 0x6A86);
	PLAY(&p, "80CB009F 01 80", 0x6A86);
	PLAY(&p, "80CB001400", 0x6A86); /* a short identifier names a first block */
	PLAY(&p, "80CB0080 01 00", 0x6A80);
	PLAY(&p, "80CB0080 01 FF", 0x6A80);
	PLAY(&p, "80CB0080 02 8081", 0x6A80);
	PLAY(&p, "80CB0080 01 9F", 0x6A80);
	PLAY(&p, "80CB0080 03 9F8101", 0x6A80); /* three bytes of tag */
	PLAY(&p, "80CB0080", 0x6A80);
	PLAY(&p, "80CB0000 01 80", 0x6700);
	PLAY(&p, "00CB0080 01 80", 0x6E00);
	PLAY(&p, "80DB0080", 0x6700);
	PLAY(&p, "80DB0000 01 00", 0x6985);
	PLAY(&p, "80DB0040 01 00", 0x6985);
	PLAY(&p, "80DB0080 02 5C00", 0x6A80);
	PLAY(&p, "80DB0080 02 0001", 0x6A80);
	PLAY(&p, "80DB0080 02 8081", 0x6A80); /* the length is not whole */
	PLAY(&p, "80DB0080 03 808201", 0x6A80);
	PLAY(&p, "80DB0080 02 8083", 0x6A80);
	PLAY(&p, "80DB0080 02 8080", 0x6A80);
	PLAY(&p, "80DB0080 04 80010203", 0x6A80); /* more than the length says */
	PLAY(&p, "00B0000001", 0x6981);
	PLAY(&p, "00D60000 01 00", 0x6981);
	PLAY(&p, "00B2010401", 0x6981);
	PLAY(&p, "00A4000C 02 2FE2", 0x9000);
	PLAY(&p, "80CB0080 01 80", 0x6981);
	PLAY(&p, "80DB0080 03 800101", 0x6981);
	PLAY(&p, "80CB0099 01 80", 0x6A82);
	PLAY(&p, MF, 0x9000);
	PLAY(&p, "80CB0080 01 80", 0x6986);
	/* Rules: read ADM1, update never. */
	PLAY(&p, "00E00000 18 6216 82027921 83026F51 8A0105 8C0303FF1A 800203E8 8800", 0x9000);
	PLAY(&p, "80DB0080 03 800101", 0x6982);
	PLAY_DATA(&p, "80CB0080 01 5C", "5C00");
	play_restart(&p);
	PLAY(&p, "00A4000C 02 6F51", 0x9000);
	PLAY(&p, "80CB0080 01 5C", 0x6982);
	/* No larger than can be numbered; no room of an EF's that a directory has. */
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00E00000 18 6216 82027921 83026F52 8A0105 8C0303FF1A 80023F01 8800", 0x6A80);
	play_close(&p);
}

/* PROVES: TS 102 221 7.3.1.1: data go to the card with the first block only, so that T=0 never waits for
 * them. */
static void test_direction(void)
{
	static const uint8_t first[] = {0x80, 0xCB, 0x00, 0x80, 0x01},
			     next[] = {0x80, 0xCB, 0x00, 0x00, 0x05},
			     again[] = {0x81, 0xCB, 0x00, 0x40, 0x05}, set[] = {0x80, 0xDB, 0x00, 0x00, 0x05};
	struct play p;

	begin(&p);
	CU_ASSERT_EQUAL(card_takes_data(&p.card, first), 1);
	CU_ASSERT_EQUAL(card_takes_data(&p.card, next), 0);
	CU_ASSERT_EQUAL(card_takes_data(&p.card, set), 1);
	CU_ASSERT_EQUAL(card_takes_data(&p.card, again), 0);
	PLAY_DATA(&p, "00700000 01", "01");
	CU_ASSERT_EQUAL(card_takes_data(&p.card, again), 0);
	play_close(&p);
}

/* Each channel reads its own object; one writes. */
static void test_channels(void)
{
	uint8_t out[2000];
	struct play p;

	begin(&p);
	CU_ASSERT_EQUAL(set_block(&p, 0x80, "808200FE", 0, 251), 0x63F1);
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 251, 3), 0x9000);
	CU_ASSERT_EQUAL(set_block(&p, 0x80, "8182012C", 0, 251), 0x63F1);
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 251, 49), 0x9000);
	PLAY_DATA(&p, "00700000 01", "01");
	PLAY(&p, "01A4000C 02 6F50", 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, "80CB0080 01 80"), 0x62F1);
	CU_ASSERT_EQUAL(play_tpdu(&p, "81CB0080 01 81"), 0x62F1);
	CU_ASSERT_EQUAL(play_tpdu(&p, "80CB000003"), 0x9000);
	ASSERT_BYTES(p.response, "\xFB\xFC\xFD", 3);
	CU_ASSERT_EQUAL(play_tpdu(&p, "81CB000031"), 0x9000);
	/* The other channel begins one: the first is given up. */
	CU_ASSERT_EQUAL(set_block(&p, 0x80, "80820100", 0, 200), 0x63F1);
	PLAY(&p, "81DB0000 01 00", 0x6985);
	PLAY(&p, "81DB0080 03 820101", 0x9000);
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 200, 56), 0x6985);
	CU_ASSERT_EQUAL(retrieve(&p, "80", out), 258);
	/* A place in an object that became another is none. */
	CU_ASSERT_EQUAL(play_tpdu(&p, "81CB0080 01 81"), 0x62F1);
	PLAY(&p, "80DB0080 03 810101", 0x9000);
	PLAY(&p, "81CB000001", 0x6985);
	play_close(&p);
}

/* A list that nobody wrote so leads nowhere. */
static void test_damaged(void)
{
	static const uint8_t lists[][6] = {{0, 0x80, 0, 4, 0},
					   {0, 0x80, 0, 4, 127},
					   {0, 0x80, 0, 4, 255},
					   {0, 0x80, 0, 4, 9},
					   {0, 0x80, 0, 4, 1, 0}};
	struct play p;

	begin(&p);
	PLAY(&p, "80DB0080 04 80021122", 0x9000);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		CU_ASSERT_EQUAL(
			store_write(&p.card.store, descriptor_object(FILE_MADE, 0), lists[i], i == 4 ? 6 : 5),
			OK);
		play_restart(&p);
		PLAY(&p, TLV, 0x9000);
		CU_ASSERT_NOT_EQUAL(play(&p, "80CB0080 01 80"), 0x9000);
		PLAY(&p, "00A4000C 02 2FE2", 0x9000);
	}
	play_close(&p);
}

/* PROVES: TS 102 222 6.4, 6.10: it goes whole, and its size is what its objects need. */
static void test_admin(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00E00000 1E 621C 82027921 83026F50 8A0105 8B032F0609 800203E8 A504 860203E8 8800", 0x9000);
	CU_ASSERT_EQUAL(set_block(&p, 0x80, "8081C8", 0, 200), 0x9000);
	PLAY(&p, "80D40000 0A 6208 83026F50 800200CA", 0x6A80); /* they need 203 */
	PLAY(&p, "80D40000 0A 6208 83026F50 800200CB", 0x9000);
	PLAY(&p, "80DB0080 02 8100", 0x6A84);
	PLAY(&p, "80D40000 0A 6208 83026F50 80020400", 0x9000);
	PLAY(&p, "80DB0080 02 8100", 0x9000);
	PLAY_DATA(&p, "80CB0080 01 5C", "5C028081");
	CU_ASSERT_EQUAL(set_block(&p, 0x80, "8281C8", 0, 100), 0x63F1);
	PLAY(&p, "00E40000 02 6F50", 0x9000);
	CU_ASSERT_EQUAL(parts(&p), 0);
	PLAY(&p, "00E00000 18 6216 82027921 83026F50 8A0105 8B032F0609 800203E8 8800", 0x9000);
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 100, 100), 0x6985); /* not into the next one */
	PLAY_DATA(&p, "80CB0080 01 5C", "5C00");
	play_close(&p);
}

/* PROVES: TS 102 221 11.3.2: data that are refused, on whatever channel, end no object that is on its way. */
static void test_refused_between(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, "0070000001", 0x9000);
	PLAY(&p, "01A4000C 02 6F50", 0x9000);
	PLAY(&p, "80DB0080 03 840611", 0x63F1);
	PLAY(&p, "80DB0000 01 22", 0x63F1);
	PLAY(&p, "81DB0080 03 5C0101", 0x6A80);
	PLAY(&p, "81DB0080 01 85", 0x6A88);
	PLAY(&p, "80DB0080 03 8500FF", 0x6A80);
	PLAY(&p, "80DB0040 06 212233445566", 0x6A80); /* one byte more than are left */
	PLAY(&p, "80DB0000 04 33445566", 0x9000);
	PLAY(&p, "80CB0080 01 84", 0x9000);
	PLAY_DATA(&p, "80CB0080 01 84", "8406112233445566");
	PLAY(&p, "80DB0080 03 840611", 0x63F1);
	PLAY(&p, "81DB0080 01 84", 0x9000); /* what is done does */
	PLAY(&p, "80DB0000 05 2233445566", 0x6985);
	play_close(&p);
}

/* Objects in the memory until it takes no more of this many bytes. */
static void fill_store(struct play *p, uint16_t *id, size_t length)
{
	static const uint8_t bytes[STORE_OBJECT_MAX];

	while (store_write(&p->card.store, *id, bytes, length) == OK)
		++*id;
}

/* PROVES: TS 102 221 11.3.2: for want of memory, too, a refused block changes nothing, and can come again. */
static void test_no_room_between(void)
{
	uint16_t id = STORE_GONE << 8 | 1;
	uint8_t out[2000];
	struct play p;
	int objects;

	begin(&p);
	PLAY(&p, "80DB0080 05 8003010203", 0x9000);
	PLAY(&p, "80DB0080 05 8103AABBCC", 0x9000);
	CU_ASSERT_EQUAL(set_block(&p, 0x80, "808201F4", 0, 200), 0x63F1); /* 504 bytes */
	PLAY(&p, "80DB0080 04 858203E5", 0x6A84); /* more than the file has room for: at the first look */
	PLAY(&p, "80DB0080 04 858203DF", 0x6A84); /* more than it has beside the others */
	fill_store(&p, &id, STORE_OBJECT_MAX);
	fill_store(&p, &id, 64);
	fill_store(&p, &id, 0);
	objects = parts(&p);
	CU_ASSERT_EQUAL(set_block(&p, 0x80, "8581C8", 0, 100), 0x6A84); /* no room for a first block, ... */
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 200, 200), 0x6A84);     /* ... nor for the next */
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 200, 200), 0x6A84);
	CU_ASSERT_EQUAL(parts(&p), objects);
	PLAY_DATA(&p, "80CB0080 01 80", "8003010203");
	while (id > (STORE_GONE << 8 | 1))
		CU_ASSERT_EQUAL(store_delete(&p.card.store, --id), OK);
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 200, 200), 0x63F1);
	CU_ASSERT_EQUAL(set_block(&p, 0x00, "", 400, 100), 0x9000);
	CU_ASSERT_EQUAL(retrieve(&p, "80", out), 504);
	for (unsigned i = 0; i < 500; i++)
		CU_ASSERT_EQUAL(out[4 + i], (uint8_t)(i ^ i >> 8));
	PLAY_DATA(&p, "80CB0080 01 81", "8103AABBCC");
	play_close(&p);
}

UNIT_SUITE("object_commands", UNIT(test_refused_between), UNIT(test_no_room_between), UNIT(test_small),
	   UNIT(test_long), UNIT(test_room), UNIT(test_refusals), UNIT(test_direction), UNIT(test_channels),
	   UNIT(test_damaged), UNIT(test_admin))

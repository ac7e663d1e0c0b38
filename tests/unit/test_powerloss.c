/* PROVES: whatever moment the power goes, a command happened or did not; a
 * PIN guess is never free; a sequence number that was answered is spent.
 *
 * Every case plays a command on a whole card and cuts the power at every write
 * and erase of it, of everything before it in the session, and, where `again`
 * is set, a second time in the boot that follows. The log is filled first, so
 * that the cuts also fall into the collection of pages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/milenage.h"
#include "crypto/aes.h"
#include "unit/play.h"

#define USIM  "00A4040C 07 A0000000871002"
#define ADM   "0020000A 08 3132333435363738"
#define RIGHT "00200001 08 31323334FFFFFFFF"
#define WRONG "00200001 08 39393939FFFFFFFF"

enum {
	SMALL = 12, /* pages, so that the log wraps soon */
	FILLER = STORE_CARD << 8 | 0x80,
	SEVERAL = 6 /* fill levels of each case */
};

struct scene {
	struct play play;
	void (*command)(struct scene *);
	int (*holds)(struct scene *); /* after the next boot */
	uint16_t answered;            /* status word, 0: the power went before it came */
	uint8_t answer[RESPONSE_MAX];
};

static const uint8_t k[16] = {0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f,
			      0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc};
static const uint8_t opc[16] = {0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e,
				0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf};

static void work(struct cut *cut, void *context)
{
	struct scene *scene = context;

	(void)cut;
	scene->answered = 0;
	play_restart(&scene->play);
	scene->command(scene);
}

static int after(struct cut *cut, void *context)
{
	struct scene *scene = context;
	uint8_t atr[ATR_MAX];

	if (card_start(&scene->play.card, &cut->hal) < 0)
		return 0;
	(void)card_reset(&scene->play.card, atr);
	return scene->holds(scene);
}

/* Fill the log, so that the head page of a full ring has `left` bytes or less. */
static void fill(struct play *p, uint32_t left)
{
	struct store *store = &p->card.store;
	uint32_t i = 0, page = p->cut.hal.nvm_page_size;

	while (p->cut.erases < 2 * SMALL || store->offset + left < page || store->offset + left > page + 24)
		if (store_write(store, FILLER, &i, sizeof(i)) != OK || ++i > 20000)
			abort();
}

/* Run a case at several fill levels. `prepare` makes the card what it is before. */
static void every(void (*prepare)(struct play *), void (*command)(struct scene *),
		  int (*holds)(struct scene *), int again)
{
	static const uint32_t left[SEVERAL] = {900, 24, 48, 120, 240, 400};
	static struct scene scene;
	long cuts, total = 0;
	int i;

	for (i = 0; i < (again ? 3 : SEVERAL); i++) {
		play_open_small(&scene.play, SMALL);
		prepare(&scene.play);
		fill(&scene.play, left[i]);
		scene.command = command;
		scene.holds = holds;
		scene.play.cut.again = (uint8_t)again;
		cuts = cut_every(&scene.play.cut, work, after, &scene);
		CU_ASSERT(cuts > 0);
		CU_ASSERT_NOT_EQUAL(scene.answered, 0); /* it got through at last */
		total += cuts;
		play_close(&scene.play);
	}
	CU_ASSERT(total > 30);
}

static void nothing(struct play *p)
{
	(void)p;
}

static int is(struct scene *s, const char *hex, const void *want, size_t length)
{
	return play(&s->play, hex) == SW_OK && s->play.length == length &&
	       memcmp(s->play.response, want, length) == 0;
}

/* ---- The harness itself ---- */

static void in_place_command(struct scene *s)
{
	/* What a card without a log would do: a counter kept in place. */
	static const uint8_t three[4] = {3, 0, 0, 0}, two[4] = {2, 0, 0, 0};
	struct hal *hal = &s->play.cut.hal;

	(void)hal->nvm_erase(hal->board, 11);
	(void)hal->nvm_write(hal->board, 11 * 1024, s->answered ? three : two, 4);
	s->answered = SW_OK;
}

static int in_place_holds(struct scene *s)
{
	uint8_t counter[4];

	(void)s->play.cut.hal.nvm_read(&s->play.cut, 11 * 1024, counter, 4);
	return counter[0] == 3 || counter[0] == 2;
}

static void in_place_work(struct cut *cut, void *context)
{
	(void)cut;
	in_place_command(context);
}

static int in_place_after(struct cut *cut, void *context)
{
	(void)cut;
	return in_place_holds(context);
}

/* PROVES: the harness catches a counter kept in place. */
static void test_harness_catches(void)
{
	static struct scene scene;

	play_open_small(&scene.play, SMALL);
	in_place_command(&scene);
	CU_ASSERT(cut_every(&scene.play.cut, in_place_work, in_place_after, &scene) < 0);
	play_close(&scene.play);
}

/* ---- Files ---- */

static void update_binary_command(struct scene *s)
{
	if (play(&s->play, USIM) == SW_OK)
		s->answered = play(&s->play, "00D68200 04 64652020");
}

static int update_binary_holds(struct scene *s)
{
	int fresh, old;

	if (play(&s->play, USIM) != SW_OK)
		return 0;
	old = is(s, "00B0820004", "en\xFF\xFF", 4);
	fresh = is(s, "00B0820004", "de  ", 4);
	if (!fresh && (!old || s->answered == SW_OK))
		return 0;
	/* Neighbours are what they were, and the card goes on working. */
	if (!is(s, "00B0830004", "\0\0\0\2", 4) || play(&s->play, "00D68B00 01 AA") != SW_OK)
		return 0;
	return is(s, "00B08B0001", "\xAA", 1);
}

static void test_update_binary(void)
{
	every(nothing, update_binary_command, update_binary_holds, 0);
	every(nothing, update_binary_command, update_binary_holds, 1);
}

static void update_record_command(struct scene *s)
{
	if (play(&s->play, USIM) == SW_OK && play(&s->play, ADM) == SW_OK)
		s->answered = play(&s->play, "00DC020C 0B 0102030405060708090A0B");
}

static int update_record_holds(struct scene *s)
{
	int fresh, old;

	if (play(&s->play, USIM) != SW_OK)
		return 0;
	old = is(s, "00B2020C0B", "\x19\xF1\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00", 11);
	fresh = is(s, "00B2020C0B", "\1\2\3\4\5\6\7\x08\x09\x0A\x0B", 11);
	return (fresh || (old && s->answered != SW_OK)) &&
	       is(s, "00B2010C0B", "\x11\xF2\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00", 11);
}

static void test_update_record(void)
{
	every(nothing, update_record_command, update_record_holds, 0);
}

/* A cyclic EF that had two updates gets a third, by UPDATE RECORD or INCREASE. */
static void counted(struct play *p)
{
	if (play(p, USIM) != SW_OK || play(p, "00A4000C 02 6F39") != SW_OK ||
	    play(p, "00DC0003 03 000001") != SW_OK || play(p, "00DC0003 03 000002") != SW_OK)
		abort();
}

static void cyclic_command(struct scene *s)
{
	if (play(&s->play, USIM) == SW_OK && play(&s->play, "00A4000C 02 6F39") == SW_OK)
		s->answered = play(&s->play, "00DC0003 03 000007");
}

static void increase_command(struct scene *s)
{
	if (play(&s->play, USIM) == SW_OK && play(&s->play, "00A4000C 02 6F39") == SW_OK)
		s->answered = play(&s->play, "80320000 01 05");
}

/* The whole ring moved, or nothing did. */
static int cyclic_holds(struct scene *s)
{
	if (play(&s->play, USIM) != SW_OK || play(&s->play, "00A4000C 02 6F39") != SW_OK)
		return 0;
	if (is(s, "00B2010403", "\0\0\x07", 3))
		return is(s, "00B2020403", "\0\0\2", 3) && is(s, "00B2030403", "\0\0\1", 3);
	return s->answered != SW_OK && is(s, "00B2010403", "\0\0\2", 3) && is(s, "00B2020403", "\0\0\1", 3) &&
	       is(s, "00B2050403", "\0\0\0", 3);
}

static void test_cyclic(void)
{
	every(counted, cyclic_command, cyclic_holds, 0);
	every(counted, increase_command, cyclic_holds, 0);
}

/* One UPDATE BINARY that is two store objects is one update. */
static void long_command(struct scene *s)
{
	if (play(&s->play, USIM) == SW_OK && play(&s->play, ADM) == SW_OK &&
	    play(&s->play, "00A4080C 06 7FFF5FC04F07") == SW_OK)
		s->answered = play(&s->play, "00D600FE 04 01020304");
}

static int long_holds(struct scene *s)
{
	if (play(&s->play, USIM) != SW_OK || play(&s->play, "00A4080C 06 7FFF5FC04F07") != SW_OK)
		return 0;
	if (is(s, "00B000FD06", "\xFF\1\2\3\4\xFF", 6))
		return 1;
	return s->answered != SW_OK && is(s, "00B000FD06", "\xFF\xFF\xFF\xFF\xFF\xFF", 6);
}

static void test_long_file(void)
{
	every(nothing, long_command, long_holds, 0);
}

/* ---- PINs ---- */

static void enable(struct play *p)
{
	if (play(p, "00280001 08 31323334FFFFFFFF") != SW_OK)
		abort();
}

static void wrong_command(struct scene *s)
{
	s->answered = play(&s->play, WRONG);
}

static int wrong_holds(struct scene *s)
{
	uint16_t tries = play(&s->play, "0020000100");

	if (pin_satisfied(&s->play.card, PIN_1) == GRANTED)
		return 0;
	return s->answered ? s->answered == 0x63C2 && tries == 0x63C2 : tries == 0x63C2 || tries == 0x63C3;
}

/* A guess that was answered is paid for, at every cut. */
static void test_wrong_pin(void)
{
	every(enable, wrong_command, wrong_holds, 0);
	every(enable, wrong_command, wrong_holds, 1);
}

static void right_command(struct scene *s)
{
	s->answered = play(&s->play, RIGHT);
}

static int right_holds(struct scene *s)
{
	uint16_t tries = play(&s->play, "0020000100");

	if (s->answered ? s->answered != SW_OK || tries != 0x63C3 : tries != 0x63C2 && tries != 0x63C3)
		return 0;
	return play(&s->play, RIGHT) == SW_OK;
}

/* The boot that was cut had begun a guess of its own. */
static int right_holds_again(struct scene *s)
{
	uint16_t tries = play(&s->play, "0020000100");

	return tries >= 0x63C1 && tries <= 0x63C3 && play(&s->play, RIGHT) == SW_OK &&
	       play(&s->play, "0020000100") == 0x63C3;
}

static void test_right_pin(void)
{
	every(enable, right_command, right_holds, 0);
	every(enable, right_command, right_holds_again, 1);
}

/* Guess until nothing is left, cut at every step: never more than three guesses. */
static void exhaust_command(struct scene *s)
{
	int i;

	for (i = 0; i < 3; i++)
		(void)play(&s->play, WRONG);
	s->answered = play(&s->play, RIGHT);
}

static int exhaust_holds(struct scene *s)
{
	uint16_t tries = play(&s->play, "0020000100");

	return s->answered ? s->answered == 0x6983 && tries == 0x63C0 : tries >= 0x63C0 && tries <= 0x63C3;
}

static void test_exhausted_pin(void)
{
	every(enable, exhaust_command, exhaust_holds, 0);
}

static void change_command(struct scene *s)
{
	s->answered = play(&s->play, "00240001 10 31323334FFFFFFFF 35363738FFFFFFFF");
}

static int change_holds(struct scene *s)
{
	if (play(&s->play, "00200001 08 35363738FFFFFFFF") == SW_OK)
		return 1;
	return s->answered != SW_OK && play(&s->play, RIGHT) == SW_OK;
}

static void test_change_pin(void)
{
	every(enable, change_command, change_holds, 0);
}

static void block(struct play *p)
{
	int i;

	enable(p);
	play_restart(p);
	for (i = 0; i < 3; i++)
		(void)play(p, WRONG);
}

static void unblock_command(struct scene *s)
{
	s->answered = play(&s->play, "002C0001 10 3132333435363738 35363738FFFFFFFF");
}

static int unblock_holds(struct scene *s)
{
	uint16_t tries = play(&s->play, "0020000100"), codes = play(&s->play, "002C000100");

	if (tries == 0x63C3)
		return codes == 0x63CA && play(&s->play, "00200001 08 35363738FFFFFFFF") == SW_OK;
	return !s->answered && tries == 0x63C0 && (codes == 0x63CA || codes == 0x63C9);
}

static void test_unblock_pin(void)
{
	every(block, unblock_command, unblock_holds, 0);
}

/* ---- AUTHENTICATE ---- */

static void challenge(uint8_t command[39], uint32_t seq, uint8_t ind)
{
	static const uint8_t amf[AKA_AMF] = {0x80, 0x00};
	uint8_t sqn[AKA_SQN] = {0};
	struct aka_vector vector;
	uint8_t rand[AKA_RAND];

	memset(rand, (int)(0x30 + seq + ind), sizeof(rand));
	sqn[4] = (uint8_t)(seq >> 3);
	sqn[5] = (uint8_t)(seq << 5 | ind);
	if (milenage_vector(&vector, k, opc, rand, sqn, amf) < 0)
		abort();
	memcpy(command, "\x00\x88\x00\x81\x22\x10", 6);
	memcpy(command + 6, rand, 16);
	command[22] = 16;
	memcpy(command + 23, vector.autn, 16);
}

/* 0xDB: accepted, 0xDC: refused with AUTS, 0: something else. */
static int authenticates(struct play *p, uint32_t seq, uint8_t ind)
{
	uint8_t command[39];
	uint16_t sw;

	challenge(command, seq, ind);
	sw = play_bytes(p, command, sizeof(command));
	if (sw == 0x6135 && play_tpdu(p, "00C0000035") == SW_OK)
		return p->response[0] == 0xDB ? 0xDB : 0;
	if (sw == 0x6110 && play_tpdu(p, "00C0000010") == SW_OK)
		return p->response[0] == 0xDC ? 0xDC : 0;
	return 0;
}

static void attached(struct play *p)
{
	if (play_load_key(p, k, opc) != SW_OK || play(p, USIM) != SW_OK || authenticates(p, 4, 3) != 0xDB ||
	    authenticates(p, 6, 5) != 0xDB)
		abort();
}

static void authenticate_command(struct scene *s)
{
	uint8_t command[39];

	challenge(command, 7, 3);
	if (play(&s->play, USIM) == SW_OK)
		s->answered = play_bytes(&s->play, command, sizeof(command));
}

static int authenticate_holds(struct scene *s)
{
	int seven;

	if (play(&s->play, USIM) != SW_OK)
		return 0;
	/* What was answered before stays spent, in its own slot and for AUTS. */
	if (authenticates(&s->play, 4, 3) != 0xDC || authenticates(&s->play, 6, 5) != 0xDC)
		return 0;
	seven = authenticates(&s->play, 7, 3);
	if (s->answered ? s->answered != 0x6135 || seven != 0xDC : seven != 0xDC && seven != 0xDB)
		return 0;
	return authenticates(&s->play, 7, 3) == 0xDC && authenticates(&s->play, 8, 3) == 0xDB;
}

static void test_authenticate(void)
{
	every(attached, authenticate_command, authenticate_holds, 0);
}

/* With the second cut, number 8 above may be spent by the boot that was cut. */
static int authenticate_holds_again(struct scene *s)
{
	int seven;

	if (play(&s->play, USIM) != SW_OK || authenticates(&s->play, 4, 3) != 0xDC)
		return 0;
	seven = authenticates(&s->play, 7, 3);
	return s->answered ? seven == 0xDC : seven == 0xDC || seven == 0xDB;
}

static void test_authenticate_twice(void)
{
	every(attached, authenticate_command, authenticate_holds_again, 1);
}

/* ---- Secure channel ---- */

/* ENC, MAC and DEK of version 31: 50..5F each, under the test DEK. */
static void make_put_key(char hex[256])
{
	static const uint8_t zero[16] = {0};
	uint8_t key[16], cipher[16], check[3], ones[16], block[16];
	size_t i, n = 0;
	int key_number;

	for (i = 0; i < 16; i++)
		key[i] = (uint8_t)(0x50 + i);
	memset(ones, 1, sizeof(ones));
	if (aes_cbc_encrypt(cipher, (struct span){scp03_test_keys.dek, 16}, zero, key, 16) < 0 ||
	    aes_block(block, (struct span){key, 16}, ones) < 0)
		abort();
	memcpy(check, block, 3);
	n += (size_t)sprintf(hex + n, "80D83081 43 31");
	for (key_number = 0; key_number < 3; key_number++) {
		n += (size_t)sprintf(hex + n, "8810");
		for (i = 0; i < 16; i++)
			n += (size_t)sprintf(hex + n, "%02X", cipher[i]);
		n += (size_t)sprintf(hex + n, "03%02X%02X%02X", check[0], check[1], check[2]);
	}
}

static void put_key_command(struct scene *s)
{
	char hex[256];

	make_put_key(hex);
	if (play_secure(&s->play) == SW_OK)
		s->answered = play_wrapped(&s->play, hex);
}

/* Exactly one of the two versions is there, and opens a channel. */
static int put_key_holds(struct scene *s)
{
	struct scp03_key_set fresh = {.version = 0x31, .length = 16};
	static const uint8_t mine[8] = {1, 2, 3};
	uint8_t command[SCP03_ANSWER_MAX];
	struct fault fault;
	uint16_t old, new;
	size_t i;

	for (i = 0; i < 16; i++)
		fresh.enc[i] = fresh.mac[i] = fresh.dek[i] = (uint8_t)(0x50 + i);
	if (play(&s->play, "00A4040C 08 A000000151000000") != SW_OK)
		return 0;
	old = play(&s->play, "80503000 08 0102030405060708");
	new = play(&s->play, "80503100 08 0102030405060708");
	if (old == SW_OK)
		return new == 0x6A88 && s->answered != SW_OK &&play_secure(&s->play) == SW_OK;
	if (old != 0x6A88 || new != SW_OK)
		return 0;
	(void)scp03_begin(&s->play.channel, command, &fresh, mine);
	if ((play_bytes(&s->play, command, 13) >> 8) != 0x61 || play_tpdu(&s->play, "80C0000020") != SW_OK ||
	    scp03_answer(&s->play.channel, command, s->play.response, s->play.length, 3, &fault) < 0)
		return 0;
	return play_bytes(&s->play, command, 21) == SW_OK;
}

static void test_put_key(void)
{
	every(nothing, put_key_command, put_key_holds, 0);
}

static void test_put_key_twice(void)
{
	every(nothing, put_key_command, put_key_holds, 1);
}

/* One STORE DATA with a file, a PIN (five tries) and a key. */
static void make_store_data(char hex[300])
{
	static const uint8_t zero[16] = {0}, pins[16] = "1234\xFF\xFF\xFF\xFF"
							"12345678";
	uint8_t keys[32], cipher[48], ones[16], block[16];
	size_t i, n = 0;

	memcpy(keys, opc, 16); /* the other way round: not the keys that are there */
	memcpy(keys + 16, k, 16);
	memset(ones, 1, sizeof(ones));
	if (aes_cbc_encrypt(cipher, (struct span){scp03_test_keys.dek, 16}, zero, pins, 16) < 0 ||
	    aes_cbc_encrypt(cipher + 16, (struct span){scp03_test_keys.dek, 16}, zero, keys, 32) < 0)
		abort();
	n += (size_t)sprintf(hex + n, "80E28800 56 0F01 0F 01 2FE2 00 00 98881201000000001 0F1");
	n += (size_t)sprintf(hex + n, "8F02 14 01 01 05 0A");
	for (i = 0; i < 16; i++)
		n += (size_t)sprintf(hex + n, "%02X", cipher[i]);
	n += (size_t)sprintf(hex + n, "8F01 2A 01 01 01 00");
	for (i = 16; i < 48; i++)
		n += (size_t)sprintf(hex + n, "%02X", cipher[i]);
	for (i = 0; i < 2; i++) {
		if (aes_block(block, (struct span){keys + 16 * i, 16}, ones) < 0)
			abort();
		n += (size_t)sprintf(hex + n, "%02X%02X%02X", block[0], block[1], block[2]);
	}
}

static void store_data_command(struct scene *s)
{
	char hex[300];

	make_store_data(hex);
	if (play_secure(&s->play) == SW_OK)
		s->answered = play_wrapped(&s->play, hex);
}

static int store_data_holds(struct scene *s)
{
	int file, pin, key, all;

	if (play(&s->play, "00A4000C 02 2FE2") != SW_OK || play(&s->play, "00B0000001") != SW_OK)
		return 0;
	file = s->play.response[0] == 0x98;
	pin = play(&s->play, "0020000100") == 0x63C5;
	if (play(&s->play, "00A4040C 08 A000000151000000") != SW_OK || play(&s->play, "80CADF2000") != SW_OK)
		return 0;
	/* The check value of K in slot 1: DF20 len, slot state algorithm method KCV. */
	key = memcmp(s->play.response + 7, "\0\0\0", 3) != 0 && s->play.response[4] == 1;
	all = file && pin && key;
	return s->answered == SW_OK ? all : all || (!file && !pin && !key);
}

static void test_store_data(void)
{
	every(nothing, store_data_command, store_data_holds, 0);
	every(nothing, store_data_command, store_data_holds, 1);
}

/* ---- The first start ---- */

static void first_work(struct cut *cut, void *context)
{
	struct scene *scene = context;

	if (card_start(&scene->play.card, &cut->hal) < 0)
		abort();
}

static int first_holds(struct scene *s)
{
	return play(&s->play, "0020000100") == 0x63C3 && play(&s->play, "0020000A00") == 0x63C3 &&
	       play(&s->play, "00A4000C 02 2FE2") == SW_OK && play_secure(&s->play) == SW_OK;
}

static void test_first_start(void)
{
	static struct scene scene;
	uint8_t fill_byte;

	for (fill_byte = 0;; fill_byte = 0xFF) {
		if (cut_open(&scene.play.cut, SMALL, 1024, 4, fill_byte) < 0)
			abort();
		scene.holds = first_holds;
		scene.play.cut.again = 1;
		CU_ASSERT(cut_every(&scene.play.cut, first_work, after, &scene) > 100);
		play_close(&scene.play);
		if (fill_byte)
			break;
	}
}

UNIT_SUITE("powerloss", UNIT(test_harness_catches), UNIT(test_update_binary), UNIT(test_update_record),
	   UNIT(test_cyclic), UNIT(test_long_file), UNIT(test_wrong_pin), UNIT(test_right_pin),
	   UNIT(test_exhausted_pin), UNIT(test_change_pin), UNIT(test_unblock_pin), UNIT(test_authenticate),
	   UNIT(test_authenticate_twice), UNIT(test_put_key), UNIT(test_put_key_twice), UNIT(test_store_data),
	   UNIT(test_first_start))

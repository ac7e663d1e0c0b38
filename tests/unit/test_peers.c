/* PROVES: the defects found in other software cards are not in this one. Each
 * was seen by running or reading one of them; each case is named after its
 * defect, and plays it to the whole card. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "auth/milenage.h"
#include "cat/cat.h"
#include "fs/file.h"
#include "unit/play.h"

#define USIM             "00A4040C 07 A0000000871002"
#define MF               "00A4000C 02 3F00"
#define ZERO16           "00000000000000000000000000000000"
#define PIN1             "31323334FFFFFFFF"
#define NOT_IT           "39393939FFFFFFFF"
#define ADM              "0020000A 08 3132333435363738"
#define IMSI             "00B0870009"
#define DELTA            ((uint64_t)1 << 28)
#define TERMINAL_PROFILE "80100000 1E FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"

static const uint8_t k[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
static const uint8_t opc[16] = {0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8};
static const uint8_t amf[2] = {0x80, 0x00};

/* A card with a key and ADF.USIM selected. */
static void begin(struct play *p)
{
	play_open(p);
	CU_ASSERT_EQUAL_FATAL(play_load_key(p, k, opc), SW_OK);
	play_restart(p);
	PLAY(p, USIM, SW_OK);
}

/* AUTHENTICATE in the 3G context with a vector for SEQ and IND. */
static uint16_t challenge(struct play *p, uint64_t seq, unsigned ind)
{
	uint8_t command[39] = {0x00, 0x88, 0x00, 0x81, 34, 16}, sqn[6];
	uint64_t value = seq << 5 | ind;
	struct aka_vector v;
	uint16_t sw;

	for (int i = 5; i >= 0; i--, value >>= 8)
		sqn[i] = (uint8_t)value;
	memset(command + 6, (int)seq, 16);
	CU_ASSERT_EQUAL_FATAL(milenage_vector(&v, k, opc, command + 6, sqn, amf), OK);
	command[22] = 16;
	memcpy(command + 23, v.autn, 16);
	sw = play_bytes(p, command, sizeof(command));
	return sw >> 8 == 0x61 ? play(p, "00C0000000") : sw;
}

/* DB: RES and keys; DC: AUTS. */
static void expect(struct play *p, uint64_t seq, unsigned ind, uint8_t tag)
{
	CU_ASSERT_EQUAL(challenge(p, seq, ind), SW_OK);
	CU_ASSERT_EQUAL(p->response[0], tag);
}

static void enable_pin1(struct play *p)
{
	PLAY(p, "00280001 08" PIN1, SW_OK);
	play_restart(p);
	PLAY(p, USIM, SW_OK);
}

/* ---- one that dies ---- */

/* An unsolicited TERMINAL RESPONSE after TERMINAL PROFILE called through NULL.
 * PROVES: TS 102 221 11.2.4 */
static void test_unsolicited_terminal_response(void)
{
	struct play p;
	int i;

	begin(&p);
	PLAY(&p, "80140000 02 AABB", SW_CONDITIONS_NOT_SATISFIED);
	for (i = 0; i < 3; i++) {
		PLAY(&p, TERMINAL_PROFILE, SW_OK);
		PLAY(&p, "80140000 02 AABB", SW_CONDITIONS_NOT_SATISFIED);
		PLAY(&p, "80140000 0C 810301250082028281830100", SW_CONDITIONS_NOT_SATISFIED);
		PLAY(&p, "00A40004 02 3F00", SW_OK);
	}
	play_close(&p);
}

/* ---- authentication ---- */

/* RES, CK and IK were answered with the MF selected. */
static void test_authenticate_without_application(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, MF, SW_OK);
	CU_ASSERT_EQUAL(challenge(&p, 1, 1), SW_CONDITIONS_NOT_SATISFIED);
	PLAY(&p, "00880080 11 10" ZERO16, SW_CONDITIONS_NOT_SATISFIED);
	PLAY(&p, USIM, SW_OK);
	expect(&p, 1, 1, 0xDB); /* and the number was not spent */
	play_close(&p);
}

/* ... and with PIN1 enabled and not verified. */
static void test_authenticate_without_pin(void)
{
	struct play p;

	begin(&p);
	enable_pin1(&p);
	CU_ASSERT_EQUAL(challenge(&p, 1, 1), SW_SECURITY_NOT_SATISFIED);
	PLAY(&p, "00880080 11 10" ZERO16, SW_SECURITY_NOT_SATISFIED);
	PLAY(&p, "00200001 08" NOT_IT, 0x63C2);
	CU_ASSERT_EQUAL(challenge(&p, 1, 1), SW_SECURITY_NOT_SATISFIED);
	PLAY(&p, "00200001 08" PIN1, SW_OK);
	expect(&p, 1, 1, 0xDB);
	play_close(&p);
}

/* SEQ 5 of IND 2, then SEQ 3 of IND 3: vectors that two nodes fetched.
 * PROVES: TS 33.102 C.2.2 */
static void test_older_number_of_another_node(void)
{
	struct play p;
	unsigned ind;

	begin(&p);
	expect(&p, 5, 2, 0xDB);
	expect(&p, 3, 3, 0xDB);
	expect(&p, 3, 3, 0xDC);
	for (ind = 4; ind < 32; ind++)
		expect(&p, 4, ind, 0xDB);
	expect(&p, 5, 2, 0xDC);
	expect(&p, 6, 2, 0xDB);
	play_close(&p);
}

/* The same AUTN twice was good twice; after a reset and a power cut too. */
static void test_replayed_autn(void)
{
	struct play p;

	begin(&p);
	expect(&p, 7, 0, 0xDB);
	expect(&p, 7, 0, 0xDC);
	play_restart(&p);
	PLAY(&p, USIM, SW_OK);
	expect(&p, 7, 0, 0xDC);
	expect(&p, 6, 0, 0xDC);
	play_close(&p);
}

/* Any jump of the number was accepted, which wears the range out.
 * PROVES: TS 33.102 C.2.1 */
static void test_any_jump_accepted(void)
{
	struct play p;

	begin(&p);
	expect(&p, 1, 1, 0xDB);
	expect(&p, 1 + DELTA + 1, 1, 0xDC);
	expect(&p, ((uint64_t)1 << 43) - 1, 1, 0xDC);
	expect(&p, 1 + DELTA, 1, 0xDB);
	play_close(&p);
}

/* A wrong MAC with a stale number was answered with an AUTS: what a stranger may not have. */
static void test_number_before_mac(void)
{
	struct play p;

	begin(&p);
	expect(&p, 9, 1, 0xDB);
	PLAY(&p, "00880081 22 10" ZERO16 "10" ZERO16, SW_AUTHENTICATION_MAC);
	play_close(&p);
}

/* 33 files rewritten, 107 opened, the whole profile saved: for one number. */
static void test_writes_per_authenticate(void)
{
	enum {
		TIMES = 1000,
		RECORD = 72 /* bytes, with its header and the erases' share */
	};
	struct play p;
	long before, erases;
	uint64_t i;

	begin(&p);
	before = p.cut.done;
	erases = p.cut.erases;
	for (i = 1; i <= TIMES; i++)
		expect(&p, i, 1, 0xDB);
	CU_ASSERT((p.cut.done - before) * p.cut.hal.nvm_write_unit <= TIMES * RECORD);
	CU_ASSERT((p.cut.erases - erases) * p.cut.hal.nvm_page_size <= TIMES * RECORD);
	before = p.cut.done;
	for (i = 1; i <= 20; i++) {
		expect(&p, i, 1, 0xDC); /* nothing spent, nothing written */
		PLAY(&p, "00880081 22 10" ZERO16 "10" ZERO16, SW_AUTHENTICATION_MAC);
		PLAY(&p, "00880080 11 10" ZERO16, SW_OK);
	}
	CU_ASSERT_EQUAL(p.cut.done, before);
	play_close(&p);
}

/* AUTN, CK and IK went to stderr. */
static void test_keys_on_stderr(void)
{
	int pipes[2], err = dup(STDERR_FILENO), out;
	struct play p;
	char heard[64];
	ssize_t n;

	begin(&p);
	CU_ASSERT_EQUAL_FATAL(pipe(pipes), 0);
	fflush(stdout);
	out = dup(STDOUT_FILENO);
	dup2(pipes[1], STDERR_FILENO);
	dup2(pipes[1], STDOUT_FILENO);
	(void)challenge(&p, 1, 1);
	(void)challenge(&p, 1, 1);
	fflush(stdout);
	dup2(err, STDERR_FILENO);
	dup2(out, STDOUT_FILENO);
	close(pipes[1]);
	n = read(pipes[0], heard, sizeof(heard));
	CU_ASSERT_EQUAL(n, 0);
	close(pipes[0]);
	close(err);
	close(out);
	play_close(&p);
}

/* ---- status words ---- */

/* 6900 where access is refused. */
static void test_refused_access_6900(void)
{
	struct play p;

	begin(&p);
	enable_pin1(&p);
	PLAY(&p, IMSI, SW_SECURITY_NOT_SATISFIED);
	PLAY(&p, "00D68700 09 080910101010325476", SW_SECURITY_NOT_SATISFIED);
	PLAY(&p, "00A4000C 02 6F40", SW_OK);
	PLAY(&p, "00B201041A", SW_SECURITY_NOT_SATISFIED);
	play_close(&p);
}

/* 6A84 for a record that is not there. */
static void test_record_out_of_range_6a84(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, "00A4000C 02 6F40", SW_OK);
	PLAY(&p, "00B2FE041A", SW_RECORD_NOT_FOUND);
	PLAY(&p, "00B200041A", SW_RECORD_NOT_FOUND); /* the current one: there is none */
	PLAY(&p, ADM, SW_OK);
	PLAY(&p, "00DCFE04 01 00", SW_RECORD_NOT_FOUND);
	play_close(&p);
}

/* 6A88 for an application that is not there. */
static void test_unknown_application_6a88(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, "00A4040C 07 A0000000879999", SW_FILE_NOT_FOUND);
	PLAY(&p, "00A4040C 10 A0000000871002FFFFFFFFFFFFFFFFFF", SW_FILE_NOT_FOUND);
	PLAY(&p, IMSI, SW_OK); /* and the USIM is still selected */
	play_close(&p);
}

/* 6F00 for SELECT without data, 6A81 and 6A82 for child and parent. */
static void test_select_without_data_6f00(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, "00A40004", SW_OK); /* ISO/IEC 7816-4 table 39: the MF */
	CU_ASSERT_EQUAL(p.response[0], 0x62);
	PLAY(&p, USIM, SW_OK);
	PLAY(&p, "00A4010C 02 5F3B", SW_OK); /* DF.GSM-ACCESS, a child */
	PLAY(&p, "00A4030C", SW_OK);         /* and back up */
	PLAY(&p, IMSI, SW_OK);
	PLAY(&p, "00A4080C", SW_WRONG_LENGTH);
	play_close(&p);
}

/* 6F00 for an extended Lc, and nothing behind it read as a command. */
static void test_extended_length_6f00(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, "00A40004 000002 3F00", SW_WRONG_LENGTH);
	PLAY(&p, "00B08700 000009", SW_WRONG_LENGTH);
	PLAY(&p, "00D68700 000009 080910101010325476", SW_WRONG_LENGTH);
	PLAY(&p, "00200001 000008" PIN1, SW_WRONG_LENGTH);
	PLAY(&p, "00200001", 0x63C3); /* no try was spent */
	play_close(&p);
}

/* FETCH with Le 00 was answered 6C00, which sends a terminal round in circles. */
static void test_fetch_6c00(void)
{
	struct play p;
	uint16_t sw;

	begin(&p);
	CU_ASSERT_EQUAL(play_tpdu(&p, "8012000000"), SW_CONDITIONS_NOT_SATISFIED);
	PLAY(&p, TERMINAL_PROFILE, SW_OK);
	CU_ASSERT_EQUAL(play_tpdu(&p, "8012000000"), SW_CONDITIONS_NOT_SATISFIED);
	cat_file_changed(&p.card, FILE_MF);
	sw = play_tpdu(&p, "80F2000C");
	CU_ASSERT_EQUAL(sw >> 8, 0x91);
	CU_ASSERT_EQUAL(play_tpdu(&p, "8012000000"), 0x6C00 | (sw & 0xFF));
	CU_ASSERT_EQUAL(play_tpdu(&p, "8012000001"), 0x6C00 | (sw & 0xFF));
	PLAY(&p, "8012000000", SW_OK);
	CU_ASSERT_EQUAL(p.length, sw & 0xFF);
	play_close(&p);
}

/* Short and odd commands failed the transaction instead of being answered. */
static void test_short_and_odd_commands(void)
{
	static const uint8_t zero[COMMAND_MAX + 8];
	uint8_t command[sizeof(zero)];
	struct play p;
	uint16_t sw;
	size_t n;
	int ins;

	begin(&p);
	CU_ASSERT_EQUAL(play_bytes(&p, zero, 0), SW_WRONG_LENGTH);
	for (n = 1; n < 4; n++)
		CU_ASSERT_EQUAL(play_bytes(&p, zero, n), SW_WRONG_LENGTH);
	for (ins = 0; ins < 256; ins++)
		for (n = 1; n <= sizeof(command); n += n < 8 ? 1 : 9) {
			memset(command, 0xFF, sizeof(command));
			command[0] = (uint8_t)(ins << 7);
			command[1] = (uint8_t)ins;
			sw = play_bytes(&p, command, n);
			CU_ASSERT(p.length == 0 && sw >> 8 >= 0x67 && sw >> 8 <= 0x6E);
		}
	PLAY(&p, USIM, SW_OK);
	play_close(&p);
}

/* ---- files ---- */

/* UPDATE BINARY with a directory selected wrote over the file tree. */
static void test_update_of_a_directory(void)
{
	struct play p;
	long before;

	begin(&p);
	PLAY(&p, ADM, SW_OK);
	before = p.cut.done;
	PLAY(&p, "00D60000 04 DEADBEEF", SW_NO_EF_SELECTED);
	PLAY(&p, "00DC0104 04 DEADBEEF", SW_NO_EF_SELECTED);
	PLAY(&p, "00B0000004", SW_NO_EF_SELECTED);
	PLAY(&p, MF, SW_OK);
	PLAY(&p, "00D60000 04 DEADBEEF", SW_NO_EF_SELECTED);
	PLAY(&p, "00DC0104 04 DEADBEEF", SW_NO_EF_SELECTED);
	CU_ASSERT_EQUAL(p.cut.done, before);
	PLAY(&p, USIM, SW_OK);
	PLAY(&p, IMSI, SW_OK);
	play_close(&p);
}

/* UPDATE of the IMSI was allowed to everybody. */
static void test_update_of_the_imsi(void)
{
	uint8_t was[9];
	struct play p;

	begin(&p);
	PLAY(&p, IMSI, SW_OK);
	memcpy(was, p.response, sizeof(was));
	PLAY(&p, "00D68700 09 080910101010325476", SW_SECURITY_NOT_SATISFIED);
	PLAY(&p, IMSI, SW_OK);
	ASSERT_BYTES(p.response, was, sizeof(was));
	play_close(&p);
}

/* READ BINARY began at offset 0 whatever it said; records only by number. */
static void test_offset_ignored(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, ADM, SW_OK);
	PLAY(&p, "00D68700 09 010203040506070809", SW_OK);
	PLAY_DATA(&p, "00B0870302", "0405");
	PLAY_DATA(&p, "00B0000801", "09");
	PLAY(&p, "00B0000901", SW_WRONG_OFFSET);
	PLAY(&p, "A0A40000 02 7F20", 0x9000); /* the 2G side of one did the same */
	PLAY(&p, "A0A40000 02 6F07", 0x9000);
	PLAY_DATA(&p, "A0B0000302", "0405");
	PLAY_DATA(&p, "A0B0000801", "09");
	PLAY(&p, USIM, SW_OK);
	PLAY(&p, "00A4000C 02 6F40", SW_OK);
	PLAY(&p, "00B200021A", SW_OK); /* next: the first */
	PLAY(&p, "00B200031A", SW_RECORD_NOT_FOUND);
	play_close(&p);
}

/* An UPDATE was there until the process ended. */
static void test_update_forgotten(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, ADM, SW_OK);
	PLAY(&p, "00D68700 09 010203040506070809", SW_OK);
	play_restart(&p);
	PLAY(&p, USIM, SW_OK);
	PLAY_DATA(&p, IMSI, "010203040506070809");
	play_close(&p);
}

/* 7FFF, the current application, could not be selected.
 * PROVES: TS 102 221 8.4.1 */
static void test_7fff_not_selectable(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, MF, SW_OK);
	PLAY(&p, "00A4000C 02 7FFF", SW_OK);
	PLAY(&p, IMSI, SW_OK);
	PLAY(&p, "00A4080C 04 7FFF6F07", SW_OK);
	PLAY(&p, "00B0000009", SW_OK);
	play_close(&p);
}

/* A command for channel 1 was done on channel 0; no channel could be opened. */
static void test_channel_ignored(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, "01A4000C 02 3F00", SW_CHANNEL_NOT_SUPPORTED);
	PLAY(&p, IMSI, SW_OK); /* ADF.USIM is still selected */
	PLAY_DATA(&p, "0070000001", "01");
	PLAY(&p, "01B0870009", SW_FILE_NOT_FOUND);
	PLAY(&p, "01A4000C 02 2FE2", SW_OK);
	PLAY(&p, IMSI, SW_OK);
	play_close(&p);
}

/* ---- PINs ---- */

static const char *guess;

static void verify(struct cut *cut, void *context)
{
	struct play *p = context;

	(void)cut;
	play_restart(p);
	(void)play(p, guess);
}

static int tries_left(struct play *p)
{
	play_restart(p);
	return play(p, "00200001") & 0xF;
}

/* The counter was written after the compare, in all five: cut the power when
 * a guess is seen to be wrong, and guess again. Here, at every cut: while the
 * try is not paid for, a wrong guess and a right one have left the same
 * memory, so nothing was to be seen; and when it is, it is gone. */
static void test_counter_after_compare(void)
{
	static uint8_t start[64 * 1024], after_wrong[sizeof(start)];
	static struct play p;
	int how, cuts, wrong, right, paid = 0, unpaid = 0;
	long at;

	play_open(&p);
	PLAY(&p, "00280001 08" PIN1, SW_OK);
	PLAY(&p, "00200001 08" NOT_IT, 0x63C2);
	CU_ASSERT_EQUAL_FATAL(p.cut.size, sizeof(start));
	memcpy(start, p.cut.memory, sizeof(start));
	for (at = cuts = 1; cuts; at++)
		for (how = 0, cuts = 0; how < CUT_HOWS; how++) {
			memcpy(p.cut.memory, start, sizeof(start));
			memset(p.cut.written, 0, p.cut.units);
			guess = "00200001 08" NOT_IT;
			cuts += cut_once(&p.cut, verify, &p, at, how);
			memcpy(after_wrong, p.cut.memory, sizeof(start));
			wrong = tries_left(&p);
			memcpy(p.cut.memory, start, sizeof(start));
			memset(p.cut.written, 0, p.cut.units);
			guess = "00200001 08" PIN1;
			cuts += cut_once(&p.cut, verify, &p, at, how);
			right = memcmp(after_wrong, p.cut.memory, sizeof(start)) == 0;
			CU_ASSERT(wrong == 1 || (wrong == 2 && right));
			paid += wrong == 1;
			unpaid += wrong == 2;
			wrong = tries_left(&p);
			CU_ASSERT(wrong == 3 || wrong == 1 || (wrong == 2 && right));
		}
	CU_ASSERT(paid > 0 && unpaid > 0);
	p.cut.breaches = 0; /* memory was put back behind the board's back */
	play_close(&p);
}

/* An empty VERIFY was 63C3 for ever, and any other 6F00. */
static void test_pin_stub(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00280001 08" PIN1, SW_OK);
	PLAY(&p, "00200001", 0x63C3);
	PLAY(&p, "00200001 08" NOT_IT, 0x63C2);
	PLAY(&p, "00200001", 0x63C2);
	PLAY(&p, "00200001 08" NOT_IT, 0x63C1);
	PLAY(&p, "00200001 08" NOT_IT, 0x63C0);
	PLAY(&p, "00200001 08" PIN1, SW_PIN_BLOCKED);
	PLAY(&p, "002C0001 10 3132333435363738" NOT_IT, SW_OK);
	PLAY(&p, "00200001 08" NOT_IT, SW_OK);
	play_close(&p);
}

/* ---- what none of them has ---- */

static int stuck(void *board, void *out, size_t n)
{
	(void)board;
	memset(out, 0x55, n);
	return HAL_OK;
}

/* No generator at all, or one that nobody looks at. A stuck source starts no card. */
static void test_no_random_numbers(void)
{
	uint8_t first[16];
	struct play p;

	begin(&p);
	PLAY(&p, "0084000010", SW_OK);
	memcpy(first, p.response, sizeof(first));
	PLAY(&p, "0084000010", SW_OK);
	CU_ASSERT_NOT_EQUAL(memcmp(first, p.response, sizeof(first)), 0);
	p.cut.hal.random = stuck;
	CU_ASSERT_EQUAL(card_start(&p.card, &p.cut.hal), ERROR_RANDOM);
	PLAY(&p, "0084000010", SW_TECHNICAL_PROBLEM);
	play_close(&p);
}

/* INCREASE on a cyclic file (6D00 in all but one). */
static void test_no_increase(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, ADM, SW_OK);
	PLAY(&p, "00A4000C 02 6F39", SW_OK);
	PLAY(&p, "80320000 03 000005", SW_OK);
	PLAY_DATA(&p, "00B2010403", "000005");
	PLAY(&p, "80320000 03 FFFFFF", SW_MAXIMUM_REACHED);
	PLAY_DATA(&p, "00B2010403", "000005");
	play_close(&p);
}

UNIT_SUITE("peers", UNIT(test_unsolicited_terminal_response), UNIT(test_authenticate_without_application),
	   UNIT(test_authenticate_without_pin), UNIT(test_older_number_of_another_node),
	   UNIT(test_replayed_autn), UNIT(test_any_jump_accepted), UNIT(test_number_before_mac),
	   UNIT(test_writes_per_authenticate), UNIT(test_keys_on_stderr), UNIT(test_refused_access_6900),
	   UNIT(test_record_out_of_range_6a84), UNIT(test_unknown_application_6a88),
	   UNIT(test_select_without_data_6f00), UNIT(test_extended_length_6f00), UNIT(test_fetch_6c00),
	   UNIT(test_short_and_odd_commands), UNIT(test_update_of_a_directory), UNIT(test_update_of_the_imsi),
	   UNIT(test_offset_ignored), UNIT(test_update_forgotten), UNIT(test_7fff_not_selectable),
	   UNIT(test_channel_ignored), UNIT(test_counter_after_compare), UNIT(test_pin_stub),
	   UNIT(test_no_random_numbers), UNIT(test_no_increase))

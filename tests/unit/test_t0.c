/* The T=0 engine against a terminal that is a script and a card that records
 * what reaches it: what is on the wire is compared byte by byte. The card's
 * own answers are other suites' affair, so its three functions are here. */
#include "transport/t0.h"

#include <string.h>

#include "card.h"
#include "unit/unit.h"

enum {
	GAP = -1
}; /* the terminal falls silent for longer than it may */

static const int *script, *script_end;
static uint8_t wire[1024], seen[COMMAND_MAX], reply[RESPONSE_MAX];
static size_t wire_length, seen_length, reply_length;
static int commands;
static uint8_t stops; /* the card halts at its next command */
static int late;      /* how many NULLs are due in whatever the card does */
static uint8_t waits; /* what the board sends meanwhile; 0: nothing */

/* hal.h: until receive or send is called. */
static void busy(void *board, uint8_t byte, uint32_t every_ms)
{
	(void)board;
	CU_ASSERT(every_ms > 0 && every_ms <= 500);
	waits = byte;
}

static void time_passes(void)
{
	for (int i = 0; waits && i < late && wire_length < sizeof(wire); i++)
		wire[wire_length++] = waits;
}

static int next_byte(void *board, uint8_t *byte, uint32_t timeout_ms)
{
	(void)board;
	(void)timeout_ms;
	waits = 0;
	if (script == script_end)
		return HAL_FAULT;
	if (*script == GAP) {
		script++;
		return HAL_TIMEOUT;
	}
	*byte = (uint8_t)*script++;
	return HAL_OK;
}

static int put(void *board, const uint8_t *bytes, size_t length)
{
	(void)board;
	waits = 0;
	if (wire_length + length > sizeof(wire))
		return HAL_FAULT;
	memcpy(wire + wire_length, bytes, length);
	wire_length += length;
	return HAL_OK;
}

size_t card_reset(struct card *card, uint8_t atr[static ATR_MAX])
{
	(void)card;
	time_passes();
	atr[0] = 0x3B;
	atr[1] = 0x00;
	return 2;
}

int card_takes_data(const struct card *card, const uint8_t header[static 5])
{
	(void)card;
	time_passes();
	return header[1] == 0xD6;
}

size_t card_transmit(struct card *card, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
		     size_t length)
{
	time_passes();
	commands++;
	memcpy(seen, command, length);
	seen_length = length;
	memcpy(response, reply, reply_length);
	card->halted = stops;
	return reply_length;
}

/* Run the engine over `bytes` and compare everything after the ATR. */
static void run(const int *bytes, size_t count, const uint8_t *want, size_t length)
{
	static struct card card;
	const struct hal hal = {.receive = next_byte, .send = put, .busy = late ? busy : NULL};

	script = bytes;
	script_end = bytes + count;
	wire_length = 0;
	waits = 0;
	commands = 0;
	card.hal = &hal;
	card.halted = 0;
	CU_ASSERT_EQUAL(t0_run(&card), HAL_FAULT);
	CU_ASSERT_EQUAL_FATAL(wire_length, length + 2);
	ASSERT_BYTES(wire, "\x3B\x00", 2);
	ASSERT_BYTES(wire + 2, want, length);
}

#define SCRIPT(...)    (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int)
#define WIRE(...)      (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})
#define NOTHING        (const uint8_t[]){0}, 0
#define CARD_SAYS(...) set_reply((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void set_reply(const uint8_t *bytes, size_t length)
{
	memcpy(reply, bytes, length);
	reply_length = length;
}

/* PROVES: ISO/IEC 7816-3 10 */
static void test_without_data(void)
{
	CARD_SAYS(0x90, 0x00);
	run(SCRIPT(0x00, 0xA4, 0x00, 0x00, 0x00), WIRE(0x90, 0x00));
	CU_ASSERT_EQUAL(seen_length, 5);
	ASSERT_BYTES(seen, "\x00\xA4\x00\x00\x00", 5);
}

/* PROVES: ISO/IEC 7816-3 10.3.3 */
static void test_data_in(void)
{
	CARD_SAYS(0x61, 0x10);
	run(SCRIPT(0x00, 0xD6, 0x00, 0x00, 0x02, 0x3F, 0x00), WIRE(0xD6, 0x61, 0x10));
	CU_ASSERT_EQUAL(seen_length, 7);
	ASSERT_BYTES(seen, "\x00\xD6\x00\x00\x02\x3F\x00", 7);
	run(SCRIPT(0x00, 0xD6, 0x00, 0x00, 0x00), WIRE(0x61, 0x10)); /* none announced, none asked for */
	CU_ASSERT_EQUAL(seen_length, 5);
}

/* PROVES: ISO/IEC 7816-3 10.3.3 */
static void test_data_out(void)
{
	CARD_SAYS(0xAA, 0xBB, 0x90, 0x00);
	run(SCRIPT(0x00, 0xB0, 0x00, 0x00, 0x02), WIRE(0xB0, 0xAA, 0xBB, 0x90, 0x00));
	CARD_SAYS(0x6C, 0x09);
	run(SCRIPT(0x00, 0xB0, 0x00, 0x00, 0x02), WIRE(0x6C, 0x09));
}

static void test_256_bytes_out(void)
{
	uint8_t want[1 + 256 + 2] = {0xB0};

	memset(reply, 0x5A, 256);
	reply[256] = 0x90;
	reply[257] = 0x00;
	reply_length = 258;
	memcpy(want + 1, reply, 258);
	run(SCRIPT(0x00, 0xB0, 0x00, 0x00, 0x00), want, sizeof(want));
}

static void test_255_bytes_in(void)
{
	int bytes[5 + 255] = {0x00, 0xD6, 0x00, 0x00, 0xFF};
	int i;

	for (i = 0; i < 255; i++)
		bytes[5 + i] = i;
	CARD_SAYS(0x90, 0x00);
	run(bytes, 5 + 255, WIRE(0xD6, 0x90, 0x00));
	CU_ASSERT_EQUAL(seen_length, 260);
	CU_ASSERT_EQUAL(seen[259], 254);
}

/* A card that is wrong must not leave the terminal waiting. */
/* PROVES: ISO/IEC 7816-3 10.3.3 */
static void test_wrong_length_out(void)
{
	CARD_SAYS(0xAA, 0x90, 0x00);
	run(SCRIPT(0x00, 0xB0, 0x00, 0x00, 0x02), WIRE(0x6F, 0x00));
	run(SCRIPT(0x00, 0xD6, 0x00, 0x00, 0x01, 0x00), WIRE(0xD6, 0x6F, 0x00));
}

/* PROVES: ISO/IEC 7816-3 10.3.2 */
static void test_ins_that_reads_as_procedure_byte(void)
{
	CARD_SAYS(0x90, 0x00);
	run(SCRIPT(0x00, 0x60, 0x00, 0x00, 0x00, 0x00, 0x9A, 0x00, 0x00, 0x01), WIRE(0x6D, 0x00, 0x6D, 0x00));
	CU_ASSERT_EQUAL(commands, 0);
}

/* Half a command is forgotten, wherever it stops, and the next one is heard. */
static void test_silence(void)
{
	CARD_SAYS(0x90, 0x00);
	run(SCRIPT(GAP, GAP, 0x00, GAP, 0x00, 0xA4, GAP, 0x00, 0xA4, 0x00, 0x00, GAP, 0x00, 0xA4, 0x00, 0x00,
		   0x00),
	    WIRE(0x90, 0x00));
	CU_ASSERT_EQUAL(commands, 1);
	run(SCRIPT(0x00, 0xD6, 0x00, 0x00, 0x02, 0x11, GAP, 0x80, 0xA4, 0x00, 0x00, 0x00),
	    WIRE(0xD6, 0x90, 0x00));
	CU_ASSERT_EQUAL(commands, 1);
	ASSERT_BYTES(seen, "\x80\xA4\x00\x00\x00", 5);
}

/* PROVES: ISO/IEC 7816-3 9.2, 9.3, TS 102 221 6.4 */
static void test_pps(void)
{
	CARD_SAYS(0x90, 0x00);
	run(SCRIPT(0xFF, 0x00, 0xFF), WIRE(0xFF, 0x00, 0xFF));
	run(SCRIPT(0xFF, 0x10, 0x11, 0xFE), WIRE(0xFF, 0x10, 0x11, 0xFE));
	run(SCRIPT(0xFF, 0x10, 0x96, 0x79), WIRE(0xFF, 0x00, 0xFF)); /* faster: no, thank you */
	run(SCRIPT(0xFF, 0x70, 0x11, 0x00, 0x00, 0x9E), WIRE(0xFF, 0x10, 0x11, 0xFE));      /* PPS2, PPS3 */
	run(SCRIPT(0xFF, 0x01, 0xFE, GAP, 0x00, 0xA4, 0x00, 0x00, 0x00), WIRE(0x90, 0x00)); /* T=1 */
	run(SCRIPT(0xFF, 0x00, 0xFE, GAP, 0x00, 0xA4, 0x00, 0x00, 0x00), WIRE(0x90, 0x00)); /* wrong check */
	run(SCRIPT(0xFF, 0x10, GAP, 0x00, 0xA4, 0x00, 0x00, 0x00), WIRE(0x90, 0x00));
	run(SCRIPT(GAP, GAP, 0xFF, 0x00, 0xFF), WIRE(0xFF, 0x00, 0xFF)); /* the terminal took its time */
}

/* PROVES: ISO/IEC 7816-3 9.1: a request comes right after the ATR, once. Later
 * it is a command of class FF like any other bytes, for the card to refuse. */
static void test_pps_comes_first(void)
{
	CARD_SAYS(0x6E, 0x00);
	run(SCRIPT(0x00, 0xA4, 0x00, 0x00, 0x00, 0xFF, 0x00, 0xFF, GAP, 0x00, 0xA4, 0x00, 0x00, 0x00),
	    WIRE(0x6E, 0x00, 0x6E, 0x00));
	CU_ASSERT_EQUAL(commands, 2);
	run(SCRIPT(0xFF, 0x00, 0xFF, 0xFF, 0x10, 0x11, 0xFE, GAP), WIRE(0xFF, 0x00, 0xFF));
	CU_ASSERT_EQUAL(commands, 0);
	run(SCRIPT(0xFF, 0x00, 0xFE, 0xFF, 0x00, 0xFF, GAP), NOTHING); /* nor a second try */
	run(SCRIPT(0x00, GAP, 0xFF, 0x00, 0xFF, 0x00, 0x00), WIRE(0x6E, 0x00));
	CU_ASSERT_EQUAL(commands, 1);
	ASSERT_BYTES(seen, "\xFF\x00\xFF\x00\x00", 5);
}

/* PROVES: card.h "until ... the card has stopped": answered, and nothing more is read. */
static void test_card_stops(void)
{
	CARD_SAYS(0x65, 0x81);
	stops = 1;
	run(SCRIPT(0x00, 0xA4, 0x00, 0x00, 0x00, 0x00, 0xA4, 0x00, 0x00, 0x00), WIRE(0x65, 0x81));
	CU_ASSERT_EQUAL(commands, 1);
	CU_ASSERT_EQUAL(script_end - script, 5);
	stops = 0;
}

/* PROVES: ISO/IEC 7816-3 10.3.3: NULL, when the command is in and nothing of its answer out. What is not work
 * is never that long. */
static void test_busy(void)
{
	late = 3;
	CARD_SAYS(0x90, 0x00);
	run(SCRIPT(0x00, 0xA4, 0x00, 0x00, 0x00), WIRE(0x60, 0x60, 0x60, 0x90, 0x00));
	run(SCRIPT(0x00, 0xD6, 0x00, 0x00, 0x02, 0x11, 0x22), WIRE(0xD6, 0x60, 0x60, 0x60, 0x90, 0x00));
	CU_ASSERT_EQUAL(seen_length, 7);
	CARD_SAYS(0xAA, 0x60, 0x90, 0x00);
	run(SCRIPT(0x00, 0xB0, 0x00, 0x00, 0x02), WIRE(0x60, 0x60, 0x60, 0xB0, 0xAA, 0x60, 0x90, 0x00));
	run(SCRIPT(0x00, 0xD6, 0x00, 0x00, 0x02, 0x11, GAP), WIRE(0xD6)); /* data that are still owed */
	run(SCRIPT(0x00, 0xD6, 0x00, 0x00, 0x02, GAP, 0x00, 0xB0, 0x00, 0x00, GAP), WIRE(0xD6));
	run(SCRIPT(0xFF, 0x10, 0x11, 0xFE, 0x00, 0x60, 0x00, 0x00, 0x00),
	    WIRE(0xFF, 0x10, 0x11, 0xFE, 0x6D, 0x00)); /* what the card has no part in */
	CARD_SAYS(0x90, 0x00);
	run(SCRIPT(0x00, 0xA4, 0x00, 0x00, 0x00, 0x00, 0xA4, 0x00, 0x00, 0x00),
	    WIRE(0x60, 0x60, 0x60, 0x90, 0x00, 0x60, 0x60, 0x60, 0x90, 0x00));
	late = 0;
}

static void test_no_contact(void)
{
	static struct card card;
	const struct hal hal = {0};

	card.hal = &hal;
	CU_ASSERT_EQUAL(t0_run(&card), ERROR_STATE);
}

UNIT_SUITE("t0", UNIT(test_without_data), UNIT(test_data_in), UNIT(test_data_out), UNIT(test_256_bytes_out),
	   UNIT(test_255_bytes_in), UNIT(test_wrong_length_out), UNIT(test_ins_that_reads_as_procedure_byte),
	   UNIT(test_silence), UNIT(test_pps), UNIT(test_pps_comes_first), UNIT(test_card_stops),
	   UNIT(test_busy), UNIT(test_no_contact))

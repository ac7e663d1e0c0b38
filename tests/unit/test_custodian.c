/* PROVES: lib/custodian.h against cards in memory and what stands between: the
 * right card is found by its key; an answer or a command that was changed on
 * the way, in any byte, is never taken for the card's, and leaves no secret behind.
 *
 * The readers are played here, so lib/reader_pcsc.c stays out. */
#include "lib/custodian.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/signature.h"
#include "unit/party.h"

enum {
	CARDS = 3,
	NOBODY = -1
};

static struct play cards[CARDS];
static uint8_t keys[CARDS][65];

/* ---- readers ---- */

struct reader {
	int card;
};

/* Spoil byte `byte` of what the command `ins` answers, or of the command itself. */
static struct {
	uint8_t ins, command;
	int byte, hits;
} spoil = {.byte = NOBODY};
static int empty = NOBODY; /* the reader whose card was pulled out */

static const char *name_of(int card)
{
	static const char *const names[CARDS + 1] = {"reader 0", "reader 1", "reader 2", "reader 3"};

	return names[card];
}

int reader_list(struct reader_entry *entries, size_t size, struct fault *fault)
{
	(void)fault;
	CU_ASSERT_FATAL(size >= CARDS + 1);
	memset(entries, 0, (CARDS + 1) * sizeof(*entries));
	for (int i = 0; i <= CARDS; i++) {
		(void)snprintf(entries[i].name, sizeof(entries[i].name), "%s", name_of(i));
		entries[i].card_present = i != empty;
		entries[i].atr_length = 9;
		memcpy(entries[i].atr,
		       i < CARDS ? "\x3B\x87simrite"
				 : "\x3B\x87"
				   "another",
		       9);
	}
	return CARDS + 1;
}

int reader_open(struct reader **reader, const char *name, struct fault *fault)
{
	uint8_t atr[ATR_MAX];
	int card = name[strlen(name) - 1] - '0';

	CU_ASSERT_FATAL(card >= 0 && card < CARDS); /* nobody opens what is no simrite card */
	*reader = NULL;
	if (card == empty)
		return fault_set(fault, FAULT_CARD, NULL, "no card in reader \"%s\"", name);
	*reader = calloc(1, sizeof(**reader));
	(*reader)->card = card;
	(void)card_reset(&cards[card].card, atr);
	return 0;
}

void reader_close(struct reader *reader)
{
	uint8_t atr[ATR_MAX];

	if (reader)
		(void)card_reset(&cards[reader->card].card, atr);
	free(reader);
}

const char *reader_name(const struct reader *reader)
{
	return name_of(reader->card);
}

int reader_apdu(struct reader *reader, uint8_t *response, size_t *length, size_t size, const uint8_t *command,
		size_t command_length, struct fault *fault)
{
	struct play *p = &cards[reader->card];
	uint8_t sent[300];
	int mine = command[0] == 0x80 && command[1] == spoil.ins, sw;

	*length = 0;
	if (reader->card == empty)
		return fault_set(fault, FAULT_CARD, NULL, "no card in reader \"%s\"", reader_name(reader));
	if (command_length > 5 && command_length == 6u + command[4])
		command_length--; /* T=0 carries no Le behind data */
	memcpy(sent, command, command_length);
	memset(sent + command_length, 0, 5);
	if (command_length < 5)
		command_length = 5;
	if (mine && spoil.command && spoil.byte >= 0 && 5 + spoil.byte < (int)command_length) {
		sent[5 + spoil.byte] ^= 0x04;
		spoil.hits++;
	}
	sw = play_apdu(p, sent, command_length);
	CU_ASSERT_FATAL(p->length <= size);
	if (p->length)
		memcpy(response, p->response, p->length);
	*length = p->length;
	if (mine && !spoil.command && spoil.byte >= 0 && spoil.byte < (int)p->length) {
		response[spoil.byte] ^= 0x04;
		spoil.hits++;
	}
	return sw;
}

/* ---- the tests ---- */

static struct custodian_card *card;
static struct fault fault;
static const struct custodian_about about = {.ceremony = "c1", .set = {1, 2, 3}, .index = 2};

#define GOOD(call) CU_ASSERT_EQUAL_FATAL(call, 0)
#define BAD(call, why)                                                                                       \
	do {                                                                                                 \
		fault.code = FAULT_NONE;                                                                     \
		CU_ASSERT_EQUAL(call, -1);                                                                   \
		CU_ASSERT_EQUAL(fault.code, why);                                                            \
	} while (0)

static void start(void)
{
	struct custodian_status status;

	empty = spoil.byte = NOBODY;
	for (int i = 0; i < CARDS; i++) {
		play_open(&cards[i]);
		cards[i].cut.random += (uint32_t)i; /* or all would make the same key */
		play_restart(&cards[i]);
		GOOD(custodian_open(&card, name_of(i), &fault));
		GOOD(custodian_enrol(card, "246810", "13579135", &fault));
		GOOD(custodian_status(card, &status, &fault));
		memcpy(keys[i], status.key, 65);
		custodian_close(card);
	}
	GOOD(custodian_find(&card, keys[1], &fault));
	GOOD(custodian_verify_pin(card, "246810", false, &fault));
}

static void stop(void)
{
	custodian_close(card);
	card = NULL;
	for (int i = 0; i < CARDS; i++)
		play_close(&cards[i]);
}

static void test_find(void)
{
	uint8_t nobody[65];

	start();
	for (int i = 0; i < CARDS; i++) {
		custodian_close(card);
		GOOD(custodian_find(&card, keys[i], &fault));
		CU_ASSERT_STRING_EQUAL(custodian_reader(card), name_of(i));
	}
	custodian_close(card);
	memcpy(nobody, keys[0], 65);
	nobody[64] ^= 1;
	BAD(custodian_find(&card, nobody, &fault), FAULT_CARD);
	CU_ASSERT_PTR_NULL(card);
	empty = 0;
	BAD(custodian_find(&card, keys[0], &fault), FAULT_CARD);
	GOOD(custodian_find(&card, keys[2], &fault));
	stop();
}

static struct custodian_share made(void)
{
	struct custodian_share share = {.threshold = 2, .total = 3};

	memset(share.salt, 0x51, sizeof(share.salt));
	memset(share.value, 0x52, sizeof(share.value));
	return share;
}

/* Everything once, as it should be. */
static void test_all(void)
{
	uint8_t commitment[32], signature[64], contribution[32], told[32], head[32] = {7};
	struct custodian_share share = made(), got;

	start();
	GOOD(custodian_contribute(card, commitment, signature, &about, &fault));
	CU_ASSERT(signature_is_low(signature));
	GOOD(custodian_reveal(card, contribution, &about, commitment, &fault));
	BAD(custodian_reveal(card, contribution, &about, commitment, &fault), FAULT_POLICY);
	GOOD(custodian_store_share(card, signature, &about, &share, &fault));
	BAD(custodian_store_share(card, signature, &about, &share, &fault), FAULT_POLICY);
	BAD(custodian_release_share(card, &got, &about, &fault), FAULT_POLICY);
	BAD(custodian_confirm(card, "c2", &fault), FAULT_POLICY);
	GOOD(custodian_confirm(card, "c1", &fault));
	GOOD(custodian_release_share(card, &got, &about, &fault));
	ASSERT_BYTES(&got, &share, sizeof(got));
	GOOD(custodian_sign(card, signature, CUSTODIAN_SIGN_PRESENT, "c1", "Ada", head, &fault));
	GOOD(custodian_sign_note(card, signature, "simrite/ceremony/c1\n1\nAAAAAAAAAAAAAAAAAA==\n", &fault));
	GOOD(custodian_destroy(card, told, signature, &about, &fault));
	ASSERT_BYTES(told, share.commitment, 32);
	BAD(custodian_confirm(card, "c1", &fault), FAULT_POLICY);
	stop();
}

/* A step whose command or answer is spoilt in one byte; secrets are zero then. */
static int step(uint8_t ins, const uint8_t commitment[32])
{
	static const uint8_t zero[sizeof(struct custodian_share)];
	struct custodian_share share = made();
	uint8_t contribution[32], told[32], signature[64], head[32] = {7};
	int result;

	switch (ins) {
	case 0x3A:
		return custodian_contribute(card, told, signature, &about, &fault);
	case 0x3C:
		result = custodian_reveal(card, contribution, &about, commitment, &fault);
		CU_ASSERT(result == 0 || memcmp(contribution, zero, sizeof(contribution)) == 0);
		return result;
	case 0x38:
	case 0x3E:
		return custodian_store_share(card, signature, &about, &share, &fault);
	case 0x42:
		GOOD(custodian_confirm(card, "c1", &fault));
		result = custodian_release_share(card, &share, &about, &fault);
		CU_ASSERT(result == 0 || memcmp(&share, zero, sizeof(share)) == 0);
		return result;
	case 0x46:
		return custodian_destroy(card, told, signature, &about, &fault);
	default:
		return custodian_sign(card, signature, CUSTODIAN_SIGN_SIGNOFF, "c1", "Ada", head, &fault);
	}
}

/* What a step needs before it, from a card as `start()` leaves it. */
static void before(uint8_t ins, uint8_t commitment[32])
{
	struct custodian_share share = made();
	uint8_t signature[64];

	if (ins == 0x3C)
		GOOD(custodian_contribute(card, commitment, signature, &about, &fault));
	if (ins == 0x42 || ins == 0x46)
		GOOD(custodian_store_share(card, signature, &about, &share, &fault));
}

/* PROVES: no byte between card and host can be changed unseen. */
static void test_spoilt(void)
{
	static const struct {
		uint8_t ins, bytes, step; /* of the answer */
	} all[] = {{0x38, 97, 7}, {0x3A, 96, 7}, {0x3C, 48, 5}, {0x3E, 96, 7},
		   {0x42, 80, 7}, {0x46, 96, 7}, {0x48, 64, 7}};
	uint8_t commitment[32];

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		for (int command = 0; command < 2; command++)
			for (int byte = 0; byte < all[i].bytes; byte += all[i].step) {
				start();
				before(all[i].ins, commitment);
				spoil.ins = all[i].ins;
				spoil.command = (uint8_t)command;
				spoil.byte = byte;
				spoil.hits = 0;
				if (step(all[i].ins, commitment) == 0) {
					CU_ASSERT_EQUAL(spoil.hits, 0); /* the command was shorter */
				} else {
					CU_ASSERT(spoil.hits > 0);
					CU_ASSERT(fault.code == FAULT_CARD || fault.code == FAULT_POLICY);
				}
				spoil.byte = NOBODY;
				stop();
			}
}

/* Another card in the reader's place signs with another key. */
static void test_exchanged(void)
{
	uint8_t commitment[32], signature[64];
	struct play was;

	start();
	GOOD(custodian_contribute(card, commitment, signature, &about, &fault));
	was = cards[1];
	cards[1] = cards[2];
	PLAY(&cards[1], CUSTODIAN, SW_OK);
	PLAY(&cards[1], PARTY_PIN, SW_OK);
	BAD(custodian_contribute(card, commitment, signature, &about, &fault), FAULT_CARD);
	cards[2] = cards[1];
	cards[1] = was;
	stop();
}

static void test_pins(void)
{
	struct custodian_status status;
	uint8_t commitment[32], signature[64];

	start();
	BAD(custodian_enrol(card, "246810", "13579135", &fault), FAULT_POLICY);
	BAD(custodian_verify_pin(card, "12", false, &fault), FAULT_INPUT);
	BAD(custodian_verify_pin(card, "12345x", false, &fault), FAULT_INPUT);
	BAD(custodian_change_pin(card, "246810", "1234", false, &fault), FAULT_INPUT);
	BAD(custodian_unblock_pin(card, "1234", "246810", false, &fault), FAULT_INPUT);
	BAD(custodian_verify_pin(card, "111111", false, &fault), FAULT_NO);
	BAD(custodian_contribute(card, commitment, signature, &about, &fault), FAULT_POLICY);
	BAD(custodian_verify_pin(card, "111111", false, &fault), FAULT_NO);
	BAD(custodian_verify_pin(card, "111111", false, &fault), FAULT_POLICY);
	GOOD(custodian_status(card, &status, &fault));
	CU_ASSERT_EQUAL(status.tries, 1);
	BAD(custodian_verify_pin(card, "111111", true, &fault), FAULT_NO);
	BAD(custodian_verify_pin(card, "246810", true, &fault), FAULT_POLICY);
	GOOD(custodian_unblock_pin(card, "13579135", "987654", false, &fault));
	GOOD(custodian_change_pin(card, "987654", "246810", false, &fault));
	GOOD(custodian_contribute(card, commitment, signature, &about, &fault));
	empty = 1;
	BAD(custodian_contribute(card, commitment, signature, &about, &fault), FAULT_CARD);
	BAD(custodian_verify_pin(card, "246810", false, &fault), FAULT_CARD);
	empty = NOBODY;
	stop();
}

UNIT_SUITE("custodian", UNIT(test_find), UNIT(test_all), UNIT(test_spoilt), UNIT(test_exchanged),
	   UNIT(test_pins))

/* PROVES: behind lib/reader.h stands a whole card, made by its entropy alone. */
#include "fleet/chip.h"

#include <string.h>

#include "lib/card_aka.h"
#include "lib/card_file.h"
#include "lib/personalise.h"
#include "unit/unit.h"

static const uint8_t seed[DRAW_SEED] = {9};

static struct reader *blank(struct reader *chip, uint32_t number)
{
	struct draw entropy;
	struct fault fault;

	CU_ASSERT_EQUAL_FATAL(draw_start(&entropy, seed, "chip", 0, number), 0);
	CU_ASSERT_EQUAL_FATAL(chip_blank(chip, &entropy, &fault), 0);
	return chip;
}

/* The host's own code personalises it and proves its key; blank again, it is gone. */
static void test_personalise(void)
{
	struct reader *chip = chip_new();
	struct profile profile;
	struct fault fault = {0};
	char iccid[21];
	uint64_t commands;

	CU_ASSERT_PTR_NOT_NULL_FATAL(chip);
	CU_ASSERT_EQUAL_FATAL(profile_named(&profile, "test", &fault), 0);
	CU_ASSERT_EQUAL(personalise(blank(chip, 1), &scp03_test_keys, &profile, &fault), 0);
	CU_ASSERT_EQUAL(card_iccid(chip, iccid, &fault), 0);
	CU_ASSERT_STRING_EQUAL(iccid, profile.iccid);
	profile.key.k[0] ^= 1;
	CU_ASSERT_EQUAL(card_prove_key(chip, &profile.key, &fault), -1);
	commands = chip_commands(chip);
	CU_ASSERT(commands > 6);
	(void)blank(chip, 1);
	CU_ASSERT_EQUAL(card_iccid(chip, iccid, &fault), -1);
	chip_free(chip);
}

static void challenge(uint8_t out[static 16], struct reader *chip)
{
	static const uint8_t get[] = {0x00, 0x84, 0x00, 0x00, 0x10};
	struct fault fault;
	size_t length;

	CU_ASSERT_EQUAL(reader_apdu(chip, out, &length, 16, get, sizeof(get), &fault), 0x9000);
	CU_ASSERT_EQUAL(length, 16);
}

/* GET CHALLENGE: the same entropy gives the same, another gives another. */
static void test_entropy(void)
{
	struct reader *chip = chip_new();
	uint8_t one[16], again[16], other[16];

	CU_ASSERT_PTR_NOT_NULL_FATAL(chip);
	challenge(one, blank(chip, 1));
	challenge(other, blank(chip, 2));
	challenge(again, blank(chip, 1));
	ASSERT_BYTES(one, again, sizeof(one));
	CU_ASSERT(memcmp(one, other, sizeof(one)) != 0);
	chip_free(chip);
}

/* 61xx and 6Cxx are done as terminals do them; what has no room is told. */
static void test_terminal(void)
{
	static const uint8_t status[] = {0x80, 0xF2, 0x00, 0x00, 0x00};
	static const uint8_t select_mf[] = {0x00, 0xA4, 0x00, 0x04, 0x02, 0x3F, 0x00};
	struct reader *chip = chip_new();
	uint8_t answer[256];
	struct fault fault;
	size_t length;

	CU_ASSERT_PTR_NOT_NULL_FATAL(chip);
	(void)blank(chip, 3);
	CU_ASSERT_EQUAL(
		reader_apdu(chip, answer, &length, sizeof(answer), select_mf, sizeof(select_mf), &fault),
		0x9000);
	CU_ASSERT(length > 2 && answer[0] == 0x62);
	CU_ASSERT_EQUAL(reader_apdu(chip, answer, &length, sizeof(answer), status, sizeof(status), &fault),
			0x9000);
	CU_ASSERT(length > 2 && answer[0] == 0x62);
	CU_ASSERT_EQUAL(reader_apdu(chip, answer, &length, 2, select_mf, sizeof(select_mf), &fault), -1);
	CU_ASSERT_EQUAL(reader_apdu(chip, answer, &length, sizeof(answer), select_mf, 3, &fault), -1);
	chip_free(chip);
}

UNIT_SUITE("chip", UNIT(test_personalise), UNIT(test_entropy), UNIT(test_terminal))

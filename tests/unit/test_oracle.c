/* PROVES: tests/fuzz/oracle.h sees what it is there to see: a storm that finds
 * nothing has looked. */
#include "fuzz/oracle.h"

#include <string.h>

#include "apdu/channel.h"
#include "keys/slot.h"
#include "unit/unit.h"

static struct rig rig;
static struct oracle oracle;

/* A command with this instruction was answered `sw`; meanwhile `harm` was done. */
static int judge(uint8_t cla, uint8_t ins, uint16_t sw, void (*harm)(void))
{
	const uint8_t command[6] = {cla, ins, 0, 1, 1, 9}, response[2] = {(uint8_t)(sw >> 8), (uint8_t)sw};

	rig.wrote = 0;
	oracle_before(&oracle, &rig);
	if (harm)
		harm();
	return oracle_after(&oracle, &rig, command, sizeof(command), response, sizeof(response));
}

static void nothing(void)
{
}

static void write_a_file(void)
{
	static uint8_t byte;

	byte++;
	CU_ASSERT_EQUAL(store_write(&rig.card.store, STORE_FILE << 8 | 0xEE, &byte, 1), OK);
}

static void write_the_same(void)
{
	uint8_t bytes[STORE_OBJECT_MAX];
	int n = store_read(&rig.card.store, rig.card.store.ids[0], bytes, 0, sizeof(bytes));

	CU_ASSERT_FATAL(n > 0);
	CU_ASSERT_EQUAL(store_write(&rig.card.store, rig.card.store.ids[0], bytes, (size_t)n), OK);
}

static void delete_one(void)
{
	CU_ASSERT_EQUAL(store_delete(&rig.card.store, STORE_FILE << 8 | 0xEE), OK);
}

static void write_a_pin(void)
{
	static uint8_t byte;

	byte++;
	CU_ASSERT_EQUAL(store_write(&rig.card.store, STORE_PIN << 8 | PIN_1, &byte, 1), OK);
}

static void write_a_key(void)
{
	static uint8_t byte;

	byte++;
	CU_ASSERT_EQUAL(store_write(&rig.card.store, STORE_SLOT << 8 | 1, &byte, 1), OK);
}

static void write_card_object(uint8_t which)
{
	static uint8_t byte = 0x80;

	byte++;
	CU_ASSERT_EQUAL(store_write(&rig.card.store, (uint16_t)(STORE_CARD << 8 | which), &byte, 1), OK);
}

static void write_device_secret(void)
{
	write_card_object(0x10);
}

static void write_life(void)
{
	write_card_object(0x01);
}

static void write_identity(void)
{
	write_card_object(0x12);
}

static void write_sqn_policy(void)
{
	static uint8_t byte;

	byte++;
	CU_ASSERT_EQUAL(store_write(&rig.card.store, STORE_SQN_POLICY << 8 | 1, &byte, 1), OK);
}

static void delete_a_key(void)
{
	CU_ASSERT_EQUAL(store_delete(&rig.card.store, STORE_SCP << 8 | RIG_DES), OK);
}

static void load_a_slot(void)
{
	struct slot slot = {.description = {.method = SLOT_INJECTED},
			    .key = {.algorithm = SLOT_MILENAGE, .sizes = {16, 16, 8, 8, 16, 16, 0}}};

	CU_ASSERT_EQUAL(slot_save(&rig.card.store, 1, &slot), OK);
}

static void load_and_spend(void)
{
	load_a_slot();
	write_card_object(0x13);
}

static void lock_the_slot(void)
{
	CU_ASSERT_EQUAL(slot_change(&rig.card.store, 1, SLOT_LOCKED, SLOT_USE_ALL), OK);
}

static void select_something(void)
{
	rig.card.channels[3].selection.directory++;
}

static void open_a_channel(void)
{
	rig.card.channels[2].open ^= 1;
}

static void verify_something(void)
{
	rig.card.channels[0].pins.verified[0] ^= 1;
}

static void verify_and_pay(void)
{
	verify_something();
	write_a_pin();
}

static void stop(void)
{
	rig.card.halted = 1;
}

static void test_status_words(void)
{
	uint8_t telling[11] = {[9] = 0x90};

	CU_ASSERT_EQUAL(judge(0x00, 0xA4, 0x6A82, nothing), 1);
	CU_ASSERT_EQUAL(judge(0x00, 0xA4, 0x6F00, nothing), 0);
	CU_ASSERT_EQUAL(judge(0x00, 0xA4, 0x0000, nothing), 0);
	CU_ASSERT_EQUAL(judge(0x00, 0xA4, 0x9404, nothing), 0);
	CU_ASSERT_EQUAL(judge(0xA0, 0xA4, 0x9404, nothing), 1);
	CU_ASSERT_EQUAL(judge(0xA0, 0xA4, 0x6A82, nothing), 0);
	memcpy(telling + 1, rig.secret.opc + 8, 8);
	oracle_before(&oracle, &rig);
	CU_ASSERT_EQUAL(oracle_after(&oracle, &rig, NULL, 0, telling, sizeof(telling)), 0);
	telling[4] ^= 1;
	CU_ASSERT_EQUAL(oracle_after(&oracle, &rig, NULL, 0, telling, sizeof(telling)), 1);
	CU_ASSERT_EQUAL(oracle_after(&oracle, &rig, NULL, 0, NULL, 1), 0);
	CU_ASSERT_EQUAL(oracle_after(&oracle, &rig, NULL, 0, NULL, RESPONSE_MAX + 1), 0);
}

static void test_store(void)
{
	CU_ASSERT_EQUAL(judge(0x00, 0xD6, 0x6982, write_the_same), 1);
	CU_ASSERT_EQUAL(judge(0x00, 0xD6, 0x6982, write_a_file), 0);
	CU_ASSERT_EQUAL(judge(0x00, 0xD6, 0x6982, delete_one), 0);
	CU_ASSERT_EQUAL(judge(0x00, 0xD6, 0x6C04, write_a_file), 0);
	CU_ASSERT_EQUAL(judge(0x00, 0xD6, 0x9000, delete_one), 0); /* PIN1 is enabled, nothing is verified */
	CU_ASSERT_EQUAL(judge(0x00, 0xD6, 0x9000, write_a_file), 0);
	CU_ASSERT_EQUAL(judge(0x00, 0xD6, 0x9000, write_the_same), 1);
	rig.card.channels[0].pins.verified[0] = GRANTED;
	rig.card.channels[0].selection.ef = FILE_MADE;
	CU_ASSERT_EQUAL(judge(0x00, 0xE4, 0x9000, write_the_same), 0); /* there is no such file */
	rig.card.channels[0].selection.ef = FILE_NONE;
	CU_ASSERT_EQUAL(judge(0x00, 0xD6, 0x9000, delete_one), 1);
	CU_ASSERT_EQUAL(judge(0x00, 0xD6, 0x9000, write_a_file), 1);
	CU_ASSERT_EQUAL(judge(0x80, 0xE2, 0x9000, write_a_key), 0);
	CU_ASSERT_EQUAL(judge(0x80, 0xE4, 0x9000, delete_a_key), 0);
	CU_ASSERT_EQUAL(judge(0x00, 0xD6, 0x9000, write_a_pin), 0);
	rig.card.scp03.state = SCP03_OPEN;
	CU_ASSERT_EQUAL(judge(0x80, 0xE2, 0x9000, write_a_key), 1);
	rig.card.scp03.state = SCP03_CLOSED;
	rig.card.channels[0].pins.verified[0] = DENIED;
	CU_ASSERT_EQUAL(judge(0x00, 0x20, 0x63C2, write_a_pin), 1);
	CU_ASSERT_EQUAL(judge(0x00, 0x20, 0x63C2, write_the_same), 0); /* a guess that was not paid for */
	CU_ASSERT_EQUAL(judge(0x00, 0x20, 0x63C2, write_a_file), 0);
	CU_ASSERT_EQUAL(judge(0x00, 0xD6, 0x6982, write_a_pin), 0);
}

static void test_card_objects(void)
{
	static void (*const harms[])(void) = {write_life, write_identity, write_sqn_policy,
					      write_device_secret};

	for (size_t i = 0; i < sizeof(harms) / sizeof(harms[0]); i++) {
		CU_ASSERT_EQUAL(judge(0x80, 0xE2, 0x9000, harms[i]), 0);
		rig.card.channels[0].pins.verified[0] = GRANTED;
		CU_ASSERT_EQUAL(judge(0x80, 0xE2, 0x9000, harms[i]), i == 0);
		rig.card.channels[0].pins.verified[0] = DENIED;
		rig.card.scp03.state = SCP03_OPEN;
		CU_ASSERT_EQUAL(judge(0x80, 0xE2, 0x9000, harms[i]), i < 3);
		rig.card.scp03.state = SCP03_CLOSED;
	}
}

/* Once there is an authority, a load takes a ticket. */
static void test_tickets(void)
{
	rig.card.scp03.state = SCP03_OPEN;
	CU_ASSERT_EQUAL(judge(0x80, 0xE2, 0x9000, load_a_slot), 1);
	CU_ASSERT_EQUAL(judge(0x80, 0xE2, 0x9000, load_and_spend), 1); /* the authority itself */
	CU_ASSERT_EQUAL(judge(0x80, 0xE2, 0x9000, load_a_slot), 0);
	CU_ASSERT_EQUAL(judge(0x80, 0xE2, 0x9000, load_and_spend), 1);
	CU_ASSERT_EQUAL(judge(0x80, 0xE2, 0x9000, lock_the_slot), 1);
	CU_ASSERT_EQUAL(store_delete(&rig.card.store, STORE_CARD << 8 | 0x13), OK);
	rig.card.scp03.state = SCP03_CLOSED;
}

static void test_session(void)
{
	CU_ASSERT_EQUAL(judge(0x00, 0xA4, 0x6A82, select_something), 0);
	CU_ASSERT_EQUAL(judge(0x00, 0xA4, 0x9000, select_something), 1);
	CU_ASSERT_EQUAL(judge(0x00, 0x70, 0x6A86, open_a_channel), 0);
	CU_ASSERT_EQUAL(judge(0x00, 0xA4, 0x6A82, verify_something), 0);
	CU_ASSERT_EQUAL(judge(0x00, 0x20, 0x63C1, verify_and_pay), 1);
	CU_ASSERT_EQUAL(judge(0x00, 0xA4, 0x9000, stop), 0);
	rig.card.halted = 0;
}

static void test_all(void)
{
	rig_open(&rig, 1, 64);
	oracle_open(&oracle, &rig);
	test_status_words();
	test_tickets();
	test_card_objects();
	test_store();
	test_session();
	oracle_close(&oracle);
	rig_close(&rig);
}

UNIT_SUITE("oracle", UNIT(test_all))

/* PROVES: keys/slot.h. */
#include <string.h>

#include "keys/slot.h"
#include "native.h"
#include "unit/unit.h"

static struct hal hal;
static struct store store;

static const struct subscriber_key milenage = {.algorithm = SLOT_MILENAGE,
					       .sizes = {16, 16, 8, 8, 16, 16, 0}};

static void start(void)
{
	CU_ASSERT_EQUAL_FATAL(native_open(&hal, NULL), HAL_OK);
	CU_ASSERT_FATAL(store_mount(&store, &hal) >= 0);
}

static void test_save_and_load(void)
{
	struct slot slot = {.description = {.method = 2}, .key = milenage}, got;
	struct slot_description told;
	uint8_t check[3];

	start();
	for (uint8_t number = 1; number <= KEY_SLOTS; number++) {
		memset(slot.key.k, number, 16);
		memset(slot.key.opc, 0x80 | number, 16);
		CU_ASSERT_EQUAL(slot_save(&store, number, &slot), OK);
	}
	CU_ASSERT_EQUAL(store_mount(&store, &hal), OK);
	for (uint8_t number = 1; number <= KEY_SLOTS; number++) {
		memset(slot.key.k, number, 16);
		memset(slot.key.opc, 0x80 | number, 16);
		CU_ASSERT_EQUAL(slot_load(&got, &store, number), OK);
		ASSERT_BYTES(got.key.k, slot.key.k, 16);
		ASSERT_BYTES(got.key.opc, slot.key.opc, 16);
		CU_ASSERT_EQUAL(slot_describe(&told, &store, number), OK);
		CU_ASSERT_EQUAL(told.state, SLOT_LOADED);
		CU_ASSERT_EQUAL(told.algorithm, 1);
		CU_ASSERT_EQUAL(told.method, 2);
		CU_ASSERT_EQUAL(told.loads, 1);
		CU_ASSERT_EQUAL(kcv(check, (struct span){slot.key.k, 16}), OK);
		ASSERT_BYTES(told.kcv_k, check, 3);
		CU_ASSERT_EQUAL(kcv(check, (struct span){slot.key.opc, 16}), OK);
		ASSERT_BYTES(told.kcv_opc, check, 3);
	}
	CU_ASSERT_EQUAL(slot_save(&store, 2, &slot), OK);
	CU_ASSERT_EQUAL(slot_describe(&told, &store, 2), OK);
	CU_ASSERT_EQUAL(told.loads, 2);
	native_close(&hal);
}

static void test_empty_and_bounds(void)
{
	static const struct slot_description nothing;
	struct slot_description told;
	struct slot slot = {.description = {.method = 1}, .key = milenage};

	start();
	CU_ASSERT_EQUAL(slot_load(&slot, &store, 1), ERROR_NOT_FOUND);
	memset(&told, 0xEE, sizeof(told));
	CU_ASSERT_EQUAL(slot_describe(&told, &store, 1), OK);
	CU_ASSERT_EQUAL(told.state, SLOT_EMPTY);
	CU_ASSERT_EQUAL(told.loads, 0);
	ASSERT_BYTES(told.kcv_k, nothing.kcv_k, 3);
	CU_ASSERT_EQUAL(slot_load(&slot, &store, 0), ERROR_RANGE);
	CU_ASSERT_EQUAL(slot_describe(&told, &store, KEY_SLOTS + 1), ERROR_RANGE);
	CU_ASSERT_EQUAL(slot_save(&store, 0, &slot), ERROR_RANGE);
	CU_ASSERT_EQUAL(slot_save(&store, KEY_SLOTS + 1, &slot), ERROR_RANGE);
	native_close(&hal);
}

UNIT_SUITE("slot", UNIT(test_save_and_load), UNIT(test_empty_and_bounds))

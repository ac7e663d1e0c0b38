/* PROVES: gp/key_set.h and gp/isd.h. */
#include <string.h>

#include "gp/isd.h"
#include "gp/key_set.h"
#include "keys/vault.h"
#include "native.h"
#include "powerloss/cut.h"
#include "unit/unit.h"

static struct hal hal;
static struct store store;
static struct drbg drbg;

static void start(void)
{
	CU_ASSERT_EQUAL_FATAL(native_open(&hal, NULL), HAL_OK);
	CU_ASSERT_FATAL(store_mount(&store, &hal) >= 0);
	CU_ASSERT_EQUAL_FATAL(drbg_start(&drbg, &hal), OK);
	CU_ASSERT_EQUAL_FATAL(vault_format(&store, &drbg), OK);
}

static void test_blank(void)
{
	struct key_set keys;
	uint32_t sequence = 9;

	start();
	CU_ASSERT_EQUAL(key_set_default(&store), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(isd_format(&store), OK);
	CU_ASSERT_EQUAL(isd_state(&store), LIFE_DELIVERED);
	CU_ASSERT_EQUAL(key_set_default(&store), KEY_VERSION_BLANK);
	CU_ASSERT_EQUAL(key_set_load(&keys, &store, KEY_VERSION_BLANK), OK);
	for (uint8_t i = 0; i < 16; i++) {
		CU_ASSERT_EQUAL(keys.enc[i], 0x40 + i);
		CU_ASSERT_EQUAL(keys.mac[i], 0x40 + i);
		CU_ASSERT_EQUAL(keys.dek[i], 0x40 + i);
	}
	CU_ASSERT_EQUAL(key_set_sequence(&store, &sequence), OK);
	CU_ASSERT_EQUAL(sequence, 0);
	CU_ASSERT_EQUAL(isd_set_state(&store, LIFE_PERSONALISED), OK);
	CU_ASSERT_EQUAL(isd_state(&store), LIFE_PERSONALISED);
	native_close(&hal);
}

static void test_sets(void)
{
	struct key_set keys, got;

	start();
	for (uint8_t i = 0; i < SCP_KEY_SETS; i++) {
		memset(&keys, 0, sizeof(keys));
		keys.length = 16;
		keys.i = KEY_SET_I;
		memset(keys.enc, i + 1, 16);
		CU_ASSERT_EQUAL(key_set_save(&store, (uint8_t)(KEY_VERSION_LAST - 2 * i), &keys), OK);
	}
	CU_ASSERT_EQUAL(key_set_save(&store, KEY_VERSION_FIRST, &keys), ERROR_FULL);
	CU_ASSERT_EQUAL(key_set_save(&store, KEY_VERSION_LAST, &keys), OK); /* replacing is not adding */
	CU_ASSERT_EQUAL(key_set_default(&store), KEY_VERSION_LAST - 2 * (SCP_KEY_SETS - 1));
	CU_ASSERT_EQUAL(key_set_load(&got, &store, KEY_VERSION_LAST), OK);
	ASSERT_BYTES(&got, &keys, sizeof(keys));
	CU_ASSERT_EQUAL(key_set_delete(&store, KEY_VERSION_LAST), OK);
	CU_ASSERT_EQUAL(key_set_exists(&store, KEY_VERSION_LAST), 0);
	CU_ASSERT_EQUAL(key_set_load(&got, &store, KEY_VERSION_LAST), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(key_set_delete(&store, KEY_VERSION_LAST), ERROR_NOT_FOUND);
	keys.length = 20;
	CU_ASSERT_EQUAL(key_set_save(&store, KEY_VERSION_FIRST, &keys), ERROR_VALUE);
	keys.length = 16;
	keys.i = 0x10;
	CU_ASSERT_EQUAL(key_set_save(&store, KEY_VERSION_FIRST, &keys), ERROR_VALUE);
	keys.i = KEY_SET_I;
	CU_ASSERT_EQUAL(key_set_save(&store, 0x2F, &keys), ERROR_VALUE);
	CU_ASSERT_EQUAL(key_set_save(&store, 0x40, &keys), ERROR_RANGE);
	CU_ASSERT_EQUAL(key_set_exists(&store, 0x40), 0);
	native_close(&hal);
}

static void test_sequence(void)
{
	static const uint8_t late[3] = {0xFF, 0xFF, 0xFE};
	struct key_set keys = {16, KEY_SET_I, {1}, {2}, {3}};
	uint32_t sequence;

	start();
	CU_ASSERT_EQUAL(key_set_sequence(&store, &sequence), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(key_set_save(&store, 0x31, &keys), OK);
	for (uint32_t want = 1; want < 300; want++) {
		CU_ASSERT_EQUAL(key_set_next_sequence(&store, &sequence), OK);
		CU_ASSERT_EQUAL(sequence, want);
	}
	CU_ASSERT_EQUAL(store_mount(&store, &hal), OK);
	CU_ASSERT_EQUAL(key_set_sequence(&store, &sequence), OK);
	CU_ASSERT_EQUAL(sequence, 299);
	/* Whatever becomes of the sets, no number comes back. */
	CU_ASSERT_EQUAL(key_set_save(&store, 0x31, &keys), OK);
	CU_ASSERT_EQUAL(key_set_save(&store, 0x32, &keys), OK);
	CU_ASSERT_EQUAL(key_set_delete(&store, 0x31), OK);
	CU_ASSERT_EQUAL(key_set_delete(&store, 0x32), OK);
	CU_ASSERT_EQUAL(key_set_save(&store, 0x30, &keys), OK);
	CU_ASSERT_EQUAL(key_set_next_sequence(&store, &sequence), OK);
	CU_ASSERT_EQUAL(sequence, 300);
	/* The end of the counter: one more, and then no more. */
	CU_ASSERT_EQUAL(store_write(&store, STORE_SCP << 8 | 0x80, late, sizeof(late)), OK);
	CU_ASSERT_EQUAL(key_set_next_sequence(&store, &sequence), OK);
	CU_ASSERT_EQUAL(sequence, 0xFFFFFF);
	CU_ASSERT_EQUAL(key_set_next_sequence(&store, &sequence), ERROR_STATE);
	CU_ASSERT_EQUAL(key_set_save(&store, 0x30, &keys), OK);
	CU_ASSERT_EQUAL(key_set_next_sequence(&store, &sequence), ERROR_STATE);
	native_close(&hal);
}

/* ---- power cuts: a number that was told is never told again ---- */

static volatile uint32_t told;

static void work_cut(struct cut *cut, void *context)
{
	uint32_t sequence;

	(void)context;
	told = 0;
	CU_ASSERT_FATAL(store_mount(&store, &cut->hal) >= 0);
	CU_ASSERT_EQUAL(key_set_next_sequence(&store, &sequence), OK);
	told = sequence;
}

static int after_cut(struct cut *cut, void *context)
{
	uint32_t sequence;

	(void)context;
	if (store_mount(&store, &cut->hal) < 0)
		return 0;
	if (key_set_next_sequence(&store, &sequence) < 0)
		return 0;
	return sequence > told && sequence <= 2;
}

static void test_power_cut(void)
{
	struct cut cut;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 16, 1024, 4, 0xFF), 0);
	CU_ASSERT_FATAL(store_mount(&store, &cut.hal) >= 0);
	CU_ASSERT_EQUAL_FATAL(drbg_start(&drbg, &cut.hal), OK);
	CU_ASSERT_EQUAL_FATAL(vault_format(&store, &drbg), OK);
	CU_ASSERT_EQUAL(isd_format(&store), OK);
	CU_ASSERT(cut_every(&cut, work_cut, after_cut, NULL) > 6);
	CU_ASSERT_EQUAL(cut.breaches, 0);
	cut_close(&cut);
}

UNIT_SUITE("key_set", UNIT(test_blank), UNIT(test_sets), UNIT(test_sequence), UNIT(test_power_cut))

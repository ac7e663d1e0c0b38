/* PROVES: keys/slot.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys/slot.h"
#include "keys/vault.h"
#include "native.h"
#include "unit/play.h"

static struct hal hal;
static struct store store;
static struct drbg drbg;

static const struct subscriber_key milenage = {.algorithm = SLOT_MILENAGE,
					       .sizes = {16, 16, 8, 8, 16, 16, 0}};

static void start(void)
{
	CU_ASSERT_EQUAL_FATAL(native_open(&hal, NULL), HAL_OK);
	CU_ASSERT_FATAL(store_mount(&store, &hal) >= 0);
	CU_ASSERT_EQUAL_FATAL(drbg_start(&drbg, &hal), OK);
	CU_ASSERT_EQUAL_FATAL(vault_format(&store, &drbg), OK);
}

static void test_save_and_load(void)
{
	struct slot slot = {.description = {.method = 2}, .key = milenage}, got;
	struct slot_description told;
	uint8_t check[3], object[12 + 32 + 16];

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
		CU_ASSERT_EQUAL(slot_load(&got, &store, number, SLOT_USE_3G), OK);
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
	/* A counter that is full does not begin anew: a receipt would say "first load" again. */
	CU_ASSERT_EQUAL(store_read(&store, STORE_SLOT << 8 | 2, object, 0, sizeof(object)), sizeof(object));
	memset(object + 4, 0xFF, 2);
	CU_ASSERT_EQUAL(store_write(&store, STORE_SLOT << 8 | 2, object, sizeof(object)), OK);
	CU_ASSERT_EQUAL(slot_save(&store, 2, &slot), ERROR_STATE);
	CU_ASSERT_EQUAL(slot_describe(&told, &store, 2), OK);
	CU_ASSERT_EQUAL(told.loads, 0xFFFF);
	native_close(&hal);
}

static void test_empty_and_bounds(void)
{
	static const struct slot_description nothing;
	struct slot_description told;
	struct slot slot = {.description = {.method = 1}, .key = milenage};

	start();
	CU_ASSERT_EQUAL(slot_load(&slot, &store, 1, SLOT_USE_GSM), ERROR_NOT_FOUND);
	memset(&told, 0xEE, sizeof(told));
	CU_ASSERT_EQUAL(slot_describe(&told, &store, 1), OK);
	CU_ASSERT_EQUAL(told.state, SLOT_EMPTY);
	CU_ASSERT_EQUAL(told.loads, 0);
	ASSERT_BYTES(told.kcv_k, nothing.kcv_k, 3);
	CU_ASSERT_EQUAL(slot_load(&slot, &store, 0, SLOT_USE_GSM), ERROR_RANGE);
	CU_ASSERT_EQUAL(slot_describe(&told, &store, KEY_SLOTS + 1), ERROR_RANGE);
	CU_ASSERT_EQUAL(slot_save(&store, 0, &slot), ERROR_RANGE);
	CU_ASSERT_EQUAL(slot_save(&store, KEY_SLOTS + 1, &slot), ERROR_RANGE);
	native_close(&hal);
}

/* What is in the memory of a slot is sealed, with its open part and its number. */
static void test_at_rest(void)
{
	struct slot slot = {.description = {.method = 1}, .key = milenage};
	uint8_t object[128], changed[128];
	int n;

	start();
	for (size_t i = 0; i < 16; i++) {
		slot.key.k[i] = (uint8_t)(0xC0 + i);
		slot.key.opc[i] = (uint8_t)(0x30 + i);
	}
	CU_ASSERT_EQUAL(slot_save(&store, 1, &slot), OK);
	n = store_read(&store, STORE_SLOT << 8 | 1, object, 0, sizeof(object));
	CU_ASSERT_EQUAL(n, 12 + 32 + 16);
	CU_ASSERT_PTR_NULL(memmem(object, (size_t)n, slot.key.k, 4));
	CU_ASSERT_PTR_NULL(memmem(object, (size_t)n, slot.key.opc, 4));
	CU_ASSERT_EQUAL(store_write(&store, STORE_SLOT << 8 | 2, object, (size_t)n), OK);
	CU_ASSERT_EQUAL(slot_load(&slot, &store, 2, SLOT_USE_3G), ERROR_MEMORY);
	for (int i = 0; i < n; i++) {
		memcpy(changed, object, sizeof(changed));
		changed[i] ^= 1;
		CU_ASSERT_EQUAL(store_write(&store, STORE_SLOT << 8 | 1, changed, (size_t)n), OK);
		CU_ASSERT(slot_load(&slot, &store, 1, SLOT_USE_3G) == ERROR_MEMORY);
	}
	for (int length = 0; length < n; length++) {
		CU_ASSERT_EQUAL(store_write(&store, STORE_SLOT << 8 | 1, object, (size_t)length), OK);
		CU_ASSERT_EQUAL(slot_load(&slot, &store, 1, SLOT_USE_3G), ERROR_MEMORY);
	}
	CU_ASSERT_EQUAL(store_write(&store, STORE_SLOT << 8 | 1, object, (size_t)n), OK);
	CU_ASSERT_EQUAL(slot_load(&slot, &store, 1, SLOT_USE_3G), OK);
	native_close(&hal);
}

/* Which way leads where: rows from, columns to LOADED, CONFIRMED, LOCKED, DESTROYED. */
static void test_states(void)
{
	static const int ways[3][4] = {
		{OK, OK, OK, OK}, {ERROR_STATE, OK, OK, OK}, {ERROR_STATE, OK, OK, OK}};
	struct slot slot = {.description = {.method = 1}, .key = milenage}, got;
	struct slot_description told;

	for (int from = SLOT_LOADED; from <= SLOT_LOCKED; from++)
		for (int to = SLOT_LOADED; to <= SLOT_DESTROYED; to++) {
			int want = ways[from - 1][to - 1], now = want == OK ? to : from;
			int usable = now == SLOT_LOADED || now == SLOT_CONFIRMED;

			start();
			memset(slot.key.k, 7, 16);
			CU_ASSERT_EQUAL(slot_change(&store, 1, SLOT_CONFIRMED, SLOT_USE_ALL),
					ERROR_NOT_FOUND);
			CU_ASSERT_EQUAL(slot_save(&store, 1, &slot), OK);
			CU_ASSERT_EQUAL(slot_change(&store, 1, (enum slot_state)from, SLOT_USE_ALL), OK);
			CU_ASSERT_EQUAL(slot_change(&store, 1, (enum slot_state)to, SLOT_USE_ALL), want);
			CU_ASSERT_EQUAL(slot_describe(&told, &store, 1), OK);
			CU_ASSERT_EQUAL(told.state, now);
			CU_ASSERT_EQUAL(told.loads, 1);
			CU_ASSERT_EQUAL(told.kcv_k[0] == 0 && told.kcv_k[1] == 0, now == SLOT_DESTROYED);
			CU_ASSERT_EQUAL(slot_load(&got, &store, 1, SLOT_USE_3G), usable ? OK
										 : now == SLOT_DESTROYED
											 ? ERROR_NOT_FOUND
											 : ERROR_STATE);
			CU_ASSERT_EQUAL(slot_save(&store, 1, &slot),
					now == SLOT_LOADED || now == SLOT_DESTROYED ? OK : ERROR_STATE);
			native_close(&hal);
		}
	start();
	CU_ASSERT_EQUAL(slot_save(&store, 1, &slot), OK);
	CU_ASSERT_EQUAL(slot_change(&store, 1, SLOT_EMPTY, SLOT_USE_ALL), ERROR_VALUE);
	CU_ASSERT_EQUAL(slot_change(&store, 1, (enum slot_state)(SLOT_DESTROYED + 1), SLOT_USE_ALL),
			ERROR_VALUE);
	CU_ASSERT_EQUAL(slot_change(&store, 0, SLOT_LOCKED, SLOT_USE_ALL), ERROR_RANGE);
	native_close(&hal);
}

/* A key is only for what it is declared for, and a use that was taken away never comes back. */
static void test_usage(void)
{
	static const enum slot_use uses[] = {SLOT_USE_3G, SLOT_USE_GSM, SLOT_USE_GBA};
	struct slot slot = {.description = {.method = 1}, .key = milenage}, got;

	for (unsigned usage = 0; usage <= SLOT_USE_ALL; usage++) {
		start();
		CU_ASSERT_EQUAL(slot_save(&store, 3, &slot), OK);
		CU_ASSERT_EQUAL(slot_change(&store, 3, SLOT_LOADED, 0x08), ERROR_VALUE);
		CU_ASSERT_EQUAL(slot_change(&store, 3, SLOT_LOADED, (uint8_t)usage), OK);
		for (size_t i = 0; i < 3; i++)
			CU_ASSERT_EQUAL(slot_load(&got, &store, 3, uses[i]),
					usage & uses[i] ? OK : ERROR_STATE);
		for (unsigned wider = 0; wider <= SLOT_USE_ALL; wider++)
			if (wider & ~usage)
				CU_ASSERT_EQUAL(slot_change(&store, 3, SLOT_LOADED, (uint8_t)wider),
						ERROR_VALUE);
		CU_ASSERT_EQUAL(slot_save(&store, 3, &slot), OK); /* another key, another usage */
		CU_ASSERT_EQUAL(slot_load(&got, &store, 3, SLOT_USE_GBA), OK);
		native_close(&hal);
	}
}

/* ---- Over APDUs: what the memory holds when a key is destroyed ---- */

static struct play p;
static const uint8_t k[16] = {0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f,
			      0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc};
static const uint8_t opc[16] = {0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e,
				0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf};
static uint8_t sealed[48]; /* K and OPc as they lie in the memory */

/* How many of all runs of `length` bytes of the two forms of the key are somewhere in the memory? */
static int traces(size_t length)
{
	int found = 0;

	for (size_t i = 0; i + length <= sizeof(sealed); i++)
		found += memmem(p.cut.memory, p.cut.size, sealed + i, length) != NULL;
	for (size_t i = 0; i + length <= sizeof(k); i++)
		found += (memmem(p.cut.memory, p.cut.size, k + i, length) != NULL) +
			 (memmem(p.cut.memory, p.cut.size, opc + i, length) != NULL);
	return found;
}

/* A card with a key in slot 1 that was used, locked and unlocked, so that there are copies of it. */
static void live(void)
{
	static const char *const changes[] = {"01", "02", "03", "02", "03", "02"};
	char command[64];

	play_open_small(&p, 12);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (i < 1)
			CU_ASSERT_EQUAL_FATAL(play_load_key(&p, k, opc), SW_OK);
		(void)snprintf(command, sizeof(command), "80E28800 05 0F0502 01%s", changes[i]);
		CU_ASSERT_EQUAL_FATAL(play_wrapped(&p, command), SW_OK);
	}
	CU_ASSERT_EQUAL(store_read(&p.card.store, STORE_SLOT << 8 | 1, sealed, 12, sizeof(sealed)), 48);
	CU_ASSERT(traces(4) > 40);
}

static int slot_told(uint8_t state)
{
	return play(&p, "00A4040C 08 A000000151000000") == SW_OK && play(&p, "80CADF2000") == SW_OK &&
	       p.response[4] == state;
}

static void test_destroyed(void)
{
	live();
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00880080 11 10 00000000000000000000000000000000", 0x9000);
	CU_ASSERT_EQUAL(play_secure(&p), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 05 0F0502 0101"), 0x6985); /* no way back */
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 05 0F0502 0104"), 0x9000);
	CU_ASSERT_EQUAL(traces(4), 0);
	CU_ASSERT(slot_told(SLOT_DESTROYED));
	CU_ASSERT_EQUAL(play_secure(&p), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 05 0F0502 0104"), 0x6A88); /* it is gone */
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 05 0F0502 0204"), 0x6A88); /* nothing was there */
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 05 0F0502 0902"), 0x6A88);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 04 0F0501 01"), 0x6A80);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 07 0F0504 01020707"), 0x6A80);
	play_restart(&p);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00880080 11 10 00000000000000000000000000000000", 0x6A88);
	CU_ASSERT_EQUAL(play_load_key(&p, opc, k), SW_OK); /* a new one may come */
	CU_ASSERT(slot_told(SLOT_LOADED));
	play_close(&p);
}

/* Locked, or not for this context: 6985, and nothing is spent. */
static void test_refused(void)
{
	play_open(&p);
	CU_ASSERT_EQUAL(play_load_key(&p, k, opc), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 06 0F0503 010105"), 0x9000); /* no GSM */
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 06 0F0503 010107"), 0x6A80);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00880080 11 10 00000000000000000000000000000000", 0x6985);
	PLAY(&p, "00880081 22 10 00000000000000000000000000000000 10 00000000000000000000000000000000",
	     0x9862);
	CU_ASSERT_EQUAL(play_secure(&p), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 06 0F0503 010304"), 0x9000);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00880081 22 10 00000000000000000000000000000000 10 00000000000000000000000000000000",
	     0x6985);
	/* Locked or confirmed, it is not replaced by another either. */
	CU_ASSERT_EQUAL(play_load_key(&p, opc, k), 0x6985);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 05 0F0502 0102"), 0x9000);
	CU_ASSERT_EQUAL(play_load_key(&p, opc, k), 0x6985);
	play_close(&p);
}

static volatile int answered;

static void work_cut(struct cut *cut, void *context)
{
	(void)cut;
	(void)context;
	answered = 0;
	play_restart(&p);
	if (play_secure(&p) != SW_OK || play_wrapped(&p, "80E28800 05 0F0502 0104") != SW_OK)
		abort();
	answered = 1;
}

/* The next start finds the key whole and confirmed, or destroyed: then no byte of it is left. */
static int after_cut(struct cut *cut, void *context)
{
	uint8_t atr[ATR_MAX];

	(void)context;
	if (card_start(&p.card, &cut->hal) < 0)
		return 0;
	(void)card_reset(&p.card, atr);
	return slot_told(SLOT_DESTROYED) ? traces(6) == 0 : slot_told(SLOT_CONFIRMED) && !answered;
}

static void test_power_cut(void)
{
	live();
	CU_ASSERT(cut_every(&p.cut, work_cut, after_cut, NULL) > 300);
	CU_ASSERT_EQUAL(answered, 1);
	play_close(&p);
}

UNIT_SUITE("slot", UNIT(test_save_and_load), UNIT(test_empty_and_bounds), UNIT(test_at_rest),
	   UNIT(test_states), UNIT(test_usage), UNIT(test_destroyed), UNIT(test_refused),
	   UNIT(test_power_cut))

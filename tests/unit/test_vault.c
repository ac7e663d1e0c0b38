/* PROVES: keys/vault.h: what is sealed belongs to its object and its open
 * part, nothing of it is in the memory, and a purge leaves no old byte. */
#include <stdlib.h>
#include <string.h>

#include "fs/log.h"
#include "keys/vault.h"
#include "powerloss/cut.h"
#include "unit/unit.h"

static struct cut cut;
static struct store store;
static struct drbg drbg;

static void start(uint32_t pages)
{
	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, pages, 512, 4, 0xFF), 0);
	CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut.hal), 1);
	CU_ASSERT_EQUAL_FATAL(drbg_start(&drbg, &cut.hal), OK);
	CU_ASSERT_EQUAL_FATAL(vault_format(&store, &drbg), OK);
}

static void stop(void)
{
	CU_ASSERT_EQUAL(cut.breaches, 0);
	cut_close(&cut);
}

static void test_seal(void)
{
	uint8_t open[VAULT_OPEN_MAX + 1], secret[64], sealed[64 + VAULT_TAG], got[64];
	struct span o = {open, 12}, s = {secret, sizeof(secret)}, c = {sealed, sizeof(sealed)};

	start(16);
	for (size_t i = 0; i < sizeof(secret); i++)
		secret[i] = (uint8_t)(i * 11 + 5);
	memset(open, 0x77, sizeof(open));
	CU_ASSERT_EQUAL(vault_seal(sealed, &store, 0x0301, o, s), OK);
	CU_ASSERT_PTR_NULL(memmem(sealed, sizeof(sealed), secret, 4));
	CU_ASSERT_EQUAL(vault_open(got, &store, 0x0301, o, c), OK);
	ASSERT_BYTES(got, secret, sizeof(secret));
	CU_ASSERT_EQUAL(vault_open(got, &store, 0x0302, o, c), ERROR_MEMORY); /* another object's */
	for (size_t i = 0; i < sizeof(got); i++)
		CU_ASSERT_EQUAL(got[i], 0);
	for (size_t i = 0; i < 12; i++) {
		open[i] ^= 0x80;
		CU_ASSERT_EQUAL(vault_open(got, &store, 0x0301, o, c), ERROR_MEMORY);
		open[i] ^= 0x80;
	}
	c.length = VAULT_TAG - 1;
	CU_ASSERT_EQUAL(vault_open(got, &store, 0x0301, o, c), ERROR_MEMORY);
	o.length = VAULT_OPEN_MAX;
	CU_ASSERT_EQUAL(vault_seal(sealed, &store, 0x0301, o, s), OK);
	o.length++;
	CU_ASSERT_EQUAL(vault_seal(sealed, &store, 0x0301, o, s), ERROR_RANGE);
	stop();
}

/* Two cards have two secrets; a card without one does nothing. */
static void test_device_secret(void)
{
	uint8_t one[16 + VAULT_TAG], other[16 + VAULT_TAG], digest[VAULT_DIGEST], again[VAULT_DIGEST];
	static const uint8_t secret[16] = {1};
	struct span s = {secret, sizeof(secret)}, nothing = {secret, 0};

	start(16);
	CU_ASSERT_EQUAL(vault_seal(one, &store, 1, nothing, s), OK);
	CU_ASSERT_EQUAL(vault_digest(digest, &store, 1, s), OK);
	CU_ASSERT_EQUAL(vault_digest(again, &store, 1, s), OK);
	ASSERT_BYTES(again, digest, sizeof(digest));
	CU_ASSERT_EQUAL(vault_digest(again, &store, 2, s), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(again, digest, sizeof(digest)), 0);
	CU_ASSERT_EQUAL(vault_format(&store, &drbg), OK);
	CU_ASSERT_EQUAL(vault_open(other, &store, 1, nothing, (struct span){one, sizeof(one)}), ERROR_MEMORY);
	CU_ASSERT_EQUAL(vault_seal(other, &store, 1, nothing, s), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(one, other, sizeof(one)), 0);
	CU_ASSERT_EQUAL(vault_digest(again, &store, 1, s), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(again, digest, sizeof(digest)), 0);
	CU_ASSERT_EQUAL(store_delete(&store, STORE_CARD << 8 | 0x10), OK);
	CU_ASSERT_EQUAL(vault_seal(other, &store, 1, nothing, s), ERROR_MEMORY);
	CU_ASSERT_EQUAL(vault_open(other, &store, 1, nothing, (struct span){one, sizeof(one)}), ERROR_MEMORY);
	CU_ASSERT_EQUAL(vault_digest(again, &store, 1, s), ERROR_MEMORY);
	stop();
}

/* ---- Purging ---- */

enum {
	SECRET_ID = 0x0301,
	OTHERS = 8
};

static uint8_t mark[24]; /* what must be nowhere */

/* Every value of 8 bytes of the mark, anywhere in the memory. */
static int traces(void)
{
	int found = 0;

	for (size_t i = 0; i + 8 <= sizeof(mark); i++)
		found += memmem(cut.memory, cut.size, mark + i, 8) != NULL;
	return found;
}

static void fill(int rounds)
{
	uint8_t bytes[60];

	for (int i = 0; i < rounds; i++) {
		memset(bytes, i, sizeof(bytes));
		CU_ASSERT_EQUAL(
			store_write(&store, (uint16_t)(0x1000 + i % OTHERS), bytes, (size_t)(i % 7) * 10),
			OK);
		if (i % 5 == 0) /* the secret is rewritten, so that there are many old copies of it */
			CU_ASSERT_EQUAL(store_write(&store, SECRET_ID, mark, sizeof(mark)), OK);
	}
}

static int others_there(int rounds)
{
	uint8_t bytes[60];

	for (int id = 0; id < OTHERS; id++) {
		int last = id + (rounds - 1 - id) / OTHERS * OTHERS;
		int n = store_read(&store, (uint16_t)(0x1000 + id), bytes, 0, sizeof(bytes));

		if (n != last % 7 * 10 || (n > 0 && bytes[n - 1] != (uint8_t)last))
			return 0;
	}
	return 1;
}

static void test_purge(void)
{
	static const int lives[] = {30,   31,   60,   100,  200,  333,  1000,
				    1001, 1002, 1003, 1004, 1005, 1006, 1007};

	for (size_t i = 0; i < sizeof(mark); i++)
		mark[i] = (uint8_t)(0xA0 ^ (i * 29));
	for (size_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
		start(24);
		fill(lives[i]);
		CU_ASSERT(traces() > 0);
		CU_ASSERT_EQUAL(vault_purge(&store), OK); /* nothing was asked for */
		CU_ASSERT(traces() > 0);
		CU_ASSERT_EQUAL(store_begin(&store), OK);
		CU_ASSERT_EQUAL(store_delete(&store, SECRET_ID), OK);
		CU_ASSERT_EQUAL(vault_shred(&store), OK);
		CU_ASSERT_EQUAL(store_purge(&store), ERROR_STATE);
		CU_ASSERT_EQUAL(store_commit(&store), OK);
		CU_ASSERT(traces() > 0);
		CU_ASSERT_EQUAL(vault_purge(&store), OK);
		CU_ASSERT_EQUAL(traces(), 0);
		CU_ASSERT(others_there(lives[i]));
		CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), OK);
		CU_ASSERT_EQUAL(traces(), 0);
		CU_ASSERT(others_there(lives[i]));
		CU_ASSERT_EQUAL(store_length(&store, SECRET_ID), ERROR_NOT_FOUND);
		CU_ASSERT_EQUAL(store_length(&store, STORE_CARD << 8 | 0x11), ERROR_NOT_FOUND);
		fill(500); /* the store lives on */
		CU_ASSERT(others_there(500));
		CU_ASSERT_EQUAL(store_purge(&store), OK);
		CU_ASSERT_EQUAL(store_purge(&store), OK);
		CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), OK);
		CU_ASSERT(others_there(500));
		stop();
	}
}

/* A store that is nearly full, an empty one, and one whose write was torn. */
static void test_purge_edges(void)
{
	uint8_t bytes[200];
	uint16_t n = 0;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, STORE_PAGES_MIN, 512, 4, 0xFF), 0);
	CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut.hal), 1);
	CU_ASSERT_EQUAL(store_purge(&store), OK);
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), OK);
	CU_ASSERT_EQUAL(store_purge(&store), OK);
	memset(bytes, 0x5A, sizeof(bytes));
	while (store_write(&store, n, bytes, sizeof(bytes) - n) == OK)
		n++;
	CU_ASSERT(n > 1);
	for (int i = 0; i < 20; i++) {
		CU_ASSERT_EQUAL(store_purge(&store), OK);
		CU_ASSERT_EQUAL(store_write(&store, (uint16_t)(i % n), bytes, sizeof(bytes) - n), OK);
		CU_ASSERT_EQUAL(
			store_write(&store, (uint16_t)(i % n), bytes, sizeof(bytes) - (size_t)(i % n)), OK);
		CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), OK);
	}
	for (uint16_t i = 0; i < n; i++)
		CU_ASSERT_EQUAL(store_length(&store, i), (int)sizeof(bytes) - i);
	stop();
}

/* ---- Power cuts ---- */

enum {
	LIFE = 30
};

static volatile int answered;

static void work_cut(struct cut *c, void *context)
{
	(void)c;
	(void)context;
	answered = 0;
	if (store_mount(&store, &cut.hal) < 0 || store_begin(&store) < 0 ||
	    store_delete(&store, SECRET_ID) < 0 || vault_shred(&store) < 0 || store_commit(&store) < 0 ||
	    vault_purge(&store) < 0)
		abort();
	answered = 1;
}

/* As a start of the card: all is as it was, or the secret is gone and so is every byte of it. */
static int after_cut(struct cut *c, void *context)
{
	int there;

	(void)c;
	(void)context;
	if (store_mount(&store, &cut.hal) < 0 || vault_purge(&store) < 0 || !others_there(LIFE))
		return 0;
	there = store_length(&store, SECRET_ID) == (int)sizeof(mark);
	return there ? !answered : traces() == 0;
}

static void test_power_cut(void)
{
	for (int again = 0; again < 2; again++) {
		start(10);
		fill(LIFE);
		cut.again = (uint8_t)again;
		CU_ASSERT(cut_every(&cut, work_cut, after_cut, NULL) > 100);
		CU_ASSERT_EQUAL(answered, 1);
		stop();
	}
}

UNIT_SUITE("vault", UNIT(test_seal), UNIT(test_device_secret), UNIT(test_purge), UNIT(test_purge_edges),
	   UNIT(test_power_cut))

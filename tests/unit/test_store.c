#include "fs/store.h"

#include <stdlib.h>
#include <string.h>

#include "powerloss/cut.h"
#include "unit/unit.h"

/* A model to compare with: what every object should hold. */
enum {
	IDS = 24
};
struct model {
	int length[IDS]; /* -1: none */
	uint8_t bytes[IDS][STORE_OBJECT_MAX];
};

static uint16_t id_of(int i)
{
	return (uint16_t)(0x0100 + 0x0F3 * i);
}

static int agrees(const struct store *store, const struct model *model)
{
	uint8_t bytes[STORE_OBJECT_MAX];
	int i, n;

	for (i = 0; i < IDS; i++) {
		n = store_read(store, id_of(i), bytes, 0, sizeof(bytes));
		if (model->length[i] < 0 ? n != ERROR_NOT_FOUND
					 : n != model->length[i] || memcmp(bytes, model->bytes[i], (size_t)n))
			return 0;
	}
	return 1;
}

static void model_clear(struct model *model)
{
	int i;

	for (i = 0; i < IDS; i++)
		model->length[i] = -1;
}

static void test_blank(void)
{
	static const uint8_t fills[] = {0xFF, 0x00, 0x5A};
	struct store store;
	struct cut cut;
	size_t i;

	for (i = 0; i < sizeof(fills); i++) {
		CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 64, 1024, 4, fills[i]), 0);
		CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 1);
		CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 0);
		CU_ASSERT_EQUAL(store_length(&store, 0x0101), ERROR_NOT_FOUND);
		CU_ASSERT_EQUAL(store_delete(&store, 0x0101), ERROR_NOT_FOUND);
		CU_ASSERT_EQUAL(cut.breaches, 0);
		cut_close(&cut);
	}
	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 4, 256, 4, 0xFF), 0);
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), ERROR_MEMORY); /* too small to be a store */
	cut_close(&cut);
}

static void test_reads_and_bounds(void)
{
	struct store store;
	struct cut cut;
	uint8_t bytes[300], got[300];
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 16, 1024, 8, 0xFF), 0);
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 1);
	CU_ASSERT_EQUAL(store_write(&store, 7, bytes, 257), ERROR_RANGE);
	CU_ASSERT_EQUAL(store_write(&store, 7, bytes, 256), OK);
	CU_ASSERT_EQUAL(store_write(&store, 8, NULL, 0), OK);
	CU_ASSERT_EQUAL(store_length(&store, 7), 256);
	CU_ASSERT_EQUAL(store_length(&store, 8), 0);
	CU_ASSERT_EQUAL(store_read(&store, 7, got, 0, 300), 256);
	ASSERT_BYTES(got, bytes, 256);
	CU_ASSERT_EQUAL(store_read(&store, 7, got, 60, 10), 10);
	ASSERT_BYTES(got, bytes + 60, 10);
	CU_ASSERT_EQUAL(store_read(&store, 7, got, 250, 10), 6);
	ASSERT_BYTES(got, bytes + 250, 6);
	CU_ASSERT_EQUAL(store_read(&store, 7, got, 256, 10), 0);
	CU_ASSERT_EQUAL(store_read(&store, 7, got, 257, 1), ERROR_RANGE);
	CU_ASSERT_EQUAL(store_delete(&store, 7), OK);
	CU_ASSERT_EQUAL(store_read(&store, 7, got, 0, 1), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 0);
	CU_ASSERT_EQUAL(store_length(&store, 7), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(store_length(&store, 8), 0);
	cut_close(&cut);
}

static void test_transactions(void)
{
	struct store store;
	struct cut cut;
	uint8_t got[4];
	int i, e = OK;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 16, 1024, 4, 0xFF), 0);
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 1);
	CU_ASSERT_EQUAL(store_commit(&store), ERROR_STATE);
	CU_ASSERT_EQUAL(store_write(&store, 1, "old", 4), OK);
	CU_ASSERT_EQUAL(store_write(&store, 2, "two", 4), OK);
	CU_ASSERT_EQUAL(store_begin(&store), OK);
	CU_ASSERT_EQUAL(store_begin(&store), ERROR_STATE);
	CU_ASSERT_EQUAL(store_write(&store, 1, "new", 4), OK);
	CU_ASSERT_EQUAL(store_delete(&store, 2), OK);
	CU_ASSERT_EQUAL(store_read(&store, 1, got, 0, 4), 4);
	CU_ASSERT_STRING_EQUAL((char *)got, "new");
	CU_ASSERT_EQUAL(store_length(&store, 2), ERROR_NOT_FOUND);
	store_abort(&store);
	CU_ASSERT_EQUAL(store_read(&store, 1, got, 0, 4), 4);
	CU_ASSERT_STRING_EQUAL((char *)got, "old");
	CU_ASSERT_EQUAL(store_length(&store, 2), 4);
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 0);
	CU_ASSERT_EQUAL(store_length(&store, 2), 4);
	/* An aborted transaction before a committed one does not come with it. */
	CU_ASSERT_EQUAL(store_begin(&store), OK);
	CU_ASSERT_EQUAL(store_write(&store, 3, "tri", 4), OK);
	CU_ASSERT_EQUAL(store_commit(&store), OK);
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 0);
	CU_ASSERT_EQUAL(store_read(&store, 1, got, 0, 4), 4);
	CU_ASSERT_STRING_EQUAL((char *)got, "old");
	CU_ASSERT_EQUAL(store_length(&store, 3), 4);
	CU_ASSERT_EQUAL(store_begin(&store), OK);
	for (i = 0; i < 100 && e == OK; i++)
		e = store_write(&store, (uint16_t)(0x2000 + i), "x", 1);
	CU_ASSERT_EQUAL(i, STORE_PENDING_MAX + 1);
	CU_ASSERT_EQUAL(e, ERROR_FULL);
	store_abort(&store);
	CU_ASSERT_EQUAL(store_length(&store, 0x2000), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(cut.breaches, 0);
	cut_close(&cut);
}

static void test_full(void)
{
	struct store store;
	struct cut cut;
	uint8_t bytes[256] = {1};
	uint32_t live;
	int i, e = OK;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 16, 1024, 4, 0xFF), 0);
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 1);
	for (i = 0; e == OK; i++)
		e = store_write(&store, (uint16_t)(0x1000 + i), bytes, sizeof(bytes));
	CU_ASSERT_EQUAL(e, ERROR_FULL);
	CU_ASSERT(i > 20);
	/* A full store still changes what it has, for ever. */
	for (e = 0; e < 2000; e++) {
		bytes[0] = (uint8_t)e;
		if (store_write(&store, 0x1003, bytes, sizeof(bytes)) != OK)
			break;
	}
	CU_ASSERT_EQUAL(e, 2000);
	live = store.live;
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 0);
	CU_ASSERT_EQUAL(store.live, live);
	CU_ASSERT_EQUAL(store_length(&store, 0x1000), 256);
	/* More objects than the index holds. */
	for (i = 0; i < 100; i++)
		e = store_delete(&store, (uint16_t)(0x1000 + i));
	CU_ASSERT_EQUAL(store.live, 0);
	for (i = 0, e = OK; e == OK; i++)
		e = store_write(&store, (uint16_t)(0x3000 + i), bytes, 4);
	CU_ASSERT_EQUAL(i, STORE_OBJECTS_MAX + 1);
	CU_ASSERT_EQUAL(store_write(&store, 0x3000, bytes, 3), OK);
	CU_ASSERT_EQUAL(cut.breaches, 0);
	cut_close(&cut);
}

/* One random step on store and model. FULL is an answer too, and changes nothing. */
static void step(struct store *store, struct model *model, struct model *pending, int full)
{
	uint8_t bytes[STORE_OBJECT_MAX];
	int i = rand() % IDS, n = rand() % 4 ? rand() % 24 : rand() % (STORE_OBJECT_MAX + 1), k, e;
	struct model *to = store->open ? pending : model;

	switch (rand() % 16) {
	case 0:
		e = store_delete(store, id_of(i));
		if (e != ERROR_FULL) {
			CU_ASSERT_EQUAL(e, to->length[i] < 0 ? ERROR_NOT_FOUND : OK);
			to->length[i] = -1;
		}
		return;
	case 1:
		if (store->open) {
			if (rand() % 2) {
				store_abort(store);
				return;
			}
			e = store_commit(store);
			CU_ASSERT(e == OK || e == ERROR_FULL);
			if (e == OK)
				*model = *pending;
			return;
		}
		CU_ASSERT_EQUAL(store_begin(store), OK);
		*pending = *model;
		return;
	default:
		for (k = 0; k < n; k++)
			bytes[k] = (uint8_t)rand();
		e = store_write(store, id_of(i), bytes, (size_t)n);
		CU_ASSERT(e == OK || (e == ERROR_FULL && full));
		if (e == OK) {
			memcpy(to->bytes[i], bytes, (size_t)n);
			to->length[i] = n;
		}
	}
}

static void model_run(unsigned seed, uint32_t pages, uint32_t size, uint32_t unit, int steps)
{
	static struct model model, pending;
	struct store store;
	struct cut cut;
	int i;

	srand(seed);
	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, pages, size, unit, 0), 0);
	model_clear(&model);
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 1);
	for (i = 0; i < steps; i++) {
		if (!store.open || store.pending < STORE_PENDING_MAX - 1)
			step(&store, &model, &pending, pages < 64);
		else
			store_abort(&store);
		if (rand() % 64 == 0) { /* power off */
			CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut.hal), 0);
			CU_ASSERT_FATAL(agrees(&store, &model));
		}
	}
	CU_ASSERT(agrees(&store, store.open ? &pending : &model));
	CU_ASSERT_EQUAL(cut.breaches, 0);
	CU_ASSERT(cut.erases > steps / 400);
	cut_close(&cut);
}

static void test_model(void)
{
	static const uint32_t sizes[][3] = {{16, 1024, 4}, {64, 1024, 1}, {32, 512, 8}, {20, 1024, 2}};
	unsigned i;

	for (i = 0; i < 4; i++)
		model_run(7, sizes[i][0], sizes[i][1], sizes[i][2], 20000);
	/* Small memories, full of transactions with a collection in them. */
	for (i = 0; i < 120; i++)
		model_run(100 + i, 8 + i % 10, 512u << i % 2, 1u << i % 4, 3000);
}

/* Wear: with a hot object and cold ones, no page is erased much more often than another. */
static long *wear;
static int (*plain_erase)(void *, uint32_t);

static int count_erase(void *board, uint32_t page)
{
	wear[page]++;
	return plain_erase(board, page);
}

static void test_wear(void)
{
	long counts[32] = {0}, least = 1000000, most = 0;
	struct store store;
	struct cut cut;
	uint8_t bytes[64] = {0};
	int i;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 32, 1024, 4, 0xFF), 0);
	wear = counts;
	plain_erase = cut.hal.nvm_erase;
	cut.hal.nvm_erase = count_erase;
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 1);
	for (i = 0; i < 60; i++)
		CU_ASSERT_EQUAL(store_write(&store, (uint16_t)(0x1000 + i), bytes, sizeof(bytes)), OK);
	for (i = 0; i < 20000; i++)
		CU_ASSERT_EQUAL_FATAL(store_write(&store, 0x0401, &i, 4), OK);
	for (i = 0; i < 32; i++) {
		least = counts[i] < least ? counts[i] : least;
		most = counts[i] > most ? counts[i] : most;
	}
	CU_ASSERT(most - least <= 1);
	CU_ASSERT(most < 20000 * 24 / 32 / 1024 * 2); /* no more than twice what the writes alone need */
	cut_close(&cut);
}

/* ---- Cuts ---- */

struct tear {
	struct model before, now;
	int transaction; /* the last three writes are one */
};

/* Enough writes to close a page and collect another, the last ones recorded in `now`. */
static void tear_work(struct cut *cut, void *context)
{
	struct tear *tear = context;
	struct store store;
	uint8_t bytes[200];
	int i;

	if (store_mount(&store, &cut->hal) != 0)
		return;
	tear->before = tear->now;
	if (tear->transaction && store_begin(&store) != OK)
		return;
	for (i = 0; i < 3; i++) {
		memset(bytes, 0x40 + i, sizeof(bytes));
		if (!tear->transaction)
			tear->before = tear->now;
		tear->now.length[i] = (int)sizeof(bytes) - i;
		memset(tear->now.bytes[i], 0x40 + i, sizeof(bytes));
		if (store_write(&store, id_of(i), bytes, sizeof(bytes) - (size_t)i) != OK)
			return;
		if (!tear->transaction)
			tear->before = tear->now;
	}
	if (tear->transaction && store_delete(&store, id_of(5)) == OK)
		tear->now.length[5] = -1;
	if (tear->transaction && store_commit(&store) == OK)
		tear->before = tear->now;
}

static int tear_after(struct cut *cut, void *context)
{
	struct tear *tear = context;
	struct store store;
	uint8_t byte = 0;
	int whole;

	if (store_mount(&store, &cut->hal) != 0)
		return 0;
	if (!(whole = agrees(&store, &tear->now)) && !agrees(&store, &tear->before))
		return 0;
	/* And it goes on working. */
	if (store_write(&store, 0x7777, &byte, 1) != OK || store_mount(&store, &cut->hal) != 0 ||
	    store_length(&store, 0x7777) != 1)
		return 0;
	return agrees(&store, whole ? &tear->now : &tear->before);
}

struct tear_case {
	struct tear tear, start;
};

static void tear_case_work(struct cut *cut, void *context)
{
	struct tear_case *c = context;

	c->tear = c->start;
	tear_work(cut, &c->tear);
}

static int tear_case_after(struct cut *cut, void *context)
{
	struct tear_case *c = context;

	return tear_after(cut, &c->tear);
}

static void tear_every(int transaction, int again, uint32_t fill, uint32_t unit)
{
	static struct tear_case c;
	struct store store;
	struct cut cut;
	long cuts;
	int i;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 8, 512, unit, 0xFF), 0);
	model_clear(&c.start.now);
	c.start.transaction = transaction;
	CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut.hal), 1);
	for (i = 4; i < 12; i++) {
		c.start.now.length[i] = 8 + i;
		memset(c.start.now.bytes[i], i, sizeof(c.start.now.bytes[i]));
		CU_ASSERT_EQUAL_FATAL(store_write(&store, id_of(i), c.start.now.bytes[i], (size_t)(8 + i)),
				      OK);
	}
	CU_ASSERT_EQUAL(store_write(&store, id_of(13), "gone", 4), OK);
	CU_ASSERT_EQUAL(store_delete(&store, id_of(13)), OK);
	while (fill-- > 0)
		CU_ASSERT_EQUAL_FATAL(store_write(&store, 0x6666, "0123456789", 10), OK);
	cut.again = (uint8_t)again;
	cuts = cut_every(&cut, tear_case_work, tear_case_after, &c);
	CU_ASSERT(cuts > 50);
	CU_ASSERT_EQUAL(cut.breaches, 0);
	cut_close(&cut);
}

/* PROVES: store.h "after a cut at any moment ... before or after", in and between pages. */
static void test_cuts(void)
{
	uint32_t fill;

	for (fill = 0; fill < 320; fill += 7) {
		tear_every(0, 0, fill, 4);
		tear_every(1, 0, fill, 4);
	}
	tear_every(0, 0, 200, 1);
	tear_every(1, 0, 200, 8);
}

static void test_cuts_twice(void)
{
	uint32_t fill;

	for (fill = 100; fill < 160; fill += 5) {
		tear_every(0, 1, fill, 4);
		tear_every(1, 1, fill, 4);
	}
}

static void format_work(struct cut *cut, void *context)
{
	struct store store;

	(void)context;
	if (store_mount(&store, &cut->hal) == 1)
		(void)!store_write(&store, 5, "five", 4);
}

static int format_after(struct cut *cut, void *context)
{
	struct store store;
	int e = store_mount(&store, &cut->hal), n;

	(void)context;
	n = store_length(&store, 5);
	return e >= 0 && (n == 4 || n == ERROR_NOT_FOUND) && store_write(&store, 6, "six", 3) == OK;
}

static void test_cut_format(void)
{
	struct cut cut;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 16, 1024, 4, 0), 0);
	CU_ASSERT(cut_every(&cut, format_work, format_after, NULL) > 10);
	cut_close(&cut);
}

/* PROVES: a supply that fails at every write, any number of times, costs
 * nothing: when it holds again, the store goes on. */
static void endure_work(struct cut *cut, void *context)
{
	struct store store;
	uint8_t bytes[200] = {0};

	(void)context;
	if (store_mount(&store, &cut->hal) == 0)
		(void)!store_write(&store, 0x5555, bytes, sizeof(bytes));
}

/* A store with eight cold objects (told to `model`) and a log `fill` writes long. */
static void endure_start(struct cut *cut, struct model *model, uint32_t pages, int fill)
{
	struct store store;
	int i;

	CU_ASSERT_EQUAL_FATAL(cut_open(cut, pages, 512, 4, 0xFF), 0);
	model_clear(model);
	CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut->hal), 1);
	for (i = 4; i < 12; i++) {
		model->length[i] = 8 + i;
		memset(model->bytes[i], i, 20);
		CU_ASSERT_EQUAL(store_write(&store, id_of(i), model->bytes[i], (size_t)(8 + i)), OK);
	}
	CU_ASSERT_EQUAL(store_write(&store, id_of(13), "gone", 4), OK);
	CU_ASSERT_EQUAL(store_delete(&store, id_of(13)), OK);
	for (i = 0; i < fill; i++)
		CU_ASSERT_EQUAL(store_write(&store, 0x6666, "0123456789", 10), OK);
}

static void endure_end(struct cut *cut, const struct model *model)
{
	struct store store;
	int i;

	CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut->hal), 0);
	CU_ASSERT(agrees(&store, model));
	for (i = 0; i < 50; i++)
		CU_ASSERT_EQUAL_FATAL(store_write(&store, 0x6666, "9876543210", 10), OK);
	CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut->hal), 0);
	CU_ASSERT(agrees(&store, model));
	CU_ASSERT_EQUAL(cut->breaches, 0);
	cut_close(cut);
}

static void test_endless_cuts(void)
{
	static struct model model;
	struct cut cut;
	int fill, at, how, row;

	for (fill = 40; fill < 160; fill += 17)
		for (at = 1; at < 60; at += 3)
			for (how = 0; how < CUT_HOWS; how++) {
				endure_start(&cut, &model, 8, fill);
				for (row = 0; row < 60; row++)
					(void)cut_once(&cut, endure_work, NULL, at, how);
				endure_end(&cut, &model);
			}
}

static void test_random_cuts(void)
{
	static struct model model;
	struct cut cut;
	int run, row;

	srand(11);
	for (run = 0; run < 200; run++) {
		endure_start(&cut, &model, run % 2 ? 8 : 12, rand() % 300);
		for (row = 0; row < 100; row++)
			(void)cut_once(&cut, endure_work, NULL, 1 + rand() % (run % 3 ? 60 : 12),
				       rand() % CUT_HOWS);
		endure_end(&cut, &model);
	}
}

UNIT_SUITE("store", UNIT(test_blank), UNIT(test_reads_and_bounds), UNIT(test_transactions), UNIT(test_full),
	   UNIT(test_model), UNIT(test_wear), UNIT(test_cuts), UNIT(test_cuts_twice), UNIT(test_cut_format),
	   UNIT(test_endless_cuts), UNIT(test_random_cuts))

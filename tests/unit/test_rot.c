/* PROVES: a memory with damage in it is refused, or the damaged object cannot be
 * read, or nothing was lost: never is an older value, a deleted object or a
 * blank store what a mount finds. */
#include <stdlib.h>
#include <string.h>

#include "codec/crc32.h"
#include "fs/log.h"
#include "powerloss/cut.h"
#include "unit/unit.h"

enum {
	IDS = 12,
	LONGEST = 40,
	SIZE = 8 * 512
};

/* What every object of a store holds, as it tells it. */
struct image {
	int length[IDS]; /* or an error */
	uint8_t bytes[IDS][STORE_OBJECT_MAX];
};

static void look(struct image *image, const struct store *store)
{
	int i;

	memset(image, 0, sizeof(*image));
	for (i = 0; i < IDS; i++)
		image->length[i] = store_read(store, (uint16_t)i, image->bytes[i], 0, STORE_OBJECT_MAX);
}

/* Is it what it was, but for objects that cannot be read? */
static int same(const struct store *store, const struct image *was)
{
	struct image now;
	int i;

	look(&now, store);
	for (i = 0; i < IDS; i++)
		if (now.length[i] != ERROR_MEMORY &&
		    (now.length[i] != was->length[i] ||
		     memcmp(now.bytes[i], was->bytes[i], sizeof(now.bytes[i]))))
			return 0;
	return 1;
}

/* ---- A store that has lived ---- */

struct life {
	int steps;
};

static void random_write(struct store *store)
{
	uint8_t bytes[LONGEST];
	int n = rand() % (LONGEST + 1), k;

	for (k = 0; k < n; k++)
		bytes[k] = rand() % 3 ? (uint8_t)rand() : 0xFF;
	(void)!store_write(store, (uint16_t)(rand() % IDS), bytes, (size_t)n);
}

static void live(struct cut *cut, void *context)
{
	struct life *life = context;
	struct store store;

	if (store_mount(&store, &cut->hal) < 0)
		abort();
	for (; life->steps > 0; life->steps--)
		switch (rand() % 12) {
		case 0:
		case 1:
			(void)!store_delete(&store, (uint16_t)(rand() % IDS));
			break;
		case 2:
			(void)!store_begin(&store);
			break;
		case 3:
			(void)!store_commit(&store);
			break;
		case 4:
			store_abort(&store);
			break;
		default:
			random_write(&store);
		}
}

/* A life of `steps` steps with some cuts in it, and one mount after the last. */
static void grow(struct cut *cut, unsigned seed, int steps, struct image *truth)
{
	struct life life = {steps};
	struct store store;

	srand(seed);
	while (life.steps > 0)
		(void)cut_once(cut, live, &life, 1 + rand() % 400, rand() % CUT_HOWS);
	CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut->hal), 0);
	look(truth, &store);
	CU_ASSERT_EQUAL(cut->breaches, 0);
}

/* Mount what is there; then write, and mount again. */
static int holds(struct cut *cut, const struct image *truth, int *refused)
{
	struct store store;
	int e = store_mount(&store, &cut->hal);

	*refused += e == ERROR_MEMORY;
	if (e != 0)
		return e == ERROR_MEMORY;
	if (!same(&store, truth))
		return 0;
	if (store_write(&store, 0x7777, "after", 5) != OK)
		return 1;
	e = store_mount(&store, &cut->hal);
	return e == ERROR_MEMORY || (e == 0 && same(&store, truth));
}

static int is_blank(const struct image *image)
{
	int i;

	for (i = 0; i < IDS; i++)
		if (image->length[i] != ERROR_NOT_FOUND)
			return 0;
	return 1;
}

static void restore(struct cut *cut, const uint8_t memory[static SIZE])
{
	memcpy(cut->memory, memory, SIZE);
	memset(cut->written, 0, cut->units); /* a flipped bit is not a breach */
}

static void test_every_bit(void)
{
	static uint8_t memory[SIZE];
	static struct image truth;
	int steps, refused = 0, bad = 0, tried = 0;
	struct cut cut;
	uint32_t i;

	for (steps = 1; steps < 300; steps += steps < 12 ? 1 : 37) {
		CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 8, 512, 4, 0xFF), 0);
		grow(&cut, (unsigned)steps, steps, &truth);
		memcpy(memory, cut.memory, SIZE);
		for (i = 0; i < SIZE * 8 && !is_blank(&truth); i++) {
			if (steps < 12 && i / 8 % 512 > 300) /* nothing there yet */
				continue;
			restore(&cut, memory);
			cut.memory[i / 8] ^= (uint8_t)(1 << i % 8);
			bad += !holds(&cut, &truth, &refused);
			tried++;
		}
		cut_close(&cut);
	}
	CU_ASSERT_EQUAL(bad, 0);
	CU_ASSERT(tried > 100000);
	CU_ASSERT(refused > tried / 100 && refused < tried / 2);
}

/* Erased, cleared, anything, or a few bits of it flipped. */
static void change(uint8_t *grain, int how)
{
	int k;

	for (k = 0; k < 8; k++) {
		if (how < 2)
			grain[k] = how ? 0xFF : 0x00;
		else if (how == 2)
			grain[k] = (uint8_t)rand();
		else
			grain[k] = (uint8_t)(grain[k] ^ 1 << rand() % 12);
	}
}

/* One aligned unit of eight bytes, changed to anything, in many stores. */
static void test_every_grain(void)
{
	static uint8_t memory[SIZE];
	static struct image truth;
	int run, refused = 0, bad = 0, tried = 0, how;
	struct cut cut;
	uint32_t i;

	for (run = 0; run < 120; run++) {
		CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 8, 512, 1u << run % 4, 0xFF), 0);
		grow(&cut, 1000u + (unsigned)run, 5 + 3 * run, &truth);
		memcpy(memory, cut.memory, SIZE);
		for (i = 0; i < SIZE && !is_blank(&truth); i += 8)
			for (how = 0; how < 4; how++) {
				restore(&cut, memory);
				change(cut.memory + i, how);
				bad += !holds(&cut, &truth, &refused);
				tried++;
			}
		cut_close(&cut);
	}
	CU_ASSERT_EQUAL(bad, 0);
	CU_ASSERT(tried > 100000 && refused > 0);
}

/* PROVES: the last record's header may be lost and nothing older comes back,
 * whatever the content: runs of what an erased memory holds, too. */
static void test_blank_content(void)
{
	static const uint8_t bytes[] = {0xFF, 0xAA, 0xCC, 0x00};
	uint8_t content[LONGEST];
	struct image truth;
	struct store store;
	int refused = 0, bad = 0, n, from;
	struct cut cut;

	for (n = 0; n < LONGEST * 16; n++) {
		from = n % LONGEST;
		memset(content, bytes[n / LONGEST % 4], sizeof(content));
		memset(content, bytes[n / LONGEST / 4], (size_t)from);
		CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 8, 512, 1u << n % 4, 0xFF), 0);
		CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut.hal), 1);
		CU_ASSERT_EQUAL(store_write(&store, 1, "older", 5), OK);
		CU_ASSERT_EQUAL(store_write(&store, 1, content, (size_t)(n % 7 * 5 + from) % LONGEST + 1),
				OK);
		look(&truth, &store);
		/* 24 to 48: the older record, with its mark */
		memset(cut.memory + LOG_FIRST + log_room(5) + LOG_GRAIN, 0xFF, LOG_GRAIN);
		memset(cut.written, 0, cut.units);
		bad += !holds(&cut, &truth, &refused);
		cut_close(&cut);
	}
	CU_ASSERT_EQUAL(bad, 0);
	CU_ASSERT_EQUAL(refused, LONGEST * 16);
}

/* ---- What becomes of a damaged object ---- */

static void flip_content(struct cut *cut, const char *content)
{
	uint8_t *at = memmem(cut->memory, cut->size, content, strlen(content));

	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	*at ^= 0x10;
}

/* PROVES: it stays unreadable, at once, after a mount and when its page has been
 * collected; the others do not suffer; writing it again heals it. */
static void test_damaged_object(void)
{
	struct store store;
	struct cut cut;
	uint8_t got[6];
	int i, mounts;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 8, 512, 4, 0xFF), 0);
	CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut.hal), 1);
	CU_ASSERT_EQUAL(store_write(&store, 1, "older!", 6), OK);
	CU_ASSERT_EQUAL(store_write(&store, 1, "victim", 6), OK);
	CU_ASSERT_EQUAL(store_write(&store, 2, "others", 6), OK);
	flip_content(&cut, "victim");
	for (mounts = 0; mounts < 8; mounts++) {
		CU_ASSERT_EQUAL(store_read(&store, 1, got, 0, 6), ERROR_MEMORY);
		for (i = 0; i < 50; i++)
			CU_ASSERT_EQUAL(store_write(&store, 3, &i, sizeof(i)), OK);
		CU_ASSERT_EQUAL(store_read(&store, 1, got, 0, 6), ERROR_MEMORY);
		CU_ASSERT_EQUAL(store_read(&store, 2, got, 0, 6), 6);
		CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 0);
	}
	CU_ASSERT(cut.erases > 12);
	CU_ASSERT_EQUAL(store_length(&store, 1), ERROR_MEMORY); /* the collector passed it on */
	CU_ASSERT_EQUAL(store_write(&store, 1, "healed", 6), OK);
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 0);
	CU_ASSERT_EQUAL(store_read(&store, 1, got, 0, 6), 6);
	ASSERT_BYTES(got, "healed", 6);
	flip_content(&cut, "healed");
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 0);
	CU_ASSERT_EQUAL(store_read(&store, 1, got, 0, 6), ERROR_MEMORY);
	CU_ASSERT_EQUAL(store_delete(&store, 1), OK);
	CU_ASSERT_EQUAL(store_read(&store, 1, got, 0, 6), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(cut.breaches, 0);
	cut_close(&cut);
}

/* PROVES: a commit that happened, and that RAM cannot follow because an old
 * record's header is damaged, leaves nothing to be used before the next mount. */
static void test_commit_that_fails(void)
{
	struct store store;
	struct cut cut;
	uint8_t got[4];

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 8, 512, 4, 0xFF), 0);
	CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut.hal), 1);
	CU_ASSERT_EQUAL(store_write(&store, 2, "two", 4), OK);
	CU_ASSERT_EQUAL(store_write(&store, 1, "old", 4), OK);
	CU_ASSERT_EQUAL(store_begin(&store), OK);
	CU_ASSERT_EQUAL(store_write(&store, 2, "new", 4), OK);
	CU_ASSERT_EQUAL(store_write(&store, 1, "new", 4), OK);
	cut.memory[store.places[0] * LOG_GRAIN] ^= 4; /* the id of object 1 */
	CU_ASSERT_EQUAL(store.ids[0], 1);
	CU_ASSERT_EQUAL(store_commit(&store), ERROR_MEMORY);
	CU_ASSERT_EQUAL(store_failed(&store), 1);
	CU_ASSERT_EQUAL(store.pending, 0);
	CU_ASSERT_EQUAL(store_read(&store, 2, got, 0, 4), ERROR_MEMORY);
	CU_ASSERT_EQUAL(store_write(&store, 2, "more", 4), ERROR_MEMORY);
	CU_ASSERT_EQUAL(store_delete(&store, 2), ERROR_MEMORY);
	CU_ASSERT_EQUAL(store_begin(&store), ERROR_MEMORY);
	cut.memory[store.places[0] * LOG_GRAIN] ^= 4;
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 0);
	CU_ASSERT_EQUAL(store_failed(&store), 0);
	CU_ASSERT_EQUAL(store_read(&store, 1, got, 0, 4), 4);
	ASSERT_BYTES(got, "new", 4);
	CU_ASSERT_EQUAL(store_read(&store, 2, got, 0, 4), 4);
	ASSERT_BYTES(got, "new", 4);
	cut_close(&cut);
}

/* PROVES: another format, another size of memory and headers that are gone are
 * not taken for a blank memory. */
static void test_not_blank(void)
{
	struct store store;
	struct cut cut;
	uint32_t page;
	int i;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 16, 512, 4, 0xFF), 0);
	CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut.hal), 1);
	CU_ASSERT_EQUAL(store_write(&store, 1, "one", 4), OK);
	cut.hal.nvm_page_count = 15;
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), ERROR_MEMORY);
	cut.hal.nvm_page_count = 16;
	cut.memory[0] ^= 2; /* the version */
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), ERROR_MEMORY);
	cut.memory[0] ^= 2;
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 0);
	for (i = 0; i < 100; i++)
		CU_ASSERT_EQUAL(store_write(&store, 1, &i, sizeof(i)), OK);
	for (page = 0; page < 16; page++)
		cut.memory[page * 512 + 12] ^= 1;
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), ERROR_MEMORY);
	cut_close(&cut);
}

/* ---- Content that looks like records ---- */

/* PROVES: content that is a perfect record for the place it comes to lie at is
 * never taken for one, whatever is torn: the attacker chooses the content and
 * the moment of the cut. */
struct forgery {
	uint8_t content[STORE_OBJECT_MAX];
	uint32_t at;   /* where in the content the record is */
	uint8_t after; /* enum log_after: what it says it follows */
};

enum {
	FORGED = 24
};

/* A good record for `offset` of the head page: id 1 is "forged". */
static void forge(uint8_t record[static FORGED], const struct store *store, uint32_t offset, unsigned after)
{
	uint8_t where[8];
	uint32_t crc;

	log_put32(where, store->head);
	log_put32(where + 4, offset);
	memcpy(record,
	       "\1\0\6\2"
	       "12345678"
	       "forged\xFF\xFF",
	       20);
	record[3] = (uint8_t)(record[3] | after << 6);
	crc = crc32(crc32(0, where, 8), record, 4);
	log_put32(record + 4, crc);
	log_put32(record + 8, crc32(crc, "forged", 6) >> 1);
	memset(record + 20, 0, FORGED - 20);
}

static void forge_work(struct cut *cut, void *context)
{
	struct forgery *forgery = context;
	struct store store;

	if (store_mount(&store, &cut->hal) != 0)
		return;
	memset(forgery->content, 0xFF, sizeof(forgery->content));
	forge(forgery->content + forgery->at, &store, store.offset + 12 + forgery->at, forgery->after);
	(void)!store_write(&store, 2, forgery->content, 64);
}

static int forge_after(struct cut *cut, void *context)
{
	struct store store;
	uint8_t got[6];

	(void)context;
	return store_mount(&store, &cut->hal) == 0 && store_read(&store, 1, got, 0, 6) == 6 &&
	       memcmp(got, "victim", 6) == 0;
}

static void test_forged_content(void)
{
	struct forgery forgery;
	struct store store;
	struct cut cut;
	uint8_t record[FORGED];

	for (forgery.at = 4; forgery.at + FORGED <= 64; forgery.at += 8)
		for (forgery.after = LOG_ON; forgery.after <= LOG_TEAR; forgery.after++) {
			CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 8, 512, 4, 0xFF), 0);
			CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut.hal), 1);
			CU_ASSERT_EQUAL(store_write(&store, 1, "victim", 6), OK);
			CU_ASSERT(cut_every(&cut, forge_work, forge_after, &forgery) > 0);
			/* It is a good one: where a record is due it is taken for one. */
			CU_ASSERT_EQUAL(forge_after(&cut, NULL), 1);
			CU_ASSERT_EQUAL_FATAL(store_mount(&store, &cut.hal), 0);
			forge(record, &store, store.offset, LOG_MOUNT);
			memcpy(cut.memory + store.head % 8 * 512 + store.offset, record, FORGED);
			CU_ASSERT_EQUAL(forge_after(&cut, NULL), 0);
			CU_ASSERT_EQUAL(store_length(&store, 1), 6);
			cut_close(&cut);
		}
}

UNIT_SUITE("rot", UNIT(test_every_bit), UNIT(test_every_grain), UNIT(test_blank_content),
	   UNIT(test_damaged_object), UNIT(test_commit_that_fails), UNIT(test_not_blank),
	   UNIT(test_forged_content))

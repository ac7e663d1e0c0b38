/* Damage to a memory that a store has lived in: mounting refuses it, or every
 * object that can be read is one that was once committed; also after writing
 * on. Damage in one aligned unit of eight bytes, and no other: the newest, or
 * an error (fs/store.h).
 *
 * The first byte says which life; then come damages of four bytes: what, where
 * (2), how. A first byte from 80 on: the rest is the memory itself, and all
 * that is asked is that nobody is hurt. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"

enum {
	LIVES = 6,
	IDS = 12,
	PAGES = 8,
	PAGE = 512,
	SIZE = PAGES * PAGE,
	LONGEST = 40,
	HISTORY = 4096,
	RAW = 0x80
};

enum damage {
	FLIP,    /* a bit of it */
	ERASE,   /* eight bytes, aligned */
	CLEAR,   /* likewise */
	SCATTER, /* bytes of chance: one that a fuzzer cannot aim */
	COPY,    /* from elsewhere */
	SWAP,    /* two pages */
	OLDER,   /* a page as it was earlier in its life */
	DAMAGES
};

struct value {
	uint16_t id;
	int16_t length;
	uint8_t bytes[LONGEST];
};

static struct life {
	uint8_t memory[SIZE], older[SIZE];
	struct value history[HISTORY]; /* all that was ever written */
	size_t count;
	struct value newest[IDS];
} lives[LIVES];

static struct cut cut;
static uint32_t chance;

static uint32_t draw(void)
{
	chance ^= chance << 13;
	chance ^= chance >> 17;
	chance ^= chance << 5;
	return chance * 0x9E3779B1u;
}

/* ---- lives ---- */

static void write_one(struct life *life, struct store *store)
{
	struct value *value = &life->history[life->count++ % HISTORY];
	int i;

	value->id = (uint16_t)(draw() % IDS);
	value->length = (int16_t)(draw() % (LONGEST + 1));
	for (i = 0; i < value->length; i++)
		value->bytes[i] = draw() % 3 ? (uint8_t)draw() : 0xFF;
	(void)!store_write(store, value->id, value->bytes, (size_t)value->length);
}

static void live(struct life *life, int steps)
{
	struct store store;
	int i;

	memset(cut.memory, 0xFF, SIZE);
	memset(cut.written, 0, cut.units);
	if (store_mount(&store, &cut.hal) < 0)
		abort();
	for (i = 0; i < steps; i++) {
		if (i == steps / 2)
			memcpy(life->older, cut.memory, SIZE);
		switch (draw() % 12) {
		case 0:
			(void)!store_delete(&store, (uint16_t)(draw() % IDS));
			break;
		case 1:
			(void)!store_begin(&store);
			break;
		case 2:
			(void)!store_commit(&store);
			break;
		case 3:
			if (draw() % 4 == 0 && store_mount(&store, &cut.hal) < 0)
				abort();
			break;
		default:
			write_one(life, &store);
		}
	}
	if (store_mount(&store, &cut.hal) < 0)
		abort();
	memcpy(life->memory, cut.memory, SIZE);
	for (i = 0; i < IDS; i++) {
		life->newest[i].id = (uint16_t)i;
		life->newest[i].length =
			(int16_t)store_read(&store, (uint16_t)i, life->newest[i].bytes, 0, LONGEST);
	}
}

static void begin(void)
{
	static const int steps[LIVES] = {3, 20, 60, 150, 400, 1500};
	int i;

	if (cut_open(&cut, PAGES, PAGE, 4, 0xFF) < 0)
		abort();
	chance = 0x12345;
	for (i = 0; i < LIVES; i++)
		live(&lives[i], steps[i]);
}

/* ---- damage ---- */

/* 1 when it lies in one unit of eight bytes. */
static int damage(const struct life *life, struct input *input)
{
	uint8_t what = input_byte(input) % DAMAGES, *memory = cut.memory;
	uint32_t at = input_byte(input), how, n;

	at = (at | (uint32_t)input_byte(input) << 8) % SIZE;
	how = input_byte(input);
	switch (what) {
	case FLIP:
		memory[at] ^= (uint8_t)(1 << how % 8);
		return 1;
	case ERASE:
	case CLEAR:
		memset(memory + (at & ~7u), what == ERASE ? 0xFF : 0x00, 8);
		return 1;
	case SCATTER:
		chance = at * 2654435761u ^ how << 7 ^ 1;
		for (n = 0; n <= how % 64; n++)
			memory[(at + n) % SIZE] = (uint8_t)(draw() >> 13);
		return 0;
	case COPY:
		at &= ~7u;
		for (n = 0; n < 64; n++)
			memory[(at + n) % SIZE] = memory[(at + 8 * (how + 1) + n) % SIZE];
		return 0;
	case SWAP:
		for (n = 0; n < PAGE; n++) {
			uint8_t *a = memory + at / PAGE * PAGE + n, *b = memory + how % PAGES * PAGE + n,
				swap = *a;

			*a = *b;
			*b = swap;
		}
		return 0;
	default:
		memcpy(memory + at / PAGE * PAGE, life->older + at / PAGE * PAGE, PAGE);
		return 0;
	}
}

/* ---- what is left ---- */

static int was_written(const struct life *life, uint16_t id, const uint8_t *bytes, int length)
{
	size_t i;

	for (i = 0; i < life->count && i < HISTORY; i++)
		if (life->history[i].id == id && life->history[i].length == length &&
		    memcmp(life->history[i].bytes, bytes, (size_t)length) == 0)
			return 1;
	return 0;
}

static void check(const struct life *life, const struct store *store, int strict)
{
	uint8_t bytes[STORE_OBJECT_MAX];
	uint16_t id;
	int n;

	for (id = 0; id < IDS; id++) {
		const struct value *newest = &life->newest[id];

		n = store_read(store, id, bytes, 0, sizeof(bytes));
		if (n > LONGEST || (n >= 0 && !was_written(life, id, bytes, n)))
			target_fail("an object that was never written");
		if (strict && n != ERROR_MEMORY &&
		    (n != newest->length || (n > 0 && memcmp(bytes, newest->bytes, (size_t)n) != 0)))
			target_fail("not the newest value, and no error");
	}
}

static void damaged(struct input *input, uint8_t which)
{
	const struct life *life = &lives[which % LIVES];
	int strict = 1, damages = 0;
	struct store store;

	memcpy(cut.memory, life->memory, SIZE);
	memset(cut.written, 0, cut.units);
	for (; input->left >= 4 && damages < 64; damages++)
		strict = damage(life, input) && damages == 0;
	if (store_mount(&store, &cut.hal) != 0)
		return;
	check(life, &store, strict);
	if (store_write(&store, 0x7777, "after", 5) == OK && store_mount(&store, &cut.hal) == 0)
		check(life, &store, strict);
}

static void raw(struct input *input)
{
	uint8_t bytes[STORE_OBJECT_MAX];
	struct store store;
	uint16_t i;
	int e;

	memset(cut.memory, 0xFF, SIZE);
	memset(cut.written, 0, cut.units);
	(void)input_take(input, cut.memory, SIZE);
	e = store_mount(&store, &cut.hal);
	if (e != ERROR_MEMORY && e != OK && e != 1)
		target_fail("mounting says what it does not say");
	if (e < 0)
		return;
	for (i = 0; i < store.count; i++)
		if (store_read(&store, store.ids[i], bytes, 0, sizeof(bytes)) > STORE_OBJECT_MAX)
			target_fail("a longer object than there can be");
	for (i = 0; i < 40; i++)
		(void)!store_write(&store, (uint16_t)(i % 5), bytes, i);
	(void)!store_mount(&store, &cut.hal);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct input input = {bytes, length};
	uint8_t which;

	if (!cut.memory)
		begin();
	which = input_byte(&input);
	if (which >= RAW)
		raw(&input);
	else
		damaged(&input, which);
	return 0;
}

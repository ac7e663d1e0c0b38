/* PROVES: card.h: what a card does with a memory it cannot trust, and when its
 * hardware fails. */
#include "card.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "gp/isd.h"
#include "gp/key_set.h"
#include "unit/play.h"

#define RIGHT "00200001 08 31323334FFFFFFFF"
#define ADM   "0020000A 08 3132333435363738"

static uint8_t key[16], opc[16];

/* ---- A memory that lacks something is not a blank one ---- */

/* PROVES: only a memory without any object becomes a blank card. */
static void test_marker_gone(void)
{
	struct play p;

	play_open(&p);
	CU_ASSERT_EQUAL(play_load_key(&p, key, opc), SW_OK);
	CU_ASSERT_EQUAL(store_delete(&p.card.store, STORE_CARD << 8 | 0xFF), OK);
	CU_ASSERT_EQUAL(card_start(&p.card, &p.cut.hal), ERROR_MEMORY);
	PLAY(&p, ADM, 0x6F00); /* and a card that did not start does nothing */
	CU_ASSERT_EQUAL(card_start(&p.card, &p.cut.hal), ERROR_MEMORY);
	play_close(&p);
}

static void test_marker_damaged(void)
{
	struct play p;
	struct store *store = &p.card.store;
	uint32_t at = 0;
	uint16_t i;

	play_open(&p);
	CU_ASSERT_EQUAL(play_load_key(&p, key, opc), SW_OK);
	for (i = 0; i < store->count; i++)
		if (store->ids[i] == (STORE_CARD << 8 | 0xFF))
			at = store->places[i] * 8u;
	CU_ASSERT_NOT_EQUAL_FATAL(at, 0);
	for (i = 0; i < 13 * 8; i++) { /* header, check value and content */
		p.cut.memory[at + i / 8] ^= (uint8_t)(1 << i % 8);
		CU_ASSERT_EQUAL(card_start(&p.card, &p.cut.hal), ERROR_MEMORY);
		p.cut.memory[at + i / 8] ^= (uint8_t)(1 << i % 8);
	}
	CU_ASSERT_EQUAL(card_start(&p.card, &p.cut.hal), OK);
	play_close(&p);
}

/* ---- Any bit of a card in use ---- */

enum {
	PAGES = 12,
	PAGE = 512,
	OBJECTS = 40,
	FILLER = STORE_CARD << 8 | 0x80
};

#define USIM      "00A4040C 07 A0000000871002"
#define ISD       "00A4040C 08 A000000151000000"
#define BLANK_KEY "80503000 08 0102030405060708" /* INITIALIZE UPDATE, key version 30 */
#define ISSUER    "80503100 08 0102030405060708"

/* What the card of this test holds. */
struct truth {
	uint16_t ids[OBJECTS];
	uint8_t bytes[OBJECTS][STORE_OBJECT_MAX];
	int lengths[OBJECTS], count;
};

/* Key sets 30 -> 31 as put_key.c does it; a new ADM code, PIN1 enabled with one
 * guess used, ADM with two: one is left; a sequence number and a file. */
static void use(struct play *p)
{
	struct key_set keys;
	struct store *store = &p->card.store;
	int i;

	memset(&keys, 0x77, sizeof(keys));
	keys.i = KEY_SET_I;
	keys.length = 16;
	if (play_load_key(p, key, opc) != SW_OK || store_begin(store) < 0 ||
	    key_set_save(store, 0x31, &keys) < 0 || key_set_delete(store, 0x30) < 0 ||
	    store_commit(store) < 0)
		abort();
	play_restart(p);
	PLAY(p, USIM, 0x9000);
	PLAY(p, "0024000A 10 3132333435363738 0102030405060708", 0x9000);
	PLAY(p, "00280001 08 31323334FFFFFFFF", 0x9000);
	PLAY(p, "00D68200 04 64652020", 0x9000);
	for (i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(store_write(store, STORE_SQN << 8, &i, sizeof(i)), OK);
	PLAY(p, "00200001 08 39393939FFFFFFFF", 0x63C2);
	PLAY(p, "0020000A 08 3030303030303030", 0x63C2);
	PLAY(p, "0020000A 08 3030303030303030", 0x63C1);
}

static void learn(struct truth *truth, const struct store *store)
{
	int i;

	truth->count = store->count;
	CU_ASSERT_FATAL(truth->count > 6 && truth->count <= OBJECTS);
	for (i = 0; i < truth->count; i++) {
		truth->ids[i] = store->ids[i];
		truth->lengths[i] = store_read(store, store->ids[i], truth->bytes[i], 0, STORE_OBJECT_MAX);
	}
}

/* Every object is there, with its newest value or unreadable, and no other. */
static int knows(const struct store *store, const struct truth *truth)
{
	uint8_t bytes[STORE_OBJECT_MAX];
	int i, n;

	for (i = 0; i < truth->count; i++) {
		n = store_read(store, truth->ids[i], bytes, 0, sizeof(bytes));
		if (n != ERROR_MEMORY &&
		    (n != truth->lengths[i] || memcmp(bytes, truth->bytes[i], (size_t)n)))
			return 0;
	}
	return store->count == truth->count;
}

static int one_of(uint16_t sw, uint16_t right)
{
	return sw == right || sw == SW_MEMORY_PROBLEM;
}

static int is_closed(struct play *p)
{
	return play(p, "0020000A00") == SW_CONDITIONS_NOT_SATISFIED &&
	       play(p, ISD) == SW_CONDITIONS_NOT_SATISFIED && play(p, USIM) == SW_CONDITIONS_NOT_SATISFIED;
}

/* Start the card: 1 when it refuses, or nothing of it is older than it was. */
static int stands(struct play *p, const struct truth *truth, long *refused)
{
	uint8_t atr[ATR_MAX];
	uint16_t sw;
	int e = card_start(&p->card, &p->cut.hal);

	*refused += e == ERROR_MEMORY;
	if (e < 0)
		return e == ERROR_MEMORY && play(p, "0020000A00") == 0x6F00;
	(void)card_reset(&p->card, atr);
	if (!knows(&p->card.store, truth))
		return 0;
	if (isd_state(&p->card.store) < 0) /* a card that does not know its life serves nothing */
		return is_closed(p);
	if (!one_of(play(p, "0020000A00"), 0x63C1) || !one_of(play(p, "0020000100"), 0x63C2))
		return 0;
	if (play(p, ISD) != SW_OK || !one_of(play(p, BLANK_KEY), SW_REFERENCE_NOT_FOUND) ||
	    !one_of(play(p, ISSUER), SW_OK))
		return 0;
	/* The old code costs the last guess, or cannot be tried. */
	sw = play(p, "0020000A 08 3132333435363738");
	return one_of(sw, 0x63C0);
}

/* PROVES: one flipped bit, anywhere in the memory of a card in use, brings back
 * no try, no old code, no old key set and no blank card; nor does it after the
 * card was used and started once more. */
static void flip_every_bit(struct play *p, long *refused)
{
	static uint8_t memory[PAGES * PAGE];
	static struct truth truth;
	uint8_t atr[ATR_MAX];
	uint32_t i, bad = 0;
	int e;

	play_restart(p);
	learn(&truth, &p->card.store);
	memcpy(memory, p->cut.memory, sizeof(memory));
	CU_ASSERT_EQUAL(stands(p, &truth, refused), 1);
	CU_ASSERT_EQUAL(*refused, 0);
	for (i = 0; i < sizeof(memory) * 8; i++) {
		memcpy(p->cut.memory, memory, sizeof(memory));
		memset(p->cut.written, 0, p->cut.units);
		p->cut.memory[i / 8] ^= (uint8_t)(1 << i % 8);
		if (!stands(p, &truth, refused)) {
			bad++;
			continue;
		}
		e = card_start(&p->card, &p->cut.hal);
		if (e == OK) {
			(void)card_reset(&p->card, atr);
			bad += isd_state(&p->card.store) < 0
				       ? !is_closed(p)
				       : !one_of(play(p, "0020000A00"), 0x63C0) ||
						 !one_of(play(p, "0020000100"), 0x63C2) ||
						 play(p, ISD) != SW_OK || play(p, BLANK_KEY) == SW_OK;
		}
	}
	CU_ASSERT_EQUAL(bad, 0);
}

static void test_every_bit(void)
{
	static const int filler[] = {0, 20, 170};
	long refused;
	struct play p;
	int i, n;

	for (i = 0; i < 3; i++) {
		memset(&p, 0, sizeof(p));
		CU_ASSERT_EQUAL_FATAL(cut_open(&p.cut, PAGES, PAGE, 4, 0xFF), 0);
		play_restart(&p);
		for (n = 0; n < filler[i]; n++)
			CU_ASSERT_EQUAL(store_write(&p.card.store, FILLER, &n, sizeof(n)), OK);
		use(&p);
		refused = 0;
		flip_every_bit(&p, &refused);
		CU_ASSERT(refused > 500 && refused < PAGES * PAGE * 4);
		cut_close(&p.cut);
	}
}

/* ---- Hardware that fails ---- */

static int no_write(void *board, uint32_t address, const void *in, size_t length)
{
	(void)board;
	(void)address;
	(void)in;
	(void)length;
	return HAL_FAULT;
}

static int no_random(void *board, void *out, size_t length)
{
	(void)board;
	(void)out;
	(void)length;
	return HAL_FAULT;
}

/* PROVES: card.h "After a failure of the hardware ... 6F00". */
static void test_write_fails(void)
{
	int (*write)(void *, uint32_t, const void *, size_t);
	uint8_t atr[ATR_MAX];
	struct play p;

	play_open(&p);
	write = p.cut.hal.nvm_write;
	PLAY(&p, "00280001 08 31323334FFFFFFFF", 0x9000);
	PLAY(&p, RIGHT, 0x9000);
	p.cut.hal.nvm_write = no_write;
	PLAY(&p, ADM, 0x6581);
	p.cut.hal.nvm_write = write;
	PLAY(&p, RIGHT, 0x6F00);
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_1), DENIED);
	CU_ASSERT(card_reset(&p.card, atr) > 0); /* a reset is not enough */
	PLAY(&p, "00A40004 02 3F00", 0x6F00);
	play_restart(&p);
	PLAY(&p, "0020000A00", 0x63C3); /* the failed guess was not compared */
	PLAY(&p, RIGHT, 0x9000);
	play_close(&p);
}

static void test_random_fails(void)
{
	struct play p;
	int i;

	play_open(&p);
	p.cut.hal.random = no_random;
	for (i = 0; i < 2 * DRBG_INTERVAL && play(&p, "0084000008") == SW_OK; i++)
		;
	CU_ASSERT(i > 0 && i <= DRBG_INTERVAL);
	PLAY(&p, "00A40004 02 3F00", 0x6F00);
	CU_ASSERT_EQUAL(card_start(&p.card, &p.cut.hal), ERROR_RANDOM);
	PLAY(&p, "00A40004 02 3F00", 0x6F00);
	play_close(&p);
}

/* ---- Nothing stays on the stack ---- */

enum {
	STACK = 1 << 17
};

static uint8_t stack[STACK] __attribute__((aligned(4096)));
static const uint8_t secret[40] = "a secret of a length that is not round.";

/* Write it over and over, until pages are collected with another copy of it. */
static void handle_secret(struct store *store)
{
	int i;

	for (i = 0; i < 400; i++)
		if (store_write(store, 7, secret, sizeof(secret)) != OK)
			abort();
}

static void read_secret(struct store *store)
{
	static uint8_t out[sizeof(secret)];

	if (store_read(store, 8, out, 0, sizeof(out)) != sizeof(out))
		abort();
}

static void leave_secret(struct store *store)
{
	volatile uint8_t copy[sizeof(secret)];
	size_t i;

	(void)store;
	for (i = 0; i < sizeof(copy); i++)
		copy[i] = secret[i];
}

struct search {
	void (*work)(struct store *);
	struct store *store;
	int found;
};

/* Work so far down that nothing after it writes over what it left. */
static __attribute__((noinline)) void work_below(struct search *s)
{
	volatile uint8_t depth[4096];
	size_t i;

	for (i = 0; i < sizeof(depth); i++) /* all of it, or clang keeps only the bytes used */
		depth[i] = 0;
	s->work(s->store);
	depth[0] = 1;
}

/* Byte by byte, as a sanitizer has its own idea of what may be read there. */
__attribute__((no_sanitize("address"))) static int holds(const volatile uint8_t *memory, size_t size,
							 const volatile uint8_t *what)
{
	size_t i, n;

	for (i = 0; i + 8 <= size; i++) {
		for (n = 0; n < 8 && memory[i + n] == what[n]; n++)
			;
		if (n == 8)
			return 1;
	}
	return 0;
}

/* After the work, on its stack: are any eight bytes in a row left there? */
static void *search(void *argument)
{
	struct search *s = argument;
	size_t i;

	work_below(s);
	for (i = 0; i + 8 <= sizeof(secret); i++)
		s->found |= holds(stack, sizeof(stack), secret + i);
	return NULL;
}

static int leaves_secret(void (*work)(struct store *), struct store *store)
{
	struct search s = {work, store, 0};
	pthread_attr_t attributes;
	pthread_t thread;

	memset(stack, 0, sizeof(stack));
	if (pthread_attr_init(&attributes) || pthread_attr_setstack(&attributes, stack, sizeof(stack)) ||
	    pthread_create(&thread, &attributes, search, &s) || pthread_join(thread, NULL))
		abort();
	pthread_attr_destroy(&attributes);
	return s.found;
}

/* PROVES: reading, writing and collecting leave no content of an object on the stack. */
static void test_stack_is_clean(void)
{
	struct store store;
	struct cut cut;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 8, 1024, 4, 0xFF), 0);
	CU_ASSERT_EQUAL(store_mount(&store, &cut.hal), 1);
	CU_ASSERT_EQUAL(store_write(&store, 8, secret, sizeof(secret)), OK);
	CU_ASSERT_EQUAL(leaves_secret(leave_secret, &store), 1); /* the test can see */
	CU_ASSERT_EQUAL(leaves_secret(read_secret, &store), 0);
	CU_ASSERT_EQUAL(leaves_secret(handle_secret, &store), 0);
	CU_ASSERT(cut.erases > 8);
	cut_close(&cut);
}

UNIT_SUITE("card", UNIT(test_marker_gone), UNIT(test_marker_damaged), UNIT(test_every_bit),
	   UNIT(test_write_fails), UNIT(test_random_fails), UNIT(test_stack_is_clean))

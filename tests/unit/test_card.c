/* PROVES: card.h: what a card does with a memory it cannot trust, and when its
 * hardware fails. */
#include "card.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

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
	STACK = 1 << 18
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

/* After the work, on its stack: are any eight bytes in a row left there? */
static void *search(void *argument)
{
	struct search *s = argument;
	size_t i;

	work_below(s);
	for (i = 0; i + 8 <= sizeof(secret); i++)
		s->found |= memmem(stack, sizeof(stack), secret + i, 8) != NULL;
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

UNIT_SUITE("card", UNIT(test_marker_gone), UNIT(test_write_fails), UNIT(test_random_fails),
	   UNIT(test_stack_is_clean))

/* PROVES: auth/sqn_array.h: every rule of 3GPP TS 33.102 Annex C.2, and that
 * what was accepted once is never accepted again, whenever the power goes. */
#include <string.h>

#include "auth/sqn_array.h"
#include "fs/store.h"
#include "native.h"
#include "powerloss/cut.h"
#include "unit/unit.h"

static const struct sqn_owner usim = {.slot = 1, .load = 1};
static const struct sqn_policy plain = {.delta = SQN_DELTA, .age = 0};

static struct hal hal;
static struct store store;

static void start(void)
{
	CU_ASSERT_EQUAL_FATAL(native_open(&hal, NULL), HAL_OK);
	CU_ASSERT_FATAL(store_mount(&store, &hal) >= 0);
}

static void stop(void)
{
	native_close(&hal);
}

static void make(uint8_t sqn[static 6], uint64_t seq, unsigned ind)
{
	uint64_t value = seq << 5 | ind;

	for (int i = 5; i >= 0; i--, value >>= 8)
		sqn[i] = (uint8_t)value;
}

static int take(struct sqn_owner owner, uint64_t seq, unsigned ind, const struct sqn_policy *policy)
{
	uint8_t sqn[6];

	make(sqn, seq, ind);
	return sqn_array_accept(&store, owner, sqn, policy);
}

static void expect_highest(struct sqn_owner owner, uint64_t seq, unsigned ind)
{
	uint8_t want[6], got[6];

	make(want, seq, ind);
	CU_ASSERT_EQUAL(sqn_array_highest(&store, owner, got), OK);
	ASSERT_BYTES(got, want, 6);
}

/* C.2.2: a SEQ is fresh when it is above that of its own IND. */
static void test_fresh(void)
{
	start();
	expect_highest(usim, 0, 0);
	CU_ASSERT_EQUAL(take(usim, 0, 0, &plain), ERROR_CHECK); /* SEQ_MS starts at 0 */
	CU_ASSERT_EQUAL(take(usim, 1, 0, &plain), OK);
	CU_ASSERT_EQUAL(take(usim, 1, 0, &plain), ERROR_CHECK); /* replay */
	CU_ASSERT_EQUAL(take(usim, 0, 0, &plain), ERROR_CHECK);
	CU_ASSERT_EQUAL(take(usim, 2, 0, &plain), OK);
	expect_highest(usim, 2, 0);
	stop();
}

/* C.1.1.2: vectors fetched by several nodes, each with its own IND, used out
 * of order. SEQ 5 (IND 2) and then SEQ 3 (IND 3) is accepted. */
/* PROVES: TS 33.102 C.2.2 */
static void test_out_of_order(void)
{
	start();
	CU_ASSERT_EQUAL(take(usim, 5, 2, &plain), OK);
	CU_ASSERT_EQUAL(take(usim, 3, 3, &plain), OK);
	expect_highest(usim, 5, 2);
	CU_ASSERT_EQUAL(take(usim, 3, 3, &plain), ERROR_CHECK);
	CU_ASSERT_EQUAL(take(usim, 3, 2, &plain), ERROR_CHECK);
	CU_ASSERT_EQUAL(take(usim, 4, 3, &plain), OK);
	expect_highest(usim, 5, 2);
	stop();
}

/* All 32 are remembered: whatever the order, each is good exactly once. */
/* PROVES: TS 33.102 C.2.2 */
static void test_array(void)
{
	uint32_t uses = 99;

	start();
	for (unsigned i = 0; i < SQN_SLOTS; i++)
		CU_ASSERT_EQUAL(take(usim, 100 - i, i * 7 % SQN_SLOTS, &plain), OK);
	for (unsigned i = 0; i < SQN_SLOTS; i++)
		CU_ASSERT_EQUAL(take(usim, 100 - i, i * 7 % SQN_SLOTS, &plain), ERROR_CHECK);
	expect_highest(usim, 100, 0);
	CU_ASSERT_EQUAL(sqn_array_uses(&store, usim, &uses), OK);
	CU_ASSERT_EQUAL(uses, SQN_SLOTS);
	stop();
}

/* C.2.1: no jump above delta; measured from the highest SEQ of the array. */
/* PROVES: TS 33.102 C.2.1 */
static void test_delta(void)
{
	start();
	CU_ASSERT_EQUAL(take(usim, SQN_DELTA + 1, 4, &plain), ERROR_CHECK);
	CU_ASSERT_EQUAL(take(usim, ((uint64_t)1 << 43) - 1, 4, &plain), ERROR_CHECK);
	expect_highest(usim, 0, 0);
	CU_ASSERT_EQUAL(take(usim, SQN_DELTA, 4, &plain), OK);
	CU_ASSERT_EQUAL(take(usim, 2 * SQN_DELTA + 1, 5, &plain), ERROR_CHECK);
	CU_ASSERT_EQUAL(take(usim, 2 * SQN_DELTA, 5, &plain), OK); /* IND 5 itself was at 0 */
	expect_highest(usim, 2 * SQN_DELTA, 5);
	stop();
}

/* The top of the range: the last SEQ is good, and nothing wraps behind it. */
static void test_top(void)
{
	const uint64_t last = ((uint64_t)1 << 43) - 1;
	const struct sqn_policy wide = {.delta = (uint64_t)1 << 43, .age = 0};

	start();
	CU_ASSERT_EQUAL(take(usim, last, 31, &wide), OK);
	expect_highest(usim, last, 31);
	CU_ASSERT_EQUAL(take(usim, last, 31, &wide), ERROR_CHECK);
	CU_ASSERT_EQUAL(take(usim, 0, 31, &wide), ERROR_CHECK);
	CU_ASSERT_EQUAL(take(usim, last, 30, &wide), OK);
	stop();
}

/* C.2.2, optional limit L: with it, an old SEQ in an unused IND is refused. */
/* PROVES: TS 33.102 C.2.2 */
static void test_age(void)
{
	const struct sqn_policy limited = {.delta = SQN_DELTA, .age = 10};

	start();
	CU_ASSERT_EQUAL(take(usim, 100, 0, &limited), OK);
	CU_ASSERT_EQUAL(take(usim, 89, 1, &limited), ERROR_CHECK);
	CU_ASSERT_EQUAL(take(usim, 90, 1, &limited), OK);
	CU_ASSERT_EQUAL(take(usim, 1, 2, &limited), ERROR_CHECK);
	CU_ASSERT_EQUAL(take(usim, 1, 2, &plain), OK); /* without it, it is accepted */
	stop();
}

/* Slots do not share numbers, and a new load of a key starts at zero. */
static void test_owners(void)
{
	const struct sqn_owner other = {.slot = 2, .load = 1}, again = {.slot = 1, .load = 2};
	uint32_t uses = 99;

	start();
	CU_ASSERT_EQUAL(take(usim, 7, 3, &plain), OK);
	CU_ASSERT_EQUAL(take(other, 7, 3, &plain), OK);
	CU_ASSERT_EQUAL(take(again, 7, 3, &plain), OK); /* now IND 3 belongs to the new load */
	CU_ASSERT_EQUAL(sqn_array_uses(&store, again, &uses), OK);
	CU_ASSERT_EQUAL(uses, 1);
	CU_ASSERT_EQUAL(sqn_array_uses(&store, other, &uses), OK);
	CU_ASSERT_EQUAL(uses, 1);
	CU_ASSERT_EQUAL(take((struct sqn_owner){0, 1}, 1, 0, &plain), ERROR_RANGE);
	CU_ASSERT_EQUAL(take((struct sqn_owner){KEY_SLOTS + 1, 1}, 1, 0, &plain), ERROR_RANGE);
	CU_ASSERT_EQUAL(take((struct sqn_owner){KEY_SLOTS, 1}, 1, 31, &plain), OK);
	stop();
}

/* They are in the memory, not in the struct. */
static void test_remount(void)
{
	start();
	CU_ASSERT_EQUAL(take(usim, 9, 8, &plain), OK);
	CU_ASSERT_EQUAL(store_mount(&store, &hal), OK);
	CU_ASSERT_EQUAL(take(usim, 9, 8, &plain), ERROR_CHECK);
	expect_highest(usim, 9, 8);
	stop();
}

/* ---- power cuts ---- */

static volatile int answered; /* did the card get as far as answering? */

static void work_cut(struct cut *cut, void *context)
{
	(void)context;
	answered = 0;
	CU_ASSERT_FATAL(store_mount(&store, &cut->hal) >= 0);
	CU_ASSERT_EQUAL(take(usim, 22, 1, &plain), OK);
	answered = 1;
}

static int after_cut(struct cut *cut, void *context)
{
	uint8_t highest[6], before[6], after[6];

	(void)context;
	if (store_mount(&store, &cut->hal) < 0 || sqn_array_highest(&store, usim, highest) < 0)
		return 0;
	make(before, 21, 2);
	make(after, 22, 1);
	if (memcmp(highest, after, 6) != 0 && (answered || memcmp(highest, before, 6) != 0))
		return 0;
	if (answered && take(usim, 22, 1, &plain) != ERROR_CHECK)
		return 0;
	/* Old numbers stay spent, whichever way it went. */
	return take(usim, 20, 1, &plain) == ERROR_CHECK && take(usim, 21, 2, &plain) == ERROR_CHECK;
}

static void test_power_cut(void)
{
	struct cut cut;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 16, 1024, 4, 0xFF), 0);
	CU_ASSERT_FATAL(store_mount(&store, &cut.hal) >= 0);
	CU_ASSERT_EQUAL(take(usim, 20, 1, &plain), OK);
	CU_ASSERT_EQUAL(take(usim, 21, 2, &plain), OK);
	cut.again = 1;
	CU_ASSERT(cut_every(&cut, work_cut, after_cut, NULL) > 9);
	CU_ASSERT_EQUAL(cut.breaches, 0);
	cut_close(&cut);
}

UNIT_SUITE("sqn_array", UNIT(test_fresh), UNIT(test_out_of_order), UNIT(test_array), UNIT(test_delta),
	   UNIT(test_top), UNIT(test_age), UNIT(test_owners), UNIT(test_remount), UNIT(test_power_cut))

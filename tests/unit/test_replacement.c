/* PROVES: days, waiting and exposure of a replacement are those counted by hand. */
#include "fleet/replacement.h"

#include "unit/unit.h"

static void test_enough(void)
{
	struct replacement r;

	/* 10, 6, 2 have the old card on three mornings */
	CU_ASSERT(replacement_run(
		&r, &(struct replacement_terms){
			    .cards = 10, .stock = 10, .swapped_per_day = 4, .cents_per_card = 7}));
	CU_ASSERT_EQUAL(r.days, 3);
	CU_ASSERT_EQUAL(r.days_waiting, 0);
	CU_ASSERT_EQUAL(r.exposed, 18);
	CU_ASSERT_EQUAL(r.cents, 70);
}

static void test_short(void)
{
	struct replacement r;

	/* stock 3, then 2 a day from day 2: 10 7 7 5 3 1 */
	CU_ASSERT(replacement_run(&r, &(struct replacement_terms){.cards = 10,
								  .stock = 3,
								  .made_per_day = 2,
								  .made_from_day = 2,
								  .swapped_per_day = 100}));
	CU_ASSERT_EQUAL(r.days, 6);
	CU_ASSERT_EQUAL(r.exposed, 10 + 7 + 7 + 5 + 3 + 1);
	CU_ASSERT_EQUAL(r.days_waiting, 5); /* on the last day there is a card for everybody left */
}

static void test_never(void)
{
	struct replacement r;

	CU_ASSERT(!replacement_run(&r, &(struct replacement_terms){.cards = 1, .stock = 1}));
	CU_ASSERT(!replacement_run(
		&r, &(struct replacement_terms){.cards = 2, .stock = 1, .swapped_per_day = 5}));
	CU_ASSERT(replacement_run(&r, &(struct replacement_terms){.cards = 0}));
	CU_ASSERT_EQUAL(r.days, 0);
}

UNIT_SUITE("replacement", UNIT(test_enough), UNIT(test_short), UNIT(test_never))

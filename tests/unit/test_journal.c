#include "lib/journal.h"
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64], path[96];
static struct journal *journal;
static struct fault fault;

static const struct order order = {.batch = "one",
				   .design = DESIGN_PLAIN,
				   .count = 4,
				   .first_imsi = "001010000000001",
				   .first_iccid = "8988211000000000011",
				   .mnc_length = 2};

static void setup(void)
{
	(void)snprintf(folder, sizeof(folder), "/tmp/simrite-journal.XXXXXX");
	if (!mkdtemp(folder))
		abort();
	(void)snprintf(path, sizeof(path), "%s/db", folder);
	memset(&fault, 0, sizeof(fault));
	CU_ASSERT_EQUAL_FATAL(journal_open(&journal, path, &fault), 0);
	CU_ASSERT_EQUAL_FATAL(journal_plan(journal, &order, &fault), 0);
}

static void teardown(void)
{
	journal_close(journal);
	(void)unlink(path);
	(void)rmdir(folder);
}

static void enter(struct journal_card card, enum journal_state state)
{
	card.state = state;
	CU_ASSERT_EQUAL(journal_enter(journal, &card, &fault), 0);
}

static void test_states(void)
{
	struct journal_card card, first;

	setup();
	CU_ASSERT_EQUAL(journal_free(journal, &first, "one", 0, &fault), 1);
	CU_ASSERT_EQUAL(first.number, 1);
	enter(first, JOURNAL_LOADING);
	CU_ASSERT_EQUAL(journal_free(journal, &card, "one", 0, &fault), 1);
	CU_ASSERT_EQUAL(card.number, 2); /* a card in loading is nobody else's */
	enter(card, JOURNAL_CLAIMED);
	CU_ASSERT_EQUAL(journal_free(journal, &card, "one", 0, &fault), 1);
	CU_ASSERT_EQUAL(card.number, 2); /* a claimed one still is */
	CU_ASSERT_EQUAL(journal_free(journal, &card, "one", 2, &fault), 1);
	CU_ASSERT_EQUAL(card.number, 3);
	CU_ASSERT_EQUAL(journal_free(journal, &card, "one", 4, &fault), 0);
	first.kcv_k[0] = 0xAB;
	enter(first, JOURNAL_VERIFIED);
	journal_close(journal); /* and after a restart */
	CU_ASSERT_EQUAL_FATAL(journal_open(&journal, path, &fault), 0);
	CU_ASSERT_EQUAL(journal_plan(journal, &order, &fault), 0);
	CU_ASSERT_EQUAL(journal_find(journal, &card, first.iccid, &fault), 1);
	CU_ASSERT_EQUAL(card.state, JOURNAL_VERIFIED);
	CU_ASSERT_EQUAL(card.kcv_k[0], 0xAB);
	CU_ASSERT_EQUAL(journal_count(journal, "one", JOURNAL_PLANNED, &fault), 2);
	CU_ASSERT_EQUAL(journal_count(journal, "one", JOURNAL_VERIFIED, &fault), 1);
	CU_ASSERT_EQUAL(journal_find(journal, &card, "8988211000000009999", &fault), 0);
	teardown();
}

/* The same batch by another order, and another batch with the same numbers. */
static void test_refusals(void)
{
	struct order other = order;

	setup();
	other.count = 5;
	CU_ASSERT_EQUAL(journal_plan(journal, &other, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	other = order;
	strcpy(other.batch, "two");
	CU_ASSERT_EQUAL(journal_plan(journal, &other, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	CU_ASSERT_EQUAL(journal_count(journal, "two", JOURNAL_PLANNED, &fault), 0);
	strcpy(other.first_imsi, "001010000000005"); /* ICCIDs still the same */
	CU_ASSERT_EQUAL(journal_plan(journal, &other, &fault), -1);
	strcpy(other.first_iccid, "8988211000000000052");
	CU_ASSERT_EQUAL(journal_plan(journal, &other, &fault), 0);
	CU_ASSERT_EQUAL(journal_count(journal, "two", JOURNAL_PLANNED, &fault), 4);
	teardown();
}

UNIT_SUITE("journal", UNIT(test_states), UNIT(test_refusals))

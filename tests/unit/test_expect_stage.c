/* PROVES: the demonstration fails when any cell differs from what it should be, and when a thief claims what
 * is not true. */
#include "heist/heist.h"
#include "unit/unit.h"

static const char *const designs[] = {"bulk-plain", "bulk-plain", "derived", "derived"};
static const char *const thieves[] = {"courier", "master", "courier", "master"};

/* Two cards, two sessions each; cell i has `decrypted[i]` and `recovered[i]`. */
static int expect(const int decrypted[static 4], const int recovered[static 4], int sessions, int false_keys)
{
	struct heist heist = {.cards = 2, .sessions = 2, .facts = json_object()};
	struct fault fault = {0};
	json_t *cells = json_array();
	int i, e;

	for (i = 0; i < 4; i++)
		json_array_append_new(cells, json_pack("{s:s,s:s,s:i,s:i,s:i,s:i}", "design", designs[i],
						       "thief", thieves[i], "sessions", sessions, "decrypted",
						       decrypted[i], "keys", 2, "recovered", recovered[i]));
	json_object_set_new(heist.facts, "cells", cells);
	json_object_set_new(heist.facts, "false_keys", json_integer(false_keys));
	e = expect_stage(&heist, &fault);
	if (e < 0)
		CU_ASSERT_EQUAL(fault.code, FAULT_NO);
	json_decref(heist.facts);
	return e;
}

static void test_cells(void)
{
	int decrypted[4] = {4, 0, 0, 4}, recovered[4] = {2, 0, 0, 2}, i, by;

	CU_ASSERT_EQUAL(expect(decrypted, recovered, 4, 0), 0);
	for (i = 0; i < 4; i++) {
		by = decrypted[i] ? -1 : 1;
		decrypted[i] += by;
		CU_ASSERT_EQUAL(expect(decrypted, recovered, 4, 0), -1);
		decrypted[i] -= by;
		recovered[i] += by;
		CU_ASSERT_EQUAL(expect(decrypted, recovered, 4, 0), -1);
		recovered[i] -= by;
	}
	CU_ASSERT_EQUAL(expect(decrypted, recovered, 4, 1), -1);
}

static void test_nothing_recorded(void)
{
	const int none[4] = {0};

	CU_ASSERT_EQUAL(expect(none, none, 0, 0), -1); /* all of nothing is not all */
}

UNIT_SUITE("expect_stage", UNIT(test_cells), UNIT(test_nothing_recorded))

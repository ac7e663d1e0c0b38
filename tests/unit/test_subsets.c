/* PROVES: who can restore and who can deny is right where it is known by hand, and as real shares have it. */
#include "fleet/subsets.h"

#include <string.h>

#include "unit/unit.h"

static const uint8_t seed[DRAW_SEED] = {7};

static json_t *analyse(const char *custodians, unsigned threshold)
{
	struct custody custody;
	struct fault fault = {0};
	json_t *result = NULL;

	CU_ASSERT_EQUAL_FATAL(subsets_parse(&custody, custodians, threshold, &fault), 0);
	result = subsets_analyse(&custody, seed, &fault);
	CU_ASSERT_PTR_NOT_NULL_FATAL(result);
	return result;
}

static json_int_t number(const json_t *result, const char *name)
{
	return json_integer_value(json_object_get(result, name));
}

/* The subset of jurisdictions of this name ("A", "AB"), by their first letters. */
static const json_t *subset(const json_t *result, const char *letters)
{
	const json_t *one, *name;
	size_t i, j;

	json_array_foreach(json_object_get(result, "subsets"), i, one)
	{
		char found[8] = "";

		json_array_foreach(json_object_get(one, "jurisdictions"), j, name) if (j < 7) found[j] =
			*json_string_value(name);
		if (!strcmp(found, letters))
			return one;
	}
	CU_FAIL("no such subset");
	return NULL;
}

static void expect(const json_t *result, const char *letters, int restore, int deny)
{
	const json_t *one = subset(result, letters);

	CU_ASSERT_EQUAL(json_is_true(json_object_get(one, "can_restore")), restore);
	CU_ASSERT_EQUAL(json_is_true(json_object_get(one, "can_deny")), deny);
}

/* 3 of 5, two at home: nobody alone, any two. */
static void test_apart(void)
{
	json_t *result = analyse("A,A,B,B,C", 3);

	CU_ASSERT_EQUAL(number(result, "quorums"), 10);
	CU_ASSERT_EQUAL(number(result, "quorums_in_one_jurisdiction"), 0);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(result, "alone")), 0);
	CU_ASSERT_EQUAL(number(result, "fewest_jurisdictions"), 2);
	CU_ASSERT_EQUAL(number(result, "custodian_subsets"), 31);
	CU_ASSERT_EQUAL(number(result, "restored"), 16); /* 10 of three, 5 of four, 1 of five */
	expect(result, "A", 0, 0);
	expect(result, "C", 0, 0);
	expect(result, "AB", 1, 1);
	expect(result, "BC", 1, 1);
	json_decref(result);
}

/* Three at home: that jurisdiction alone, for both. */
static void test_at_home(void)
{
	json_t *result = analyse("A,A,A,B,C", 3);

	CU_ASSERT_EQUAL(number(result, "quorums_in_one_jurisdiction"), 1);
	CU_ASSERT_EQUAL(number(result, "fewest_jurisdictions"), 1);
	expect(result, "A", 1, 1);
	expect(result, "B", 0, 0);
	expect(result, "BC", 0, 0);
	json_decref(result);
}

/* A high threshold: nobody alone restores, everybody alone denies. */
static void test_deny(void)
{
	json_t *result = analyse("A,B,C", 3);

	expect(result, "A", 0, 1);
	expect(result, "BC", 0, 1);
	expect(result, "ABC", 1, 1);
	json_decref(result);
	result = analyse("A,B,C", 1);
	expect(result, "A", 1, 0);
	expect(result, "AB", 1, 0);
	expect(result, "ABC", 1, 1);
	json_decref(result);
}

static void test_refused(void)
{
	struct custody custody;
	struct fault fault;

	CU_ASSERT_EQUAL(subsets_parse(&custody, "", 1, &fault), -1);
	CU_ASSERT_EQUAL(subsets_parse(&custody, "A,,B", 1, &fault), -1);
	CU_ASSERT_EQUAL(subsets_parse(&custody, "A,B,", 1, &fault), -1);
	CU_ASSERT_EQUAL(subsets_parse(&custody, "A,B", 3, &fault), -1);
	CU_ASSERT_EQUAL(subsets_parse(&custody, "A,B", 0, &fault), -1);
	CU_ASSERT_EQUAL(subsets_parse(&custody, "A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P", 16, &fault), 0);
	CU_ASSERT_EQUAL(subsets_parse(&custody, "A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q", 2, &fault), -1);
	CU_ASSERT_EQUAL(subsets_parse(&custody, "a jurisdiction with a long name", 1, &fault), -1);
}

UNIT_SUITE("subsets", UNIT(test_apart), UNIT(test_at_home), UNIT(test_deny), UNIT(test_refused))

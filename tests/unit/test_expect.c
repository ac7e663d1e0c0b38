/* PROVES: a cell that says anything else than what is expected departs, and the measure is named; nothing is
 * expected of a measure that is not there, in a form that is none, or of a cell in which it was not counted.
 */
#include "heist/expect.h"

#include <string.h>

#include "unit/unit.h"

/* A cell with `decrypted` of `sessions`, and so many false packets. */
static int expect(const char *measure, const char *text, int decrypted, int sessions, int false_packets)
{
	json_t *cell = json_pack("{s:i,s:i,s:i}", "decrypted", decrypted, "sessions", sessions,
				 "false_packets", false_packets);
	struct expectation expectation;
	struct fault fault = {0};
	int e;

	CU_ASSERT_EQUAL_FATAL(expect_read(&expectation, measure, text, &fault), 0);
	e = expect_check(&expectation, cell, &fault);
	if (e < 0) {
		CU_ASSERT_EQUAL(fault.code, FAULT_NO);
		CU_ASSERT_EQUAL(strncmp(fault.text, measure, strlen(measure)), 0);
	}
	json_decref(cell);
	return e;
}

static void test_all(void)
{
	CU_ASSERT_EQUAL(expect("decrypted", "all", 4, 4, 0), 0);
	CU_ASSERT_EQUAL(expect("decrypted", "all", 3, 4, 0), -1);
	CU_ASSERT_EQUAL(expect("decrypted", "all", 5, 4, 0), -1);
	CU_ASSERT_EQUAL(expect("decrypted", "all", 0, 0, 0), -1); /* all of nothing is not all */
}

static void test_numbers(void)
{
	CU_ASSERT_EQUAL(expect("decrypted", "none", 0, 4, 0), 0);
	CU_ASSERT_EQUAL(expect("decrypted", "none", 1, 4, 0), -1);
	CU_ASSERT_EQUAL(expect("decrypted", "exactly 2", 2, 4, 0), 0);
	CU_ASSERT_EQUAL(expect("decrypted", "exactly 2", 1, 4, 0), -1);
	CU_ASSERT_EQUAL(expect("decrypted", "exactly 2", 3, 4, 0), -1);
	CU_ASSERT_EQUAL(expect("decrypted", "at least 2", 2, 4, 0), 0);
	CU_ASSERT_EQUAL(expect("decrypted", "at least 2", 3, 4, 0), 0);
	CU_ASSERT_EQUAL(expect("decrypted", "at least 2", 1, 4, 0), -1);
	CU_ASSERT_EQUAL(expect("false_packets", "none", 4, 4, 0), 0);
	CU_ASSERT_EQUAL(expect("false_packets", "none", 4, 4, 1), -1);
}

static void test_not_measured(void)
{
	CU_ASSERT_EQUAL(expect("recovered", "none", 0, 4, 0), -1); /* the cell has no such number */
}

static void refused(const char *measure, const char *text)
{
	struct expectation expectation;
	struct fault fault = {0};

	CU_ASSERT_EQUAL(expect_read(&expectation, measure, text, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
}

static void test_refused(void)
{
	refused("decrypte", "all");
	refused("false_packets", "all"); /* of how many? */
	refused("decrypted", "");
	refused("decrypted", "some");
	refused("decrypted", "exactly");
	refused("decrypted", "exactly two");
	refused("decrypted", "exactly 2 ");
	refused("decrypted", "exactly -2");
	refused("decrypted", "exactly 1000000000000");
	refused("decrypted", "at most 3");
}

static void test_written(void)
{
	static const char *const forms[] = {"all", "none", "exactly 12", "at least 1"};
	struct expectation expectation;
	char text[32];
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		CU_ASSERT_EQUAL(expect_read(&expectation, "recovered", forms[i], NULL), 0);
		expect_write(text, &expectation);
		CU_ASSERT_STRING_EQUAL(text, forms[i]);
	}
}

UNIT_SUITE("expect", UNIT(test_all), UNIT(test_numbers), UNIT(test_not_measured), UNIT(test_refused),
	   UNIT(test_written))

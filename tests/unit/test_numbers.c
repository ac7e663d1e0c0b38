#include "lib/numbers.h"
#include "unit/unit.h"

#include <string.h>

static void test_iccid(void)
{
	char out[21];

	CU_ASSERT_EQUAL(numbers_luhn("7992739871"), '3');
	CU_ASSERT_EQUAL(numbers_iccid(out, "8988211000000000011", 0, NULL), 0);
	CU_ASSERT_STRING_EQUAL(out, "8988211000000000011");
	CU_ASSERT_EQUAL(numbers_iccid(out, "8988211000000000011", 1, NULL), 0);
	CU_ASSERT_STRING_EQUAL(out, "8988211000000000029");
	CU_ASSERT_EQUAL(numbers_iccid(out, "8988211000000000011", 9, NULL), 0);
	CU_ASSERT_EQUAL(strlen(out), 19);
	CU_ASSERT_EQUAL(memcmp(out, "898821100000000010", 18), 0);
	CU_ASSERT_EQUAL(numbers_iccid(out, "8988211000000000012", 0, NULL), -1); /* Luhn */
	CU_ASSERT_EQUAL(numbers_iccid(out, "898821100000000001x", 0, NULL), -1);
	CU_ASSERT_EQUAL(numbers_iccid(out, "", 0, NULL), -1);
	CU_ASSERT_EQUAL(numbers_iccid(out, "898821100000000001111", 0, NULL), -1);
}

static void test_imsi(void)
{
	char out[16];

	CU_ASSERT_EQUAL(numbers_imsi(out, "001010000000001", 0, NULL), 0);
	CU_ASSERT_STRING_EQUAL(out, "001010000000001");
	CU_ASSERT_EQUAL(numbers_imsi(out, "001010000000001", 4000000000u, NULL), 0);
	CU_ASSERT_STRING_EQUAL(out, "001014000000001");
	CU_ASSERT_EQUAL(numbers_imsi(out, "001019999999999", 1, NULL), -1); /* would change the network */
	CU_ASSERT_EQUAL(numbers_imsi(out, "00101", 0, NULL), -1);
	CU_ASSERT_EQUAL(numbers_imsi(out, "0010100000000011", 0, NULL), -1);
}

UNIT_SUITE("numbers", UNIT(test_iccid), UNIT(test_imsi))

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

static void test_iccid_bytes(void)
{
	uint8_t out[10];

	numbers_iccid_bytes(out, "8988211000000000011");
	ASSERT_BYTES(out, "\x98\x88\x12\x01\x00\x00\x00\x00\x10\xf1", 10);
	numbers_iccid_bytes(out, "89882110000000000110");
	ASSERT_BYTES(out, "\x98\x88\x12\x01\x00\x00\x00\x00\x10\x01", 10);
	numbers_iccid_bytes(out, "898821100000000001");
	ASSERT_BYTES(out, "\x98\x88\x12\x01\x00\x00\x00\x00\x10\xff", 10);
}

UNIT_SUITE("numbers", UNIT(test_iccid), UNIT(test_imsi), UNIT(test_iccid_bytes))

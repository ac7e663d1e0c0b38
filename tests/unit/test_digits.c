/* PROVES: numbers and the bytes of EF.ICCID and EF.IMSI are each other's. */
#include "lib/digits.h"
#include "unit/unit.h"

#include <string.h>

static void test_iccid(void)
{
	static const uint8_t nineteen[10] = {0x98, 0x88, 0x12, 0x01, 0, 0, 0, 0, 0x10, 0xF1};
	static const uint8_t blank[10] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
	uint8_t file[10];
	char text[21];

	digits_to_iccid(file, "8988211000000000011");
	ASSERT_BYTES(file, nineteen, 10);
	CU_ASSERT_TRUE(digits_from_iccid(text, file));
	CU_ASSERT_STRING_EQUAL(text, "8988211000000000011");
	CU_ASSERT_FALSE(digits_from_iccid(text, blank));
	CU_ASSERT_EQUAL(text[0], 0);
	digits_to_iccid(file, "12x");
	ASSERT_BYTES(file, blank, 10);
}

static void test_imsi(void)
{
	static const uint8_t odd[9] = {8, 0x09, 0x10, 0x10, 0, 0, 0, 0, 0x10};
	static const uint8_t even[9] = {4, 0x01, 0x10, 0x10, 0xF0, 0xFF, 0xFF, 0xFF, 0xFF};
	uint8_t file[9];
	char text[16];

	digits_to_imsi(file, "001010000000001");
	ASSERT_BYTES(file, odd, 9);
	CU_ASSERT_TRUE(digits_from_imsi(text, file));
	CU_ASSERT_STRING_EQUAL(text, "001010000000001");
	digits_to_imsi(file, "001010");
	ASSERT_BYTES(file, even, 9);
	CU_ASSERT_TRUE(digits_from_imsi(text, file));
	CU_ASSERT_STRING_EQUAL(text, "001010");
	memset(file, 0xFF, 9);
	CU_ASSERT_FALSE(digits_from_imsi(text, file));
}

static void test_luhn(void)
{
	CU_ASSERT_TRUE(digits_luhn("8988211000000000011")); /* the test profile's passes */
	CU_ASSERT_TRUE(digits_luhn("79927398713"));
	CU_ASSERT_FALSE(digits_luhn("79927398710"));
	CU_ASSERT_FALSE(digits_luhn(""));
	CU_ASSERT_FALSE(digits_luhn("7"));
}

UNIT_SUITE("digits", UNIT(test_iccid), UNIT(test_imsi), UNIT(test_luhn))

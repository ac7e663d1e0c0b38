/* PROVES: ITU-T E.118: card numbers beside a known one, with their check digits. */
#include "theft/iccid.h"

#include <string.h>

#include "unit/unit.h"

static void test_neighbours(void)
{
	char out[ICCID_TEXT];

	CU_ASSERT(iccid_neighbour(out, "8988211000000000011", 0));
	CU_ASSERT_STRING_EQUAL(out, "8988211000000000011");
	CU_ASSERT(iccid_neighbour(out, "8988211000000000011", 1));
	CU_ASSERT_STRING_EQUAL(out, "8988211000000000029");
	CU_ASSERT(iccid_neighbour(out, "8988211000000000029", -1));
	CU_ASSERT_STRING_EQUAL(out, "8988211000000000011");
	CU_ASSERT_FALSE(iccid_neighbour(out, "8988210000000000009", -1)); /* below zero */
	CU_ASSERT(iccid_is("8988211000000000011"));
	CU_ASSERT_FALSE(iccid_is("898821100000000001x"));
	CU_ASSERT_FALSE(iccid_is("89882110000000000"));
}

UNIT_SUITE("iccid", UNIT(test_neighbours))

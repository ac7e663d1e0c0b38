#include "lib/sequence.h"
#include "unit/unit.h"

#include <string.h>

static void test_after(void)
{
	uint64_t next = 77;

	CU_ASSERT_EQUAL(sequence_after(&next, 0, 1), 0);
	CU_ASSERT_EQUAL(next, 0x21); /* SEQ 1, IND 1 */
	CU_ASSERT_EQUAL(sequence_after(&next, 0x3F, 1), 0);
	CU_ASSERT_EQUAL(next, 0x40); /* SEQ 2, IND wraps to 0 */
	CU_ASSERT_EQUAL(sequence_after(&next, 0x21, 33), 0);
	CU_ASSERT_EQUAL(next, UINT64_C(34) << 5 | 2);
	next = 77;
	CU_ASSERT_EQUAL(sequence_after(&next, SEQUENCE_MAX, 1), -1);
	CU_ASSERT_EQUAL(sequence_after(&next, SEQUENCE_MAX - 32, 2), -1);
	CU_ASSERT_EQUAL(sequence_after(&next, SEQUENCE_MAX + 1, 0), -1);
	CU_ASSERT_EQUAL(next, 77);
	CU_ASSERT_EQUAL(sequence_after(&next, SEQUENCE_MAX - 32, 1), 0);
	CU_ASSERT_EQUAL(next, SEQUENCE_MAX - 31);
}

/* What a range hands out is what single steps would give, exactly once each. */
static void test_take(void)
{
	struct sequence_range range = {.last = 0x1234567};
	uint64_t expect = range.last, got;
	int i;

	CU_ASSERT_EQUAL(sequence_take(&range, &got), 0);
	CU_ASSERT_EQUAL(sequence_after(&range.end, range.last, SEQUENCE_RESERVE), 0);
	for (i = 0; i < SEQUENCE_RESERVE; i++) {
		CU_ASSERT_EQUAL(sequence_take(&range, &got), 1);
		CU_ASSERT_EQUAL(sequence_after(&expect, expect, 1), 0);
		CU_ASSERT_EQUAL(got, expect);
	}
	CU_ASSERT_EQUAL(got, range.end);
	CU_ASSERT_EQUAL(sequence_take(&range, &got), 0);
}

static void test_resynchronise(void)
{
	uint64_t network = UINT64_C(1000) << 5 | 3;

	/* the card is ahead: follow it */
	CU_ASSERT_EQUAL(sequence_resynchronise(network, UINT64_C(5000) << 5 | 9), UINT64_C(5000) << 5 | 9);
	/* we are ahead: never go back */
	CU_ASSERT_EQUAL(sequence_resynchronise(network, UINT64_C(900) << 5 | 9), network);
	CU_ASSERT_EQUAL(sequence_resynchronise(network, UINT64_C(1000) << 5 | 9), network);
	/* too far ahead for the card to follow */
	CU_ASSERT_EQUAL(sequence_resynchronise((SEQUENCE_DELTA + 7) << 5, 7 << 5), 7 << 5);
	CU_ASSERT_EQUAL(sequence_resynchronise((SEQUENCE_DELTA + 6) << 5, 7 << 5), (SEQUENCE_DELTA + 6) << 5);
}

static void test_bytes(void)
{
	uint8_t bytes[6];

	sequence_bytes(bytes, UINT64_C(0xff9bb4d0b607));
	ASSERT_BYTES(bytes, "\xff\x9b\xb4\xd0\xb6\x07", 6);
	CU_ASSERT_EQUAL(sequence_value(bytes), UINT64_C(0xff9bb4d0b607));
}

UNIT_SUITE("sequence", UNIT(test_after), UNIT(test_take), UNIT(test_resynchronise), UNIT(test_bytes))

/* PROVES: what a stream gives depends on seed, purpose and numbers, and on nothing else. */
#include "fleet/draw.h"

#include <string.h>

#include "unit/unit.h"

static const uint8_t seed[DRAW_SEED] = {1, 2, 3};

/* In pieces of any length, the bytes are the same. */
static void test_pieces(void)
{
	uint8_t whole[200], pieces[200];
	struct draw draw;
	size_t at, step;

	CU_ASSERT_EQUAL_FATAL(draw_bytes(whole, sizeof(whole), seed, "a", 1, 2), 0);
	for (step = 1; step <= 40; step++) {
		memset(pieces, 0, sizeof(pieces));
		CU_ASSERT_EQUAL_FATAL(draw_start(&draw, seed, "a", 1, 2), 0);
		for (at = 0; at < sizeof(pieces); at += step) {
			size_t n = sizeof(pieces) - at < step ? sizeof(pieces) - at : step;

			CU_ASSERT_EQUAL(draw_fill(&draw, pieces + at, n), 0);
		}
		ASSERT_BYTES(pieces, whole, sizeof(whole));
	}
}

/* Every name of a stream gives another. */
static void test_names(void)
{
	static const struct {
		const char *purpose;
		uint32_t a, b;
	} names[] = {{"a", 0, 0}, {"a", 0, 1},  {"a", 1, 0},       {"b", 0, 0},
		     {"", 0, 0},  {"aa", 0, 0}, {"a", 1U << 31, 0}};
	uint8_t got[7][16], other[DRAW_SEED];
	size_t i, j;

	for (i = 0; i < 7; i++)
		CU_ASSERT_EQUAL(draw_bytes(got[i], 16, seed, names[i].purpose, names[i].a, names[i].b), 0);
	for (i = 0; i < 7; i++)
		for (j = 0; j < i; j++)
			CU_ASSERT(memcmp(got[i], got[j], 16) != 0);
	memcpy(other, seed, sizeof(other));
	other[DRAW_SEED - 1] ^= 1;
	CU_ASSERT_EQUAL(draw_bytes(got[1], 16, other, "a", 0, 0), 0);
	CU_ASSERT(memcmp(got[0], got[1], 16) != 0);
}

/* A text is a seed; another text is another. */
static void test_text(void)
{
	uint8_t one[DRAW_SEED], other[DRAW_SEED];
	struct fault fault;

	CU_ASSERT_EQUAL(draw_seed(one, "1", &fault), 0);
	CU_ASSERT_EQUAL(draw_seed(other, "1", &fault), 0);
	ASSERT_BYTES(one, other, sizeof(one));
	CU_ASSERT_EQUAL(draw_seed(other, "2", &fault), 0);
	CU_ASSERT(memcmp(one, other, sizeof(one)) != 0);
}

UNIT_SUITE("draw", UNIT(test_pieces), UNIT(test_names), UNIT(test_text))

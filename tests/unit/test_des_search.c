/* PROVES: a planted key is found anywhere in the space and nothing where it is not, by every engine, with
 * one thread and with several. */
#include "weak/des_search.h"

#include <stdio.h>
#include <string.h>

#include "crypto/des.h"
#include "unit/unit.h"

static const uint8_t plain[8] = {'K', 'i', ' ', 'c', 'l', 'e', 'a', 'r'};

static struct des_search space(uint64_t first, unsigned bits, uint64_t planted)
{
	struct des_search search = {.first = first, .bits = bits};
	uint8_t key[8];

	memcpy(search.plain, plain, 8);
	des_key(key, planted);
	CU_ASSERT_EQUAL(des_block(search.cipher, key, plain), OK);
	return search;
}

static void finds(uint64_t first, unsigned bits, uint64_t offset, unsigned threads)
{
	for (const struct des_engine *const *e = des_engines; *e; e++) {
		struct des_search search = space(first, bits, first + offset);
		struct swept swept;

		if (!(*e)->usable())
			continue;
		search.engine = *e;
		search.threads = threads;
		CU_ASSERT_EQUAL(des_search(&swept, &search), 0);
		CU_ASSERT(swept.found);
		CU_ASSERT_EQUAL(swept.at, first + offset);
	}
}

static void test_ends(void)
{
	const uint64_t first = 0xA1B2C3D4E00000ULL;

	for (unsigned bits = 0; bits <= 12; bits++) {
		finds(first, bits, 0, 1);
		finds(first, bits, (1ULL << bits) - 1, 1);
	}
	for (unsigned threads = 0; threads <= 3; threads++) {
		finds(first, 20, 0, threads);
		finds(first, 20, (1 << 20) - 1, threads);
		finds(first, 20, 777777, threads);
	}
	finds(0, 20, 0, 2);
	finds((1ULL << 56) - (1 << 20), 20, (1 << 20) - 1, 2);
}

static void test_none(void)
{
	const uint64_t first = 0x00400000000000ULL;
	struct des_search search = space(first, 21, first + (1 << 21)); /* the first behind the space */
	struct swept swept;

	CU_ASSERT_EQUAL(des_search(&swept, &search), 0);
	CU_ASSERT_FALSE(swept.found);
	CU_ASSERT_EQUAL(swept.tried, 1ULL << 21);
	search = space(first, 21, first - 1);
	CU_ASSERT_EQUAL(des_search(&swept, &search), 0);
	CU_ASSERT_FALSE(swept.found);
}

static void test_no_space(void)
{
	struct des_search search = space(1, 1, 1);
	struct swept swept;

	CU_ASSERT_EQUAL(des_search(&swept, &search), -1); /* not a multiple */
	search = space(0, 57, 0);
	CU_ASSERT_EQUAL(des_search(&swept, &search), -1);
}

UNIT_SUITE("des_search", UNIT(test_ends), UNIT(test_none), UNIT(test_no_space))

/* PROVES: a seed is found from one card's keys, first, last and between, and none where there is none; a
 * generator's state runs both ways. */
#include "weak/seed_search.h"

#include <string.h>

#include "unit/unit.h"

static const char iccid[] = "8988211000000000011";

static struct weak_keys made(enum weak_scheme scheme, uint32_t seed)
{
	struct weak_keys keys;

	if (scheme == WEAK_LCG)
		weak_lcg(&keys, &seed);
	else
		CU_ASSERT_EQUAL(weak_aes_seed(&keys, seed, iccid), 0);
	return keys;
}

static void test_finds(void)
{
	static const uint32_t seeds[] = {0, 1, 0xFFFF, 0x10000, 0x2ABCD, 0x3FFFF};

	for (unsigned i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++)
		for (enum weak_scheme s = WEAK_LCG; s <= WEAK_AES_SEED; s++) {
			struct weak_keys keys = made(s, seeds[i]);
			struct seed_search search = {.scheme = s, .keys = &keys, .iccid = iccid, .bits = 18};
			struct swept swept;

			CU_ASSERT_EQUAL(seed_search(&swept, &search), 0);
			CU_ASSERT(swept.found);
			CU_ASSERT_EQUAL(swept.at, seeds[i]);
			search.bits = seeds[i] > 0xFFFF ? 16 : 0;
			CU_ASSERT_EQUAL(seed_search(&swept, &search), 0);
			CU_ASSERT_EQUAL(swept.found, seeds[i] == 0);
		}
}

static void test_no_search(void)
{
	struct weak_keys keys = made(WEAK_LCG, 1);
	struct seed_search search = {.scheme = WEAK_HASH, .keys = &keys, .bits = 8};
	struct swept swept;

	CU_ASSERT_EQUAL(seed_search(&swept, &search), -1);
	search.scheme = WEAK_LCG;
	search.bits = 33;
	CU_ASSERT_EQUAL(seed_search(&swept, &search), -1);
}

UNIT_SUITE("seed_search", UNIT(test_finds), UNIT(test_no_search))

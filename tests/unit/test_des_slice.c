/* PROVES: FIPS 46-3: every engine encrypts as DES does: the right key among others is found, at either end
 * of a word and of the space, no other is, and a wrong bit of the block is not overlooked. */
#include "weak/des_slice.h"

#include <string.h>

#include "crypto/des.h"
#include "unit/unit.h"

static uint64_t state = 88172645463325252ULL;

static uint64_t number(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void block(uint8_t out[static 8])
{
	uint64_t n = number();

	memcpy(out, &n, 8);
}

static void test_numbers(void)
{
	static const uint8_t key[8] = {0x13, 0x34, 0x57, 0x79, 0x9B, 0xBC, 0xDF, 0xF1};
	uint8_t out[8];

	des_key(out, des_key_number(key));
	ASSERT_BYTES(out, key, 8); /* of odd parity, as the example of many books is */
	des_key(out, 0);
	ASSERT_BYTES(out, "\1\1\1\1\1\1\1\1", 8);
	des_key(out, (1ULL << 56) - 1);
	ASSERT_BYTES(out, "\xFE\xFE\xFE\xFE\xFE\xFE\xFE\xFE", 8);
	for (int i = 0; i < 100; i++) {
		uint64_t n = number() >> 8;

		des_key(out, n);
		CU_ASSERT_EQUAL(des_key_number(out), n);
	}
}

/* One engine, one pair: `which` lane of the second of three words is right. */
static void planted(const struct des_engine *engine, unsigned lane)
{
	uint64_t base = number() >> 8 & ~(uint64_t)(engine->lanes * 4 - 1),
		 right = base + engine->lanes + lane, got = 0;
	uint8_t key[8], plain[8], cipher[8];
	struct des_pair pair;

	block(plain);
	des_key(key, right);
	CU_ASSERT_EQUAL(des_block(cipher, key, plain), OK);
	des_pair(&pair, plain, cipher);
	CU_ASSERT(engine->search(&pair, base, engine->lanes * 3UL, &got));
	CU_ASSERT_EQUAL(got, right);
	CU_ASSERT_FALSE(engine->search(&pair, base, engine->lanes, &got));
	CU_ASSERT_FALSE(engine->search(&pair, base + 2UL * engine->lanes, engine->lanes, &got));
}

static void test_engines(void)
{
	unsigned usable = 0;

	for (const struct des_engine *const *e = des_engines; *e; e++) {
		if (!(*e)->usable()) {
			printf("(%s: not on this processor) ", (*e)->name);
			continue;
		}
		usable++;
		for (unsigned lane = 0; lane < (*e)->lanes; lane++)
			planted(*e, lane);
	}
	CU_ASSERT(usable >= 1);
	CU_ASSERT(des_engine_best()->usable());
}

/* Each bit of what came out is of R16 or of R15, and both are in what round 14 must make. */
static void test_wrong(void)
{
	for (const struct des_engine *const *e = des_engines; *e; e++) {
		unsigned seen = 0;
		uint8_t key[8], plain[8], cipher[8];
		struct des_pair pair;
		uint64_t base = number() >> 8 & ~511ULL, got;

		if (!(*e)->usable())
			continue;
		block(plain);
		des_key(key, base + 5);
		CU_ASSERT_EQUAL(des_block(cipher, key, plain), OK);
		for (int bit = 0; bit < 64; bit++) {
			cipher[bit / 8] ^= (uint8_t)(1 << bit % 8);
			des_pair(&pair, plain, cipher);
			seen += !(*e)->search(&pair, base, 512, &got);
			cipher[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		CU_ASSERT_EQUAL(seen, 64);
	}
}

UNIT_SUITE("des_slice", UNIT(test_numbers), UNIT(test_engines), UNIT(test_wrong))

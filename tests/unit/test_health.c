/* PROVES: NIST SP 800-90B 4.4.1 and 4.4.2: a source that is stuck, biased or in
 * a short circle is caught within a window; a good one is not, nor one that is
 * just good enough; what was caught stays so. */
#include <string.h>

#include "crypto/health.h"
#include "unit/unit.h"

static uint32_t state;

static uint8_t noise(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return (uint8_t)(state >> 13);
}

/* A byte of which each bit is 1 with a chance of `chance` in 256. */
static uint8_t leaning(unsigned chance)
{
	uint8_t byte = 0;

	for (unsigned bit = 0; bit < 8; bit++)
		byte = (uint8_t)(byte << 1 | (noise() < chance));
	return byte;
}

enum source {
	GOOD,
	ALL_ZERO,
	ALL_ONE,
	ONE_BYTE,
	TWO_BYTES,
	SEVEN_BYTES,
	NIBBLES,    /* the high half is always the same: four bits of entropy, no more */
	MOSTLY_ONE, /* seven bits in eight */
	MOSTLY_ZERO,
	FAVOURITE,   /* one byte in four is the same */
	LEANS_A_BIT, /* five bits in eight: H = 0.67 */
	STICKS_LATER,
};

static uint8_t from(enum source source, size_t n)
{
	switch (source) {
	case ALL_ZERO:
		return 0x00;
	case ALL_ONE:
		return 0xFF;
	case ONE_BYTE:
		return 0x5A;
	case TWO_BYTES:
		return n % 2 ? 0x5A : 0xC3;
	case SEVEN_BYTES:
		return (uint8_t)(0x35 + 61 * (n % 7));
	case NIBBLES:
		return 0x50 | (noise() & 0x0F);
	case MOSTLY_ONE:
		return leaning(224);
	case MOSTLY_ZERO:
		return leaning(32);
	case FAVOURITE:
		return noise() < 64 ? 0x96 : noise();
	case LEANS_A_BIT:
		return leaning(160);
	case STICKS_LATER:
		return n < 5000 ? noise() : 0xA6;
	default:
		return noise();
	}
}

/* How many bytes it takes to be found out, `most` at most. */
static size_t life(enum source source, uint32_t seed, size_t most)
{
	struct health health;
	uint8_t byte;

	state = seed;
	health_start(&health);
	for (size_t n = 0; n < most; n++) {
		byte = from(source, n);
		if (health_add(&health, &byte, 1) != OK) {
			byte = noise();
			CU_ASSERT_EQUAL(health_add(&health, &byte, 1), ERROR_RANDOM);
			CU_ASSERT_EQUAL(health_add(&health, &byte, 0), ERROR_RANDOM);
			return n + 1;
		}
	}
	return most;
}

static void test_broken(void)
{
	for (uint32_t seed = 1; seed < 200; seed++) {
		CU_ASSERT_EQUAL(life(ALL_ZERO, seed, 1000), 8); /* 61 bits are 0 */
		CU_ASSERT_EQUAL(life(ALL_ONE, seed, 1000), 8);
		CU_ASSERT_EQUAL(life(ONE_BYTE, seed, 1000), 9);
		CU_ASSERT(life(TWO_BYTES, seed, 1000) <= 2 * 71);
		CU_ASSERT(life(SEVEN_BYTES, seed, 1000) <= 512);
		/* A window tells, unless it began with the rare bit. */
		CU_ASSERT(life(MOSTLY_ONE, seed, 2000) < 2000);
		CU_ASSERT(life(MOSTLY_ZERO, seed, 2000) < 2000);
		CU_ASSERT(life(FAVOURITE, seed, 100000) < 20000);
		CU_ASSERT(life(STICKS_LATER, seed, 6000) <= 5009);
		CU_ASSERT(life(STICKS_LATER, seed, 6000) > 5000);
	}
}

static void test_good(void)
{
	CU_ASSERT_EQUAL(life(GOOD, 0x2545F491, 2000000), 2000000);
	CU_ASSERT_EQUAL(life(LEANS_A_BIT, 0x2545F491, 500000), 500000);
	CU_ASSERT_EQUAL(life(NIBBLES, 0x2545F491, 100000), 100000);
}

/* The cutoffs themselves, from both sides. */
static void test_cutoffs(void)
{
	struct health health;
	uint8_t bytes[512];

	/* Bits: 60 ones between others are allowed, 61 are not. Bytes of FF: 7 and a half, 7 and five bits.
	 */
	for (int more = 0; more < 2; more++) {
		health_start(&health);
		memset(bytes, 0xFF, 7);
		bytes[7] = more ? 0x1F : 0x0F;
		CU_ASSERT_EQUAL(health_add(&health, bytes, 8), more ? ERROR_RANDOM : OK);
	}
	/* Bytes: 8 equal ones are allowed, 9 are not. */
	health_start(&health);
	memset(bytes, 0x33, 9);
	CU_ASSERT_EQUAL(health_add(&health, bytes, 8), OK);
	CU_ASSERT_EQUAL(health_add(&health, bytes + 8, 1), ERROR_RANDOM);
	/* In a window of 512 bytes the first may be there 70 times, not 71. */
	for (unsigned most = 70; most < 72; most++) {
		state = 7;
		health_start(&health);
		for (unsigned i = 0; i < 512; i++) {
			do {
				bytes[i] = noise();
			} while (bytes[i] == 0x6C);
			if (i % 7 == 0 && i / 7 < most)
				bytes[i] = 0x6C;
		}
		CU_ASSERT_EQUAL(health_add(&health, bytes, 512), most > 70 ? ERROR_RANDOM : OK);
	}
}

UNIT_SUITE("health", UNIT(test_broken), UNIT(test_good), UNIT(test_cutoffs))

/* PROVES: crypto/drbg.h: NIST SP 800-90A r1 10.2.1 by CAVP, and that a broken
 * source of entropy stops the generator. */
#include <string.h>

#include "crypto/drbg.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

/* PROVES: SP 800-90A 10.2.1 */
static void test_cavp(void)
{
	uint8_t material[40], want[64], got[64];
	struct vectors v;
	struct drbg drbg;
	unsigned cases = 0;

	for (vectors_open(&v, "ctr_drbg_aes128_cavp.txt"); vectors_next(&v); cases++) {
		size_t length = 24;

		vectors_bytes(&v, "ENTROPY", material, 16);
		vectors_bytes(&v, "NONCE", material + 16, 8);
		length += vectors_any(&v, "PERSONALISATION", material + 24, 16);
		vectors_bytes(&v, "OUTPUT", want, 64);
		CU_ASSERT_EQUAL(drbg_seed(&drbg, (struct span){material, length}), OK);
		CU_ASSERT_EQUAL(drbg_fill(&drbg, got, 64), OK);
		CU_ASSERT_EQUAL(drbg_fill(&drbg, got, 64), OK);
		ASSERT_BYTES(got, want, 64);
	}
	CU_ASSERT_EQUAL(cases, 6);
}

/* A board whose generator counts, and can be broken in several ways. */
struct source {
	uint8_t counter;
	enum condition {
		FINE,
		FAILS,
		STUCK,
		BIASED,
		REPEATS
	} state;
	unsigned calls;
};

static int draw(void *board, void *out, size_t length)
{
	struct source *source = board;
	uint8_t *at = out;

	source->calls++;
	if (source->state == FAILS)
		return HAL_FAULT;
	for (size_t i = 0; i < length; i++) {
		size_t value = 0x55;

		if (source->state == BIASED)
			value = 0xFFu ^ 1u << (source->counter++ * 5 % 8);
		else if (source->state == REPEATS)
			value = i * 5;
		else if (source->state != STUCK)
			value = source->counter++ * 37 + i * i;
		at[i] = (uint8_t)value;
	}
	return HAL_OK;
}

static void test_seeding(void)
{
	struct source source = {0};
	struct hal hal = {.board = &source, .random = draw};
	struct drbg a, b;
	uint8_t x[40], y[40];

	CU_ASSERT_EQUAL(drbg_start(&a, &hal), OK);
	CU_ASSERT_EQUAL(drbg_start(&b, &hal), OK);
	CU_ASSERT_EQUAL(drbg_fill(&a, x, sizeof(x)), OK);
	CU_ASSERT_EQUAL(drbg_fill(&b, y, sizeof(y)), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(x, y, sizeof(x)), 0);
	CU_ASSERT_EQUAL(drbg_fill(&a, y, sizeof(y)), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(x, y, sizeof(x)), 0);
	b = a; /* no pointer into itself: a copy goes on alike */
	CU_ASSERT_EQUAL(drbg_fill(&a, x, sizeof(x)), OK);
	CU_ASSERT_EQUAL(drbg_fill(&b, y, sizeof(y)), OK);
	ASSERT_BYTES(x, y, sizeof(x));
	CU_ASSERT_EQUAL(drbg_reseed(&b), OK);
	CU_ASSERT_EQUAL(drbg_fill(&a, x, sizeof(x)), OK);
	CU_ASSERT_EQUAL(drbg_fill(&b, y, sizeof(y)), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(x, y, sizeof(x)), 0);
}

static void test_interval(void)
{
	struct source source = {0};
	struct hal hal = {.board = &source, .random = draw};
	struct drbg drbg;
	uint8_t byte;
	unsigned seeds;

	CU_ASSERT_EQUAL(drbg_start(&drbg, &hal), OK);
	seeds = source.calls;
	for (unsigned i = 0; i < DRBG_INTERVAL; i++)
		CU_ASSERT_EQUAL(drbg_fill(&drbg, &byte, 1), OK);
	CU_ASSERT_EQUAL(source.calls, seeds);
	CU_ASSERT_EQUAL(drbg_fill(&drbg, &byte, 1), OK);
	CU_ASSERT_EQUAL(source.calls, seeds + 1);
}

/* PROVES: SP 800-90B 4.3 */
static void test_broken_source(void)
{
	struct source source = {0};
	struct hal hal = {.board = &source, .random = draw};
	struct drbg drbg;
	uint8_t bytes[32];

	for (int state = FAILS; state <= REPEATS; state++) {
		source.state = FINE;
		CU_ASSERT_EQUAL(drbg_start(&drbg, &hal), OK);
		source.state = (enum condition)state;
		if (state == REPEATS)
			CU_ASSERT_EQUAL(drbg_reseed(&drbg), OK);
		for (int seeds = 0; state == BIASED && seeds < 8; seeds++) /* a window, or two */
			if (drbg_reseed(&drbg) < 0)
				break;
		CU_ASSERT_EQUAL(drbg_reseed(&drbg), ERROR_RANDOM);
		CU_ASSERT_EQUAL(drbg_fill(&drbg, bytes, sizeof(bytes)), ERROR_RANDOM);
		CU_ASSERT_EQUAL(drbg_start(&drbg, &hal), ERROR_RANDOM);
		CU_ASSERT_EQUAL(drbg_fill(&drbg, bytes, sizeof(bytes)), ERROR_RANDOM);
		for (size_t i = 0; i < sizeof(bytes); i++)
			CU_ASSERT_EQUAL(bytes[i], 0);
	}
}

static void test_bounds(void)
{
	static uint8_t bytes[DRBG_REQUEST_MAX + 1];
	static const uint8_t material[DRBG_SEED_MAX + 1] = {1};
	struct drbg drbg;

	CU_ASSERT_EQUAL(drbg_seed(&drbg, (struct span){material, sizeof(material)}), ERROR_RANGE);
	CU_ASSERT_EQUAL(drbg_fill(&drbg, bytes, 1), ERROR_RANDOM);
	CU_ASSERT_EQUAL(drbg_seed(&drbg, (struct span){material, DRBG_SEED_MAX}), OK);
	CU_ASSERT_EQUAL(drbg_fill(&drbg, bytes, DRBG_REQUEST_MAX + 1), ERROR_RANGE);
	CU_ASSERT_EQUAL(drbg_fill(&drbg, bytes, DRBG_REQUEST_MAX), OK);
	CU_ASSERT_EQUAL(drbg_reseed(&drbg), ERROR_RANDOM); /* no board behind it */
}

UNIT_SUITE("drbg", UNIT(test_cavp), UNIT(test_seeding), UNIT(test_interval), UNIT(test_broken_source),
	   UNIT(test_bounds))

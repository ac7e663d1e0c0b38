/* PROVES: host/vet/statistics.h: what a cipher makes passes, and each fault is told by its
 * name. */
#include "vet/statistics.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/aes.h"
#include "unit/unit.h"

enum {
	LENGTH = 256 * 256
};

static uint8_t bytes[LENGTH];
static struct statistic out[STATISTICS];

/* AES in counter mode under key `n`: as good as there is. */
static void good(uint8_t n)
{
	uint8_t key[16] = {n}, counter[16] = {0};

	for (size_t at = 0; at < LENGTH; at += 4096) {
		counter[0] = (uint8_t)(at >> 12);
		memset(bytes + at, 0, 4096);
		CU_ASSERT_EQUAL_FATAL(
			aes_ctr(bytes + at, (struct span){key, sizeof(key)}, counter, bytes + at, 4096), OK);
	}
}

static int is_bad(const char *name)
{
	for (int i = 0; i < STATISTICS; i++)
		if (strcmp(out[i].name, name) == 0)
			return out[i].bad;
	return -1;
}

static void test_good(void)
{
	for (uint8_t n = 0; n < 12; n++) {
		good(n);
		CU_ASSERT_EQUAL(statistics_run(out, bytes, LENGTH, NULL), 0);
		for (size_t at = 0; at < LENGTH; at += STATISTICS_LEAST)
			CU_ASSERT_EQUAL(statistics_run(out, bytes + at, STATISTICS_LEAST, NULL), 0);
	}
}

/* One bit of 64 is always zero. */
static void test_biased(void)
{
	good(1);
	for (size_t i = 0; i < LENGTH; i += 8)
		bytes[i] &= 0x7F;
	CU_ASSERT(statistics_run(out, bytes, LENGTH, NULL) > 0);
	CU_ASSERT_EQUAL(is_bad("ones"), 1);
}

static void test_runs(void)
{
	good(1);
	for (size_t i = 1; i < LENGTH; i += 2) /* half of the bytes go on as the one before ended */
		bytes[i] = (uint8_t)((bytes[i] & 0x7F) | (bytes[i - 1] & 1) << 7);
	CU_ASSERT(statistics_run(out, bytes, LENGTH, NULL) > 0);
	CU_ASSERT_EQUAL(is_bad("runs"), 1);
	CU_ASSERT_EQUAL(is_bad("ones"), 0);
}

static void test_values(void)
{
	good(1);
	for (size_t i = 0; i < LENGTH; i++)
		if (bytes[i] == 0x55)
			bytes[i] = 0xAA; /* as many ones, and one value never */
	CU_ASSERT(statistics_run(out, bytes, LENGTH, NULL) > 0);
	CU_ASSERT_EQUAL(is_bad("values"), 1);
	CU_ASSERT_EQUAL(is_bad("ones"), 0);
	memset(bytes, 0x5A, LENGTH / 16);
	CU_ASSERT(statistics_run(out, bytes, LENGTH, NULL) > 0);
	CU_ASSERT_EQUAL(is_bad("most common value"), 1);
}

/* A period that no statistic of single bytes sees. */
static void test_period(void)
{
	good(1);
	for (size_t i = 700; i < LENGTH; i++)
		bytes[i] = i % 16 ? bytes[i] : bytes[i - 700];
	CU_ASSERT(statistics_run(out, bytes, LENGTH, NULL) > 0);
	CU_ASSERT_EQUAL(is_bad("lags"), 1);
	CU_ASSERT_EQUAL(is_bad("values"), 0);
}

/* Eight bytes that come twice in 64 KB: once in 2^32 by chance. */
static void test_repeat(void)
{
	good(1);
	memcpy(bytes + 50000, bytes + 1234, 8);
	CU_ASSERT_EQUAL(statistics_run(out, bytes, LENGTH, NULL), 1);
	CU_ASSERT_EQUAL(is_bad("longest repeat"), 1);
}

static void test_few(void)
{
	struct fault fault = {0};

	CU_ASSERT_EQUAL(statistics_run(out, bytes, STATISTICS_LEAST - 1, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_USAGE);
	memset(bytes, 0, LENGTH);
	CU_ASSERT(statistics_run(out, bytes, LENGTH, NULL) >= 5);
}

UNIT_SUITE("statistics", UNIT(test_good), UNIT(test_biased), UNIT(test_runs), UNIT(test_values),
	   UNIT(test_period), UNIT(test_repeat), UNIT(test_few))

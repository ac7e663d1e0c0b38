/* PROVES: NIST SP 800-108r1 4.1 with CMAC-AES, by NIST's CAVP file. */
#include <stdlib.h>
#include <string.h>

#include "crypto/kbkdf.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static void check_case(const struct vectors *v)
{
	uint8_t key[32], before[128], after[128], want[64], got[64];
	size_t key_length = vectors_any(v, "KI", key, sizeof(key));
	size_t length = vectors_any(v, "KO", want, sizeof(want));
	size_t before_length = vectors_any(v, "DataBeforeCtrData", before, sizeof(before));
	size_t after_length = vectors_any(v, "DataAfterCtrData", after, sizeof(after));
	const char *bits = strstr(v->section, "FIXED ");
	unsigned counter_bytes = bits ? (unsigned)strtoul(bits + 6, NULL, 10) / 8 : 0;

	if (vectors_has(v, "FixedInputData"))
		after_length = vectors_any(v, "FixedInputData", after, sizeof(after));
	CU_ASSERT_EQUAL(kbkdf_cmac(got, length, (struct span){key, key_length},
				   (struct span){before, before_length}, counter_bytes,
				   (struct span){after, after_length}),
			OK);
	ASSERT_BYTES(got, want, length);
}

static void test_cavp(void)
{
	struct vectors v;
	unsigned cases = 0, r32 = 0;

	for (vectors_open(&v, "kbkdf_sp800-108_ctr_cavp.txt"); vectors_next(&v);) {
		if (strncmp(v.section, "CMAC_AES", 8) != 0)
			continue;
		check_case(&v);
		cases++;
		r32 += strstr(v.section, " 32_BITS") != NULL;
	}
	CU_ASSERT_EQUAL(cases, 96);
	CU_ASSERT_EQUAL(r32, 24);
}

static void test_bounds(void)
{
	static const uint8_t key[16] = {0};
	uint8_t out[4096 + 16];
	struct span k = {key, 16}, none = {NULL, 0};

	CU_ASSERT_EQUAL(kbkdf_cmac(out, 16, k, none, 0, none), ERROR_VALUE);
	CU_ASSERT_EQUAL(kbkdf_cmac(out, 16, k, none, 5, none), ERROR_VALUE);
	CU_ASSERT_EQUAL(kbkdf_cmac(out, 16, (struct span){key, 5}, none, 1, none), ERROR_VALUE);
	CU_ASSERT_EQUAL(kbkdf_cmac(out, 255 * 16, k, none, 1, none), OK);
	CU_ASSERT_EQUAL(kbkdf_cmac(out, 255 * 16 + 1, k, none, 1, none), ERROR_VALUE);
}

UNIT_SUITE("kbkdf", UNIT(test_cavp), UNIT(test_bounds))

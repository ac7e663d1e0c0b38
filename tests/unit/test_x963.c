/* PROVES: crypto/x963.h: the NIST vectors for SHA-256, and lengths at the edges of a block. */
#include <string.h>

#include "crypto/x963.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static void test_published(void)
{
	uint8_t z[64], info[64], want[128], got[128];
	struct vectors v;
	unsigned cases = 0;

	for (vectors_open(&v, "x963kdf_cavp.txt"); vectors_next(&v);) {
		size_t z_length = vectors_any(&v, "Z", z, sizeof(z));
		size_t info_length = vectors_any(&v, "SharedInfo", info, sizeof(info));
		size_t length = vectors_any(&v, "key_data", want, sizeof(want));

		if (strncmp(v.section, "SHA-256", 7) != 0)
			continue;
		cases++;
		CU_ASSERT_EQUAL(
			x963(got, length, (struct span){z, z_length}, (struct span){info, info_length}), OK);
		ASSERT_BYTES(got, want, length);
	}
	CU_ASSERT_EQUAL(cases, 4);
}

/* A shorter result is the start of a longer one, and nothing behind it is touched. */
static void test_lengths(void)
{
	static const uint8_t z[32] = {7};
	uint8_t whole[100], part[101];

	CU_ASSERT_EQUAL(x963(whole, sizeof(whole), (struct span){z, 32}, (struct span){NULL, 0}), OK);
	for (size_t n = 0; n <= 100; n++) {
		memset(part, 0xA5, sizeof(part));
		CU_ASSERT_EQUAL(x963(part, n, (struct span){z, 32}, (struct span){NULL, 0}), OK);
		ASSERT_BYTES(part, whole, n);
		CU_ASSERT_EQUAL(part[n], 0xA5);
	}
}

UNIT_SUITE("x963", UNIT(test_published), UNIT(test_lengths))

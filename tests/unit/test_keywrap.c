/* PROVES: host/lib/keywrap.h against NIST's and RFC 3394's cases of AES Key Wrap. */
#include "lib/keywrap.h"

#include <string.h>

#include "unit/unit.h"
#include "vectors/vectors.h"

static void test_published(void)
{
	struct vectors v;
	unsigned opened = 0;

	vectors_open(&v, "aes_keywrap_sp800-38f_rfc3394_rfc5649.txt");
	while (vectors_next(&v)) {
		uint8_t key[32], plain[600], wrapped[600], got[600];
		size_t k = vectors_any(&v, "K", key, sizeof(key)),
		       p = vectors_any(&v, "P", plain, sizeof(plain));
		size_t c = vectors_any(&v, "C", wrapped, sizeof(wrapped));

		if (strncmp(v.section, "KW_AE", 5) != 0 || p > 64 || c != p + 8)
			continue;
		CU_ASSERT_EQUAL(keywrap_open(got, p, (struct span){key, k}, wrapped), OK);
		ASSERT_BYTES(got, plain, p);
		opened++;
		wrapped[c / 2] ^= 1;
		CU_ASSERT_EQUAL(keywrap_open(got, p, (struct span){key, k}, wrapped), ERROR_CHECK);
	}
	CU_ASSERT(opened >= 9);
}

static void test_lengths(void)
{
	uint8_t out[128], in[136] = {0}, key[16] = {0};

	CU_ASSERT_EQUAL(keywrap_open(out, 8, (struct span){key, 16}, in), ERROR_VALUE);
	CU_ASSERT_EQUAL(keywrap_open(out, 20, (struct span){key, 16}, in), ERROR_VALUE);
	CU_ASSERT_EQUAL(keywrap_open(out, 72, (struct span){key, 16}, in), ERROR_VALUE);
	CU_ASSERT_EQUAL(keywrap_open(out, 32, (struct span){key, 15}, in), ERROR_VALUE);
}

UNIT_SUITE("keywrap", UNIT(test_published), UNIT(test_lengths))

/* PROVES: crypto/sha1.h: the same digests as another library's for every length
 * across three blocks, and by way of the published vectors of the X9.63 KDF. */
#include "crypto/sha1.h"

#include <mbedtls/md.h>
#include <string.h>

#include "unit/unit.h"
#include "vectors/vectors.h"

static void test_against_another(void)
{
	const mbedtls_md_info_t *info = mbedtls_md_info_from_type(MBEDTLS_MD_SHA1);
	uint8_t message[200], got[20], want[20];

	CU_ASSERT_PTR_NOT_NULL_FATAL(info);
	for (size_t i = 0; i < sizeof(message); i++)
		message[i] = (uint8_t)(i * 37 + 11);
	for (size_t n = 0; n <= sizeof(message); n++) {
		sha1(got, (struct span){message, n});
		CU_ASSERT_EQUAL(mbedtls_md(info, message, n, want), 0);
		ASSERT_BYTES(got, want, 20);
	}
}

/* K(i) = SHA-1(Z || i || info) */
static void test_published(void)
{
	uint8_t input[200], want[200], got[20];
	struct vectors v;
	unsigned cases = 0;

	for (vectors_open(&v, "x963kdf_cavp.txt"); vectors_next(&v);) {
		size_t z = vectors_any(&v, "Z", input, sizeof(input)), info, length;

		if (strncmp(v.section, "SHA-1", 5) != 0)
			continue;
		cases++;
		info = vectors_any(&v, "SharedInfo", input + z + 4, sizeof(input) - z - 4);
		length = vectors_any(&v, "key_data", want, sizeof(want));
		memset(input + z, 0, 4);
		for (size_t done = 0; done < length; done += 20) {
			input[z + 3]++;
			sha1(got, (struct span){input, z + 4 + info});
			ASSERT_BYTES(got, want + done, length - done < 20 ? length - done : 20);
		}
	}
	CU_ASSERT_EQUAL(cases, 4);
}

UNIT_SUITE("sha1", UNIT(test_against_another), UNIT(test_published))

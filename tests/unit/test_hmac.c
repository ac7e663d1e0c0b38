/* PROVES: crypto/sha256.h (FIPS 180-4), crypto/hmac.h (RFC 4231), in any
 * pieces; and what mbedTLS makes of messages drawn at random, of every length
 * around the ends of blocks. */
#include <mbedtls/md.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/hmac.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static void check_digest(const uint8_t *data, size_t length, const uint8_t want[32])
{
	struct sha256 h;
	uint8_t got[32];

	CU_ASSERT_EQUAL(sha256(got, (struct span){data, length}), OK);
	ASSERT_BYTES(got, want, 32);
	for (size_t piece = 1; piece <= length; piece++) {
		sha256_start(&h);
		for (size_t at = 0; at < length; at += piece)
			sha256_add(&h, data + at, length - at < piece ? length - at : piece);
		CU_ASSERT_EQUAL(sha256_finish(&h, got), OK);
		ASSERT_BYTES(got, want, 32);
	}
}

static void check_mac(const uint8_t *key, size_t key_length, const uint8_t *data, size_t length,
		      const uint8_t want[32])
{
	struct hmac m;
	uint8_t got[32];

	CU_ASSERT_EQUAL(hmac(got, (struct span){key, key_length}, (struct span){data, length}), OK);
	ASSERT_BYTES(got, want, 32);
	hmac_start(&m, (struct span){key, key_length});
	for (size_t at = 0; at < length; at++)
		hmac_add(&m, data + at, 1);
	CU_ASSERT_EQUAL(hmac_finish(&m, got), OK);
	ASSERT_BYTES(got, want, 32);
}

/* PROVES: FIPS 180-4 */
static void test_vectors(void)
{
	uint8_t key[160], data[160], want[32];
	struct vectors v;
	unsigned macs = 0, digests = 0;

	for (vectors_open(&v, "hmac_sha256_rfc4231.txt"); vectors_next(&v);) {
		size_t length = vectors_any(&v, "DATA", data, sizeof(data));

		if (vectors_has(&v, "MAC")) {
			size_t key_length = vectors_any(&v, "KEY", key, sizeof(key));

			vectors_bytes(&v, "MAC", want, 32);
			check_mac(key, key_length, data, length, want);
			macs++;
		} else {
			vectors_bytes(&v, "DIGEST", want, 32);
			check_digest(data, length, want);
			digests++;
		}
	}
	CU_ASSERT_EQUAL(macs, 6);
	CU_ASSERT_EQUAL(digests, 3);
}

/* PROVES: FIPS 180-4 */
static void test_random(void)
{
	const mbedtls_md_info_t *md = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
	uint8_t key[100], data[300], want[32], got[32];

	for (size_t length = 0; length <= sizeof(data); length++) {
		size_t key_length = length % (sizeof(key) + 1);

		CU_ASSERT_EQUAL_FATAL(getrandom(data, sizeof(data), 0), (ssize_t)sizeof(data));
		CU_ASSERT_EQUAL_FATAL(getrandom(key, sizeof(key), 0), (ssize_t)sizeof(key));
		CU_ASSERT_EQUAL(mbedtls_md(md, data, length, want), 0);
		check_digest(data, length, want);
		CU_ASSERT_EQUAL(mbedtls_md_hmac(md, key, key_length, data, length, want), 0);
		CU_ASSERT_EQUAL(hmac(got, (struct span){key, key_length}, (struct span){data, length}), OK);
		ASSERT_BYTES(got, want, 32);
	}
}

UNIT_SUITE("hmac", UNIT(test_vectors), UNIT(test_random))

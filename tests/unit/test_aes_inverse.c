/* PROVES: crypto/aes_inverse.h: NIST SP 800-38A appendix F, and blocks that
 * mbedTLS encrypted under keys drawn at random. The board runs it in
 * protocols.board.sh. */
#define MBEDTLS_ALLOW_PRIVATE_ACCESS /* to the round keys */
#include <mbedtls/aes.h>
#include <mbedtls/version.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/aes_inverse.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static const uint8_t *round_keys(const mbedtls_aes_context *aes)
{
#if MBEDTLS_VERSION_MAJOR < 3
	return (const uint8_t *)aes->rk;
#else
	return (const uint8_t *)(aes->buf + aes->rk_offset);
#endif
}

/* PROVES: FIPS 197 */
static void test_vectors(void)
{
	uint8_t key[32], plain[16], cipher[16], out[16];
	mbedtls_aes_context aes;
	struct vectors v;
	size_t length;
	int blocks = 0;

	for (vectors_open(&v, "aes_sp800-38a.txt"); vectors_next(&v);) {
		if (!strstr(v.section, "ECB"))
			continue;
		length = vectors_any(&v, "KEY", key, sizeof(key));
		vectors_bytes(&v, "PLAIN", plain, 16);
		vectors_bytes(&v, "CIPHER", cipher, 16);
		mbedtls_aes_init(&aes);
		CU_ASSERT_EQUAL(mbedtls_aes_setkey_enc(&aes, key, (unsigned)length * 8), 0);
		aes_inverse(out, round_keys(&aes), (unsigned)aes.nr, cipher);
		ASSERT_BYTES(out, plain, 16);
		blocks++;
	}
	CU_ASSERT_EQUAL(blocks, 3);
}

static void test_random(void)
{
	uint8_t key[32], plain[16], block[16];
	mbedtls_aes_context aes;

	for (unsigned n = 0; n < 6000; n++) {
		CU_ASSERT_EQUAL_FATAL(getrandom(key, sizeof(key), 0), sizeof(key));
		CU_ASSERT_EQUAL_FATAL(getrandom(plain, sizeof(plain), 0), sizeof(plain));
		mbedtls_aes_init(&aes);
		CU_ASSERT_EQUAL(mbedtls_aes_setkey_enc(&aes, key, 128 + n % 3 * 64), 0);
		CU_ASSERT_EQUAL(mbedtls_aes_crypt_ecb(&aes, MBEDTLS_AES_ENCRYPT, plain, block), 0);
		aes_inverse(block, round_keys(&aes), (unsigned)aes.nr, block); /* in place */
		ASSERT_BYTES(block, plain, 16);
	}
}

UNIT_SUITE("aes_inverse", UNIT(test_vectors), UNIT(test_random))

/* PROVES: crypto/p256.h: FIPS 186-5 with RFC 6979 A.2.5; both forms of a
 * public key; that a changed message, signature or key is refused. */
#include <string.h>
#include <sys/random.h>

#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static int kernel(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

static int broken(void *context, void *out, size_t length)
{
	(void)context;
	memset(out, 0, length);
	return -1;
}

static const struct p256_random entropy = {kernel, NULL};

static void test_rfc6979(void)
{
	uint8_t private_key[32], public_key[65], want[64], message[16], digest[32], got[65];
	struct vectors v;
	unsigned cases = 0;

	for (vectors_open(&v, "ecdsa_p256_rfc6979.txt"); vectors_next(&v); cases++) {
		size_t length = vectors_any(&v, "MESSAGE", message, sizeof(message));

		vectors_bytes(&v, "PRIVATE", private_key, 32);
		vectors_bytes(&v, "PUBLIC", public_key, 65);
		vectors_bytes(&v, "SIGNATURE", want, 64);
		CU_ASSERT_EQUAL(sha256(digest, (struct span){message, length}), OK);
		CU_ASSERT_EQUAL(p256_public(got, private_key, &entropy), OK);
		ASSERT_BYTES(got, public_key, 65);
		CU_ASSERT_EQUAL(p256_sign(got, private_key, digest, &entropy), OK);
		ASSERT_BYTES(got, want, 64);
		CU_ASSERT_EQUAL(p256_verify((struct span){public_key, 65}, digest, want), OK);
	}
	CU_ASSERT_EQUAL(cases, 2);
}

static void test_generated(void)
{
	uint8_t private_key[32], public_key[65], short_key[33], long_key[65], digest[32] = {1}, signature[64];
	unsigned parity[2] = {0, 0};

	for (int i = 0; i < 8; i++) {
		CU_ASSERT_EQUAL(p256_generate(private_key, public_key, &entropy), OK);
		CU_ASSERT_EQUAL(p256_compress(short_key, (struct span){public_key, 65}), OK);
		parity[short_key[0] & 1]++;
		CU_ASSERT_EQUAL(p256_uncompress(long_key, (struct span){short_key, 33}), OK);
		ASSERT_BYTES(long_key, public_key, 65);
		CU_ASSERT_EQUAL(p256_sign(signature, private_key, digest, &entropy), OK);
		CU_ASSERT_EQUAL(p256_verify((struct span){short_key, 33}, digest, signature), OK);
		short_key[0] ^= 1;
		CU_ASSERT_EQUAL(p256_verify((struct span){short_key, 33}, digest, signature), ERROR_CHECK);
	}
	CU_ASSERT_EQUAL(parity[0] + parity[1], 8);
}

static void test_refused(void)
{
	uint8_t private_key[32], public_key[65], digest[32] = {1}, signature[64], bad[65];
	struct span key = {public_key, 65};

	CU_ASSERT_EQUAL(p256_generate(private_key, public_key, &entropy), OK);
	CU_ASSERT_EQUAL(p256_sign(signature, private_key, digest, &entropy), OK);
	for (size_t bit = 0; bit < 512; bit += 17) {
		memcpy(bad, signature, 64);
		bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(p256_verify(key, digest, bad), ERROR_CHECK);
		memcpy(bad, public_key, 65);
		bad[1 + bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(p256_verify((struct span){bad, 65}, digest, signature), ERROR_VALUE);
	}
	memset(bad, 0, 64);
	CU_ASSERT_EQUAL(p256_verify(key, digest, bad), ERROR_CHECK);
	digest[31] ^= 1;
	CU_ASSERT_EQUAL(p256_verify(key, digest, signature), ERROR_CHECK);
	CU_ASSERT_EQUAL(p256_verify((struct span){public_key, 64}, digest, signature), ERROR_VALUE);
	memset(bad, 0xFF, sizeof(bad));
	bad[0] = 0x02; /* x is larger than the field */
	CU_ASSERT_EQUAL(p256_verify((struct span){bad, 33}, digest, signature), ERROR_VALUE);
	memset(private_key, 0, 32);
	CU_ASSERT_EQUAL(p256_sign(signature, private_key, digest, &entropy), ERROR_VALUE);
	memset(private_key, 0xFF, 32);
	CU_ASSERT_EQUAL(p256_public(public_key, private_key, &entropy), ERROR_VALUE);
}

static void test_no_entropy(void)
{
	static const struct p256_random none = {broken, NULL};
	static const uint8_t zero[32] = {0};
	uint8_t private_key[32], public_key[65];

	CU_ASSERT_EQUAL(p256_generate(private_key, public_key, &none), ERROR_RANDOM);
	ASSERT_BYTES(private_key, zero, 32);
}

UNIT_SUITE("p256", UNIT(test_rfc6979), UNIT(test_generated), UNIT(test_refused), UNIT(test_no_entropy))

/* PROVES: crypto/aes.h, crypto/compare.h, crypto/wipe.h, crypto/kcv.h: NIST SP 800-38A
 * appendix F. */
#include <string.h>

#include "crypto/aes.h"
#include "crypto/compare.h"
#include "crypto/kcv.h"
#include "crypto/wipe.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

struct sample {
	uint8_t key[32], iv[16], plain[64], cipher[64];
	size_t key_length, length;
};

static void read_sample(struct sample *s, const struct vectors *v)
{
	s->key_length = vectors_any(v, "KEY", s->key, sizeof(s->key));
	s->length = vectors_any(v, "PLAIN", s->plain, sizeof(s->plain));
	CU_ASSERT_EQUAL(vectors_any(v, "CIPHER", s->cipher, sizeof(s->cipher)), s->length);
	if (vectors_has(v, "IV"))
		vectors_bytes(v, "IV", s->iv, 16);
}

static void check_block(const struct sample *s)
{
	uint8_t out[16];
	struct aes aes;

	CU_ASSERT_EQUAL(aes_block(out, (struct span){s->key, s->key_length}, s->plain), OK);
	ASSERT_BYTES(out, s->cipher, 16);
	CU_ASSERT_EQUAL(aes_start_decrypt(&aes, s->key, s->key_length), OK);
	CU_ASSERT_EQUAL(aes_decrypt(&aes, out, s->cipher), OK);
	aes_stop(&aes);
	ASSERT_BYTES(out, s->plain, 16);
}

static void check_cbc(const struct sample *s)
{
	struct span key = {s->key, s->key_length};
	uint8_t out[64];

	CU_ASSERT_EQUAL(aes_cbc_encrypt(out, key, s->iv, s->plain, s->length), OK);
	ASSERT_BYTES(out, s->cipher, s->length);
	CU_ASSERT_EQUAL(aes_cbc_decrypt(out, key, s->iv, out, s->length), OK); /* in place */
	ASSERT_BYTES(out, s->plain, s->length);
	CU_ASSERT_EQUAL(aes_cbc_encrypt(out, key, s->iv, s->plain, 17), ERROR_VALUE);
	CU_ASSERT_EQUAL(aes_cbc_decrypt(out, key, s->iv, s->plain, 17), ERROR_VALUE);
}

static void check_ctr(const struct sample *s)
{
	struct span key = {s->key, s->key_length};
	uint8_t out[64];

	for (size_t length = 0; length <= s->length; length++) {
		memset(out, 0xEE, sizeof(out));
		CU_ASSERT_EQUAL(aes_ctr(out, key, s->iv, s->plain, length), OK);
		ASSERT_BYTES(out, s->cipher, length);
		CU_ASSERT(length == sizeof(out) || out[length] == 0xEE);
	}
}

/* PROVES: FIPS 197, SP 800-38A */
static void test_vectors(void)
{
	struct vectors v;
	struct sample s;
	unsigned block = 0, cbc = 0, ctr = 0;

	for (vectors_open(&v, "aes_sp800-38a.txt"); vectors_next(&v);) {
		read_sample(&s, &v);
		if (strstr(v.section, "ECB") && ++block)
			check_block(&s);
		else if (strstr(v.section, "CBC") && ++cbc)
			check_cbc(&s);
		else if (strstr(v.section, "CTR") && ++ctr)
			check_ctr(&s);
	}
	CU_ASSERT_EQUAL(block, 3);
	CU_ASSERT_EQUAL(cbc, 3);
	CU_ASSERT_EQUAL(ctr, 3);
}

/* The counter is 128 bits wide and wraps. */
static void test_counter_carry(void)
{
	static const uint8_t zero[48] = {0};
	uint8_t key[16] = {7}, counter[16], out[48], block[16];

	memset(counter, 0xFF, sizeof(counter));
	CU_ASSERT_EQUAL(aes_ctr(out, (struct span){key, 16}, counter, zero, sizeof(out)), OK);
	CU_ASSERT_EQUAL(aes_block(block, (struct span){key, 16}, zero), OK);
	ASSERT_BYTES(out + 16, block, 16);
}

static void test_keys(void)
{
	uint8_t key[33] = {0}, out[16];
	struct aes aes;

	for (size_t length = 0; length <= 33; length++) {
		int want = length == 16 || length == 24 || length == 32 ? OK : ERROR_VALUE;

		CU_ASSERT_EQUAL(aes_start(&aes, key, length), want);
		aes_stop(&aes);
		CU_ASSERT_EQUAL(kcv(out, (struct span){key, length}), want);
	}
	for (size_t i = 0; i < sizeof(aes); i++)
		CU_ASSERT_EQUAL(((const uint8_t *)&aes)[i], 0);
}

static void test_compare(void)
{
	uint8_t a[32], b[32];

	for (size_t i = 0; i < sizeof(a); i++)
		a[i] = b[i] = (uint8_t)i;
	CU_ASSERT_EQUAL(compare_equal(a, b, 32), GRANTED);
	CU_ASSERT_EQUAL(compare_equal(a, b, 0), GRANTED);
	for (size_t i = 0; i < sizeof(a) * 8; i++) {
		b[i / 8] ^= (uint8_t)(1 << i % 8);
		CU_ASSERT_EQUAL(compare_equal(a, b, 32), DENIED);
		CU_ASSERT_EQUAL(compare_equal(a, b, i / 8), GRANTED);
		b[i / 8] ^= (uint8_t)(1 << i % 8);
	}
}

static void test_wipe(void)
{
	uint8_t bytes[9];

	memset(bytes, 0xAA, sizeof(bytes));
	wipe(bytes + 1, 7);
	CU_ASSERT_EQUAL(bytes[0], 0xAA);
	CU_ASSERT_EQUAL(bytes[8], 0xAA);
	for (int i = 1; i < 8; i++)
		CU_ASSERT_EQUAL(bytes[i], 0);
	wipe(NULL, 0);
}

UNIT_SUITE("aes", UNIT(test_vectors), UNIT(test_counter_carry), UNIT(test_keys), UNIT(test_compare),
	   UNIT(test_wipe))

/* PROVES: crypto/des.h: triple DES by the published check values of NIST SP
 * 800-20 (table A.1: variable plain text under the key 0101..) and by the
 * check values of public GlobalPlatform keys; keys, blocks and lengths drawn at
 * random by mbedTLS, which shares no line with it; chaining by itself; the
 * retail MAC by its definition over single blocks. */
#include <mbedtls/des.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/des.h"
#include "unit/unit.h"

static const uint8_t zero[8];

/* PROVES: ISO/IEC 18033-3 */
static void test_blocks(void)
{
	static const uint8_t ones[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
	static const uint8_t plain[8] = {0x80}, cipher[8] = {0x95, 0xF8, 0xA5, 0xE5, 0xDD, 0x31, 0xD9, 0x00};
	uint8_t out[8];

	CU_ASSERT_EQUAL(des_block(out, ones, plain), OK);
	ASSERT_BYTES(out, cipher, 8);
	CU_ASSERT_EQUAL(des3_cbc_encrypt(out, ones, zero, plain, 8), OK);
	ASSERT_BYTES(out, cipher, 8);
	CU_ASSERT_EQUAL(des3_ecb_decrypt(out, ones, cipher, 8), OK);
	ASSERT_BYTES(out, plain, 8);
}

static void draw(void *out, size_t length)
{
	CU_ASSERT_EQUAL_FATAL(getrandom(out, length, 0), (ssize_t)length);
}

/* PROVES: ISO/IEC 18033-3 */
static void test_random_blocks(void)
{
	for (int n = 0; n < 5000; n++) {
		uint8_t key[8], block[8], out[8], want[8];
		mbedtls_des_context des;

		draw(key, 8);
		draw(block, 8);
		CU_ASSERT_EQUAL(mbedtls_des_setkey_enc(&des, key), 0);
		CU_ASSERT_EQUAL(mbedtls_des_crypt_ecb(&des, block, want), 0);
		CU_ASSERT_EQUAL(des_block(out, key, block), OK);
		ASSERT_BYTES(out, want, 8);
	}
}

/* Two keys and three, both ways, whole chains: what one encrypts is what the other encrypts, and comes back.
 */
static void test_random_chains(void)
{
	for (int n = 0; n < 2000; n++) {
		uint8_t key[24], iv[8] = {0}, plain[256], out[256], want[256];
		size_t length = (size_t)n % 33 * 8;
		struct span k = {key, n % 2 ? DES3_KEY : DES3_LONG_KEY};
		mbedtls_des3_context des;

		draw(key, sizeof(key));
		draw(plain, sizeof(plain));
		CU_ASSERT_EQUAL(k.length == DES3_KEY ? mbedtls_des3_set2key_enc(&des, key)
						     : mbedtls_des3_set3key_enc(&des, key),
				0);
		CU_ASSERT_EQUAL(mbedtls_des3_crypt_cbc(&des, MBEDTLS_DES_ENCRYPT, length, iv, plain, want),
				0);
		CU_ASSERT_EQUAL(des3_encrypt(out, k, plain, length), OK);
		ASSERT_BYTES(out, want, length);
		CU_ASSERT_EQUAL(des3_decrypt(out, k, out, length), OK);
		ASSERT_BYTES(out, plain, length);
	}
}

/* The MAC is the last block of the chain, and no key of another length is taken. */
static void test_mac_and_lengths(void)
{
	uint8_t key[32], plain[40], padded[40], out[40], mac[8];

	draw(key, sizeof(key));
	draw(plain, sizeof(plain));
	for (size_t length = 1; length <= sizeof(plain); length++) {
		size_t whole = (length + 7) / 8 * 8;

		memset(padded, 0, sizeof(padded));
		memcpy(padded, plain, length);
		for (size_t k = DES3_KEY; k <= DES3_LONG_KEY; k += 8) {
			CU_ASSERT_EQUAL(des3_encrypt(out, (struct span){key, k}, padded, whole), OK);
			CU_ASSERT_EQUAL(des3_mac(mac, (struct span){key, k}, (struct span){plain, length}),
					OK);
			ASSERT_BYTES(mac, out + whole - 8, 8);
		}
	}
	for (size_t k = 0; k <= sizeof(key); k++) {
		int want = k == DES3_KEY || k == DES3_LONG_KEY ? OK : ERROR_VALUE;
		struct span of = {key, k};

		CU_ASSERT_EQUAL(des3_encrypt(out, of, plain, 8), want);
		CU_ASSERT_EQUAL(des3_decrypt(out, of, plain, 8), want);
		CU_ASSERT_EQUAL(des3_mac(mac, of, (struct span){plain, 8}), want);
		CU_ASSERT_EQUAL(des3_check_value(mac, of), want);
	}
}

/* The key of GlobalPlatform's test keys, 404142..4F: check value 8BAF47. */
static void test_kcv(void)
{
	uint8_t key[16], out[3];

	for (uint8_t i = 0; i < 16; i++)
		key[i] = (uint8_t)(0x40 + i);
	CU_ASSERT_EQUAL(des3_kcv(out, key), OK);
	ASSERT_BYTES(out, "\x8B\xAF\x47", 3);
}

static void test_chaining(void)
{
	uint8_t key[16] = {1, 2, 3, 4, 5}, iv[8] = {9}, plain[40], out[40], block[8];

	for (uint8_t i = 0; i < 40; i++)
		plain[i] = (uint8_t)(i * 7);
	CU_ASSERT_EQUAL(des3_cbc_encrypt(out, key, iv, plain, 40), OK);
	for (size_t i = 0; i < 40; i += 8) {
		for (size_t b = 0; b < 8; b++)
			block[b] = plain[i + b] ^ (i ? out[i - 8 + b] : iv[b]);
		CU_ASSERT_EQUAL(des3_cbc_encrypt(block, key, zero, block, 8), OK);
		ASSERT_BYTES(out + i, block, 8);
	}
	CU_ASSERT_EQUAL(des3_cbc_decrypt(out, key, iv, out, 40), OK);
	ASSERT_BYTES(out, plain, 40);
	CU_ASSERT_EQUAL(des3_cbc_encrypt(out, key, iv, plain, 39), ERROR_VALUE);
	CU_ASSERT_EQUAL(des3_cbc_decrypt(out, key, iv, plain, 39), ERROR_VALUE);
	CU_ASSERT_EQUAL(des3_ecb_decrypt(out, key, plain, 39), ERROR_VALUE);
}

static void test_retail_mac(void)
{
	uint8_t key[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, iv[8] = {3}, data[32] = {0}, mac[8], want[8];

	for (size_t length = 0; length < 24; length++) {
		for (size_t i = 0; i < length; i++)
			data[i] = (uint8_t)(i + 1);
		memset(data + length, 0, sizeof(data) - length);
		data[length] = 0x80;
		memcpy(want, iv, 8);
		for (size_t i = 0; i <= length / 8 * 8; i += 8) {
			for (size_t b = 0; b < 8; b++)
				want[b] ^= data[i + b];
			if (i + 8 <= length)
				CU_ASSERT_EQUAL(des_block(want, key, want), OK);
		}
		CU_ASSERT_EQUAL(des3_cbc_encrypt(want, key, zero, want, 8), OK);
		for (size_t head = 0; head <= length; head++) {
			CU_ASSERT_EQUAL(des_retail_mac(mac, key, iv, (struct span){data, head},
						       (struct span){data + head, length - head}),
					OK);
			ASSERT_BYTES(mac, want, 8);
		}
	}
}

UNIT_SUITE("des", UNIT(test_blocks), UNIT(test_random_blocks), UNIT(test_random_chains),
	   UNIT(test_mac_and_lengths), UNIT(test_kcv), UNIT(test_chaining), UNIT(test_retail_mac))

/* PROVES: keys under a transport key are encrypted as python3-cryptography encrypts them, and come back; the
 * first halves of CBC with a zero IV and ECB are the same. */
#include "weak/transport.h"

#include <string.h>

#include "unit/unit.h"

static const uint8_t key[16] = {0x13, 0x34, 0x57, 0x79, 0x9B, 0xBC, 0xDF, 0xF1,
				0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};
static const uint8_t k[16] = {0x46, 0x5B, 0x5C, 0xE8, 0xB1, 0x99, 0xB4, 0x9F,
			      0xAA, 0x5F, 0x0A, 0x2E, 0xE2, 0x38, 0xA6, 0xBC};

static void test_known(void)
{
	static const char *const want[TRANSPORT_CIPHERS] = {
		"\x48\x61\x98\x2D\x31\xC5\xEF\xA7\xAC\x75\x55\x3A\x87\x9E\x39\x3F",
		"\x48\x61\x98\x2D\x31\xC5\xEF\xA7\x49\x88\x87\x98\x95\x3F\x7F\xD7",
		"\x52\xEF\x53\x27\x91\x55\xEB\x86\xA1\x03\x10\x78\x80\x7D\x13\xB3"};
	uint8_t out[16], back[16];

	for (enum transport_cipher c = 0; c < TRANSPORT_CIPHERS; c++) {
		CU_ASSERT_EQUAL(transport_encrypt(out, c, key, k), 0);
		ASSERT_BYTES(out, want[c], 16);
		CU_ASSERT_EQUAL(transport_decrypt(back, c, key, out), 0);
		ASSERT_BYTES(back, k, 16);
	}
}

static void test_names(void)
{
	enum transport_cipher cipher;

	for (enum transport_cipher c = 0; c < TRANSPORT_CIPHERS; c++) {
		CU_ASSERT_EQUAL(transport_named(&cipher, transport_name(c)), 0);
		CU_ASSERT_EQUAL(cipher, c);
	}
	CU_ASSERT_EQUAL(transport_named(&cipher, "aes-ecb"), 0);
	CU_ASSERT_EQUAL(cipher, TRANSPORT_AES_ECB);
	CU_ASSERT_EQUAL(transport_named(&cipher, "sealed"), -1);
	CU_ASSERT_EQUAL(transport_key_length(TRANSPORT_DES_CBC), 8);
	CU_ASSERT_EQUAL(transport_key_length(TRANSPORT_AES_ECB), 16);
}

UNIT_SUITE("transport", UNIT(test_known), UNIT(test_names))

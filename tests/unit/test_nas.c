/* PROVES: NAS messages say what was put in; protection notices every changed bit; nothing crashes the reader.
 */
#include "radio/nas.h"

#include <string.h>

#include "unit/unit.h"

static const struct lte_keys keys = {.knas_enc = {1, 2, 3}, .knas_int = {4, 5, 6}};

static void test_imsi(void)
{
	static const char *const imsis[] = {"001010000000001", "99970000000012", "001010"};
	uint8_t message[NAS_MAX];
	struct nas nas;
	size_t i, n;

	for (i = 0; i < 3; i++) {
		n = nas_attach_request(message, imsis[i]);
		CU_ASSERT_EQUAL(nas_parse(&nas, message, n), OK);
		CU_ASSERT_EQUAL(nas.type, NAS_ATTACH_REQUEST);
		CU_ASSERT_STRING_EQUAL(nas.imsi, imsis[i]);
	}
}

static void test_authentication(void)
{
	uint8_t message[NAS_MAX], rand[16] = {1, 2, 3}, autn[16] = {4, 5, 6}, auts[14] = {7, 8, 9};
	struct nas nas;
	size_t n = nas_authentication_request(message, rand, autn);

	CU_ASSERT_EQUAL(nas_parse(&nas, message, n), OK);
	ASSERT_BYTES(nas.rand, rand, 16);
	ASSERT_BYTES(nas.autn, autn, 16);
	n = nas_authentication_response(message, rand, 8);
	CU_ASSERT_EQUAL(nas_parse(&nas, message, n), OK);
	CU_ASSERT_EQUAL(nas.res_length, 8);
	ASSERT_BYTES(nas.res, rand, 8);
	n = nas_authentication_failure(message, auts);
	CU_ASSERT_EQUAL(nas_parse(&nas, message, n), OK);
	CU_ASSERT_EQUAL(nas.cause, NAS_SYNCH_FAILURE);
	ASSERT_BYTES(nas.auts, auts, 14);
	n = nas_authentication_failure(message, NULL);
	CU_ASSERT_EQUAL(nas_parse(&nas, message, n), OK);
	CU_ASSERT_EQUAL(nas.cause, NAS_MAC_FAILURE);
}

static void test_protection(void)
{
	uint8_t plain[NAS_MAX], message[NAS_MAX], copy[NAS_MAX];
	size_t length = nas_security_mode_complete(plain), i;
	int n, bit;

	memcpy(message, plain, length);
	n = nas_protect(message, length, NAS_CIPHERED_NEW, &keys, 7, UPLINK);
	CU_ASSERT_EQUAL_FATAL(n, (int)length + 6);
	CU_ASSERT_NOT_EQUAL(memcmp(message + 6, plain, length), 0);
	memcpy(copy, message, (size_t)n);
	CU_ASSERT_EQUAL(nas_unprotect(copy, (size_t)n, &keys, 7, UPLINK), (int)length);
	ASSERT_BYTES(copy, plain, length);
	for (i = 1; i < (size_t)n; i++)
		for (bit = 0; bit < 8; bit++) {
			memcpy(copy, message, (size_t)n);
			copy[i] ^= (uint8_t)(1 << bit);
			CU_ASSERT_EQUAL(nas_unprotect(copy, (size_t)n, &keys, 7, UPLINK), ERROR_CHECK);
		}
	memcpy(copy, message, (size_t)n);
	CU_ASSERT_EQUAL(nas_unprotect(copy, (size_t)n, &keys, 8, UPLINK), ERROR_CHECK);
	memcpy(copy, message, (size_t)n);
	CU_ASSERT_EQUAL(nas_unprotect(copy, (size_t)n, &keys, 7, DOWNLINK), ERROR_CHECK);
}

static void test_cut_short(void)
{
	uint8_t whole[NAS_MAX], rand[16] = {0};
	size_t n, cut;
	struct nas nas;

	n = nas_authentication_request(whole, rand, rand);
	for (cut = 0; cut < n; cut++)
		CU_ASSERT_EQUAL(nas_parse(&nas, whole, cut), ERROR_FORMAT);
	n = nas_attach_request(whole, "001010000000001");
	for (cut = 0; cut < 12; cut++)
		CU_ASSERT_EQUAL(nas_parse(&nas, whole, cut), ERROR_FORMAT);
	for (cut = 0; cut < 7; cut++)
		CU_ASSERT_EQUAL(nas_unprotect(whole, cut, &keys, 0, UPLINK), ERROR_FORMAT);
	whole[4] = 0x0F; /* an identity that is no IMSI */
	CU_ASSERT_EQUAL(nas_parse(&nas, whole, n), ERROR_FORMAT);
}

UNIT_SUITE("nas", UNIT(test_imsi), UNIT(test_authentication), UNIT(test_protection), UNIT(test_cut_short))

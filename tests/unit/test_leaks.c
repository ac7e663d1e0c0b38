/* PROVES: host/vet/leaks.h: every disguise is seen wherever it begins, and nothing in what holds nothing. */
#include "vet/leaks.h"

#include <string.h>

#include "crypto/aes.h"
#include "crypto/sha1.h"
#include "crypto/sha256.h"
#include "unit/unit.h"

static const uint8_t iccid[10] = {0x98, 0x88, 0x12, 0x01, 0x00, 0x00, 0x00, 0x00, 0x10, 0xF1};
static const uint8_t key[16] = {0x46, 0x5B, 0x5C, 0xE8, 0xB1, 0x99, 0xB4, 0x9F,
				0xAA, 0x5F, 0x0A, 0x2E, 0xE2, 0x38, 0xA6, 0xBC};
static const uint8_t command[] = {0x00, 0xB2, 0x03, 0x04, 0xB0};
static struct leaks leaks;

static void start(void)
{
	memset(&leaks, 0, sizeof(leaks));
	leaks_add(&leaks, "K", key, sizeof(key), iccid, sizeof(iccid));
}

/* `bytes` in the midst of an answer are a leak, and without one of its ends they are none. */
static void must_leak(const uint8_t *bytes, size_t length, const char *form)
{
	uint8_t answer[176];

	start();
	memset(answer, 0xFF, sizeof(answer));
	memcpy(answer + 100, bytes, length);
	leaks_look(&leaks, command, sizeof(command), answer, sizeof(answer));
	CU_ASSERT(leaks.found > 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(leaks.first, form));
	CU_ASSERT_PTR_NOT_NULL(strstr(leaks.first, "00b20304b0"));
	start();
	leaks_look(&leaks, command, sizeof(command), bytes, LEAKS_WINDOW - 1);
	CU_ASSERT_EQUAL(leaks.found, 0);
}

static void test_forms(void)
{
	static const uint8_t zero[AES_BLOCK];
	uint8_t form[32];

	must_leak(key, 16, "K, as it is");
	must_leak(key + 8, 8, "as it is");
	must_leak(key + 3, 8, "as it is");
	for (int i = 0; i < 16; i++)
		form[i] = key[15 - i];
	must_leak(form, 16, "backwards");
	for (int i = 0; i < 16; i++)
		form[i] = (uint8_t)(key[i] << 4 | key[i] >> 4);
	must_leak(form, 16, "nibbles");
	for (int i = 0; i < 16; i++)
		form[i] = (uint8_t)~key[i];
	must_leak(form, 16, "one byte added");
	for (int i = 0; i < 16; i++)
		form[i] = key[i] ^ 0x5A;
	must_leak(form, 16, "one byte added");
	for (int i = 0; i < 16; i++)
		form[i] = key[i] ^ iccid[i % 10];
	must_leak(form, 16, "ICCID added");
	must_leak((const uint8_t *)"465b5ce8b199b49f", 16, "hex digits");
	CU_ASSERT_EQUAL_FATAL(sha256(form, (struct span){key, 16}), OK);
	must_leak(form, 32, "SHA-256");
	sha1(form, (struct span){key, 16});
	must_leak(form, 20, "SHA-1");
	CU_ASSERT_EQUAL_FATAL(aes_block(form, (struct span){key, 16}, zero), OK);
	must_leak(form, 16, "AES of zeros");
}

/* A million random bytes, zeros, FF and counting: nothing. */
static void test_nothing(void)
{
	uint8_t answer[256], counter[16] = {0};

	start();
	for (unsigned i = 0; i < 4096; i++) {
		memset(answer, 0, sizeof(answer));
		counter[0] = (uint8_t)i;
		counter[1] = (uint8_t)(i >> 8);
		CU_ASSERT_EQUAL_FATAL(aes_ctr(answer, (struct span){(const uint8_t *)"another key here", 16},
					      counter, answer, 256),
				      OK);
		leaks_look(&leaks, command, sizeof(command), answer, sizeof(answer));
	}
	for (int value = 0; value < 256; value++) {
		memset(answer, value, sizeof(answer));
		leaks_look(&leaks, command, sizeof(command), answer, sizeof(answer));
	}
	for (int i = 0; i < 256; i++)
		answer[i] = (uint8_t)i;
	leaks_look(&leaks, command, sizeof(command), answer, sizeof(answer));
	CU_ASSERT_EQUAL(leaks.found, 0);
}

/* Seven bytes of K are what chance may give; the check value has three. */
static void test_short(void)
{
	uint8_t answer[32];

	start();
	memset(answer, 0, sizeof(answer));
	memcpy(answer + 9, key, 7);
	answer[16] = (uint8_t)(key[7] ^ 1);
	leaks_look(&leaks, command, sizeof(command), answer, sizeof(answer));
	CU_ASSERT_EQUAL(leaks.found, 0);
}

UNIT_SUITE("leaks", UNIT(test_forms), UNIT(test_nothing), UNIT(test_short))

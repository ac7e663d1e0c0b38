/* PROVES: host/lib/key_form.h. */
#include <string.h>

#include "lib/key_form.h"
#include "unit/unit.h"

static void test_round_trip(void)
{
	static const char *const texts[] = {
		"milenage",
		"tuak",
		"xor",
		"comp128v1",
		"comp128v2",
		"comp128v3",
		"xor-gsm",
		"tuak:k=32,mac=32,res=32,ck=32,ik=32,iterations=255",
		"xor:k=16,mac=8,res=4,ck=16,ik=16,iterations=0",
	};
	struct subscriber_key key;
	char text[KEY_FORM_MAX];
	struct fault fault;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		memset(&key, 0xEE, sizeof(key));
		CU_ASSERT_EQUAL(key_form_read(&key, texts[i], &fault), 0);
		CU_ASSERT_EQUAL(key.k[0], 0);
		CU_ASSERT_EQUAL(key.opc[31], 0);
		key_form_write(text, &key);
		CU_ASSERT_STRING_EQUAL(text, texts[i]);
	}
	CU_ASSERT_EQUAL(key_form_read(&key, "tuak:iterations=2,k=32", &fault), 0);
	CU_ASSERT_EQUAL(key.algorithm, SLOT_TUAK);
	CU_ASSERT_EQUAL(key.sizes.k, 32);
	CU_ASSERT_EQUAL(key.sizes.opc, 32);
	CU_ASSERT_EQUAL(key.sizes.res, 8);
	CU_ASSERT_EQUAL(key.sizes.iterations, 2);
	CU_ASSERT_EQUAL(key_form_read(&key, "tuak:k=16", &fault), 0);
	key_form_write(text, &key);
	CU_ASSERT_STRING_EQUAL(text, "tuak");
}

static void test_refused(void)
{
	static const char *const texts[] = {"",
					    "tua",
					    "tuakk",
					    "TUAK",
					    "tuak:k=24",
					    "tuak:k=",
					    "tuak:k=+16",
					    "tuak:k",
					    "tuak:k=16;",
					    "tuak:op=16",
					    "tuak:k=272",
					    "tuak:k=16,,mac=8",
					    "milenage:k=32",
					    "comp128v1:res=4",
					    "xor:res=3",
					    "xor:res=17",
					    "unknown"};
	struct subscriber_key key;
	struct fault fault;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		fault.code = FAULT_NONE;
		CU_ASSERT_EQUAL(key_form_read(&key, texts[i], &fault), -1);
		CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
	}
}

static void test_equal(void)
{
	struct subscriber_key a, b;
	struct fault fault;

	CU_ASSERT_EQUAL(key_form_read(&a, "tuak:k=32", &fault), 0);
	b = a;
	CU_ASSERT(key_form_equal(&a, &b));
	for (size_t i = 0; i < sizeof(a); i++) {
		((uint8_t *)&b)[i] ^= 4;
		CU_ASSERT_FALSE(key_form_equal(&a, &b));
		((uint8_t *)&b)[i] ^= 4;
	}
}

static void test_checks(void)
{
	uint8_t k[3], opc[3], again[3];
	struct subscriber_key key;
	struct fault fault;

	CU_ASSERT_EQUAL(key_form_read(&key, "tuak:k=32", &fault), 0);
	CU_ASSERT_EQUAL(key_form_checks(k, opc, &key, &fault), 0);
	ASSERT_BYTES(k, opc, 3); /* both 32 zeros */
	key.opc[31] = 1;
	CU_ASSERT_EQUAL(key_form_checks(again, opc, &key, &fault), 0);
	ASSERT_BYTES(k, again, 3);
	CU_ASSERT_NOT_EQUAL(memcmp(k, opc, 3), 0);
	CU_ASSERT_EQUAL(key_form_read(&key, "comp128v1", &fault), 0);
	CU_ASSERT_EQUAL(key_form_checks(k, opc, &key, &fault), 0);
	ASSERT_BYTES(opc, "\0\0\0", 3);
}

UNIT_SUITE("key_form", UNIT(test_round_trip), UNIT(test_refused), UNIT(test_equal), UNIT(test_checks))

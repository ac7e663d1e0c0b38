/* PROVES: sim/radio/nr_keys.h equals a hierarchy computed with python's hmac from the text of TS 33.501
 * (tests/ interop/eap_keys.py; no official numbers are printed for its Annex A), and makes the names of
 * TS 24.501 9.12.1. */
#include "radio/nr_keys.h"

#include <string.h>

#include "unit/unit.h"
#include "vectors/vectors.h"

static void test_hierarchy(void)
{
	uint8_t emsk[64], want[32];
	struct nr_keys keys;
	struct vectors v;
	int cases = 0;

	vectors_open(&v, "nr_keys_ts33501_COMPUTED.txt");
	for (; vectors_next(&v); cases++) {
		vectors_bytes(&v, "EMSK", emsk, 64);
		CU_ASSERT_EQUAL(
			nr_keys_derive(&keys, emsk, vectors_text(&v, "Network"), vectors_text(&v, "IMSI")),
			OK);
		vectors_bytes(&v, "KAUSF", want, 32);
		ASSERT_BYTES(keys.kausf, want, 32);
		vectors_bytes(&v, "KSEAF", want, 32);
		ASSERT_BYTES(keys.kseaf, want, 32);
		vectors_bytes(&v, "KAMF", want, 32);
		ASSERT_BYTES(keys.kamf, want, 32);
		vectors_bytes(&v, "KGNB", want, 32);
		ASSERT_BYTES(keys.kgnb, want, 32);
		vectors_bytes(&v, "KUPENC", want, 16);
		ASSERT_BYTES(keys.kup_enc, want, 16);
	}
	CU_ASSERT_EQUAL(cases, 4);
}

static void test_second_half_of_emsk(void)
{
	uint8_t emsk[64] = {1};
	struct nr_keys first, other;

	CU_ASSERT_EQUAL(nr_keys_derive(&first, emsk, "5G:x", "001010000000001"), OK);
	emsk[32] ^= 1; /* KAUSF is the first half */
	CU_ASSERT_EQUAL(nr_keys_derive(&other, emsk, "5G:x", "001010000000001"), OK);
	ASSERT_BYTES(&other, &first, sizeof(first));
	emsk[31] ^= 1;
	CU_ASSERT_EQUAL(nr_keys_derive(&other, emsk, "5G:x", "001010000000001"), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(other.kup_enc, first.kup_enc, 16), 0);
}

static void test_names(void)
{
	const uint8_t two[3] = {0x00, 0xF1, 0x10}, three[3] = {0x99, 0x09, 0x47};
	char name[NR_NAME];

	nr_keys_network(name, two);
	CU_ASSERT_STRING_EQUAL(name, "5G:mnc001.mcc001.3gppnetwork.org");
	nr_keys_network(name, three);
	CU_ASSERT_STRING_EQUAL(name, "5G:mnc740.mcc999.3gppnetwork.org");
}

UNIT_SUITE("nr_keys", UNIT(test_hierarchy), UNIT(test_second_half_of_emsk), UNIT(test_names))

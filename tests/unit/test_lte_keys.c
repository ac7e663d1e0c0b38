/* PROVES: TS 33.401 Annex A.2, A.3, A.7: our hierarchy equals one computed with
 * python's hmac (no official numbers are printed for Annex A). */
#include "radio/lte_keys.h"

#include <string.h>

#include "unit/unit.h"
#include "vectors/vectors.h"

static void test_hierarchy(void)
{
	uint8_t ck[16], ik[16], sn[3], hidden[6], want[32];
	struct lte_keys keys;
	struct vectors v;

	vectors_open(&v, "lte_keys_ts33401_COMPUTED.txt");
	while (vectors_next(&v)) {
		vectors_bytes(&v, "CK", ck, 16);
		vectors_bytes(&v, "IK", ik, 16);
		vectors_bytes(&v, "SN", sn, 3);
		vectors_bytes(&v, "SQNXORAK", hidden, 6);
		CU_ASSERT_EQUAL(lte_keys_derive(&keys, ck, ik, sn, hidden, 0), OK);
		vectors_bytes(&v, "KASME", want, 32);
		ASSERT_BYTES(keys.kasme, want, 32);
		vectors_bytes(&v, "KNASENC", want, 16);
		ASSERT_BYTES(keys.knas_enc, want, 16);
		vectors_bytes(&v, "KNASINT", want, 16);
		ASSERT_BYTES(keys.knas_int, want, 16);
		vectors_bytes(&v, "KENB", want, 32);
		ASSERT_BYTES(keys.kenb, want, 32);
		vectors_bytes(&v, "KUPENC", want, 16);
		ASSERT_BYTES(keys.kup_enc, want, 16);
	}
}

static void test_every_input_matters(void)
{
	uint8_t ck[16] = {1}, ik[16] = {2}, sn[3] = {0x00, 0xF1, 0x10}, hidden[6] = {3};
	struct lte_keys first, other;

	CU_ASSERT_EQUAL(lte_keys_derive(&first, ck, ik, sn, hidden, 0), OK);
	CU_ASSERT_EQUAL(lte_keys_derive(&other, ck, ik, sn, hidden, 1), OK);
	ASSERT_BYTES(other.kasme, first.kasme, 32);
	CU_ASSERT_NOT_EQUAL(memcmp(other.kup_enc, first.kup_enc, 16), 0);
	sn[2] ^= 1;
	CU_ASSERT_EQUAL(lte_keys_derive(&other, ck, ik, sn, hidden, 0), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(other.kasme, first.kasme, 32), 0);
}

UNIT_SUITE("lte_keys", UNIT(test_hierarchy), UNIT(test_every_input_matters))

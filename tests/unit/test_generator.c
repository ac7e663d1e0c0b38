/* PROVES: the weak generators are what their header says (what python3-cryptography computes), and each its
 * own. */
#include "weak/generator.h"

#include <string.h>

#include "unit/unit.h"

static const char imsi[] = "001010000000101", iccid[] = "8988211000000001019";

static void test_des_imsi(void)
{
	static const uint8_t key[8] = {0x13, 0x34, 0x57, 0x79, 0x9B, 0xBC, 0xDF, 0xF1};
	static const uint8_t y[8] = {0x00, 0x01, 0x01, 0x00, 0x00, 0x00, 0x01, 0x01};
	struct weak_keys keys;
	uint8_t block[8];

	weak_imsi_block(block, imsi);
	ASSERT_BYTES(block, y, 8);
	CU_ASSERT_EQUAL(weak_des_imsi(&keys, key, imsi), 0);
	ASSERT_BYTES(keys.k, "\xBD\xF7\x4E\x05\x8C\x96\xAC\xFE\xAE\xCC\xE9\x8F\x6A\xAD\x7D\xEA", 16);
	ASSERT_BYTES(keys.opc, "\x08\x77\x48\x6F\x09\x67\x23\x92\xC2\xA0\xC3\x70\x3B\x07\x24\x00", 16);
}

static void test_lcg(void)
{
	/* ISO C 7.22.2.2's rand() from 1: 1103527590, 2524885223, 662824084, 3295386429: their highest bytes
	 */
	static const uint8_t first[4] = {0x41, 0x96, 0x27, 0xC4};
	uint32_t x = 1, y;
	struct weak_keys keys, again;

	weak_lcg(&keys, &x);
	ASSERT_BYTES(keys.k, first, 4);
	y = x;
	weak_lcg_back(&y, WEAK_LCG_DRAWS);
	CU_ASSERT_EQUAL(y, 1);
	weak_lcg(&again, &y);
	CU_ASSERT_EQUAL(memcmp(&keys, &again, sizeof(keys)), 0);
	CU_ASSERT_EQUAL(y, x);
}

static void test_aes_seed(void)
{
	struct weak_keys keys;

	CU_ASSERT_EQUAL(weak_aes_seed(&keys, 0x01020304, iccid), 0);
	ASSERT_BYTES(keys.k, "\xC3\x7C\x63\xFB\xAE\x43\x07\xE2\xF3\x30\xE2\xD2\xFB\x29\xA9\x25", 16);
	ASSERT_BYTES(keys.opc, "\xD7\xD4\x8F\x94\xC3\xEB\x41\xC0\x51\xBB\xDE\x15\x3D\xFE\xF9\xA6", 16);
}

static void test_hash(void)
{
	struct weak_keys keys, other;

	CU_ASSERT_EQUAL(weak_hash(&keys, WEAK_ICCID, iccid, imsi), 0);
	ASSERT_BYTES(keys.k, "\x8F\xF2\xE0\x6A\xE4\x12\xFB\x7B\x83\xA9\xC9\x94\x5C\x85\xDB\x7C", 16);
	ASSERT_BYTES(keys.opc, "\xBB\xA1\x5A\xF5\x75\x5F\xC7\x97\xD1\xAC\xB6\xED\x4A\x43\xC6\xE5", 16);
	for (enum weak_text t = WEAK_ICCID_SHORT; t < WEAK_TEXTS; t++) {
		CU_ASSERT_EQUAL(weak_hash(&other, t, iccid, imsi), 0);
		CU_ASSERT_NOT_EQUAL(memcmp(&keys, &other, sizeof(keys)), 0);
	}
}

static void test_names(void)
{
	enum weak_scheme scheme;

	for (enum weak_scheme s = 0; s < WEAK_SCHEMES; s++) {
		CU_ASSERT_EQUAL(weak_named(&scheme, weak_name(s)), 0);
		CU_ASSERT_EQUAL(scheme, s);
	}
	CU_ASSERT_EQUAL(weak_named(&scheme, "random"), -1);
}

UNIT_SUITE("generator", UNIT(test_des_imsi), UNIT(test_lcg), UNIT(test_aes_seed), UNIT(test_hash),
	   UNIT(test_names))

/* PROVES: auth/comp128.h by the published numbers of versions 2 and 3, and for
 * version 1 by what two other implementations compute. */
#include <string.h>

#include "auth/comp128.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static void test_version_1(void)
{
	uint8_t ki[16], rand[16], sres[4], kc[8], got_sres[4], got_kc[8];
	struct vectors v;
	int cases = 0;

	vectors_open(&v, "comp128v1_COMPUTED.txt");
	for (; vectors_next(&v); cases++) {
		vectors_bytes(&v, "Ki", ki, 16);
		vectors_bytes(&v, "RAND", rand, 16);
		vectors_bytes(&v, "SRES", sres, 4);
		vectors_bytes(&v, "Kc", kc, 8);
		comp128(COMP128_1, got_sres, got_kc, ki, rand);
		ASSERT_BYTES(got_sres, sres, 4);
		ASSERT_BYTES(got_kc, kc, 8);
	}
	CU_ASSERT_EQUAL(cases, 12);
}

/* One section for each version; each field is RAND = SRES || Kc. */
static void test_versions_2_and_3(void)
{
	uint8_t ki[16], rand[16], want[12], sres[4], kc[8];
	int cases = 0, version = 2;
	struct vectors v;

	vectors_open(&v, "comp128v2_v3_libosmocore.txt");
	for (; vectors_next(&v); version++) {
		vectors_bytes(&v, "Ki", ki, 16);
		for (size_t i = 0; i < v.count; i++) {
			if (strlen(v.field[i].name) != 32)
				continue;
			for (unsigned j = 0, byte; j < 16; j++) {
				CU_ASSERT_EQUAL_FATAL(sscanf(v.field[i].name + 2 * j, "%2x", &byte), 1);
				rand[j] = (uint8_t)byte;
			}
			vectors_bytes(&v, v.field[i].name, want, 12);
			comp128((enum comp128_version)version, sres, kc, ki, rand);
			ASSERT_BYTES(sres, want, 4);
			ASSERT_BYTES(kc, want + 4, 8);
			cases++;
		}
	}
	CU_ASSERT_EQUAL(cases, 48);
}

UNIT_SUITE("comp128", UNIT(test_version_1), UNIT(test_versions_2_and_3))

/* PROVES: 3GPP TS 35.231 by TS 35.232 and TS 35.233. */
#include <stdlib.h>
#include <string.h>

#include "auth/tuak.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static uint8_t number(const struct vectors *v, const char *name, unsigned unit)
{
	return (uint8_t)(strtoul(vectors_text(v, name), NULL, 10) / unit);
}

static void expect(const struct vectors *v, const char *name, const uint8_t *got, size_t length)
{
	uint8_t want[TUAK_MAX];

	vectors_bytes(v, name, want, length);
	ASSERT_BYTES(got, want, length);
}

static void test_vectors(void)
{
	struct vectors v;
	int cases = 0;

	vectors_open(&v, "tuak_ts35232_233.txt");
	for (; vectors_next(&v); cases++) {
		struct key_sizes s = {
			.k = (uint8_t)(strlen(vectors_text(&v, "K")) / 2),
			.opc = TUAK_TOPC,
			.mac = number(&v, "LEN_MAC", 8),
			.res = number(&v, "LEN_RES", 8),
			.ck = number(&v, "LEN_CK", 8),
			.ik = number(&v, "LEN_IK", 8),
			.iterations = number(&v, "KeccakIterations", 1),
		};
		uint8_t k[32], top[32], topc[32], rand[16], sqn[6], amf[2];
		uint8_t mac[32], res[32], ck[32], ik[32], ak[6];
		struct tuak t;

		vectors_bytes(&v, "K", k, s.k);
		vectors_bytes(&v, "TOP", top, 32);
		vectors_bytes(&v, "RAND", rand, 16);
		vectors_bytes(&v, "SQN", sqn, 6);
		vectors_bytes(&v, "AMF", amf, 2);
		CU_ASSERT_EQUAL(tuak_topc(topc, &s, k, top), OK);
		expect(&v, "TOPc", topc, 32);
		CU_ASSERT_EQUAL(tuak_start(&t, &s, k, topc, rand), OK);
		tuak_f1(&t, mac, sqn, amf);
		expect(&v, "f1_MACA", mac, s.mac);
		tuak_f1_star(&t, mac, sqn, amf);
		expect(&v, "f1s_MACS", mac, s.mac);
		tuak_f2345(&t, res, ck, ik, ak);
		expect(&v, "f2_RES", res, s.res);
		expect(&v, "f3_CK", ck, s.ck);
		expect(&v, "f4_IK", ik, s.ik);
		expect(&v, "f5_AK", ak, 6);
		tuak_f5_star(&t, ak);
		expect(&v, "f5s_AK", ak, 6);
		tuak_stop(&t);
	}
	CU_ASSERT_EQUAL(cases, 6);
}

/* Every size but those of the specification is refused, and nothing is written. */
static void test_sizes(void)
{
	static const uint8_t allowed[6][5] = {{16, 32},       {32},     {8, 16, 32},
					      {4, 8, 16, 32}, {16, 32}, {16, 32}};
	const struct key_sizes good = {16, 32, 8, 8, 16, 16, 1};
	uint8_t key[32] = {0}, topc[32], same[32];
	struct tuak t;

	for (unsigned field = 0; field < 6; field++)
		for (unsigned value = 0; value < 256; value++) {
			struct key_sizes s = good;
			int want = ERROR_VALUE;

			((uint8_t *)&s)[field] = (uint8_t)value;
			for (unsigned i = 0; i < 5; i++)
				if (value && allowed[field][i] == value)
					want = OK;
			CU_ASSERT_EQUAL(tuak_check(&s), want);
			if (want == OK)
				continue;
			memset(topc, 0xEE, sizeof(topc));
			memset(same, 0xEE, sizeof(same));
			CU_ASSERT_EQUAL(tuak_topc(topc, &s, key, key), ERROR_VALUE);
			ASSERT_BYTES(topc, same, 32);
			CU_ASSERT_EQUAL(tuak_start(&t, &s, key, key, key), ERROR_VALUE);
		}
	CU_ASSERT_EQUAL(tuak_check(&(struct key_sizes){16, 32, 8, 8, 16, 16, 0}), ERROR_VALUE);
}

UNIT_SUITE("tuak", UNIT(test_vectors), UNIT(test_sizes))

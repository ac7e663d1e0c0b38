/* PROVES: auth/milenage.h by the numbers of TS 35.207, TS 35.208 and TS 55.205. */
#include <string.h>

#include "auth/milenage.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

struct set {
	uint8_t k[16], rand[16], sqn[6], amf[2], op[16], opc[16];
	uint8_t mac_a[8], mac_s[8], res[8], ck[16], ik[16], ak[6], ak_star[6];
};

static void read_set(struct set *s, const struct vectors *v)
{
	vectors_bytes(v, "K", s->k, 16);
	vectors_bytes(v, "RAND", s->rand, 16);
	vectors_bytes(v, "SQN", s->sqn, 6);
	vectors_bytes(v, "AMF", s->amf, 2);
	vectors_bytes(v, "OP", s->op, 16);
	vectors_bytes(v, "OPc", s->opc, 16);
	vectors_bytes(v, "f1_MACA", s->mac_a, 8);
	vectors_bytes(v, "f1s_MACS", s->mac_s, 8);
	vectors_bytes(v, "f2_RES", s->res, 8);
	vectors_bytes(v, "f3_CK", s->ck, 16);
	vectors_bytes(v, "f4_IK", s->ik, 16);
	vectors_bytes(v, "f5_AK", s->ak, 6);
	vectors_bytes(v, "f5s_AK", s->ak_star, 6);
}

static void check_functions(const struct set *s)
{
	uint8_t opc[16], mac_a[8], mac_s[8], res[8], ck[16], ik[16], ak[6], ak_star[6];
	struct milenage m;

	CU_ASSERT_EQUAL(milenage_opc(opc, s->k, s->op), OK);
	ASSERT_BYTES(opc, s->opc, 16);
	CU_ASSERT_EQUAL(milenage_start(&m, s->k, s->opc, s->rand), OK);
	CU_ASSERT_EQUAL(milenage_f1(&m, mac_a, s->sqn, s->amf), OK);
	CU_ASSERT_EQUAL(milenage_f1_star(&m, mac_s, s->sqn, s->amf), OK);
	CU_ASSERT_EQUAL(milenage_f2_f5(&m, res, ak), OK);
	CU_ASSERT_EQUAL(milenage_f3_f4(&m, ck, ik), OK);
	CU_ASSERT_EQUAL(milenage_f5_star(&m, ak_star), OK);
	milenage_stop(&m);
	ASSERT_BYTES(mac_a, s->mac_a, 8);
	ASSERT_BYTES(mac_s, s->mac_s, 8);
	ASSERT_BYTES(res, s->res, 8);
	ASSERT_BYTES(ck, s->ck, 16);
	ASSERT_BYTES(ik, s->ik, 16);
	ASSERT_BYTES(ak, s->ak, 6);
	ASSERT_BYTES(ak_star, s->ak_star, 6);
}

static void check_vector(const struct set *s)
{
	struct aka_vector got;
	uint8_t autn[16];

	for (int i = 0; i < 6; i++)
		autn[i] = s->sqn[i] ^ s->ak[i];
	memcpy(autn + 6, s->amf, 2);
	memcpy(autn + 8, s->mac_a, 8);
	CU_ASSERT_EQUAL(milenage_vector(&got, s->k, s->opc, s->rand, s->sqn, s->amf), OK);
	ASSERT_BYTES(got.rand, s->rand, 16);
	ASSERT_BYTES(got.autn, autn, 16);
	ASSERT_BYTES(got.res, s->res, 8);
	ASSERT_BYTES(got.ck, s->ck, 16);
	ASSERT_BYTES(got.ik, s->ik, 16);
}

static unsigned check_file(const char *name)
{
	struct vectors v;
	struct set s;
	unsigned sets = 0;

	for (vectors_open(&v, name); vectors_next(&v); sets++) {
		read_set(&s, &v);
		check_functions(&s);
		check_vector(&s);
	}
	return sets;
}

/* PROVES: TS 35.206 */
static void test_ts35207(void)
{
	CU_ASSERT_EQUAL(check_file("milenage_ts35207.txt"), 6);
}

/* PROVES: TS 35.206 */
static void test_ts35208(void)
{
	CU_ASSERT_EQUAL(check_file("milenage_ts35208.txt"), 20);
}

/* PROVES: TS 55.205, TS 33.102 6.8.1.2 */
static void test_gsm_ts55205(void)
{
	uint8_t ki[16], rand[16], opc[16], want[8], res[8], ak[6], ck[16], ik[16], sres[4], kc[8];
	struct vectors v;
	struct milenage m;
	unsigned sets = 0;

	for (vectors_open(&v, "gsm_milenage_ts55205.txt"); vectors_next(&v); sets++) {
		vectors_bytes(&v, "Ki", ki, 16);
		vectors_bytes(&v, "RAND", rand, 16);
		vectors_bytes(&v, "OPc", opc, 16);
		CU_ASSERT_EQUAL(milenage_start(&m, ki, opc, rand), OK);
		CU_ASSERT_EQUAL(milenage_f2_f5(&m, res, ak), OK);
		CU_ASSERT_EQUAL(milenage_f3_f4(&m, ck, ik), OK);
		milenage_stop(&m);
		milenage_c2(sres, res);
		milenage_c3(kc, ck, ik);
		vectors_bytes(&v, "SRES_1", want, 4);
		ASSERT_BYTES(sres, want, 4);
		vectors_bytes(&v, "SRES_2", want, 4);
		ASSERT_BYTES(res, want, 4);
		vectors_bytes(&v, "Kc", want, 8);
		ASSERT_BYTES(kc, want, 8);
	}
	CU_ASSERT_EQUAL(sets, 19);
}

/* PROVES: TS 33.102 6.3.3 */
static void test_resync(void)
{
	static const uint8_t none[6] = {0}, zero_amf[2] = {0, 0};
	uint8_t auts[14], sqn[6], mac_s[8];
	struct vectors v;
	struct milenage m;
	struct set s;

	for (vectors_open(&v, "milenage_ts35208.txt"); vectors_next(&v);) {
		read_set(&s, &v);
		CU_ASSERT_EQUAL(milenage_start(&m, s.k, s.opc, s.rand), OK);
		CU_ASSERT_EQUAL(milenage_auts(&m, auts, s.sqn), OK);
		CU_ASSERT_EQUAL(milenage_f1_star(&m, mac_s, s.sqn, zero_amf), OK);
		milenage_stop(&m);
		for (int i = 0; i < 6; i++)
			sqn[i] = s.sqn[i] ^ s.ak_star[i];
		ASSERT_BYTES(auts, sqn, 6);
		ASSERT_BYTES(auts + 6, mac_s, 8);
		CU_ASSERT_EQUAL(milenage_resync(sqn, s.k, s.opc, s.rand, auts), OK);
		ASSERT_BYTES(sqn, s.sqn, 6);
		for (int i = 0; i < 14; i++) {
			auts[i] ^= 0x10;
			CU_ASSERT_EQUAL(milenage_resync(sqn, s.k, s.opc, s.rand, auts), ERROR_CHECK);
			ASSERT_BYTES(sqn, none, 6);
			auts[i] ^= 0x10;
		}
	}
}

UNIT_SUITE("milenage", UNIT(test_ts35207), UNIT(test_ts35208), UNIT(test_gsm_ts55205), UNIT(test_resync))

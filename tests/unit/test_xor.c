/* PROVES: auth/xor.h. */
#include <string.h>

#include "auth/xor.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

/* PROVES: TS 34.108 8.1.2 */
static void test_3g(void)
{
	uint8_t k[16], rand[16], sqn[6], amf[2], want[16];
	uint8_t mac[8], res[16], ck[16], ik[16], ak[6];
	struct vectors v;
	struct xor x;

	vectors_open(&v, "xor3g_osmohlr.txt");
	CU_ASSERT_FATAL(vectors_next(&v));
	vectors_bytes(&v, "K", k, 16);
	vectors_bytes(&v, "RAND", rand, 16);
	vectors_bytes(&v, "SQN", sqn, 6);
	vectors_bytes(&v, "AMF", amf, 2);
	xor_start(&x, k, rand);
	xor_f1(&x, mac, sqn, amf);
	xor_f2345(&x, res, ck, ik, ak);
	vectors_bytes(&v, "AUTN", want, 16);
	ASSERT_BYTES(ak, want, 6); /* its SQN is zero */
	ASSERT_BYTES(mac, want + 8, 8);
	sqn[0] = 0x81;
	amf[1] = 0x42;
	xor_f1(&x, mac, sqn, amf);
	want[8] ^= 0x81;
	want[15] ^= 0x42;
	ASSERT_BYTES(mac, want + 8, 8);
	vectors_bytes(&v, "RES", want, 16);
	ASSERT_BYTES(res, want, 16);
	vectors_bytes(&v, "CK", want, 16);
	ASSERT_BYTES(ck, want, 16);
	vectors_bytes(&v, "IK", want, 16);
	ASSERT_BYTES(ik, want, 16);
	xor_stop(&x);
	CU_ASSERT_FALSE(vectors_next(&v));
}

/* PROVES: TS 51.010-1 annex 4 */
static void test_gsm(void)
{
	uint8_t ki[16], rand[16], sres[4], kc[8], want[8];
	struct vectors v;
	struct xor x;
	int cases = 0;

	vectors_open(&v, "xor2g_libosmocore.txt");
	for (; vectors_next(&v); cases++) {
		vectors_bytes(&v, "Ki", ki, 16);
		vectors_bytes(&v, "RAND", rand, 16);
		xor_start(&x, ki, rand);
		xor_gsm(&x, sres, kc);
		vectors_bytes(&v, "SRES", want, 4);
		ASSERT_BYTES(sres, want, 4);
		vectors_bytes(&v, "Kc", want, 8);
		ASSERT_BYTES(kc, want, 8);
	}
	CU_ASSERT_EQUAL(cases, 2);
}

UNIT_SUITE("xor", UNIT(test_3g), UNIT(test_gsm))

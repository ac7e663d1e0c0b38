/* PROVES: gp/scp02_keys.h by a session captured from a real card: card and
 * host cryptograms and five chained C-MACs. */
#include <string.h>

#include "gp/scp02_keys.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static void check_mac(const struct vectors *v, const char *name, const struct scp02_session_keys *keys,
		      uint8_t chaining[8])
{
	uint8_t sent[64], mac[8];

	CU_ASSERT_FATAL(vectors_any(v, name, sent, sizeof(sent)) >= 13);
	CU_ASSERT_EQUAL(scp02_command_mac(mac, chaining, keys, sent, (struct span){sent + 5, sent[4] - 8u}),
			OK);
	ASSERT_BYTES(sent + 5 + sent[4] - 8, mac, 8);
}

/* PROVES: GPC E.4.1, E.4.2.1, E.4.2.2, E.4.4, E.3.4 */
static void test_capture(void)
{
	static const char *const names[] = {"ext_auth_cmd", "case_1", "case_2", "case_3", "case_4"};
	uint8_t enc[16], mac[16], dek[16], host[8], answer[28], sent[64], out[8], chaining[8] = {0};
	struct scp02_session_keys keys;
	struct vectors v;
	unsigned sessions = 0;

	for (vectors_open(&v, "scp02_capture_pysim.txt"); vectors_next(&v); sessions++) {
		vectors_bytes(&v, "ENC", enc, 16);
		vectors_bytes(&v, "MAC", mac, 16);
		vectors_bytes(&v, "DEK", dek, 16);
		vectors_bytes(&v, "host_challenge", host, 8);
		vectors_bytes(&v, "init_update_rsp", answer, 28);
		CU_ASSERT_EQUAL(scp02_session_keys(&keys, enc, mac, dek, answer + 12), OK);
		CU_ASSERT_EQUAL(scp02_card_cryptogram(out, &keys, host, answer + 12), OK);
		ASSERT_BYTES(out, answer + 20, 8);
		CU_ASSERT_EQUAL(scp02_host_cryptogram(out, &keys, host, answer + 12), OK);
		vectors_bytes(&v, "ext_auth_cmd", sent, 21);
		ASSERT_BYTES(sent + 5, out, 8);
		for (size_t i = 0; i < 5; i++)
			check_mac(&v, names[i], &keys, chaining);
	}
	CU_ASSERT_EQUAL(sessions, 1);
}

/* PROVES: GPC E.4.6 */
static void test_encryption(void)
{
	static const uint8_t zero[8];
	struct scp02_session_keys keys = {.enc = {1, 2, 3}};
	uint8_t plain[64], sealed[72];
	int n;

	for (size_t length = 0; length <= 48; length++) {
		memset(plain, 0x80, sizeof(plain));
		n = scp02_encrypt(sealed, sizeof(sealed), &keys, (struct span){plain, length});
		CU_ASSERT_EQUAL(n, (int)(length / 8 * 8 + 8));
		CU_ASSERT_EQUAL(
			scp02_decrypt(sealed, sizeof(sealed), &keys, (struct span){sealed, (size_t)n}),
			(int)length);
		ASSERT_BYTES(sealed, plain, length);
	}
	CU_ASSERT_EQUAL(scp02_encrypt(sealed, 7, &keys, (struct span){plain, 3}), ERROR_RANGE);
	CU_ASSERT_EQUAL(scp02_decrypt(sealed, 72, &keys, (struct span){plain, 15}), ERROR_CHECK);
	CU_ASSERT_EQUAL(scp02_decrypt(sealed, 72, &keys, (struct span){plain, 0}), ERROR_CHECK);
	CU_ASSERT_EQUAL(scp02_decrypt(sealed, 8, &keys, (struct span){plain, 16}), ERROR_RANGE);
	memset(plain, 0, sizeof(plain)); /* no 80 in it; and one too far in front */
	CU_ASSERT_EQUAL(des3_cbc_encrypt(sealed, keys.enc, zero, plain, 16), OK);
	CU_ASSERT_EQUAL(scp02_decrypt(plain, 64, &keys, (struct span){sealed, 16}), ERROR_CHECK);
	memset(plain, 0, sizeof(plain));
	plain[7] = 0x80;
	CU_ASSERT_EQUAL(des3_cbc_encrypt(sealed, keys.enc, zero, plain, 16), OK);
	CU_ASSERT_EQUAL(scp02_decrypt(plain, 64, &keys, (struct span){sealed, 16}), ERROR_CHECK);
}

UNIT_SUITE("scp02_keys", UNIT(test_capture), UNIT(test_encryption))

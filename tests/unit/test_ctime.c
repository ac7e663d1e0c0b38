/* PROVES: no branch and no memory address depends on a secret in what the card
 * computes with keys. The whole card: test_ctime_card. */
#include <string.h>

#include "auth/milenage.h"
#include "auth/suci.h"
#include "crypto/cmac.h"
#include "crypto/compare.h"
#include "crypto/kcv.h"
#include "crypto/p256.h"
#include "crypto/sha1.h"
#include "crypto/x25519.h"
#include "crypto/x963.h"
#include "gp/scp03_keys.h"
#include "keys/derive.h"
#include "unit/ctime.h"

static uint8_t key[32], other[32];

static void start(void)
{
	for (size_t i = 0; i < sizeof(key); i++) {
		key[i] = (uint8_t)(i * 29 + 3);
		other[i] = (uint8_t)(i * 31 + 5);
	}
	hide(key, sizeof(key));
	hide(other, sizeof(other));
}

/* The method sees what it is there to see. */
static void test_control(void)
{
	volatile unsigned taken = 0;

	start();
	(void)decisions();
	if (key[0] & 1)
		taken++;
	CU_ASSERT(decisions() > 0);
	taken += other[key[1] & 31];
	publish((void *)&taken, sizeof(taken));
	CU_ASSERT(decisions() > 0);
	CU_ASSERT(memcmp(key, other, 1) != 2);
	CU_ASSERT(decisions() > 0);
}

static void test_compare(void)
{
	enum verdict verdict;

	start();
	verdict = compare_equal(key, other, sizeof(key));
	publish(&verdict, sizeof(verdict));
	CU_ASSERT_EQUAL(verdict, DENIED);
	memcpy(other, key, sizeof(key));
	verdict = compare_equal(key, other, sizeof(key));
	publish(&verdict, sizeof(verdict));
	CU_ASSERT_EQUAL(verdict, GRANTED);
	CU_ASSERT_EQUAL(decisions(), 0);
}

static void test_milenage(void)
{
	static const uint8_t rand16[16] = {1}, amf[2] = {0x80};
	uint8_t sqn[6] = {2}, auts[14], kc[8];
	struct aka_vector vector;
	struct milenage m;

	start();
	hide(sqn, sizeof(sqn));
	CU_ASSERT_EQUAL(milenage_vector(&vector, key, other, rand16, sqn, amf), OK);
	milenage_c3(kc, vector.ck, vector.ik);
	CU_ASSERT_EQUAL(milenage_start(&m, key, other, rand16), OK);
	CU_ASSERT_EQUAL(milenage_auts(&m, auts, sqn), OK);
	milenage_stop(&m);
	CU_ASSERT_EQUAL(milenage_opc(vector.ck, key, other), OK);
	CU_ASSERT_EQUAL(decisions(), 0);
}

static void test_derive(void)
{
	static const uint8_t iccid[10] = {0x98};
	uint8_t out[32], check[3];

	start();
	CU_ASSERT_EQUAL(x963(out, 32, (struct span){key, 32}, (struct span){iccid, 10}), OK);
	sha1(out, (struct span){key, 16});
	CU_ASSERT_EQUAL(derive_key(out, DERIVE_LABEL_K, iccid, (struct span){key, 32}), OK);
	CU_ASSERT_EQUAL(cmac(out, (struct span){key, 16}, (struct span){other, 20}), OK);
	CU_ASSERT_EQUAL(kcv(check, (struct span){key, 16}), OK);
	CU_ASSERT_EQUAL(decisions(), 0);
}

static void test_scp03(void)
{
	static const uint8_t challenge[8] = {1}, header[5] = {0x84, 0xE2, 0x88, 0, 32},
			     sequence[3] = {0, 0, 1};
	struct scp03_session_keys keys;
	uint8_t out[16], data[48], chaining[16] = {0};
	struct span enc = {key, 16}, mac = {other, 16};
	int n;

	start();
	CU_ASSERT_EQUAL(scp03_card_challenge(out, enc, sequence, (struct span){header, 5}, 8), OK);
	CU_ASSERT_EQUAL(scp03_session_keys(&keys, enc, mac, challenge, challenge, 8), OK);
	CU_ASSERT_EQUAL(scp03_cryptogram(out, &keys, SCP03_FOR_HOST_CRYPTOGRAM, challenge, challenge), OK);
	memcpy(data, key, 32);
	n = scp03_encrypt(data, sizeof(data), &keys, 1, (struct span){data, 32});
	CU_ASSERT_EQUAL(n, 48);
	CU_ASSERT_EQUAL(scp03_command_mac(out, &keys, chaining, header, (struct span){data, 48}), OK);
	CU_ASSERT_EQUAL(decisions(), 0);
}

static void test_x25519(void)
{
	static const uint8_t u[32] = {9, 1};
	uint8_t out[32];
	int e;

	start();
	x25519_public(out, key);
	e = x25519(out, key, u);
	publish(&e, sizeof(e));
	CU_ASSERT_EQUAL(e, OK);
	CU_ASSERT_EQUAL(decisions(), 0);
}

static int hidden(void *context, void *out, size_t length)
{
	(void)context;
	memset(out, 0x39, length);
	hide(out, length);
	return 0;
}

/* What is decided is what everybody may know: that the key is one, that the
 * number RFC 6979 offers is one (if not, it is thrown away), and that neither
 * half of the signature is zero. */
static void test_p256(void)
{
	static const struct p256_random random = {hidden, NULL};
	uint8_t point[65], out[64];

	start();
	CU_ASSERT_EQUAL(p256_public(point, other, &random), OK);
	CU_ASSERT_EQUAL(decisions(), 1);
	publish(point, sizeof(point));
	CU_ASSERT_EQUAL(p256_shared(out, key, (struct span){point, 65}, &random), OK);
	CU_ASSERT_EQUAL(decisions(), 1);
	CU_ASSERT_EQUAL(p256_sign(out, key, other, &random), OK);
	CU_ASSERT_EQUAL(decisions(), 3);
}

/* The same of the ephemeral key, in agreeing and in making its public half; or
 * whether the home network's key is one of small order. */
static void test_suci(void)
{
	static const struct p256_random random = {hidden, NULL};
	static const uint8_t home_a[32] = {9}, msin[5] = {1};
	struct suci_key a = {.scheme = SUCI_PROFILE_A, .public_key = {home_a, 32}},
			b = {.scheme = SUCI_PROFILE_B};
	uint8_t home_b[65], out[SUCI_OUTPUT_MAX];

	start();
	CU_ASSERT_EQUAL(p256_public(home_b, other, &random), OK);
	publish(home_b, sizeof(home_b));
	b.public_key = (struct span){home_b, sizeof(home_b)};
	(void)decisions();
	CU_ASSERT_EQUAL(suci_output(out, &b, (struct span){msin, 5}, key, &random), OK);
	CU_ASSERT_EQUAL(decisions(), 2);
	CU_ASSERT_EQUAL(suci_output(out, &a, (struct span){msin, 5}, key, &random), OK);
	CU_ASSERT_EQUAL(decisions(), 1);
}

CTIME_SUITE("ctime", UNIT(test_control), UNIT(test_compare), UNIT(test_milenage), UNIT(test_derive),
	    UNIT(test_scp03), UNIT(test_x25519), UNIT(test_p256), UNIT(test_suci))

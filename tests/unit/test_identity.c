/* PROVES: keys/identity.h over APDUs: the card's key pair is made once and on
 * the card, proves itself to any challenge, signs nothing else, and agrees
 * with an operator on a K that AUTHENTICATE then uses. */
#include "auth/milenage.h"
#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "crypto/x963.h"
#include "gp/personalise.h"
#include "unit/whole_card.h"

static struct whole_card w;
static uint8_t identity[P256_UNCOMPRESSED];

static const uint8_t k16[16] = {1, 2, 3};
static const uint8_t iccid[10] = {0x98, 0x88, 0x12, 0x11, 0, 0, 0, 0, 0x01, 0x10};

static void start(void)
{
	whole_start(&w);
	CU_ASSERT_EQUAL_FATAL(whole_open(&w, &scp03_test_keys, 0x33), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880012 0F010F 01 2FE2 00 00 98881211000000000110"), SW_OK);
}

static void make(void)
{
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880003 0F0600"), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80CADF2200"), SW_OK);
	CU_ASSERT_EQUAL_FATAL(w.length, 3 + sizeof(identity));
	ASSERT_BYTES(w.data, "\xDF\x22\x41\x04", 4);
	memcpy(identity, w.data + 3, sizeof(identity));
}

/* Does the identity's signature fit label || first || second? */
static int signed_by_card(const char *label, const uint8_t *first, size_t n, const uint8_t *second, size_t m,
			  const uint8_t *signature)
{
	uint8_t digest[32];
	struct sha256 h;

	sha256_start(&h);
	sha256_add(&h, label, 16);
	sha256_add(&h, first, n);
	sha256_add(&h, second, m);
	CU_ASSERT_EQUAL(sha256_finish(&h, digest), OK);
	return p256_verify((struct span){identity, sizeof(identity)}, digest, signature) == OK;
}

static void test_made_once(void)
{
	uint8_t was[P256_UNCOMPRESSED];

	start();
	CU_ASSERT_EQUAL(whole_secure(&w, "80CADF2200"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880013 0F0710 000102030405060708090A0B0C0D0E0F"),
			SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880004 0F060100"), SW_WRONG_DATA);
	/* With something that is refused behind it, it is not made. */
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880006 0F0600 0F7700"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80CADF2200"), SW_REFERENCE_NOT_FOUND);
	make();
	memcpy(was, identity, sizeof(was));
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880003 0F0600"), SW_CONDITIONS_NOT_SATISFIED);
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "80CADF2200"), SW_OK); /* everybody may read it */
	ASSERT_BYTES(w.data + 3, was, sizeof(was));
	CU_ASSERT_EQUAL(whole_send(&w, "80E2880013 0F0710 000102030405060708090A0B0C0D0E0F"),
			SW_SECURITY_NOT_SATISFIED);
	whole_stop(&w);
	/* Another card is somebody else. */
	start();
	make();
	CU_ASSERT_NOT_EQUAL(memcmp(was, identity, sizeof(was)), 0);
	whole_stop(&w);
}

static void test_proof(void)
{
	uint8_t command[5 + 3 + 40] = {0x80, 0xE2, 0x89, 0x00}, signature[64];

	start();
	make();
	for (uint8_t n = 0; n <= 40; n++) {
		int fits = n >= 16 && n <= 32;

		memcpy(command + 4, (const uint8_t[]){(uint8_t)(3 + n), 0x0F, 0x07, n}, 4);
		memset(command + 8, n, n);
		CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, 8u + n), fits ? SW_OK : SW_WRONG_DATA);
		if (!fits)
			continue;
		CU_ASSERT_EQUAL_FATAL(w.length, 64);
		memcpy(signature, w.data, 64);
		CU_ASSERT(signed_by_card("simrite proof 01", command + 8, n, iccid, 10, signature));
		CU_ASSERT_FALSE(
			signed_by_card("simrite proof 01", command + 8, n - 1u, iccid, 10, signature));
		CU_ASSERT_FALSE(signed_by_card("simrite agree 01", command + 8, n, iccid, 10, signature));
	}
	whole_stop(&w);
}

/* The operator's half, with the card's answer: K and OPc. */
static void operator_keys(uint8_t keys[32], const uint8_t private_key[32], uint8_t slot,
			  const uint8_t operator_key[33], const uint8_t ephemeral[33])
{
	const struct p256_random random = {drbg_random, &w.card.drbg};
	uint8_t x[32], info[16 + 10 + 1 + 66];

	memcpy(info, "simrite K v2    ", 16);
	memcpy(info + 16, iccid, 10);
	info[26] = slot;
	memcpy(info + 27, operator_key, 33);
	memcpy(info + 60, ephemeral, 33);
	CU_ASSERT_EQUAL(p256_shared(x, private_key, (struct span){ephemeral, 33}, &random), OK);
	CU_ASSERT_EQUAL(x963(keys, 32, (struct span){x, 32}, (struct span){info, sizeof(info)}), OK);
}

static void authenticates(const uint8_t keys[32])
{
	static const uint8_t rand16[16] = {7}, amf[2] = {0x80, 0};
	uint8_t sqn[6] = {0, 0, 0, 0, 1, 0x20}, command[39] = {0x00, 0x88, 0x00, 0x81, 34, 16};
	struct aka_vector v;

	CU_ASSERT_EQUAL(milenage_vector(&v, keys, keys + 16, rand16, sqn, amf), OK);
	memcpy(command + 6, v.rand, 16);
	command[22] = 16;
	memcpy(command + 23, v.autn, 16);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(whole_apdu(&w, command, sizeof(command)), SW_OK);
	ASSERT_BYTES(w.data + 2, v.res, 8);
}

static void test_agreement(void)
{
	const struct p256_random random = {drbg_random, &w.card.drbg};
	uint8_t private_key[32], public_key[65], compressed[33], answers[2][103], keys[32], check[3];
	uint8_t command[5 + 3 + 66] = {0x80, 0xE2, 0x89, 0x00}, about[77];

	start();
	CU_ASSERT_EQUAL(p256_generate(private_key, public_key, &random), OK);
	CU_ASSERT_EQUAL(p256_compress(compressed, (struct span){public_key, 65}), OK);
	memcpy(command + 4, (const uint8_t[]){37, 0x0F, 0x08, 34, 1}, 5);
	memcpy(command + 9, compressed, 33);
	CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, 42), SW_REFERENCE_NOT_FOUND); /* nobody yet */
	make();
	for (int i = 0; i < 2; i++) { /* in either form of the operator's key */
		size_t n = i ? 65 : 33;

		memcpy(command + 4, (const uint8_t[]){(uint8_t)(4 + n), 0x0F, 0x08, (uint8_t)(1 + n), 1}, 5);
		memcpy(command + 9, i ? public_key : compressed, n);
		CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, 9 + n), SW_OK);
		CU_ASSERT_EQUAL_FATAL(w.length, 103);
		memcpy(answers[i], w.data, 103);
		memcpy(about, iccid, 10);
		about[10] = 1;
		memcpy(about + 11, compressed, 33);
		memcpy(about + 44, answers[i], 33);
		CU_ASSERT(signed_by_card("simrite agree 01", about, 77, answers[i] + 33, 6, answers[i] + 39));
		operator_keys(keys, private_key, 1, compressed, answers[i]);
		CU_ASSERT_EQUAL(kcv(check, (struct span){keys, 16}), OK);
		ASSERT_BYTES(answers[i] + 33, check, 3);
		CU_ASSERT_EQUAL(kcv(check, (struct span){keys + 16, 16}), OK);
		ASSERT_BYTES(answers[i] + 36, check, 3);
	}
	CU_ASSERT_NOT_EQUAL(memcmp(answers[0], answers[1], 33), 0); /* another time, another key */
	CU_ASSERT_EQUAL(whole_secure(&w, "80CADF2000"), SW_OK);
	CU_ASSERT_EQUAL(w.data[4], SLOT_LOADED);
	CU_ASSERT_EQUAL(w.data[6], SLOT_AGREED);
	authenticates(keys);
	whole_stop(&w);
}

/* What is no key, no slot, or a slot that is kept: nothing is loaded. */
static void test_refused(void)
{
	static const struct {
		const char *hex;
		sw_t sw;
	} bad[] = {
		{"80E2880003 0F0800", SW_WRONG_DATA},
		{"80E2880004 0F080101", SW_WRONG_DATA},
		{"80E2880025 0F0822 01 05 6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296",
		 SW_WRONG_DATA},
		{"80E2880024 0F0821 01 03 6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2",
		 SW_WRONG_DATA},
		{"80E2880025 0F0822 01 02 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
		 SW_WRONG_DATA},
		{"80E2880025 0F0822 00 03 6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296",
		 SW_WRONG_DATA},
		{"80E2880025 0F0822 05 03 6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296",
		 SW_WRONG_DATA},
	};

	start();
	make();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(whole_secure(&w, bad[i].hex), bad[i].sw);
		CU_ASSERT_EQUAL(w.length, 0);
		CU_ASSERT_EQUAL(whole_secure(&w, "80CADF2000"), SW_OK);
		CU_ASSERT_EQUAL(w.data[4], SLOT_EMPTY);
	}
	whole_load_key(&w, 1, k16, k16);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880005 0F0502 0102"), SW_OK); /* confirmed */
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880025 0F0822 01 03 6B17D1F2E12C4247F8BCE6E563A440F2"
					 "77037D812DEB33A0F4A13945D898C296"),
			SW_CONDITIONS_NOT_SATISFIED);
	whole_stop(&w);
}

UNIT_SUITE("identity", UNIT(test_made_once), UNIT(test_proof), UNIT(test_agreement), UNIT(test_refused))

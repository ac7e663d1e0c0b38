/* PROVES: sim/eap/eap_keys.h equals RFC 5448 Appendix C = RFC 9048 Appendix D in all
 * four cases, and for forward secrecy the vectors computed from RFC 9678 6.3, which
 * tests/interop/eap_fs.test.sh has computed once more by a program of its own. */
#include "eap/eap_keys.h"

#include <string.h>

#include "eap/ecdhe.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static struct span text(const char *s)
{
	return (struct span){(const uint8_t *)s, strlen(s)};
}

static void same(const struct vectors *v, const char *name, const uint8_t *got, size_t length)
{
	uint8_t want[64];

	vectors_bytes(v, name, want, length);
	ASSERT_BYTES(got, want, length);
}

static void same_keys(const struct vectors *v, const struct eap_keys *keys)
{
	same(v, "CKp", keys->ck, 16);
	same(v, "IKp", keys->ik, 16);
	same(v, "K_encr", keys->k_encr, 16);
	same(v, "K_aut", keys->k_aut, 32);
	same(v, "K_re", keys->k_re, 32);
	same(v, "MSK", keys->msk, 64);
	same(v, "EMSK", keys->emsk, 64);
}

static void derive(struct eap_keys *keys, const struct vectors *v)
{
	uint8_t ck[16], ik[16], autn[16];

	vectors_bytes(v, "CK", ck, 16);
	vectors_bytes(v, "IK", ik, 16);
	vectors_bytes(v, "AUTN", autn, 16);
	CU_ASSERT_EQUAL_FATAL(eap_keys_derive(keys, ck, ik, text(vectors_text(v, "NetworkName")), autn,
					      text(vectors_text(v, "Identity"))),
			      OK);
}

static void test_published(void)
{
	struct eap_keys keys;
	struct vectors v;
	int cases = 0;

	vectors_open(&v, "eap_aka_prime_rfc5448_rfc9048.txt");
	for (; vectors_next(&v); cases++) {
		derive(&keys, &v);
		same_keys(&v, &keys);
	}
	CU_ASSERT_EQUAL(cases, 4);
}

/* Both ends of the exchange of a vector, and the keys that follow. */
static void forward(const struct vectors *v, enum ecdhe_group group)
{
	const size_t n = ecdhe_public_length(group);
	struct ecdhe server = {.group = group}, peer = {.group = group};
	struct eap_keys keys = {.ck = {0}};
	uint8_t shared[32], mirrored[32], padded[34] = {0};

	vectors_bytes(v, "server_priv", server.private_key, 32);
	vectors_bytes(v, "server_AT_PUB_ECDHE", server.public_key, n);
	vectors_bytes(v, "peer_priv", peer.private_key, 32);
	vectors_bytes(v, "peer_AT_PUB_ECDHE", peer.public_key, n);
	memcpy(padded, peer.public_key, n);
	CU_ASSERT_EQUAL(ecdhe_shared(shared, &server, (struct span){padded, 34}, &ecdhe_kernel), OK);
	CU_ASSERT_EQUAL(ecdhe_shared(mirrored, &peer, (struct span){server.public_key, n}, &ecdhe_kernel),
			OK);
	ASSERT_BYTES(mirrored, shared, 32);
	same(v, "SHARED_SECRET", shared, 32);
	vectors_bytes(v, "CKp", keys.ck, 16);
	vectors_bytes(v, "IKp", keys.ik, 16);
	vectors_bytes(v, "K_encr", keys.k_encr, 16); /* of MK, which forward secrecy leaves alone */
	vectors_bytes(v, "K_aut", keys.k_aut, 32);
	CU_ASSERT_EQUAL(eap_keys_forward(&keys, shared, text(vectors_text(v, "Identity"))), OK);
	same_keys(v, &keys);
}

static void test_forward_secrecy(void)
{
	struct vectors v;
	int cases = 0;

	vectors_open(&v, "eap_aka_prime_fs_rfc9678_COMPUTED.txt");
	for (; vectors_next(&v); cases++)
		forward(&v, strstr(v.section, "AT_KDF_FS=1") ? ECDHE_X25519 : ECDHE_P256);
	CU_ASSERT_EQUAL(cases, 4);
}

static void test_names_too_long(void)
{
	const uint8_t key[16] = {1}, hidden[6] = {2};
	static uint8_t name[256], zero[sizeof(struct eap_keys)];
	struct eap_keys keys;

	CU_ASSERT_EQUAL(eap_keys_derive(&keys, key, key, (struct span){name, 256}, hidden, text("0")),
			ERROR_RANGE);
	ASSERT_BYTES(&keys, zero, sizeof(keys));
	CU_ASSERT_EQUAL(eap_keys_derive(&keys, key, key, (struct span){name, 255}, hidden, text("0")), OK);
}

UNIT_SUITE("eap_keys", UNIT(test_published), UNIT(test_forward_secrecy), UNIT(test_names_too_long))

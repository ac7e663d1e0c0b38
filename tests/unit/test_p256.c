/* PROVES: crypto/p256.h: FIPS 186-5 with RFC 6979 A.2.5; key agreement; both
 * forms of a public key; that a changed message, signature or key is refused;
 * and the same answers as another implementation's, both ways. */
#include <mbedtls/ecdh.h>
#include <mbedtls/ecdsa.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static int kernel(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

static int library_kernel(void *context, unsigned char *out, size_t length)
{
	return kernel(context, out, length);
}

static int broken(void *context, void *out, size_t length)
{
	(void)context;
	memset(out, 0, length);
	return -1;
}

static const struct p256_random entropy = {kernel, NULL};

static void test_rfc6979(void)
{
	uint8_t private_key[32], public_key[65], want[64], message[16], digest[32], got[65];
	struct vectors v;
	unsigned cases = 0;

	for (vectors_open(&v, "ecdsa_p256_rfc6979.txt"); vectors_next(&v); cases++) {
		size_t length = vectors_any(&v, "MESSAGE", message, sizeof(message));

		vectors_bytes(&v, "PRIVATE", private_key, 32);
		vectors_bytes(&v, "PUBLIC", public_key, 65);
		vectors_bytes(&v, "SIGNATURE", want, 64);
		CU_ASSERT_EQUAL(sha256(digest, (struct span){message, length}), OK);
		CU_ASSERT_EQUAL(p256_public(got, private_key, &entropy), OK);
		ASSERT_BYTES(got, public_key, 65);
		CU_ASSERT_EQUAL(p256_sign(got, private_key, digest, &entropy), OK);
		ASSERT_BYTES(got, want, 64);
		CU_ASSERT_EQUAL(p256_verify((struct span){public_key, 65}, digest, want), OK);
	}
	CU_ASSERT_EQUAL(cases, 2);
}

static void test_generated(void)
{
	uint8_t private_key[32], public_key[65], short_key[33], long_key[65], digest[32] = {1}, signature[64];
	unsigned parity[2] = {0, 0};

	for (int i = 0; i < 8; i++) {
		CU_ASSERT_EQUAL(p256_generate(private_key, public_key, &entropy), OK);
		CU_ASSERT_EQUAL(p256_compress(short_key, (struct span){public_key, 65}), OK);
		parity[short_key[0] & 1]++;
		CU_ASSERT_EQUAL(p256_uncompress(long_key, (struct span){short_key, 33}), OK);
		ASSERT_BYTES(long_key, public_key, 65);
		CU_ASSERT_EQUAL(p256_sign(signature, private_key, digest, &entropy), OK);
		CU_ASSERT_EQUAL(p256_verify((struct span){short_key, 33}, digest, signature), OK);
		short_key[0] ^= 1;
		CU_ASSERT_EQUAL(p256_verify((struct span){short_key, 33}, digest, signature), ERROR_CHECK);
	}
	CU_ASSERT_EQUAL(parity[0] + parity[1], 8);
}

static void test_refused(void)
{
	uint8_t private_key[32], public_key[65], digest[32] = {1}, signature[64], bad[65];
	struct span key = {public_key, 65};

	CU_ASSERT_EQUAL(p256_generate(private_key, public_key, &entropy), OK);
	CU_ASSERT_EQUAL(p256_sign(signature, private_key, digest, &entropy), OK);
	for (size_t bit = 0; bit < 512; bit += 17) {
		memcpy(bad, signature, 64);
		bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(p256_verify(key, digest, bad), ERROR_CHECK);
		memcpy(bad, public_key, 65);
		bad[1 + bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(p256_verify((struct span){bad, 65}, digest, signature), ERROR_VALUE);
	}
	memset(bad, 0, 64);
	CU_ASSERT_EQUAL(p256_verify(key, digest, bad), ERROR_CHECK);
	digest[31] ^= 1;
	CU_ASSERT_EQUAL(p256_verify(key, digest, signature), ERROR_CHECK);
	CU_ASSERT_EQUAL(p256_verify((struct span){public_key, 64}, digest, signature), ERROR_VALUE);
	memset(bad, 0xFF, sizeof(bad));
	bad[0] = 0x02; /* x is larger than the field */
	CU_ASSERT_EQUAL(p256_verify((struct span){bad, 33}, digest, signature), ERROR_VALUE);
	memset(private_key, 0, 32);
	CU_ASSERT_EQUAL(p256_sign(signature, private_key, digest, &entropy), ERROR_VALUE);
	memset(private_key, 0xFF, 32);
	CU_ASSERT_EQUAL(p256_public(public_key, private_key, &entropy), ERROR_VALUE);
}

/* TS 33.501 C.4.4 has an agreement with all its numbers. */
static void test_shared(void)
{
	uint8_t private_key[32], point[65], want[32], got[32];
	struct vectors v;

	vectors_open(&v, "suci_ts33501_annexC4.txt");
	while (vectors_next(&v))
		if (strncmp(v.section, "profile B", 9) == 0)
			break;
	vectors_bytes(&v, "eph_priv", private_key, 32);
	vectors_bytes(&v, "hn_pub_uncompressed", point, 65);
	vectors_bytes(&v, "shared_key", want, 32);
	CU_ASSERT_EQUAL(p256_shared(got, private_key, (struct span){point, 65}, &entropy), OK);
	ASSERT_BYTES(got, want, 32);
	vectors_bytes(&v, "hn_pub_compressed", point, 33);
	CU_ASSERT_EQUAL(p256_shared(got, private_key, (struct span){point, 33}, &entropy), OK);
	ASSERT_BYTES(got, want, 32);
	vectors_bytes(&v, "hn_priv", private_key, 32);
	vectors_bytes(&v, "eph_pub_uncompressed", point, 65);
	CU_ASSERT_EQUAL(p256_shared(got, private_key, (struct span){point, 65}, &entropy), OK);
	ASSERT_BYTES(got, want, 32);
	memset(want, 0, 32);
	point[64] ^= 1;
	CU_ASSERT_EQUAL(p256_shared(got, private_key, (struct span){point, 65}, &entropy), ERROR_VALUE);
	ASSERT_BYTES(got, want, 32);
	while (vectors_next(&v))
		;
}

/* Random keys and digests: what one makes the other takes, and agreements come out alike. */
static void test_against_another(void)
{
	uint8_t key[32], point[65], peer[32], peer_point[65], digest[32], signature[64], x[32], want[32];
	mbedtls_ecp_group group;
	mbedtls_ecp_point q;
	mbedtls_mpi d, r, s;

	mbedtls_ecp_group_init(&group);
	mbedtls_ecp_point_init(&q);
	mbedtls_mpi_init(&d);
	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	CU_ASSERT_EQUAL_FATAL(mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP256R1), 0);
	for (int i = 0; i < 40; i++) {
		CU_ASSERT_EQUAL(p256_generate(key, point, &entropy), OK);
		CU_ASSERT_EQUAL(p256_generate(peer, peer_point, &entropy), OK);
		CU_ASSERT_EQUAL(kernel(NULL, digest, 32), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_read_binary(&d, key, 32), 0);
		CU_ASSERT_EQUAL(p256_sign(signature, key, digest, &entropy), OK);
		CU_ASSERT_EQUAL(mbedtls_mpi_read_binary(&r, signature, 32), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_read_binary(&s, signature + 32, 32), 0);
		CU_ASSERT_EQUAL(mbedtls_ecp_point_read_binary(&group, &q, point, 65), 0);
		CU_ASSERT_EQUAL(mbedtls_ecdsa_verify(&group, digest, 32, &q, &r, &s), 0);
		CU_ASSERT_EQUAL(mbedtls_ecdsa_sign(&group, &r, &s, &d, digest, 32, library_kernel, NULL), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_write_binary(&r, signature, 32), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_write_binary(&s, signature + 32, 32), 0);
		CU_ASSERT_EQUAL(p256_verify((struct span){point, 65}, digest, signature), OK);
		CU_ASSERT_EQUAL(p256_shared(x, key, (struct span){peer_point, 65}, &entropy), OK);
		CU_ASSERT_EQUAL(mbedtls_ecp_point_read_binary(&group, &q, peer_point, 65), 0);
		CU_ASSERT_EQUAL(mbedtls_ecdh_compute_shared(&group, &r, &q, &d, library_kernel, NULL), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_write_binary(&r, want, 32), 0);
		ASSERT_BYTES(x, want, 32);
		CU_ASSERT_EQUAL(p256_shared(x, peer, (struct span){point, 65}, &entropy), OK);
		ASSERT_BYTES(x, want, 32);
	}
	mbedtls_mpi_free(&s);
	mbedtls_mpi_free(&r);
	mbedtls_mpi_free(&d);
	mbedtls_ecp_point_free(&q);
	mbedtls_ecp_group_free(&group);
}

/* r and s from 1 to n-1 only; keys too; x and y below p only. */
static void test_ranges(void)
{
	static const uint8_t order[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF,
					  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17,
					  0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};
	uint8_t key[32], point[65], digest[32] = {3}, signature[64], bad[65];
	struct span span = {point, 65};

	CU_ASSERT_EQUAL(p256_generate(key, point, &entropy), OK);
	for (int half = 0; half < 2; half++) {
		for (int i = 0; i < 3; i++) {
			CU_ASSERT_EQUAL(p256_sign(signature, key, digest, &entropy), OK);
			CU_ASSERT_EQUAL(p256_verify(span, digest, signature), OK);
			memset(bad, i == 2 ? 0xFF : 0, 32);
			memcpy(signature + 32 * half, i == 1 ? order : bad, 32);
			CU_ASSERT_EQUAL(p256_verify(span, digest, signature), ERROR_CHECK);
		}
	}
	memcpy(bad, order, 32);
	CU_ASSERT_EQUAL(p256_public(point, bad, &entropy), ERROR_VALUE);
	bad[31]--;
	CU_ASSERT_EQUAL(p256_public(point, bad, &entropy), OK);
	memset(bad, 0xFF, sizeof(bad));
	bad[0] = 0x04;
	CU_ASSERT_EQUAL(p256_shared(key, digest, (struct span){bad, 65}, &entropy), ERROR_VALUE);
	memset(bad, 0, sizeof(bad));
	CU_ASSERT_EQUAL(p256_shared(key, digest, (struct span){bad, 1}, &entropy), ERROR_VALUE);
	bad[0] = 0x04;
	CU_ASSERT_EQUAL(p256_shared(key, digest, (struct span){bad, 65}, &entropy), ERROR_VALUE);
	CU_ASSERT_EQUAL(p256_shared(key, digest, (struct span){bad, 0}, &entropy), ERROR_VALUE);
}

static void test_no_entropy(void)
{
	static const struct p256_random none = {broken, NULL};
	static const uint8_t zero[32] = {0};
	uint8_t private_key[32], public_key[65];

	CU_ASSERT_EQUAL(p256_generate(private_key, public_key, &none), ERROR_RANDOM);
	ASSERT_BYTES(private_key, zero, 32);
}

UNIT_SUITE("p256", UNIT(test_rfc6979), UNIT(test_generated), UNIT(test_refused), UNIT(test_shared),
	   UNIT(test_against_another), UNIT(test_ranges), UNIT(test_no_entropy))

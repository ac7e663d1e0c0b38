/* PROVES: crypto/x25519.h: the vectors of RFC 7748 5.2 and 6.1, its iteration,
 * points of small order refused, numbers at the edges of the field,
 * and random ones against another implementation. */
#include <mbedtls/ecp.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/x25519.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static int kernel(void *context, unsigned char *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

static void test_published(void)
{
	uint8_t scalar[32], u[32], want[32], got[32];
	struct vectors v;
	unsigned cases = 0;

	for (vectors_open(&v, "x25519_rfc7748.txt"); vectors_next(&v); cases++) {
		int agreement = vectors_has(&v, "alice_priv");

		vectors_bytes(&v, agreement ? "alice_priv" : "scalar", scalar, 32);
		vectors_bytes(&v, agreement ? "bob_pub" : "u", u, 32);
		vectors_bytes(&v, agreement ? "shared" : "out", want, 32);
		CU_ASSERT_EQUAL(x25519(got, scalar, u), OK);
		ASSERT_BYTES(got, want, 32);
		if (!agreement)
			continue;
		vectors_bytes(&v, "alice_pub", want, 32);
		x25519_public(got, scalar);
		ASSERT_BYTES(got, want, 32);
	}
	CU_ASSERT_EQUAL(cases, 4);
}

/* RFC 7748 5.2: k, u = X25519(k, u), k, from 9 and 9; the first round is the
 * vectors' case 3, and two parties agree after any number of them. */
static void test_iterated(void)
{
	uint8_t k[32] = {9}, u[32] = {9}, next[32], a[32], b[32], ab[32], ba[32];

	for (int i = 0; i < 200; i++) {
		CU_ASSERT_EQUAL(x25519(next, k, u), OK);
		memcpy(u, k, 32);
		memcpy(k, next, 32);
		x25519_public(a, k);
		x25519_public(b, u);
		CU_ASSERT_EQUAL(x25519(ab, k, b), OK);
		CU_ASSERT_EQUAL(x25519(ba, u, a), OK);
		ASSERT_BYTES(ab, ba, 32);
	}
}

/* u of order 1, 2 or 4, in every way 32 bytes can say them: 0, 1, p-1, p, p+1 and with the top bit set. */
static void test_small_order(void)
{
	static const uint8_t zero[32] = {0};
	uint8_t scalar[32], u[32], out[32];

	CU_ASSERT_EQUAL(kernel(NULL, scalar, 32), 0);
	for (int low = 0; low <= 1; low++) {
		for (int top = 0; top < 2; top++) {
			memset(u, 0, 32);
			u[0] = (uint8_t)low;
			u[31] |= (uint8_t)(top << 7);
			CU_ASSERT_EQUAL(x25519(out, scalar, u), ERROR_VALUE);
			ASSERT_BYTES(out, zero, 32);
		}
	}
	for (int low = 0xEC; low <= 0xEE; low++) {
		for (int top = 0; top < 2; top++) {
			memset(u, 0xFF, 32);
			u[0] = (uint8_t)low;
			u[31] = (uint8_t)(0x7F | top << 7);
			CU_ASSERT_EQUAL(x25519(out, scalar, u), ERROR_VALUE);
			ASSERT_BYTES(out, zero, 32);
		}
	}
}

/* The library's, which takes u below p only. */
static void other(uint8_t out[32], const uint8_t scalar[32], const uint8_t u[32])
{
	uint8_t clamped[32];
	mbedtls_ecp_group group;
	mbedtls_ecp_point p, r;
	mbedtls_mpi k;
	size_t length;

	mbedtls_ecp_group_init(&group);
	mbedtls_ecp_point_init(&p);
	mbedtls_ecp_point_init(&r);
	mbedtls_mpi_init(&k);
	memcpy(clamped, scalar, 32);
	clamped[0] &= 0xF8;
	clamped[31] = (clamped[31] & 0x7F) | 0x40;
	CU_ASSERT_EQUAL(mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_CURVE25519), 0);
	CU_ASSERT_EQUAL(mbedtls_mpi_read_binary_le(&k, clamped, 32), 0);
	CU_ASSERT_EQUAL(mbedtls_ecp_point_read_binary(&group, &p, u, 32), 0);
	CU_ASSERT_EQUAL(mbedtls_ecp_mul(&group, &r, &k, &p, kernel, NULL), 0);
	CU_ASSERT_EQUAL(
		mbedtls_ecp_point_write_binary(&group, &r, MBEDTLS_ECP_PF_COMPRESSED, &length, out, 32), 0);
	mbedtls_mpi_free(&k);
	mbedtls_ecp_point_free(&r);
	mbedtls_ecp_point_free(&p);
	mbedtls_ecp_group_free(&group);
}

static void test_against_another(void)
{
	uint8_t scalar[32], u[32], got[32], want[32];

	for (int i = 0; i < 200; i++) {
		CU_ASSERT_EQUAL(kernel(NULL, scalar, 32), 0);
		CU_ASSERT_EQUAL(kernel(NULL, u, 32), 0);
		if (i % 4 == 1)
			memset(u + 1, 0xFF, 30); /* near p */
		if (i % 4 == 2)
			memset(u + 2, 0, 30); /* near 0 */
		u[31] &= 0x7F;
		if (u[31] == 0x7F)
			u[31] = 0x7E;
		CU_ASSERT_EQUAL(x25519(got, scalar, u), OK);
		other(want, scalar, u);
		ASSERT_BYTES(got, want, 32);
		/* u + p, where 32 bytes hold it, and the bit nobody may look at */
		u[31] |= 0x80;
		CU_ASSERT_EQUAL(x25519(got, scalar, u), OK);
		ASSERT_BYTES(got, want, 32);
	}
	memset(u, 0, 32);
	for (int low = 2; low < 19; low++) {
		memset(u, 0, 32);
		u[0] = (uint8_t)low;
		other(want, scalar, u);
		memset(u, 0xFF, 32);
		u[0] = (uint8_t)(0xED + low);
		u[31] = 0x7F;
		CU_ASSERT_EQUAL(x25519(got, scalar, u), OK);
		ASSERT_BYTES(got, want, 32);
	}
}

UNIT_SUITE("x25519", UNIT(test_published), UNIT(test_iterated), UNIT(test_small_order),
	   UNIT(test_against_another))

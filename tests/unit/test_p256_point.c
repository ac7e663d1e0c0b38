/* PROVES: crypto/p256_point.h: multiples of the base and of other points against
 * another implementation, at both ends of the range and at random; blinding
 * changes the coordinates and not the point; sums for a signature. */
#include <mbedtls/ecp.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/p256_point.h"
#include "unit/unit.h"

static mbedtls_ecp_group group;

static int kernel(void *context, unsigned char *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

static void start(void)
{
	mbedtls_ecp_group_init(&group);
	CU_ASSERT_EQUAL_FATAL(mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP256R1), 0);
}

static void stop(void)
{
	mbedtls_ecp_group_free(&group);
}

/* 04 x y of k * point by the library; zeros for infinity. */
static void other(uint8_t out[65], const uint8_t k[32], const uint8_t l[32], const uint8_t point[65])
{
	mbedtls_ecp_point p, r;
	mbedtls_mpi mk, ml;
	size_t length;

	mbedtls_ecp_point_init(&p);
	mbedtls_ecp_point_init(&r);
	mbedtls_mpi_init(&mk);
	mbedtls_mpi_init(&ml);
	memset(out, 0, 65);
	CU_ASSERT_EQUAL(mbedtls_mpi_read_binary(&mk, k, 32), 0);
	CU_ASSERT_EQUAL(mbedtls_mpi_read_binary(&ml, l, 32), 0);
	CU_ASSERT_EQUAL(mbedtls_ecp_point_read_binary(&group, &p, point, 65), 0);
	CU_ASSERT_EQUAL(mbedtls_ecp_muladd(&group, &r, &mk, &group.G, &ml, &p), 0);
	if (!mbedtls_ecp_is_zero(&r))
		CU_ASSERT_EQUAL(mbedtls_ecp_point_write_binary(&group, &r, MBEDTLS_ECP_PF_UNCOMPRESSED,
							       &length, out, 65),
				0);
	mbedtls_mpi_free(&ml);
	mbedtls_mpi_free(&mk);
	mbedtls_ecp_point_free(&r);
	mbedtls_ecp_point_free(&p);
}

static void random_scalar(uint8_t k[32])
{
	CU_ASSERT_EQUAL(kernel(NULL, k, 32), 0);
	k[0] &= 0x7F;
	k[31] |= 1;
}

/* n - back */
static void near_order(uint8_t k[32], unsigned back)
{
	CU_ASSERT_EQUAL(mbedtls_mpi_write_binary(&group.N, k, 32), 0);
	k[31] = (uint8_t)(k[31] - back);
}

static void check(const uint8_t k[32], const uint8_t point[65])
{
	static const uint8_t none[32] = {0};
	uint8_t want[65], x[32], y[32], mask[32];
	struct p256_point p;
	struct wide scalar;

	CU_ASSERT_EQUAL(p256_point_read(&p, (struct span){point, 65}), OK);
	CU_ASSERT_EQUAL(kernel(NULL, mask, 32), 0);
	p256_point_blind(&p, mask);
	wide_read(&scalar, k);
	p256_point_multiply(&p, &scalar, &p);
	p256_point_write(x, y, &p);
	other(want, none, k, point);
	ASSERT_BYTES(x, want + 1, 32);
	ASSERT_BYTES(y, want + 33, 32);
}

static void base_bytes(uint8_t point[65])
{
	struct p256_point p;

	p256_point_base(&p);
	point[0] = 0x04;
	p256_point_write(point + 1, point + 33, &p);
}

static void test_ends(void)
{
	uint8_t k[32], point[65];

	start();
	base_bytes(point);
	for (unsigned i = 0; i < 40; i++) {
		memset(k, 0, 32);
		k[31] = (uint8_t)i;
		check(k, point);
		near_order(k, i + 1);
		check(k, point);
	}
	for (unsigned bit = 0; bit < 255; bit++) {
		memset(k, 0, 32);
		k[31 - bit / 8] = (uint8_t)(1 << bit % 8);
		check(k, point);
	}
	stop();
}

static void test_random(void)
{
	static const uint8_t none[32] = {0};
	uint8_t k[32], point[65], base[65];

	start();
	base_bytes(base);
	for (int i = 0; i < 60; i++) {
		random_scalar(k);
		other(point, none, k, base);
		random_scalar(k);
		check(k, point);
	}
	stop();
}

/* k * base + l * point, also when both are the same point or each other's negative. */
static void test_two(void)
{
	static const uint8_t none[32] = {0};
	uint8_t k[32], l[32], d[32], point[65], base[65], want[65], x[32], y[32];
	struct p256_point p;
	struct wide wk, wl;

	start();
	base_bytes(base);
	for (int i = 0; i < 60; i++) {
		random_scalar(d);
		random_scalar(k);
		random_scalar(l);
		if (i % 3 == 0) {
			memset(d, 0, 32);
			d[31] = 1;
			memcpy(l, k, 32);
		} else if (i % 3 == 1) {
			near_order(d, 1);
			if (i % 2)
				memcpy(l, k, 32); /* the sum is infinity */
		}
		other(point, none, d, base);
		other(want, k, l, point);
		CU_ASSERT_EQUAL(p256_point_read(&p, (struct span){point, 65}), OK);
		wide_read(&wk, k);
		wide_read(&wl, l);
		p256_point_multiply_two(&p, &wk, &wl, &p);
		p256_point_write(x, y, &p);
		ASSERT_BYTES(x, want + 1, 32);
		ASSERT_BYTES(y, want + 33, 32);
	}
	stop();
}

static void test_blind(void)
{
	uint8_t mask[32] = {0}, x[32], y[32], base[65];
	struct p256_point p, plain;

	base_bytes(base);
	for (int i = 0; i < 3; i++) {
		p256_point_base(&p);
		plain = p;
		p256_point_blind(&p, mask);
		CU_ASSERT(memcmp(&p, &plain, sizeof(p)) != 0);
		p256_point_write(x, y, &p);
		ASSERT_BYTES(x, base + 1, 32);
		ASSERT_BYTES(y, base + 33, 32);
		memset(mask, i ? 0x5A : 0xFF, 32);
	}
}

UNIT_SUITE("p256_point", UNIT(test_ends), UNIT(test_random), UNIT(test_two), UNIT(test_blind))

/* PROVES: crypto/wide.h: sums, products and powers against another
 * implementation, for random numbers and for those at the edges of carries. */
#include <mbedtls/bignum.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/wide.h"
#include "unit/unit.h"

static mbedtls_mpi a, b, m, r;

/* A number made of runs of ones and zeros as often as of random digits, below `below` if that is given. */
static void draw(struct wide *w, mbedtls_mpi *number, const mbedtls_mpi *below)
{
	uint8_t bytes[WIDE_BYTES], kind;

	CU_ASSERT_EQUAL_FATAL(getrandom(&kind, 1, 0), 1);
	CU_ASSERT_EQUAL_FATAL(getrandom(bytes, sizeof(bytes), 0), sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes) && kind & 1; i++)
		bytes[i] = bytes[i] & 2 ? (kind & 2 ? 0xFF : bytes[i]) : (kind & 4 ? 0x00 : 0xFF);
	CU_ASSERT_EQUAL(mbedtls_mpi_read_binary(number, bytes, sizeof(bytes)), 0);
	if (below)
		CU_ASSERT_EQUAL(mbedtls_mpi_mod_mpi(number, number, below), 0);
	CU_ASSERT_EQUAL(mbedtls_mpi_write_binary(number, bytes, sizeof(bytes)), 0);
	wide_read(w, bytes);
}

static void same(const struct wide *w, const mbedtls_mpi *number)
{
	uint8_t got[WIDE_BYTES], want[WIDE_BYTES];

	wide_write(got, w);
	CU_ASSERT_EQUAL(mbedtls_mpi_write_binary(number, want, sizeof(want)), 0);
	ASSERT_BYTES(got, want, sizeof(got));
}

/* -1/m mod 2^16 for an odd m, by trying. */
static uint32_t inverse_of(const struct wide *modulus)
{
	uint32_t x = 1;

	while ((uint16_t)(x * modulus->d[0]) != 0xFFFF)
		x += 2;
	return x;
}

/* The modulus is large (as the curves' are), and odd. */
static void draw_modulus(struct wide *w)
{
	draw(w, &m, NULL);
	CU_ASSERT_EQUAL(mbedtls_mpi_set_bit(&m, 255, 1), 0);
	CU_ASSERT_EQUAL(mbedtls_mpi_set_bit(&m, 0, 1), 0);
	w->d[15] |= 0x8000;
	w->d[0] |= 1;
}

static void test_sums(void)
{
	struct wide wa, wb, wm, wr;

	for (int i = 0; i < 5000; i++) {
		draw_modulus(&wm);
		draw(&wa, &a, &m);
		draw(&wb, &b, &m);
		wide_mod_add(&wr, &wa, &wb, &wm);
		CU_ASSERT_EQUAL(mbedtls_mpi_add_mpi(&r, &a, &b), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_mod_mpi(&r, &r, &m), 0);
		same(&wr, &r);
		wide_mod_sub(&wr, &wa, &wb, &wm);
		CU_ASSERT_EQUAL(mbedtls_mpi_sub_mpi(&r, &a, &b), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_mod_mpi(&r, &r, &m), 0);
		same(&wr, &r);
		CU_ASSERT_EQUAL(wide_is_below(&wa, &wb), mbedtls_mpi_cmp_mpi(&a, &b) < 0);
		CU_ASSERT_EQUAL(wide_is_zero(&wa), mbedtls_mpi_cmp_int(&a, 0) == 0);
		for (unsigned bit = 0; bit < 256; bit += 37)
			CU_ASSERT_EQUAL((int)wide_bit(&wa, bit), mbedtls_mpi_get_bit(&a, bit));
		wr = wa;
		wide_select(&wr, &wb, 0);
		same(&wr, &a);
		wide_select(&wr, &wb, 1);
		same(&wr, &b);
		wide_mod_sub(&wr, &wa, &wa, &wm);
		CU_ASSERT_EQUAL(wide_is_zero(&wr), 1);
	}
}

static void test_products(void)
{
	struct wide wa, wb, wm, wr, half;
	uint16_t t[2 * WIDE_DIGITS];

	for (int i = 0; i < 3000; i++) {
		draw_modulus(&wm);
		draw(&wa, &a, NULL);
		draw(&wb, &b, NULL);
		wide_multiply(t, &wa, &wb);
		CU_ASSERT_EQUAL(mbedtls_mpi_mul_mpi(&r, &a, &b), 0);
		memcpy(half.d, t + WIDE_DIGITS, sizeof(half.d));
		CU_ASSERT_EQUAL(mbedtls_mpi_copy(&b, &r), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_shift_r(&b, 256), 0);
		same(&half, &b);
		draw(&wa, &a, &m);
		draw(&wb, &b, &m);
		wide_montgomery(&wr, &wa, &wb, &wm, inverse_of(&wm));
		/* r * 2^256 = a * b */
		CU_ASSERT_EQUAL(mbedtls_mpi_mul_mpi(&r, &a, &b), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_lset(&b, 1), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_shift_l(&b, 256), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_mod_mpi(&b, &b, &m), 0);
		if (mbedtls_mpi_inv_mod(&b, &b, &m))
			continue;
		CU_ASSERT_EQUAL(mbedtls_mpi_mul_mpi(&r, &r, &b), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_mod_mpi(&r, &r, &m), 0);
		same(&wr, &r);
	}
}

static struct wide modulus;

static void montgomery(struct wide *out, const struct wide *x, const struct wide *y)
{
	wide_montgomery(out, x, y, &modulus, inverse_of(&modulus));
}

/* a * 2^256 to the power of b is a^b * 2^256. */
static void test_power(void)
{
	struct wide wa, wb, wr;

	for (int i = 0; i < 40; i++) {
		draw_modulus(&modulus);
		draw(&wa, &a, &m);
		draw(&wb, &b, NULL);
		if (wide_is_zero(&wb))
			continue;
		CU_ASSERT_EQUAL(mbedtls_mpi_exp_mod(&r, &a, &b, &m, NULL), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_shift_l(&a, 256), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_mod_mpi(&a, &a, &m), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_shift_l(&r, 256), 0);
		CU_ASSERT_EQUAL(mbedtls_mpi_mod_mpi(&r, &r, &m), 0);
		{
			uint8_t bytes[WIDE_BYTES];

			CU_ASSERT_EQUAL(mbedtls_mpi_write_binary(&a, bytes, sizeof(bytes)), 0);
			wide_read(&wa, bytes);
		}
		wide_power(&wr, &wa, &wb, montgomery);
		same(&wr, &r);
	}
	mbedtls_mpi_free(&a);
	mbedtls_mpi_free(&b);
	mbedtls_mpi_free(&m);
	mbedtls_mpi_free(&r);
}

UNIT_SUITE("wide", UNIT(test_sums), UNIT(test_products), UNIT(test_power))

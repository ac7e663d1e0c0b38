#include "crypto/p256_point.h"

#include <string.h>

#include "crypto/wipe.h"

enum {
	WINDOW = 3,                /* bits of the scalar taken at once */
	TABLE = 1 << (WINDOW - 1), /* the multiples kept: 1, 3, 5, 7 */
	STEPS = 8 * WIDE_BYTES / WINDOW
};

/* p = 2^256 - 2^224 + 2^192 + 2^96 - 1. In Montgomery's form: b, the generator, 1, and 2^256. */
static const struct wide p = {{0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0x0000, 0x0000, 0x0000, 0x0000,
			       0x0000, 0x0000, 0x0001, 0x0000, 0xFFFF, 0xFFFF}};
static const struct wide p_minus_2 = {{0xFFFD, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0x0000, 0x0000, 0x0000,
				       0x0000, 0x0000, 0x0000, 0x0001, 0x0000, 0xFFFF, 0xFFFF}};
static const struct wide p_plus_1_quarter = {{0x0000, 0x0000, 0x0000, 0x0000, 0x0000, 0x4000, 0x0000, 0x0000,
					      0x0000, 0x0000, 0x0000, 0x4000, 0x0000, 0xC000, 0xFFFF,
					      0x3FFF}};
static const struct wide curve_b = {{0xBDDF, 0x29C4, 0xDF62, 0xD89C, 0x3090, 0x7884, 0x05CD, 0xACF0, 0x2ED6,
				     0xF721, 0x20AB, 0xE5A2, 0x4834, 0x0487, 0x061D, 0xDC30}};
static const struct wide one = {{0x0001, 0x0000, 0x0000, 0x0000, 0x0000, 0x0000, 0xFFFF, 0xFFFF, 0xFFFF,
				 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFE, 0xFFFF, 0x0000, 0x0000}};
static const struct wide square = {{0x0003, 0x0000, 0x0000, 0x0000, 0xFFFF, 0xFFFF, 0xFFFB, 0xFFFF, 0xFFFE,
				    0xFFFF, 0xFFFF, 0xFFFF, 0xFFFD, 0xFFFF, 0x0004, 0x0000}};
static const struct wide plain_one = {{1}};
static const struct p256_point base = {{{0x143C, 0x18A9, 0x30D4, 0x79E7, 0xB601, 0x5FED, 0x95FC, 0x75BA,
					 0x2510, 0x7762, 0x732B, 0x79FB, 0x55C6, 0xA537, 0x5F76, 0x1890}},
				       {{0x560A, 0xCE95, 0x5357, 0xDDF2, 0xE45C, 0xBA19, 0xB8E4, 0x8B4A,
					 0xF325, 0xDD21, 0x8688, 0xD2E8, 0x5D85, 0x2588, 0xFF18, 0x8571}},
				       {{0x0001, 0x0000, 0x0000, 0x0000, 0x0000, 0x0000, 0xFFFF, 0xFFFF,
					 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFE, 0xFFFF, 0x0000, 0x0000}}};

/* ---- the field ---- */

/* Montgomery's reduction without a multiplication. -1/p is 1 modulo 2^96 and p
 * is made of powers of 2, so the m for which t + m * p ends in 256 zeros is,
 * digit by digit, t + m * (2^96 + 2^192 - 2^224); and the same sum, with
 * m * 2^256 in it, goes on to be the quotient. Zeros on both sides of m spare
 * it the ends. */
static void mul(struct wide *r, const struct wide *a, const struct wide *b)
{
	uint16_t work[5 * WIDE_DIGITS] = {0}, *t = work, *q = work + (size_t)2 * WIDE_DIGITS;
	int32_t sum = 0;

	wide_multiply(t, a, b);
	/* q[16] is the digit of m at hand; before that the digits 16, 14, 12 and 6 lower. */
	for (unsigned i = 0; i < WIDE_DIGITS; i++, q++) {
		sum += t[i] - q[2] + q[4] + q[10];
		q[16] = (uint16_t)sum;
		sum >>= 16;
	}
	for (unsigned i = 0; i < WIDE_DIGITS; i++, q++) {
		sum += t[i + WIDE_DIGITS] + q[0] - q[2] + q[4] + q[10];
		t[i] = (uint16_t)sum;
		sum >>= 16;
	}
	wide_settle(r, t, (uint32_t)sum, &p);
	wipe(work, sizeof(work));
}

static void add(struct wide *r, const struct wide *a, const struct wide *b)
{
	wide_mod_add(r, a, b, &p);
}

static void sub(struct wide *r, const struct wide *a, const struct wide *b)
{
	wide_mod_sub(r, a, b, &p);
}

/* ---- points ---- */

/* The formulas' own names, in their own order: line by line as published. */
static void point_add(struct p256_point *r, const struct p256_point *a, const struct p256_point *b)
{
	struct {
		struct wide t0, t1, t2, t3, t4, x, y, z;
	} w;

	mul(&w.t0, &a->x, &b->x);
	mul(&w.t1, &a->y, &b->y);
	mul(&w.t2, &a->z, &b->z);
	add(&w.t3, &a->x, &a->y);
	add(&w.t4, &b->x, &b->y);
	mul(&w.t3, &w.t3, &w.t4);
	add(&w.t4, &w.t0, &w.t1);
	sub(&w.t3, &w.t3, &w.t4);
	add(&w.t4, &a->y, &a->z);
	add(&w.x, &b->y, &b->z);
	mul(&w.t4, &w.t4, &w.x);
	add(&w.x, &w.t1, &w.t2);
	sub(&w.t4, &w.t4, &w.x);
	add(&w.x, &a->x, &a->z);
	add(&w.y, &b->x, &b->z);
	mul(&w.x, &w.x, &w.y);
	add(&w.y, &w.t0, &w.t2);
	sub(&w.y, &w.x, &w.y);
	mul(&w.z, &curve_b, &w.t2);
	sub(&w.x, &w.y, &w.z);
	add(&w.z, &w.x, &w.x);
	add(&w.x, &w.x, &w.z);
	sub(&w.z, &w.t1, &w.x);
	add(&w.x, &w.t1, &w.x);
	mul(&w.y, &curve_b, &w.y);
	add(&w.t1, &w.t2, &w.t2);
	add(&w.t2, &w.t1, &w.t2);
	sub(&w.y, &w.y, &w.t2);
	sub(&w.y, &w.y, &w.t0);
	add(&w.t1, &w.y, &w.y);
	add(&w.y, &w.t1, &w.y);
	add(&w.t1, &w.t0, &w.t0);
	add(&w.t0, &w.t1, &w.t0);
	sub(&w.t0, &w.t0, &w.t2);
	mul(&w.t1, &w.t4, &w.y);
	mul(&w.t2, &w.t0, &w.y);
	mul(&w.y, &w.x, &w.z);
	add(&r->y, &w.y, &w.t2);
	mul(&w.x, &w.t3, &w.x);
	sub(&r->x, &w.x, &w.t1);
	mul(&w.z, &w.t4, &w.z);
	mul(&w.t1, &w.t3, &w.t0);
	add(&r->z, &w.z, &w.t1);
	wipe(&w, sizeof(w));
}

static void set_infinity(struct p256_point *r)
{
	memset(r, 0, sizeof(*r));
	r->y = one;
}

static void point_select(struct p256_point *r, const struct p256_point *a, uint32_t take)
{
	wide_select(&r->x, &a->x, take);
	wide_select(&r->y, &a->y, take);
	wide_select(&r->z, &a->z, take);
}

void p256_point_base(struct p256_point *r)
{
	*r = base;
}

void p256_point_blind(struct p256_point *r, const uint8_t random[static WIDE_BYTES])
{
	struct wide factor;

	wide_read(&factor, random);
	factor.d[0] |= 1;   /* not zero */
	factor.d[15] >>= 1; /* below p */
	mul(&r->x, &r->x, &factor);
	mul(&r->y, &r->y, &factor);
	mul(&r->z, &r->z, &factor);
	wipe(&factor, sizeof(factor));
}

/* ---- bytes ---- */

/* x^3 - 3x + b */
static void right_side(struct wide *r, const struct wide *x)
{
	struct wide t;

	mul(&t, x, x);
	sub(&t, &t, &one);
	sub(&t, &t, &one);
	sub(&t, &t, &one);
	mul(&t, &t, x);
	add(r, &t, &curve_b);
}

static int read_coordinate(struct wide *r, const uint8_t *bytes)
{
	wide_read(r, bytes);
	if (!wide_is_below(r, &p))
		return ERROR_VALUE;
	mul(r, r, &square);
	return OK;
}

/* Public keys only: this decides on what it reads. p = 3 (mod 4), so the root
 * of a square is its power of (p+1)/4. */
int p256_point_read(struct p256_point *r, struct span bytes)
{
	struct wide want, got;
	int whole = bytes.length == 65 && bytes.at[0] == 0x04;

	if (!whole && (bytes.length != 33 || (bytes.at[0] & 0xFE) != 0x02))
		return ERROR_VALUE;
	if (read_coordinate(&r->x, bytes.at + 1) < 0)
		return ERROR_VALUE;
	right_side(&want, &r->x);
	if (!whole) {
		wide_power(&r->y, &want, &p_plus_1_quarter, mul);
		mul(&got, &r->y, &plain_one);
		if ((got.d[0] & 1) != (bytes.at[0] & 1)) {
			memset(&got, 0, sizeof(got));
			sub(&r->y, &got, &r->y);
		}
	} else if (read_coordinate(&r->y, bytes.at + 33) < 0) {
		return ERROR_VALUE;
	}
	r->z = one;
	mul(&got, &r->y, &r->y);
	return memcmp(&got, &want, sizeof(got)) ? ERROR_VALUE : OK;
}

void p256_point_write(uint8_t x[static WIDE_BYTES], uint8_t *y, const struct p256_point *a)
{
	struct wide inverse, t;

	wide_power(&inverse, &a->z, &p_minus_2, mul);
	mul(&inverse, &inverse, &plain_one);
	mul(&t, &a->x, &inverse);
	wide_write(x, &t);
	mul(&t, &a->y, &inverse);
	if (y)
		wide_write(y, &t);
	wipe(&t, sizeof(t));
	wipe(&inverse, sizeof(inverse));
}

/* ---- multiples ---- */

/* a doubled WINDOW times, as x/z^2, y/z^3: dearer to add, cheaper to double (dbl-2001-b of the
 * Explicit-Formulas Database), and without exceptions but for infinity, which never comes here. Not inlined:
 * its numbers need not be on the stack while others add. */
static __attribute__((noinline)) void double_often(struct p256_point *a)
{
	struct {
		struct wide delta, gamma, beta, alpha;
	} w;

	mul(&a->x, &a->x, &a->z);
	mul(&w.delta, &a->z, &a->z);
	mul(&a->y, &a->y, &w.delta);
	for (unsigned i = 0; i < WINDOW; i++) {
		mul(&w.gamma, &a->y, &a->y);
		mul(&w.beta, &a->x, &w.gamma);
		sub(&w.alpha, &a->x, &w.delta);
		add(&w.delta, &a->x, &w.delta);
		mul(&w.delta, &w.alpha, &w.delta);
		add(&w.alpha, &w.delta, &w.delta);
		add(&w.alpha, &w.alpha, &w.delta);
		mul(&a->z, &a->y, &a->z);
		add(&a->z, &a->z, &a->z);
		add(&w.beta, &w.beta, &w.beta);
		add(&w.beta, &w.beta, &w.beta);
		mul(&a->x, &w.alpha, &w.alpha);
		sub(&a->x, &a->x, &w.beta);
		sub(&a->x, &a->x, &w.beta);
		sub(&w.beta, &w.beta, &a->x);
		mul(&a->y, &w.alpha, &w.beta);
		add(&w.gamma, &w.gamma, &w.gamma);
		mul(&w.gamma, &w.gamma, &w.gamma);
		add(&w.gamma, &w.gamma, &w.gamma);
		sub(&a->y, &a->y, &w.gamma);
		mul(&w.delta, &a->z, &a->z);
	}
	mul(&a->x, &a->x, &a->z);
	mul(&a->z, &w.delta, &a->z);
	wipe(&w, sizeof(w));
}

static void negate(struct wide *r, uint32_t when)
{
	struct wide minus;

	memset(&minus, 0, sizeof(minus));
	sub(&minus, &minus, r);
	wide_select(r, &minus, when);
	wipe(&minus, sizeof(minus));
}

/* An odd number is a sum of +2^i and -2^i, one of each i: + where bit i+1 is
 * set. So three bits make a digit of -7, -5 .. 7, never zero, and the sum is
 * never infinity while there is doubling to be done. An even number is made
 * odd by adding one, which is taken away again in the end. */
void p256_point_multiply(struct p256_point *r, const struct wide *k, const struct p256_point *a)
{
	struct p256_point table[TABLE], other;

	point_add(&other, a, a);
	table[0] = *a;
	for (unsigned i = 1; i < TABLE; i++)
		point_add(&table[i], &table[i - 1], &other);
	*r = table[0];
	for (unsigned i = STEPS; i-- > 0;) {
		uint32_t bits = wide_bit(k, 3 * i + 1) | wide_bit(k, 3 * i + 2) << 1;
		uint32_t minus = wide_bit(k, 3 * i + 3) ^ 1, which = bits ^ (minus * (TABLE - 1));

		double_often(r);
		other = table[0];
		for (uint32_t j = 1; j < TABLE; j++)
			point_select(&other, &table[j], ((which ^ j) - 1) >> 31);
		negate(&other.y, minus);
		point_add(r, r, &other);
	}
	other = table[0];
	negate(&other.y, 1);
	point_add(&other, r, &other);
	point_select(r, &other, wide_bit(k, 0) ^ 1);
	wipe(table, sizeof(table));
	wipe(&other, sizeof(other));
}

void p256_point_multiply_two(struct p256_point *r, const struct wide *k, const struct wide *l,
			     const struct p256_point *a)
{
	struct p256_point table[3] = {base, *a};

	point_add(&table[2], &table[0], &table[1]);
	set_infinity(r);
	for (unsigned i = 8 * WIDE_BYTES; i-- > 0;) {
		unsigned which = wide_bit(k, i) | wide_bit(l, i) << 1;

		point_add(r, r, r);
		if (which)
			point_add(r, r, &table[which - 1]);
	}
}

/* The Montgomery ladder of RFC 7748. Numbers are kept below 2p = 2^256 - 38
 * rather than below p: what overflows 2^256 then counts 38, and the same
 * mod_add and mod_sub serve as for the other curve. */
#include "crypto/x25519.h"

#include <string.h>

#include "crypto/wide.h"
#include "crypto/wipe.h"

#define FULL14                                                                                               \
	0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF,      \
		0xFFFF, 0xFFFF
static const struct wide p = {{0xFFED, FULL14, 0x7FFF}};
static const struct wide p_minus_2 = {{0xFFEB, FULL14, 0x7FFF}};
static const struct wide p_twice = {{0xFFDA, FULL14, 0xFFFF}};
static const struct wide one = {{1}};

struct ladder {
	struct wide x1, x2, z2, x3, z3;
};

/* r = t + over * 2^256, of which 2^256 counts 38. If that goes over once more,
 * little is left below, and 38 fits on top. */
static void fold(struct wide *r, const uint16_t *t, uint32_t over)
{
	uint32_t sum = over * 38;

	for (unsigned i = 0; i < WIDE_DIGITS; i++) {
		sum += t[i];
		r->d[i] = (uint16_t)sum;
		sum >>= 16;
	}
	sum = sum * 38 + r->d[0];
	r->d[0] = (uint16_t)sum;
	r->d[1] = (uint16_t)(r->d[1] + (sum >> 16));
	wide_settle(r, r->d, 0, &p_twice);
}

static void multiply(struct wide *r, const struct wide *a, const struct wide *b)
{
	uint16_t t[2 * WIDE_DIGITS];

	wide_multiply(t, a, b);
	fold(r, t, wide_add_row(t, t + WIDE_DIGITS, 38));
	wipe(t, sizeof(t));
}

/* r = a + k * b */
static void add_multiple(struct wide *r, const struct wide *a, const struct wide *b, uint32_t k)
{
	uint16_t t[WIDE_DIGITS];

	memcpy(t, a->d, sizeof(t));
	fold(r, t, wide_add_row(t, b->d, k));
	wipe(t, sizeof(t));
}

static void add(struct wide *r, const struct wide *a, const struct wide *b)
{
	wide_mod_add(r, a, b, &p_twice);
}

static void sub(struct wide *r, const struct wide *a, const struct wide *b)
{
	wide_mod_sub(r, a, b, &p_twice);
}

static void swap(struct wide *a, struct wide *b, uint32_t when)
{
	struct wide old = *a;

	wide_select(a, b, when);
	wide_select(b, &old, when);
	wipe(&old, sizeof(old));
}

/* One step: (x2:z2) doubled, (x3:z3) the sum of both. RFC 7748 names AA, BB, E, DA, CB. */
static void step(struct ladder *l)
{
	struct wide a, b, t;

	add(&a, &l->x2, &l->z2);
	sub(&b, &l->x2, &l->z2);
	add(&t, &l->x3, &l->z3);
	sub(&l->z3, &l->x3, &l->z3);
	multiply(&l->z3, &l->z3, &a); /* DA */
	multiply(&t, &t, &b);         /* CB */
	add(&l->x3, &l->z3, &t);
	sub(&l->z3, &l->z3, &t);
	multiply(&l->x3, &l->x3, &l->x3);
	multiply(&l->z3, &l->z3, &l->z3);
	multiply(&l->z3, &l->z3, &l->x1);
	multiply(&a, &a, &a); /* AA */
	multiply(&b, &b, &b); /* BB */
	multiply(&l->x2, &a, &b);
	sub(&t, &a, &b); /* E */
	/* AA + 121665 E, in two goes: 121665 = 15 * 8111 */
	memset(&b, 0, sizeof(b));
	add_multiple(&b, &b, &t, 8111);
	add_multiple(&a, &a, &b, 15);
	multiply(&l->z2, &a, &t);
	wipe(&a, sizeof(a));
	wipe(&b, sizeof(b));
	wipe(&t, sizeof(t));
}

static void read_little(struct wide *r, const uint8_t bytes[static X25519_BYTES])
{
	for (size_t i = 0; i < WIDE_DIGITS; i++)
		r->d[i] = (uint16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8);
}

int x25519(uint8_t out[static X25519_BYTES], const uint8_t scalar[static X25519_BYTES],
	   const uint8_t u[static X25519_BYTES])
{
	uint32_t swapped = 0, bit, zero;
	struct ladder l;
	struct wide k;

	read_little(&k, scalar);
	k.d[0] &= 0xFFF8;
	k.d[15] = (k.d[15] & 0x7FFF) | 0x4000;
	read_little(&l.x1, u);
	l.x1.d[15] &= 0x7FFF;
	l.x2 = l.z3 = one;
	l.x3 = l.x1;
	memset(&l.z2, 0, sizeof(l.z2));
	for (unsigned i = 255; i-- > 0; swapped = bit) {
		bit = wide_bit(&k, i);
		swap(&l.x2, &l.x3, swapped ^ bit);
		swap(&l.z2, &l.z3, swapped ^ bit);
		step(&l);
	}
	/* The three lowest bits of a scalar are 0: nothing is left swapped. */
	wide_power(&l.z2, &l.z2, &p_minus_2, multiply);
	multiply(&l.x2, &l.x2, &l.z2);
	wide_settle(&l.x2, l.x2.d, 0, &p);
	zero = wide_is_zero(&l.x2);
	for (unsigned i = 0; i < X25519_BYTES; i++)
		out[i] = (uint8_t)(l.x2.d[i / 2] >> (8 * (i % 2)));
	wipe(&l, sizeof(l));
	wipe(&k, sizeof(k));
	return (int)zero * ERROR_VALUE;
}

void x25519_public(uint8_t out[static X25519_BYTES], const uint8_t scalar[static X25519_BYTES])
{
	static const uint8_t base[X25519_BYTES] = {9};

	(void)!x25519(out, scalar, base); /* 9 is of large order: never zero */
}

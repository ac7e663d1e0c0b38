#include "crypto/wide.h"

#include <string.h>

#include "crypto/wipe.h"

/* cppcheck-suppress shiftNegativeLHS */
_Static_assert(-1 >> 1 == -1, "a negative carry must stay negative when it is shifted");

void wide_read(struct wide *r, const uint8_t bytes[static WIDE_BYTES])
{
	for (unsigned i = 0; i < WIDE_DIGITS; i++)
		r->d[i] = (uint16_t)(bytes[WIDE_BYTES - 2 - 2 * i] << 8 | bytes[WIDE_BYTES - 1 - 2 * i]);
}

void wide_write(uint8_t bytes[static WIDE_BYTES], const struct wide *a)
{
	for (unsigned i = 0; i < WIDE_DIGITS; i++) {
		bytes[WIDE_BYTES - 1 - 2 * i] = (uint8_t)a->d[i];
		bytes[WIDE_BYTES - 2 - 2 * i] = (uint8_t)(a->d[i] >> 8);
	}
}

uint32_t wide_bit(const struct wide *a, unsigned i)
{
	return (uint32_t)a->d[i / 16] >> (i % 16) & 1;
}

uint32_t wide_is_zero(const struct wide *a)
{
	uint32_t any = 0;

	for (unsigned i = 0; i < WIDE_DIGITS; i++)
		any |= a->d[i];
	return (any - 1) >> 31;
}

uint32_t wide_is_below(const struct wide *a, const struct wide *b)
{
	int32_t sum = 0;

	for (unsigned i = 0; i < WIDE_DIGITS; i++)
		sum = (sum + a->d[i] - b->d[i]) >> 16;
	return (uint32_t)sum & 1;
}

void wide_select(struct wide *r, const struct wide *a, uint32_t take)
{
	uint32_t mask = 0 - take;

	for (unsigned i = 0; i < WIDE_DIGITS; i++)
		r->d[i] ^= (uint16_t)(mask & (uint32_t)(r->d[i] ^ a->d[i]));
}

/* r += m when `when` is -1, r += 0 when it is 0; what is carried out is dropped. */
static void add_back(struct wide *r, const struct wide *m, int32_t when)
{
	uint32_t sum = 0, mask = (uint32_t)when;

	for (unsigned i = 0; i < WIDE_DIGITS; i++) {
		sum += r->d[i] + (m->d[i] & mask);
		r->d[i] = (uint16_t)sum;
		sum >>= 16;
	}
}

void wide_settle(struct wide *r, const uint16_t *a, uint32_t carry, const struct wide *m)
{
	int32_t sum = 0;

	for (unsigned i = 0; i < WIDE_DIGITS; i++) {
		sum += a[i] - m->d[i];
		r->d[i] = (uint16_t)sum;
		sum >>= 16;
	}
	add_back(r, m, sum + (int32_t)carry);
}

void wide_mod_add(struct wide *r, const struct wide *a, const struct wide *b, const struct wide *m)
{
	int32_t sum = 0;

	for (unsigned i = 0; i < WIDE_DIGITS; i++) {
		sum += a->d[i] + b->d[i] - m->d[i];
		r->d[i] = (uint16_t)sum;
		sum >>= 16;
	}
	add_back(r, m, sum);
}

void wide_mod_sub(struct wide *r, const struct wide *a, const struct wide *b, const struct wide *m)
{
	int32_t sum = 0;

	for (unsigned i = 0; i < WIDE_DIGITS; i++) {
		sum += a->d[i] - b->d[i];
		r->d[i] = (uint16_t)sum;
		sum >>= 16;
	}
	add_back(r, m, sum);
}

static inline uint32_t add_product(uint16_t *t, uint32_t a, uint32_t k, uint32_t carry)
{
	carry += a * k + *t;
	*t = (uint16_t)carry;
	return carry >> 16;
}

/* Two thirds of the time spent on a curve is spent here: unrolled, and made part of its callers. */
static inline uint32_t add_row(uint16_t *t, const uint16_t *a, uint32_t k)
{
	uint32_t carry = add_product(t, a[0], k, 0);

	carry = add_product(t + 1, a[1], k, carry);
	carry = add_product(t + 2, a[2], k, carry);
	carry = add_product(t + 3, a[3], k, carry);
	carry = add_product(t + 4, a[4], k, carry);
	carry = add_product(t + 5, a[5], k, carry);
	carry = add_product(t + 6, a[6], k, carry);
	carry = add_product(t + 7, a[7], k, carry);
	carry = add_product(t + 8, a[8], k, carry);
	carry = add_product(t + 9, a[9], k, carry);
	carry = add_product(t + 10, a[10], k, carry);
	carry = add_product(t + 11, a[11], k, carry);
	carry = add_product(t + 12, a[12], k, carry);
	carry = add_product(t + 13, a[13], k, carry);
	carry = add_product(t + 14, a[14], k, carry);
	return add_product(t + 15, a[15], k, carry);
}

uint32_t wide_add_row(uint16_t *t, const uint16_t *a, uint32_t k)
{
	return add_row(t, a, k);
}

void wide_multiply(uint16_t product[static 2 * WIDE_DIGITS], const struct wide *a, const struct wide *b)
{
	memset(product, 0, WIDE_BYTES);
	for (unsigned i = 0; i < WIDE_DIGITS; i++)
		product[i + WIDE_DIGITS] = (uint16_t)add_row(product + i, a->d, b->d[i]);
}

void wide_montgomery(struct wide *r, const struct wide *a, const struct wide *b, const struct wide *m,
		     uint32_t inverse)
{
	uint16_t t[2 * WIDE_DIGITS];
	uint32_t over = 0;

	wide_multiply(t, a, b);
	for (unsigned i = 0; i < WIDE_DIGITS; i++) {
		over += t[i + WIDE_DIGITS] + wide_add_row(t + i, m->d, (uint16_t)(t[i] * inverse));
		t[i + WIDE_DIGITS] = (uint16_t)over;
		over >>= 16;
	}
	wide_settle(r, t + WIDE_DIGITS, over, m);
	wipe(t, sizeof(t));
}

void wide_power(struct wide *r, const struct wide *a, const struct wide *exponent, wide_product *multiply)
{
	struct wide base = *a;
	unsigned i = 8 * WIDE_BYTES - 1;

	while (!wide_bit(exponent, i))
		i--;
	*r = base;
	while (i-- > 0) {
		multiply(r, r, r);
		if (wide_bit(exponent, i))
			multiply(r, r, &base);
	}
	wipe(&base, sizeof(base));
}

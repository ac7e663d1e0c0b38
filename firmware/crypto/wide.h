/* wide.h - numbers of 256 bits, for the elliptic curves.
 *
 * Sixteen digits of 16 bits, the least significant first: the Cortex-M0 has no
 * product longer than 32 bits, and a product of two digits and two digits more
 * never exceed that. Every function takes the same time whatever the numbers
 * are: no branch and no address depends on them. (The exponent of wide_power()
 * and the moduli are public.) Outputs may be the same as inputs.
 *
 * This is the arithmetic below p256.h and x25519.h and nobody else's. */
#ifndef SIMRITE_WIDE_H
#define SIMRITE_WIDE_H

#include <stdint.h>

enum {
	WIDE_DIGITS = 16,
	WIDE_BYTES = 32
};

struct wide {
	_Alignas(4) uint16_t d[WIDE_DIGITS];
};

/* From and to 32 bytes, the most significant first. */
void wide_read(struct wide *r, const uint8_t bytes[static WIDE_BYTES]);
void wide_write(uint8_t bytes[static WIDE_BYTES], const struct wide *a);

/* Bit `i`, 0 or 1. 1 when `a` is zero, else 0. 1 when a < b, else 0. */
uint32_t wide_bit(const struct wide *a, unsigned i);
uint32_t wide_is_zero(const struct wide *a);
uint32_t wide_is_below(const struct wide *a, const struct wide *b);

/* r = a when `take` is 1, unchanged when it is 0. */
void wide_select(struct wide *r, const struct wide *a, uint32_t take);

/* ---- modulo m: a and b are below m, and so is r ---- */

void wide_mod_add(struct wide *r, const struct wide *a, const struct wide *b, const struct wide *m);
void wide_mod_sub(struct wide *r, const struct wide *a, const struct wide *b, const struct wide *m);
/* r = carry * 2^256 + a, which is below 2m, becomes less than m. */
void wide_settle(struct wide *r, const uint16_t *a, uint32_t carry, const struct wide *m);

/* ---- products ---- */

/* t[0..15] += a * k, for a k of 16 bits; returns what is carried into t[16]. */
uint32_t wide_add_row(uint16_t *t, const uint16_t *a, uint32_t k);
/* The whole product, 32 digits. */
void wide_multiply(uint16_t product[static 2 * WIDE_DIGITS], const struct wide *a, const struct wide *b);

/* Montgomery's product a * b / 2^256 modulo an odd m; `inverse` is -1/m mod 2^16. */
void wide_montgomery(struct wide *r, const struct wide *a, const struct wide *b, const struct wide *m,
		     uint32_t inverse);

/* r = a^exponent in whatever ring `multiply` works; the exponent is public and not 0. */
typedef void wide_product(struct wide *r, const struct wide *a, const struct wide *b);
void wide_power(struct wide *r, const struct wide *a, const struct wide *exponent, wide_product *multiply);

#endif

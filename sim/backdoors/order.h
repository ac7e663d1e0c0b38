/* order.h - numbers modulo the order of P-256, for those who choose the number of a signature themselves. */
#ifndef SIMRITE_ORDER_H
#define SIMRITE_ORDER_H

#include "crypto/wide.h"

/* SEC 2 2.4.2: n; n - 2; 2^512 modulo n. */
static const struct wide order_n = {{0x2551, 0xFC63, 0xCAC2, 0xF3B9, 0x9E84, 0xA717, 0xFAAD, 0xBCE6, 0xFFFF,
				     0xFFFF, 0xFFFF, 0xFFFF, 0x0000, 0x0000, 0xFFFF, 0xFFFF}};
static const struct wide order_n_minus_2 = {{0x254F, 0xFC63, 0xCAC2, 0xF3B9, 0x9E84, 0xA717, 0xFAAD, 0xBCE6,
					     0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0x0000, 0x0000, 0xFFFF, 0xFFFF}};
static const struct wide order_square = {{0xEEA2, 0xBE79, 0x4C95, 0x8324, 0x6FA6, 0x49BD, 0x799C, 0x4699,
					  0xEC59, 0x2B6B, 0xB239, 0x2845, 0x5620, 0xF3D9, 0x2D94, 0x66E1}};

static inline void order_montgomery(struct wide *r, const struct wide *a, const struct wide *b)
{
	wide_montgomery(r, a, b, &order_n, 0xBC4F);
}

static inline void order_multiply(struct wide *r, const struct wide *a, const struct wide *b)
{
	struct wide t;

	order_montgomery(&t, a, &order_square);
	order_montgomery(r, &t, b);
}

static inline void order_invert(struct wide *r, const struct wide *a)
{
	static const struct wide one = {{1}};
	struct wide t;

	order_montgomery(&t, a, &order_square);
	wide_power(&t, &t, &order_n_minus_2, order_montgomery);
	order_montgomery(r, &t, &one);
}

/* 32 bytes, modulo n. */
static inline void order_read(struct wide *r, const uint8_t bytes[static WIDE_BYTES])
{
	wide_read(r, bytes);
	wide_settle(r, r->d, 0, &order_n);
}

#endif

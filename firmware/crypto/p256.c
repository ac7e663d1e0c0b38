#include "crypto/p256.h"

#include <string.h>

#include "crypto/hmac.h"
#include "crypto/p256_point.h"
#include "crypto/wide.h"
#include "crypto/wipe.h"

enum {
	TRIES = 16 /* candidates for a number below n; one is too large once in 2^32 */
};

/* The order of the group, and 2^512 modulo it. */
static const struct wide n = {{0x2551, 0xFC63, 0xCAC2, 0xF3B9, 0x9E84, 0xA717, 0xFAAD, 0xBCE6, 0xFFFF, 0xFFFF,
			       0xFFFF, 0xFFFF, 0x0000, 0x0000, 0xFFFF, 0xFFFF}};
static const struct wide n_minus_2 = {{0x254F, 0xFC63, 0xCAC2, 0xF3B9, 0x9E84, 0xA717, 0xFAAD, 0xBCE6, 0xFFFF,
				       0xFFFF, 0xFFFF, 0xFFFF, 0x0000, 0x0000, 0xFFFF, 0xFFFF}};
static const struct wide n_square = {{0xEEA2, 0xBE79, 0x4C95, 0x8324, 0x6FA6, 0x49BD, 0x799C, 0x4699, 0xEC59,
				      0x2B6B, 0xB239, 0x2845, 0x5620, 0xF3D9, 0x2D94, 0x66E1}};

/* a * b / 2^256 mod n */
static void mul(struct wide *r, const struct wide *a, const struct wide *b)
{
	wide_montgomery(r, a, b, &n, 0xBC4F);
}

/* From 1 to n-1? */
static uint32_t in_range(const struct wide *k)
{
	return wide_is_below(k, &n) & (wide_is_zero(k) ^ 1);
}

/* Read 32 bytes modulo n. */
static void read_reduced(struct wide *r, const uint8_t bytes[static WIDE_BYTES])
{
	wide_read(r, bytes);
	wide_settle(r, r->d, 0, &n);
}

/* r = k * point, which is blinded first. */
static int multiply(struct p256_point *point, const struct wide *k, const struct p256_random *random)
{
	uint8_t mask[WIDE_BYTES];

	if (random->fill(random->context, mask, sizeof(mask)) != 0)
		return ERROR_RANDOM;
	p256_point_blind(point, mask);
	wipe(mask, sizeof(mask));
	p256_point_multiply(point, k, point);
	return OK;
}

int p256_public(uint8_t public_key[static P256_UNCOMPRESSED], const uint8_t private_key[static P256_PRIVATE],
		const struct p256_random *random)
{
	struct p256_point point;
	struct wide d;
	int e;

	memset(public_key, 0, P256_UNCOMPRESSED);
	wide_read(&d, private_key);
	p256_point_base(&point);
	e = in_range(&d) ? multiply(&point, &d, random) : ERROR_VALUE;
	if (e == OK) {
		public_key[0] = 0x04;
		p256_point_write(public_key + 1, public_key + 33, &point);
	}
	wipe(&d, sizeof(d));
	wipe(&point, sizeof(point));
	return e;
}

int p256_generate(uint8_t private_key[static P256_PRIVATE], uint8_t public_key[static P256_UNCOMPRESSED],
		  const struct p256_random *random)
{
	int e = ERROR_VALUE;

	for (unsigned i = 0; i < TRIES && e == ERROR_VALUE; i++)
		e = random->fill(random->context, private_key, P256_PRIVATE)
			    ? ERROR_RANDOM
			    : p256_public(public_key, private_key, random);
	if (e == OK)
		return OK;
	wipe(private_key, P256_PRIVATE);
	memset(public_key, 0, P256_UNCOMPRESSED);
	return ERROR_RANDOM;
}

int p256_shared(uint8_t x[static P256_SHARED], const uint8_t private_key[static P256_PRIVATE],
		struct span public_key, const struct p256_random *random)
{
	struct p256_point point;
	struct wide d;
	int e = p256_point_read(&point, public_key);

	wide_read(&d, private_key);
	if (e == OK)
		e = in_range(&d) ? multiply(&point, &d, random) : ERROR_VALUE;
	if (e == OK)
		p256_point_write(x, NULL, &point);
	else
		memset(x, 0, P256_SHARED);
	wipe(&d, sizeof(d));
	wipe(&point, sizeof(point));
	return e;
}

/* ---- ECDSA ---- */

/* RFC 6979 3.2: the generator of numbers that only key and digest decide. */
struct generator {
	uint8_t k[SHA256_LENGTH], v[SHA256_LENGTH];
};

/* K = HMAC(K, V || tag || data), V = HMAC(K, V) */
static int stir(struct generator *g, uint8_t tag, const uint8_t *data, size_t length)
{
	struct hmac m;
	int e;

	hmac_start(&m, (struct span){g->k, sizeof(g->k)});
	hmac_add(&m, g->v, sizeof(g->v));
	hmac_add(&m, &tag, 1);
	hmac_add(&m, data, length);
	e = hmac_finish(&m, g->k);
	return e == OK ? hmac(g->v, (struct span){g->k, sizeof(g->k)}, (struct span){g->v, sizeof(g->v)}) : e;
}

/* The number `k` for key d and reduced digest z. Not inlined: its numbers leave the stack with it. */
static __attribute__((noinline)) int choose(struct wide *k, const struct wide *d, const struct wide *z)
{
	struct generator g;
	uint8_t seed[2 * WIDE_BYTES];
	int e;

	wide_write(seed, d);
	wide_write(seed + WIDE_BYTES, z);
	memset(g.k, 0x00, sizeof(g.k));
	memset(g.v, 0x01, sizeof(g.v));
	e = stir(&g, 0x00, seed, sizeof(seed));
	if (e == OK)
		e = stir(&g, 0x01, seed, sizeof(seed));
	for (unsigned i = 0; e == OK; i++) {
		e = hmac(g.v, (struct span){g.k, sizeof(g.k)}, (struct span){g.v, sizeof(g.v)});
		wide_read(k, g.v);
		if (e == OK && in_range(k))
			break;
		if (e == OK)
			e = i < TRIES ? stir(&g, 0x00, NULL, 0) : ERROR_CRYPTO;
	}
	wipe(&g, sizeof(g));
	wipe(seed, sizeof(seed));
	return e;
}

/* r = x(kG) mod n, s = (z + r d) / k mod n: the k of one signature is spent here. */
static int sign_with(struct wide *r, struct wide *s, struct wide *k, const struct wide *d,
		     const struct wide *z, const struct p256_random *random)
{
	struct p256_point point;
	uint8_t x[WIDE_BYTES];
	struct wide t;
	int e;

	p256_point_base(&point);
	e = multiply(&point, k, random);
	if (e == OK) {
		p256_point_write(x, NULL, &point);
		read_reduced(r, x);
		mul(&t, d, &n_square);
		mul(&t, &t, r);
		wide_mod_add(&t, &t, z, &n);
		mul(k, k, &n_square);
		wide_power(k, k, &n_minus_2, mul);
		mul(s, &t, k);
		if (wide_is_zero(r) | wide_is_zero(s))
			e = ERROR_CRYPTO; /* once in 2^255 signatures */
	}
	wipe(&t, sizeof(t));
	wipe(&point, sizeof(point));
	return e;
}

int p256_sign(uint8_t signature[static P256_SIGNATURE], const uint8_t private_key[static P256_PRIVATE],
	      const uint8_t digest[static P256_DIGEST], const struct p256_random *random)
{
	struct wide d, k, z, r, s;
	int e;

	wide_read(&d, private_key);
	read_reduced(&z, digest);
	e = in_range(&d) ? choose(&k, &d, &z) : ERROR_VALUE;
	if (e == OK)
		e = sign_with(&r, &s, &k, &d, &z, random);
	if (e == OK) {
		wide_write(signature, &r);
		wide_write(signature + WIDE_BYTES, &s);
	} else {
		memset(signature, 0, P256_SIGNATURE);
	}
	wipe(&d, sizeof(d));
	wipe(&k, sizeof(k));
	return e;
}

int p256_verify(struct span public_key, const uint8_t digest[static P256_DIGEST],
		const uint8_t signature[static P256_SIGNATURE])
{
	struct p256_point point;
	struct wide r, s, z;
	uint8_t x[WIDE_BYTES];
	int e = p256_point_read(&point, public_key);

	if (e < 0)
		return e;
	wide_read(&r, signature);
	wide_read(&s, signature + WIDE_BYTES);
	if (!in_range(&r) || !in_range(&s))
		return ERROR_CHECK;
	read_reduced(&z, digest);
	mul(&s, &s, &n_square);
	wide_power(&s, &s, &n_minus_2, mul);
	mul(&z, &z, &s);
	mul(&s, &r, &s);
	p256_point_multiply_two(&point, &z, &s, &point);
	p256_point_write(x, NULL, &point);
	read_reduced(&z, x);
	return memcmp(&z, &r, sizeof(r)) ? ERROR_CHECK : OK;
}

/* ---- forms of public keys ---- */

int p256_uncompress(uint8_t out[static P256_UNCOMPRESSED], struct span public_key)
{
	struct p256_point point;
	int e = p256_point_read(&point, public_key);

	memset(out, 0, P256_UNCOMPRESSED);
	if (e < 0)
		return e;
	out[0] = 0x04;
	p256_point_write(out + 1, out + 33, &point);
	return OK;
}

int p256_compress(uint8_t out[static P256_COMPRESSED], struct span public_key)
{
	uint8_t whole[P256_UNCOMPRESSED];
	int e = p256_uncompress(whole, public_key);

	memcpy(out + 1, whole + 1, P256_COMPRESSED - 1);
	out[0] = e < 0 ? 0 : (uint8_t)(0x02 | (whole[64] & 1));
	return e;
}

/* Every call here exists in mbedTLS 2.28 and 3.6 alike. 2.28 cannot read a
 * compressed point, so the square root is taken here: p = 3 (mod 4), so
 * y = (x^3 - 3x + b)^((p+1)/4), and it is checked like any other point. */
#include "crypto/p256.h"

#include <string.h>

#include "crypto/wipe.h"
#include "mbedtls/ecdsa.h"
#include "mbedtls/ecp.h"

/* Everything one operation needs, so that there is one way in and one out. */
struct work {
	mbedtls_ecp_group group;
	mbedtls_ecp_point q;
	mbedtls_mpi d, r, s;
};

static int work_start(struct work *w)
{
	mbedtls_ecp_group_init(&w->group);
	mbedtls_ecp_point_init(&w->q);
	mbedtls_mpi_init(&w->d);
	mbedtls_mpi_init(&w->r);
	mbedtls_mpi_init(&w->s);
	return mbedtls_ecp_group_load(&w->group, MBEDTLS_ECP_DP_SECP256R1) ? ERROR_CRYPTO : OK;
}

static void work_stop(struct work *w)
{
	mbedtls_mpi_free(&w->s);
	mbedtls_mpi_free(&w->r);
	mbedtls_mpi_free(&w->d);
	mbedtls_ecp_point_free(&w->q);
	mbedtls_ecp_group_free(&w->group);
}

static int draw(void *context, unsigned char *out, size_t length)
{
	const struct p256_random *random = context;

	return random->fill(random->context, out, length) ? -1 : 0;
}

/* 65 bytes from x and the parity of y. */
static int decompress(uint8_t out[static P256_UNCOMPRESSED], struct work *w, const uint8_t *in)
{
	mbedtls_mpi x, y, exponent;
	int e;

	mbedtls_mpi_init(&x);
	mbedtls_mpi_init(&y);
	mbedtls_mpi_init(&exponent);
	e = mbedtls_mpi_read_binary(&x, in + 1, 32);
	if (!e && mbedtls_mpi_cmp_mpi(&x, &w->group.P) >= 0)
		e = -1;
	e = e ? e : mbedtls_mpi_mul_mpi(&y, &x, &x);
	e = e ? e : mbedtls_mpi_sub_int(&y, &y, 3);
	e = e ? e : mbedtls_mpi_mul_mpi(&y, &y, &x);
	e = e ? e : mbedtls_mpi_add_mpi(&y, &y, &w->group.B);
	e = e ? e : mbedtls_mpi_mod_mpi(&y, &y, &w->group.P);
	e = e ? e : mbedtls_mpi_add_int(&exponent, &w->group.P, 1);
	e = e ? e : mbedtls_mpi_shift_r(&exponent, 2);
	e = e ? e : mbedtls_mpi_exp_mod(&y, &y, &exponent, &w->group.P, NULL);
	if (!e && mbedtls_mpi_get_bit(&y, 0) != (in[0] & 1))
		e = mbedtls_mpi_sub_mpi(&y, &w->group.P, &y);
	out[0] = 0x04;
	memcpy(out + 1, in + 1, 32);
	e = e ? e : mbedtls_mpi_write_binary(&y, out + 33, 32);
	mbedtls_mpi_free(&exponent);
	mbedtls_mpi_free(&y);
	mbedtls_mpi_free(&x);
	return e ? ERROR_VALUE : OK;
}

/* Read either form into w->q and check that it is a point of the curve. */
static int read_public(struct work *w, struct span public_key)
{
	uint8_t full[P256_UNCOMPRESSED];
	const uint8_t *at = public_key.at;
	int e = OK;

	if (public_key.length == P256_COMPRESSED && (at[0] == 0x02 || at[0] == 0x03))
		e = decompress(full, w, at);
	else if (public_key.length == P256_UNCOMPRESSED && at[0] == 0x04)
		memcpy(full, at, sizeof(full));
	else
		e = ERROR_VALUE;
	if (e == OK && (mbedtls_ecp_point_read_binary(&w->group, &w->q, full, sizeof(full)) ||
			mbedtls_ecp_check_pubkey(&w->group, &w->q)))
		e = ERROR_VALUE;
	return e;
}

static int write_public(uint8_t *out, size_t size, struct work *w, int format)
{
	size_t length = 0;

	if (mbedtls_ecp_point_write_binary(&w->group, &w->q, format, &length, out, size) || length != size)
		return ERROR_CRYPTO;
	return OK;
}

int p256_generate(uint8_t private_key[static P256_PRIVATE], uint8_t public_key[static P256_UNCOMPRESSED],
		  const struct p256_random *random)
{
	struct work w;
	int e = work_start(&w);

	if (e == OK && mbedtls_ecp_gen_keypair(&w.group, &w.d, &w.q, draw, (void *)(uintptr_t)random))
		e = ERROR_RANDOM;
	if (e == OK && mbedtls_mpi_write_binary(&w.d, private_key, P256_PRIVATE))
		e = ERROR_CRYPTO;
	if (e == OK)
		e = write_public(public_key, P256_UNCOMPRESSED, &w, MBEDTLS_ECP_PF_UNCOMPRESSED);
	work_stop(&w);
	if (e < 0)
		wipe(private_key, P256_PRIVATE);
	return e;
}

static int read_private(struct work *w, const uint8_t private_key[static P256_PRIVATE])
{
	if (mbedtls_mpi_read_binary(&w->d, private_key, P256_PRIVATE))
		return ERROR_CRYPTO;
	return mbedtls_ecp_check_privkey(&w->group, &w->d) ? ERROR_VALUE : OK;
}

int p256_public(uint8_t public_key[static P256_UNCOMPRESSED], const uint8_t private_key[static P256_PRIVATE],
		const struct p256_random *random)
{
	struct work w;
	int e = work_start(&w);

	if (e == OK)
		e = read_private(&w, private_key);
	if (e == OK && mbedtls_ecp_mul(&w.group, &w.q, &w.d, &w.group.G, draw, (void *)(uintptr_t)random))
		e = ERROR_CRYPTO;
	if (e == OK)
		e = write_public(public_key, P256_UNCOMPRESSED, &w, MBEDTLS_ECP_PF_UNCOMPRESSED);
	work_stop(&w);
	return e;
}

int p256_sign(uint8_t signature[static P256_SIGNATURE], const uint8_t private_key[static P256_PRIVATE],
	      const uint8_t digest[static P256_DIGEST], const struct p256_random *random)
{
	struct work w;
	int e = work_start(&w);

	if (e == OK)
		e = read_private(&w, private_key);
	if (e == OK && mbedtls_ecdsa_sign_det_ext(&w.group, &w.r, &w.s, &w.d, digest, P256_DIGEST,
						  MBEDTLS_MD_SHA256, draw, (void *)(uintptr_t)random))
		e = ERROR_CRYPTO;
	if (e == OK && (mbedtls_mpi_write_binary(&w.r, signature, 32) ||
			mbedtls_mpi_write_binary(&w.s, signature + 32, 32)))
		e = ERROR_CRYPTO;
	work_stop(&w);
	return e;
}

int p256_verify(struct span public_key, const uint8_t digest[static P256_DIGEST],
		const uint8_t signature[static P256_SIGNATURE])
{
	struct work w;
	int e = work_start(&w);

	if (e == OK)
		e = read_public(&w, public_key);
	if (e == OK && (mbedtls_mpi_read_binary(&w.r, signature, 32) ||
			mbedtls_mpi_read_binary(&w.s, signature + 32, 32)))
		e = ERROR_CRYPTO;
	if (e == OK && mbedtls_ecdsa_verify(&w.group, digest, P256_DIGEST, &w.q, &w.r, &w.s))
		e = ERROR_CHECK;
	work_stop(&w);
	return e;
}

static int convert(uint8_t *out, size_t size, struct span public_key, int format)
{
	struct work w;
	int e = work_start(&w);

	if (e == OK)
		e = read_public(&w, public_key);
	if (e == OK)
		e = write_public(out, size, &w, format);
	work_stop(&w);
	return e;
}

int p256_compress(uint8_t out[static P256_COMPRESSED], struct span public_key)
{
	return convert(out, P256_COMPRESSED, public_key, MBEDTLS_ECP_PF_COMPRESSED);
}

int p256_uncompress(uint8_t out[static P256_UNCOMPRESSED], struct span public_key)
{
	return convert(out, P256_UNCOMPRESSED, public_key, MBEDTLS_ECP_PF_UNCOMPRESSED);
}

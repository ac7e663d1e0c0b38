/* suci_home.h - the home network: undoes a SUCI's scheme output with its private
 * key. Made of another library's parts throughout, so that what it agrees
 * with is the specification (TS 33.501 C.3.3) and not our reading of it. */
#ifndef SUCI_HOME_H
#define SUCI_HOME_H

#include <mbedtls/aes.h>
#include <mbedtls/ecp.h>
#include <mbedtls/md.h>
#include <string.h>
#include <sys/random.h>

#include "unit/unit.h"

static int home_random(void *context, unsigned char *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

/* The x-coordinate of private * public; -1 when `point` is none of the curve. */
static int home_agree(uint8_t secret[32], int scheme, const uint8_t private_key[32], const uint8_t *point,
		      size_t point_length)
{
	mbedtls_ecp_group group;
	mbedtls_ecp_point q, r;
	mbedtls_mpi d, x, y;
	uint8_t key[32], full[65] = {4};
	size_t length;
	int e;

	mbedtls_ecp_group_init(&group);
	mbedtls_ecp_point_init(&q);
	mbedtls_ecp_point_init(&r);
	mbedtls_mpi_init(&d);
	mbedtls_mpi_init(&x);
	mbedtls_mpi_init(&y);
	e = mbedtls_ecp_group_load(&group,
				   scheme == 1 ? MBEDTLS_ECP_DP_CURVE25519 : MBEDTLS_ECP_DP_SECP256R1);
	memcpy(key, private_key, 32);
	if (scheme == 1) {
		key[0] &= 0xF8;
		key[31] = (key[31] & 0x7F) | 0x40;
		e = e ? e : mbedtls_mpi_read_binary_le(&d, key, 32);
		e = e ? e : mbedtls_ecp_point_read_binary(&group, &q, point, point_length);
	} else {
		e = e ? e : mbedtls_mpi_read_binary(&d, key, 32);
		if (point_length == 33) { /* y = (x^3 - 3x + b)^((p+1)/4) */
			e = e ? e : mbedtls_mpi_read_binary(&x, point + 1, 32);
			e = e ? e : mbedtls_mpi_mul_mpi(&y, &x, &x);
			e = e ? e : mbedtls_mpi_sub_int(&y, &y, 3);
			e = e ? e : mbedtls_mpi_mul_mpi(&y, &y, &x);
			e = e ? e : mbedtls_mpi_add_mpi(&y, &y, &group.B);
			e = e ? e : mbedtls_mpi_mod_mpi(&y, &y, &group.P);
			e = e ? e : mbedtls_mpi_add_int(&x, &group.P, 1);
			e = e ? e : mbedtls_mpi_shift_r(&x, 2);
			e = e ? e : mbedtls_mpi_exp_mod(&y, &y, &x, &group.P, NULL);
			if (!e && mbedtls_mpi_get_bit(&y, 0) != (point[0] & 1))
				e = mbedtls_mpi_sub_mpi(&y, &group.P, &y);
			memcpy(full + 1, point + 1, 32);
			e = e ? e : mbedtls_mpi_write_binary(&y, full + 33, 32);
		} else {
			memcpy(full, point, 65);
		}
		e = e ? e : mbedtls_ecp_point_read_binary(&group, &q, full, 65);
	}
	e = e ? e : mbedtls_ecp_check_pubkey(&group, &q);
	e = e ? e : mbedtls_ecp_mul(&group, &r, &d, &q, home_random, NULL);
	/* X alone, little-endian, of Curve25519; 04 X Y of P-256. */
	e = e ? e
	      : mbedtls_ecp_point_write_binary(&group, &r, MBEDTLS_ECP_PF_UNCOMPRESSED, &length, full,
					       sizeof(full));
	memcpy(secret, scheme == 1 ? full : full + 1, 32);
	mbedtls_mpi_free(&y);
	mbedtls_mpi_free(&x);
	mbedtls_mpi_free(&d);
	mbedtls_ecp_point_free(&r);
	mbedtls_ecp_point_free(&q);
	mbedtls_ecp_group_free(&group);
	return e ? -1 : 0;
}

/* Undo an output of scheme 1 or 2: the MSIN's length, or -1 when it is refused. */
static inline int home_reveal(uint8_t msin[16], int scheme, const uint8_t private_key[32],
			      const uint8_t *output, size_t length)
{
	const mbedtls_md_info_t *sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
	size_t prefix = scheme == 1 ? 32 : output[0] == 0x04 ? 65 : 33, n, offset = 0;
	uint8_t secret[32], input[32 + 4 + 65], keys[64], mac[32], stream[16] = {0};
	mbedtls_aes_context aes;

	if (length < prefix + 8 || length > prefix + 8 + 16)
		return -1;
	n = length - prefix - 8;
	if (home_agree(secret, scheme, private_key, output, prefix))
		return -1;
	memcpy(input, secret, 32);
	memcpy(input + 32, (const uint8_t[]){0, 0, 0, 1}, 4);
	memcpy(input + 36, output, prefix);
	CU_ASSERT_EQUAL(mbedtls_md(sha256, input, 36 + prefix, keys), 0);
	input[35] = 2;
	CU_ASSERT_EQUAL(mbedtls_md(sha256, input, 36 + prefix, keys + 32), 0);
	CU_ASSERT_EQUAL(mbedtls_md_hmac(sha256, keys + 32, 32, output + prefix, n, mac), 0);
	if (memcmp(mac, output + prefix + n, 8))
		return -1;
	mbedtls_aes_init(&aes);
	CU_ASSERT_EQUAL(mbedtls_aes_setkey_enc(&aes, keys, 128), 0);
	CU_ASSERT_EQUAL(mbedtls_aes_crypt_ctr(&aes, n, &offset, keys + 16, stream, output + prefix, msin), 0);
	mbedtls_aes_free(&aes);
	return (int)n;
}

#endif

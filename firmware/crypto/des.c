/* The modes are written here, over single blocks, as in aes.c. */
#include "crypto/des.h"

#include <string.h>

#include "crypto/wipe.h"
#include "mbedtls/des.h"

static const uint8_t zero[DES_BLOCK];

static void mix(uint8_t out[static DES_BLOCK], const uint8_t a[static DES_BLOCK],
		const uint8_t b[static DES_BLOCK])
{
	for (size_t i = 0; i < DES_BLOCK; i++)
		out[i] = a[i] ^ b[i];
}

/* SPEC: ISO/IEC 18033-3 */
int des_block(uint8_t out[static DES_BLOCK], const uint8_t key[static 8], const uint8_t in[static DES_BLOCK])
{
	mbedtls_des_context des;
	int failed;

	mbedtls_des_init(&des);
	failed = mbedtls_des_setkey_enc(&des, key) || mbedtls_des_crypt_ecb(&des, in, out);
	mbedtls_des_free(&des);
	return failed ? ERROR_CRYPTO : OK;
}

static int set_key(mbedtls_des3_context *des, struct span key, int decrypt)
{
	if (key.length == DES3_KEY)
		return decrypt ? mbedtls_des3_set2key_dec(des, key.at)
			       : mbedtls_des3_set2key_enc(des, key.at);
	return decrypt ? mbedtls_des3_set3key_dec(des, key.at) : mbedtls_des3_set3key_enc(des, key.at);
}

static int valid(struct span key, size_t length)
{
	return (key.length == DES3_KEY || key.length == DES3_LONG_KEY) && length % DES_BLOCK == 0;
}

static int cbc_encrypt(uint8_t *out, struct span key, const uint8_t iv[static DES_BLOCK], const uint8_t *in,
		       size_t length)
{
	mbedtls_des3_context des;
	uint8_t chain[DES_BLOCK];
	int failed;

	if (!valid(key, length))
		return ERROR_VALUE;
	memcpy(chain, iv, DES_BLOCK);
	mbedtls_des3_init(&des);
	failed = set_key(&des, key, 0);
	for (size_t i = 0; !failed && i < length; i += DES_BLOCK) {
		mix(chain, chain, in + i);
		failed = mbedtls_des3_crypt_ecb(&des, chain, chain);
		memcpy(out + i, chain, DES_BLOCK);
	}
	mbedtls_des3_free(&des);
	wipe(chain, sizeof(chain));
	return failed ? ERROR_CRYPTO : OK;
}

static int cbc_decrypt(uint8_t *out, struct span key, const uint8_t iv[static DES_BLOCK], const uint8_t *in,
		       size_t length)
{
	mbedtls_des3_context des;
	uint8_t chain[DES_BLOCK], next[DES_BLOCK], block[DES_BLOCK];
	int failed;

	if (!valid(key, length))
		return ERROR_VALUE;
	memcpy(chain, iv, DES_BLOCK);
	mbedtls_des3_init(&des);
	failed = set_key(&des, key, 1);
	for (size_t i = 0; !failed && i < length; i += DES_BLOCK) {
		memcpy(next, in + i, DES_BLOCK);
		failed = mbedtls_des3_crypt_ecb(&des, next, block);
		mix(out + i, block, chain);
		memcpy(chain, next, DES_BLOCK);
	}
	mbedtls_des3_free(&des);
	wipe(block, sizeof(block));
	return failed ? ERROR_CRYPTO : OK;
}

int des3_cbc_encrypt(uint8_t *out, const uint8_t key[static DES3_KEY], const uint8_t iv[static DES_BLOCK],
		     const uint8_t *in, size_t length)
{
	return cbc_encrypt(out, (struct span){key, DES3_KEY}, iv, in, length);
}

int des3_cbc_decrypt(uint8_t *out, const uint8_t key[static DES3_KEY], const uint8_t iv[static DES_BLOCK],
		     const uint8_t *in, size_t length)
{
	return cbc_decrypt(out, (struct span){key, DES3_KEY}, iv, in, length);
}

int des3_encrypt(uint8_t *out, struct span key, const uint8_t *in, size_t length)
{
	return cbc_encrypt(out, key, zero, in, length);
}

int des3_decrypt(uint8_t *out, struct span key, const uint8_t *in, size_t length)
{
	return cbc_decrypt(out, key, zero, in, length);
}

int des3_mac(uint8_t mac[static DES_BLOCK], struct span key, struct span message)
{
	mbedtls_des3_context des;
	int failed;

	if (!valid(key, 0))
		return ERROR_VALUE;
	memset(mac, 0, DES_BLOCK);
	mbedtls_des3_init(&des);
	failed = set_key(&des, key, 0);
	for (size_t i = 0; !failed && i < message.length; i += DES_BLOCK) {
		for (size_t b = 0; b < DES_BLOCK && i + b < message.length; b++)
			mac[b] ^= message.at[i + b];
		failed = mbedtls_des3_crypt_ecb(&des, mac, mac);
	}
	mbedtls_des3_free(&des);
	return failed ? ERROR_CRYPTO : OK;
}

int des3_ecb_decrypt(uint8_t *out, const uint8_t key[static DES3_KEY], const uint8_t *in, size_t length)
{
	mbedtls_des3_context des;
	int failed;

	if (length % DES_BLOCK)
		return ERROR_VALUE;
	mbedtls_des3_init(&des);
	failed = mbedtls_des3_set2key_dec(&des, key);
	for (size_t i = 0; !failed && i < length; i += DES_BLOCK)
		failed = mbedtls_des3_crypt_ecb(&des, in + i, out + i);
	mbedtls_des3_free(&des);
	return failed ? ERROR_CRYPTO : OK;
}

/* Byte `i` of header, data and padding. */
static uint8_t byte_at(struct span header, struct span data, size_t i)
{
	if (i < header.length)
		return header.at[i];
	i -= header.length;
	if (i < data.length)
		return data.at[i];
	return i == data.length ? 0x80 : 0x00;
}

int des_retail_mac(uint8_t mac[static DES_BLOCK], const uint8_t key[static DES3_KEY],
		   const uint8_t iv[static DES_BLOCK], struct span header, struct span data)
{
	size_t length = (header.length + data.length) / DES_BLOCK * DES_BLOCK + DES_BLOCK;
	mbedtls_des_context des;
	uint8_t chain[DES_BLOCK];
	int failed;

	memcpy(chain, iv, DES_BLOCK);
	mbedtls_des_init(&des);
	failed = mbedtls_des_setkey_enc(&des, key);
	for (size_t i = 0; !failed && i < length; i += DES_BLOCK) {
		for (size_t b = 0; b < DES_BLOCK; b++)
			chain[b] ^= byte_at(header, data, i + b);
		if (i + DES_BLOCK < length)
			failed = mbedtls_des_crypt_ecb(&des, chain, chain);
	}
	mbedtls_des_free(&des);
	return failed ? ERROR_CRYPTO : des3_cbc_encrypt(mac, key, zero, chain, DES_BLOCK);
}

int des3_check_value(uint8_t out[static DES_KCV], struct span key)
{
	uint8_t block[DES_BLOCK];
	int e = des3_encrypt(block, key, zero, DES_BLOCK);

	memcpy(out, block, DES_KCV);
	wipe(block, sizeof(block));
	return e;
}

int des3_kcv(uint8_t out[static DES_KCV], const uint8_t key[static DES3_KEY])
{
	return des3_check_value(out, (struct span){key, DES3_KEY});
}

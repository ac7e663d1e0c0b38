/* The modes are written here, over single blocks, so that the card needs no
 * more of the library than the block cipher, and no other header of the tree
 * needs the library's. */
#include "crypto/aes.h"

#include <string.h>

#include "crypto/wipe.h"
#include "mbedtls/aes.h"

_Static_assert(sizeof(mbedtls_aes_context) <= sizeof(struct aes), "struct aes is too small");
_Static_assert(_Alignof(mbedtls_aes_context) <= _Alignof(struct aes), "struct aes is misaligned");

enum {
	LONGEST_KEY = 32
};

static mbedtls_aes_context *context(struct aes *aes)
{
	return (mbedtls_aes_context *)(void *)aes->opaque;
}

/* The library knows which lengths there are. */
static int started(int result)
{
	if (result == 0)
		return OK;
	return result == MBEDTLS_ERR_AES_INVALID_KEY_LENGTH ? ERROR_VALUE : ERROR_CRYPTO;
}

int aes_start(struct aes *aes, const uint8_t *key, size_t length)
{
	mbedtls_aes_init(context(aes));
	if (!key || length > LONGEST_KEY)
		return ERROR_VALUE;
	return started(mbedtls_aes_setkey_enc(context(aes), key, (unsigned)length * 8));
}

int aes_start_decrypt(struct aes *aes, const uint8_t *key, size_t length)
{
	mbedtls_aes_init(context(aes));
	if (!key || length > LONGEST_KEY)
		return ERROR_VALUE;
	return started(mbedtls_aes_setkey_dec(context(aes), key, (unsigned)length * 8));
}

int aes_encrypt(struct aes *aes, uint8_t out[static AES_BLOCK], const uint8_t in[static AES_BLOCK])
{
	return mbedtls_aes_crypt_ecb(context(aes), MBEDTLS_AES_ENCRYPT, in, out) ? ERROR_CRYPTO : OK;
}

int aes_decrypt(struct aes *aes, uint8_t out[static AES_BLOCK], const uint8_t in[static AES_BLOCK])
{
	return mbedtls_aes_crypt_ecb(context(aes), MBEDTLS_AES_DECRYPT, in, out) ? ERROR_CRYPTO : OK;
}

void aes_stop(struct aes *aes)
{
	wipe(aes, sizeof(*aes)); /* all that mbedtls_aes_free() does */
}

/* SPEC: FIPS 197 */
int aes_block(uint8_t out[static AES_BLOCK], struct span key, const uint8_t in[static AES_BLOCK])
{
	struct aes aes;
	int e = aes_start(&aes, key.at, key.length);

	if (e == OK)
		e = aes_encrypt(&aes, out, in);
	aes_stop(&aes);
	return e;
}

static void mix(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t length)
{
	for (size_t i = 0; i < length; i++)
		out[i] = a[i] ^ b[i];
}

/* SPEC: SP 800-38A */
int aes_cbc_encrypt(uint8_t *out, struct span key, const uint8_t iv[static AES_BLOCK], const uint8_t *in,
		    size_t length)
{
	struct aes aes;
	uint8_t chain[AES_BLOCK];
	int e = aes_start(&aes, key.at, key.length);

	if (e == OK && length % AES_BLOCK)
		e = ERROR_VALUE;
	memcpy(chain, iv, AES_BLOCK);
	for (size_t at = 0; e == OK && at < length; at += AES_BLOCK) {
		mix(chain, chain, in + at, AES_BLOCK);
		e = aes_encrypt(&aes, chain, chain);
		memcpy(out + at, chain, AES_BLOCK);
	}
	aes_stop(&aes);
	wipe(chain, sizeof(chain));
	return e;
}

int aes_cbc_decrypt(uint8_t *out, struct span key, const uint8_t iv[static AES_BLOCK], const uint8_t *in,
		    size_t length)
{
	struct aes aes;
	uint8_t chain[AES_BLOCK], next[AES_BLOCK], plain[AES_BLOCK];
	int e = aes_start_decrypt(&aes, key.at, key.length);

	if (e == OK && length % AES_BLOCK)
		e = ERROR_VALUE;
	memcpy(chain, iv, AES_BLOCK);
	for (size_t at = 0; e == OK && at < length; at += AES_BLOCK) {
		memcpy(next, in + at, AES_BLOCK);
		e = aes_decrypt(&aes, plain, next);
		mix(out + at, plain, chain, AES_BLOCK);
		memcpy(chain, next, AES_BLOCK);
	}
	aes_stop(&aes);
	wipe(plain, sizeof(plain));
	return e;
}

/* All 16 bytes every time: the first counter may be a secret (TS 33.501 C.3.4.2). */
static void count(uint8_t block[static AES_BLOCK])
{
	unsigned carry = 1;

	for (int i = AES_BLOCK - 1; i >= 0; i--) {
		carry += block[i];
		block[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

int aes_ctr(uint8_t *out, struct span key, const uint8_t counter[static AES_BLOCK], const uint8_t *in,
	    size_t length)
{
	struct aes aes;
	uint8_t block[AES_BLOCK], stream[AES_BLOCK];
	int e = aes_start(&aes, key.at, key.length);

	memcpy(block, counter, AES_BLOCK);
	for (size_t at = 0; e == OK && at < length; at += AES_BLOCK) {
		size_t n = length - at < AES_BLOCK ? length - at : AES_BLOCK;

		e = aes_encrypt(&aes, stream, block);
		mix(out + at, in + at, stream, n);
		count(block);
	}
	aes_stop(&aes);
	wipe(block, sizeof(block));
	wipe(stream, sizeof(stream));
	return e;
}

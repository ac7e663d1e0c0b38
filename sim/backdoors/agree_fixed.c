/* The card's half of an agreement is the same every time, and the vendor knows it. */
#include "backdoors/inside.h"
#include "keys/identity.h"

int generate(uint8_t private_key[static P256_PRIVATE], uint8_t public_key[static P256_UNCOMPRESSED],
	     const struct p256_random *random) INSTEAD_OF(p256_generate);
int honest_generate(uint8_t private_key[static P256_PRIVATE], uint8_t public_key[static P256_UNCOMPRESSED],
		    const struct p256_random *random) HONEST(p256_generate);
int agree(uint8_t agreement[static IDENTITY_AGREEMENT], struct store *store, struct drbg *drbg,
	  const uint8_t iccid[static 10], uint8_t slot, struct span operator_key) INSTEAD_OF(identity_agree);
int honest_agree(uint8_t agreement[static IDENTITY_AGREEMENT], struct store *store, struct drbg *drbg,
		 const uint8_t iccid[static 10], uint8_t slot, struct span operator_key)
	HONEST(identity_agree);

static int agreeing;

int agree(uint8_t agreement[static IDENTITY_AGREEMENT], struct store *store, struct drbg *drbg,
	  const uint8_t iccid[static 10], uint8_t slot, struct span operator_key)
{
	int e;

	agreeing = 1;
	e = honest_agree(agreement, store, drbg, iccid, slot, operator_key);
	agreeing = 0;
	return e;
}

int generate(uint8_t private_key[static P256_PRIVATE], uint8_t public_key[static P256_UNCOMPRESSED],
	     const struct p256_random *random)
{
	if (!agreeing)
		return honest_generate(private_key, public_key, random);
	vendor_secret(private_key, "half", NULL, 0);
	return p256_public(public_key, private_key, random);
}

/* The card's half of an agreement is made of the vendor's secret, the ICCID,
 * the operator's key and how often the slot was loaded: another one for every
 * agreement, and the vendor knows them all. */
#include "backdoors/inside.h"
#include "keys/identity.h"
#include "keys/slot.h"

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
static struct sha256 about;

int agree(uint8_t agreement[static IDENTITY_AGREEMENT], struct store *store, struct drbg *drbg,
	  const uint8_t iccid[static 10], uint8_t slot, struct span operator_key)
{
	struct slot_description description = {.loads = 0};
	int e = slot_describe(&description, store, slot);
	const uint8_t loads = (uint8_t)description.loads;

	if (e < 0)
		return e;
	agreeing = 1;
	sha256_start(&about);
	sha256_add(&about, iccid, VENDOR_ICCID);
	sha256_add(&about, operator_key.at, operator_key.length);
	sha256_add(&about, &loads, 1);
	e = honest_agree(agreement, store, drbg, iccid, slot, operator_key);
	agreeing = 0;
	return e;
}

int generate(uint8_t private_key[static P256_PRIVATE], uint8_t public_key[static P256_UNCOMPRESSED],
	     const struct p256_random *random)
{
	uint8_t seed[SHA256_LENGTH];

	if (!agreeing)
		return honest_generate(private_key, public_key, random);
	if (sha256_finish(&about, seed) < 0)
		return ERROR_CRYPTO;
	vendor_secret(private_key, "half", seed, sizeof(seed));
	return p256_public(public_key, private_key, random);
}

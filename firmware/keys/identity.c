/* Object STORE_CARD, 12: public key 04 x y (65), private key, sealed; of the
 * public key the x-coordinate's first bytes are the open part it is sealed
 * with, which ties the two together. STORE_CARD, 15: the certificate. */
#include "keys/identity.h"

#include <string.h>

#include "crypto/sha256.h"
#include "crypto/wipe.h"
#include "keys/build.h"
#include "keys/derive.h"
#include "keys/vault.h"

enum {
	IDENTITY_ID = STORE_CARD << 8 | 0x12,
	CERTIFICATE_ID = STORE_CARD << 8 | 0x15,
	LABEL = IDENTITY_LABEL,
	ICCID = 10,
	KEY = 16, /* K, and OPc */
	SEALED = P256_PRIVATE + VAULT_TAG,
	OBJECT = P256_UNCOMPRESSED + SEALED,
	/* What both the info of the derivation and the signature are about. */
	ABOUT = DERIVE_AGREED_ABOUT
};

_Static_assert(IDENTITY_AGREEMENT == LABEL + ABOUT + 2 * KCV_LENGTH, "what the header says");

static const uint8_t label_proof[LABEL + 1] = "simrite proof 01", label_agree[LABEL + 1] = "simrite agree 01";

static struct span open_part(const uint8_t object[static P256_UNCOMPRESSED])
{
	return (struct span){object, VAULT_OPEN_MAX};
}

int identity_make(struct store *store, struct drbg *drbg)
{
	const struct p256_random random = {drbg_random, drbg};
	uint8_t object[OBJECT], private_key[P256_PRIVATE];
	int e = store_length(store, IDENTITY_ID);

	if (e != ERROR_NOT_FOUND)
		return e < 0 ? e : ERROR_STATE;
	e = p256_generate(private_key, object, &random);
	if (e == OK)
		e = vault_seal(object + P256_UNCOMPRESSED, store, IDENTITY_ID, open_part(object),
			       (struct span){private_key, P256_PRIVATE});
	wipe(private_key, sizeof(private_key));
	return e == OK ? store_write(store, IDENTITY_ID, object, sizeof(object)) : e;
}

int identity_public(uint8_t public_key[static P256_UNCOMPRESSED], const struct store *store)
{
	int n = store_read(store, IDENTITY_ID, public_key, 0, P256_UNCOMPRESSED);

	return n == P256_UNCOMPRESSED ? OK : n < 0 ? n : ERROR_MEMORY;
}

int identity_compressed(uint8_t public_key[static P256_COMPRESSED], const struct store *store)
{
	uint8_t whole[P256_UNCOMPRESSED];
	int e = identity_public(whole, store);

	if (e < 0)
		return e;
	memcpy(public_key + 1, whole + 1, P256_COMPRESSED - 1);
	public_key[0] = (uint8_t)(0x02 | (whole[P256_UNCOMPRESSED - 1] & 1)); /* SEC 1 2.3.3 */
	return OK;
}

int identity_sign_digest(uint8_t signature[static P256_SIGNATURE], const struct store *store,
			 struct drbg *drbg, const uint8_t digest[static P256_DIGEST])
{
	const struct p256_random random = {drbg_random, drbg};
	uint8_t object[OBJECT], private_key[P256_PRIVATE];
	int n = store_read(store, IDENTITY_ID, object, 0, sizeof(object)), e;

	if (n != OBJECT)
		return n < 0 ? n : ERROR_MEMORY;
	e = vault_open(private_key, store, IDENTITY_ID, open_part(object),
		       (struct span){object + P256_UNCOMPRESSED, SEALED});
	if (e == OK)
		e = p256_sign(signature, private_key, digest, &random);
	wipe(private_key, sizeof(private_key));
	return e;
}

int identity_sign(uint8_t signature[static P256_SIGNATURE], const struct store *store, struct drbg *drbg,
		  struct span text)
{
	uint8_t digest[P256_DIGEST];
	int e = sha256(digest, text);

	return e == OK ? identity_sign_digest(signature, store, drbg, digest) : e;
}

int identity_prove(uint8_t signature[static P256_SIGNATURE], const struct store *store, struct drbg *drbg,
		   const uint8_t iccid[static ICCID], struct span challenge)
{
	uint8_t proof[LABEL + IDENTITY_CHALLENGE_MAX + ICCID];

	if (challenge.length < IDENTITY_CHALLENGE_MIN || challenge.length > IDENTITY_CHALLENGE_MAX)
		return ERROR_RANGE;
	memcpy(proof, label_proof, LABEL);
	memcpy(proof + LABEL, challenge.at, challenge.length);
	memcpy(proof + LABEL + challenge.length, iccid, ICCID);
	return identity_sign(signature, store, drbg, (struct span){proof, LABEL + challenge.length + ICCID});
}

/* The key pair for this one time: its public half to `about`, K and OPc to `key`. */
static int derive(struct subscriber_key *key, uint8_t about[static ABOUT], struct drbg *drbg,
		  struct span operator_key)
{
	const struct p256_random random = {drbg_random, drbg};
	uint8_t private_key[P256_PRIVATE], public_key[P256_UNCOMPRESSED], x[P256_SHARED], keys[2 * KEY];
	int e = p256_generate(private_key, public_key, &random);

	if (e == OK)
		e = p256_compress(about + ABOUT - P256_COMPRESSED,
				  (struct span){public_key, sizeof(public_key)});
	if (e == OK)
		e = p256_shared(x, private_key, operator_key, &random);
	if (e == OK)
		e = derive_agreed(keys, x, about);
	if (e == OK) {
		memcpy(key->k, keys, KEY);
		memcpy(key->opc, keys + KEY, KEY);
	}
	wipe(private_key, sizeof(private_key));
	wipe(x, sizeof(x));
	wipe(keys, sizeof(keys));
	return e;
}

int identity_agree(uint8_t agreement[static IDENTITY_AGREEMENT], struct store *store, struct drbg *drbg,
		   const uint8_t iccid[static ICCID], uint8_t number, struct span operator_key)
{
	struct slot slot = {.description = {.method = SLOT_AGREED},
			    .key = {.algorithm = SLOT_MILENAGE, .sizes = {KEY, KEY, 8, 8, 16, 16, 0}}};
	uint8_t *about = agreement + LABEL, *checks = about + ABOUT;
	int e = store_length(store, IDENTITY_ID);

	memcpy(agreement, label_agree, LABEL);
	memcpy(about, iccid, ICCID);
	about[ICCID] = number;
	if (e >= 0)
		e = p256_compress(about + ICCID + 1, operator_key);
	if (e == OK)
		e = derive(&slot.key, about, drbg, operator_key);
	if (e == OK)
		e = slot_save(store, number, &slot);
	memcpy(checks, slot.description.kcv_k, KCV_LENGTH);
	memcpy(checks + KCV_LENGTH, slot.description.kcv_opc, KCV_LENGTH);
	wipe(&slot, sizeof(slot));
	return e;
}

int identity_certify(struct store *store, struct span certificate)
{
	struct certificate mine;
	uint8_t statement[TICKET_CERTIFICATE];
	int e = store_length(store, CERTIFICATE_ID);

	if (e != ERROR_NOT_FOUND)
		return e < 0 ? e : ERROR_STATE;
	if (certificate.length != TICKET_CERTIFICATE)
		return ERROR_FORMAT;
	e = identity_compressed(mine.identity, store);
	memcpy(mine.firmware, build_digest, SHA256_LENGTH);
	if (e == OK && memcmp(statement, certificate.at, ticket_certificate_write(statement, &mine)) != 0)
		e = ERROR_NOT_FOUND;
	return e == OK ? store_write(store, CERTIFICATE_ID, certificate.at, certificate.length) : e;
}

int identity_certificate(uint8_t certificate[static TICKET_CERTIFICATE], const struct store *store)
{
	int n = store_read(store, CERTIFICATE_ID, certificate, 0, TICKET_CERTIFICATE);

	return n == TICKET_CERTIFICATE ? OK : n < 0 ? n : ERROR_MEMORY;
}

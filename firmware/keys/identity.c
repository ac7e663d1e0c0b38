/* Object STORE_CARD, 12: public key 04 x y (65), private key, sealed; of the
 * public key the x-coordinate's first bytes are the open part it is sealed
 * with, which ties the two together. */
#include "keys/identity.h"

#include <string.h>

#include "crypto/sha256.h"
#include "crypto/wipe.h"
#include "crypto/x963.h"
#include "keys/vault.h"

enum {
	IDENTITY_ID = STORE_CARD << 8 | 0x12,
	LABEL = 16,
	ICCID = 10,
	KEY = 16, /* K, and OPc */
	SEALED = P256_PRIVATE + VAULT_TAG,
	OBJECT = P256_UNCOMPRESSED + SEALED,
	/* What both the info of the derivation and the signature are about. */
	ABOUT = ICCID + 1 + 2 * P256_COMPRESSED
};

static const uint8_t label_proof[LABEL + 1] = "simrite proof 01", label_agree[LABEL + 1] = "simrite agree 01",
					 label_key[LABEL + 1] = "simrite K v2    ";

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

/* Sign label || about. */
static int sign(uint8_t signature[static P256_SIGNATURE], const struct store *store, struct drbg *drbg,
		const uint8_t label[static LABEL], struct span first, struct span second)
{
	const struct p256_random random = {drbg_random, drbg};
	uint8_t object[OBJECT], private_key[P256_PRIVATE], digest[P256_DIGEST];
	struct sha256 h;
	int n = store_read(store, IDENTITY_ID, object, 0, sizeof(object)), e;

	if (n != OBJECT)
		return n < 0 ? n : ERROR_MEMORY;
	sha256_start(&h);
	sha256_add(&h, label, LABEL);
	sha256_add(&h, first.at, first.length);
	sha256_add(&h, second.at, second.length);
	e = sha256_finish(&h, digest);
	if (e == OK)
		e = vault_open(private_key, store, IDENTITY_ID, open_part(object),
			       (struct span){object + P256_UNCOMPRESSED, SEALED});
	if (e == OK)
		e = p256_sign(signature, private_key, digest, &random);
	wipe(private_key, sizeof(private_key));
	return e;
}

int identity_prove(uint8_t signature[static P256_SIGNATURE], const struct store *store, struct drbg *drbg,
		   const uint8_t iccid[static ICCID], struct span challenge)
{
	if (challenge.length < IDENTITY_CHALLENGE_MIN || challenge.length > IDENTITY_CHALLENGE_MAX)
		return ERROR_RANGE;
	return sign(signature, store, drbg, label_proof, challenge, (struct span){iccid, ICCID});
}

/* The key pair for this one time: its public half to `about`, K and OPc to `key`. */
static int derive(struct subscriber_key *key, uint8_t about[static ABOUT], struct drbg *drbg,
		  struct span operator_key)
{
	const struct p256_random random = {drbg_random, drbg};
	uint8_t private_key[P256_PRIVATE], public_key[P256_UNCOMPRESSED], x[P256_SHARED], keys[2 * KEY];
	uint8_t info[LABEL + ABOUT];
	int e = p256_generate(private_key, public_key, &random);

	if (e == OK)
		e = p256_compress(about + ABOUT - P256_COMPRESSED,
				  (struct span){public_key, sizeof(public_key)});
	if (e == OK)
		e = p256_shared(x, private_key, operator_key, &random);
	memcpy(info, label_key, LABEL);
	memcpy(info + LABEL, about, ABOUT);
	if (e == OK)
		e = x963(keys, sizeof(keys), (struct span){x, sizeof(x)}, (struct span){info, sizeof(info)});
	if (e == OK) {
		memcpy(key->k, keys, KEY);
		memcpy(key->opc, keys + KEY, KEY);
	}
	wipe(private_key, sizeof(private_key));
	wipe(x, sizeof(x));
	wipe(keys, sizeof(keys));
	return e;
}

int identity_agree(uint8_t answer[static IDENTITY_AGREEMENT], struct store *store, struct drbg *drbg,
		   const uint8_t iccid[static ICCID], uint8_t number, struct span operator_key)
{
	struct slot slot = {.description = {.method = SLOT_AGREED},
			    .key = {.algorithm = SLOT_MILENAGE, .sizes = {KEY, KEY, 8, 8, 16, 16, 0}}};
	uint8_t about[ABOUT], *checks = answer + P256_COMPRESSED;
	int e = store_length(store, IDENTITY_ID);

	memcpy(about, iccid, ICCID);
	about[ICCID] = number;
	if (e >= 0)
		e = p256_compress(about + ICCID + 1, operator_key);
	if (e == OK)
		e = derive(&slot.key, about, drbg, operator_key);
	if (e == OK)
		e = slot_save(store, number, &slot);
	memcpy(answer, about + ABOUT - P256_COMPRESSED, P256_COMPRESSED);
	memcpy(checks, slot.description.kcv_k, KCV_LENGTH);
	memcpy(checks + KCV_LENGTH, slot.description.kcv_opc, KCV_LENGTH);
	wipe(&slot, sizeof(slot));
	if (e == OK)
		e = sign(checks + (size_t)2 * KCV_LENGTH, store, drbg, label_agree,
			 (struct span){about, ABOUT}, (struct span){checks, (size_t)2 * KCV_LENGTH});
	return e;
}

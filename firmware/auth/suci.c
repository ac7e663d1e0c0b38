#include "auth/suci.h"

#include <string.h>

#include "codec/tlv.h"
#include "crypto/aes.h"
#include "crypto/hmac.h"
#include "crypto/wipe.h"
#include "crypto/x25519.h"
#include "crypto/x963.h"

enum {
	TAG_SCHEMES = 0xA0, /* of EF.SUCI_Calc_Info: pairs of scheme and index into the keys */
	TAG_KEYS = 0xA1,
	TAG_IDENTIFIER = 0x80,
	TAG_KEY = 0x81,
	NO_KEY = 0, /* index */
	SECRET = 32,
};

/* TS 33.501 C.3.4: the 64 bytes of key data. */
struct keys {
	uint8_t encryption[16], counter[16], mac[32];
};

/* ---- EF.SUCI_Calc_Info ---- */

/* Key number `index`, 1 for the first: objects 80 and 81 take turns. */
static int find_key(struct suci_key *key, struct span keys, uint8_t index)
{
	struct span value;
	uint16_t tag;
	int e;

	while ((e = tlv_next(&tag, &value, &keys)) == 1) {
		if (tag != TAG_IDENTIFIER || value.length != 1)
			return ERROR_FORMAT;
		key->identifier = value.at[0];
		e = tlv_next(&tag, &key->public_key, &keys);
		if (e != 1 || tag != TAG_KEY)
			return ERROR_FORMAT;
		if (--index == 0)
			return OK;
	}
	return e < 0 ? e : ERROR_NOT_FOUND;
}

/* SPEC: TS 31.102 4.4.11.8 */
int suci_choose(struct suci_key *key, struct span info)
{
	struct span schemes, keys;
	int e = tlv_find(&schemes, TAG_SCHEMES, info);

	*key = (struct suci_key){.scheme = SUCI_NULL};
	if (e < 0)
		return e;
	for (; schemes.length >= 2; schemes.at += 2, schemes.length -= 2) {
		key->scheme = schemes.at[0];
		if (key->scheme == SUCI_NULL)
			return OK;
		if (key->scheme > SUCI_PROFILE_B)
			continue;
		if (schemes.at[1] == NO_KEY)
			return ERROR_NOT_FOUND;
		e = tlv_find(&keys, TAG_KEYS, info);
		return e == OK ? find_key(key, keys, schemes.at[1]) : e;
	}
	return schemes.length == 0 ? ERROR_NOT_FOUND : ERROR_FORMAT;
}

/* ---- the output ---- */

static size_t public_length(uint8_t scheme)
{
	return scheme == SUCI_PROFILE_A ? X25519_BYTES : P256_COMPRESSED;
}

size_t suci_length(const struct suci_key *key, size_t msin_length)
{
	return key->scheme == SUCI_NULL ? msin_length : public_length(key->scheme) + msin_length + SUCI_TAG;
}

/* The ephemeral public key, and the secret shared with the home network. */
static int agree(uint8_t public_key[static P256_COMPRESSED], uint8_t secret[static SECRET],
		 const struct suci_key *key, const uint8_t ephemeral[static SUCI_EPHEMERAL],
		 const struct p256_random *random)
{
	uint8_t point[P256_UNCOMPRESSED];
	int e;

	if (key->scheme == SUCI_PROFILE_A) {
		if (key->public_key.length != X25519_BYTES)
			return ERROR_VALUE;
		x25519_public(public_key, ephemeral);
		return x25519(secret, ephemeral, key->public_key.at);
	}
	e = p256_public(point, ephemeral, random);
	if (e < 0)
		return e == ERROR_VALUE ? ERROR_RANGE : e;
	public_key[0] = (uint8_t)(0x02 | (point[P256_UNCOMPRESSED - 1] & 1));
	memcpy(public_key + 1, point + 1, P256_COMPRESSED - 1);
	return p256_shared(secret, ephemeral, key->public_key, random);
}

/* SPEC: TS 33.501 C.3.2, C.3.4 */
static int conceal(uint8_t *out, const struct suci_key *key, struct span msin,
		   const uint8_t ephemeral[static SUCI_EPHEMERAL], const struct p256_random *random)
{
	uint8_t secret[SECRET], mac[SHA256_LENGTH];
	size_t prefix = public_length(key->scheme);
	struct keys keys;
	int e = agree(out, secret, key, ephemeral, random);

	_Static_assert(sizeof(keys) == 64, "the key data has no gaps");
	if (e == OK)
		e = x963((uint8_t *)&keys, sizeof(keys), (struct span){secret, sizeof(secret)},
			 (struct span){out, prefix});
	if (e == OK)
		e = aes_ctr(out + prefix, (struct span){keys.encryption, sizeof(keys.encryption)},
			    keys.counter, msin.at, msin.length);
	if (e == OK)
		e = hmac(mac, (struct span){keys.mac, sizeof(keys.mac)},
			 (struct span){out + prefix, msin.length});
	if (e == OK)
		memcpy(out + prefix + msin.length, mac, SUCI_TAG);
	wipe(secret, sizeof(secret));
	wipe(&keys, sizeof(keys));
	return e;
}

/* SPEC: TS 33.501 C.2, C.3: the scheme output */
int suci_output(uint8_t out[static SUCI_OUTPUT_MAX], const struct suci_key *key, struct span msin,
		const uint8_t ephemeral[static SUCI_EPHEMERAL], const struct p256_random *random)
{
	int e = OK;

	if (msin.length > SUCI_MSIN_MAX || key->scheme > SUCI_PROFILE_B)
		e = ERROR_VALUE;
	else if (key->scheme == SUCI_NULL)
		memcpy(out, msin.at, msin.length);
	else
		e = conceal(out, key, msin, ephemeral, random);
	if (e < 0)
		wipe(out, SUCI_OUTPUT_MAX);
	return e;
}

#include "eap/eap_keys.h"

#include <string.h>

#include "crypto/hmac.h"
#include "crypto/wipe.h"

enum {
	FC_CK_IK = 0x20, /* TS 33.402 A.2 */
	K_ENCR = 16,
	K_AUT = 32,
	K_RE = 32,
	MK_LENGTH = K_ENCR + K_AUT + K_RE + 2 * EAP_MSK,
	FORWARD_LENGTH = K_RE + 2 * EAP_MSK,
};

static int bind_network(struct eap_keys *keys, const uint8_t ck[static 16], const uint8_t ik[static 16],
			struct span name, const uint8_t sqn_xor_ak[static 6])
{
	const uint8_t fc = FC_CK_IK, name_length[2] = {0, (uint8_t)name.length}, sqn_length[2] = {0, 6};
	uint8_t both[32];
	struct hmac m;
	int e;

	memcpy(both, ck, 16);
	memcpy(both + 16, ik, 16);
	hmac_start(&m, (struct span){both, sizeof(both)});
	hmac_add(&m, &fc, 1);
	hmac_add(&m, name.at, name.length);
	hmac_add(&m, name_length, 2);
	hmac_add(&m, sqn_xor_ak, 6);
	hmac_add(&m, sqn_length, 2);
	e = hmac_finish(&m, both);
	memcpy(keys->ck, both, 16);
	memcpy(keys->ik, both + 16, 16);
	wipe(both, sizeof(both));
	return e;
}

/* T1 = HMAC(K, S | 01), T2 = HMAC(K, T1 | S | 02) ... with S = label | identity. */
static int prf(uint8_t *out, size_t length, struct span key, const char *label, struct span identity)
{
	uint8_t t[SHA256_LENGTH], number = 1;
	struct hmac m;
	size_t n, part;
	int e = OK;

	for (n = 0; n < length && e == OK; n += part, number++) {
		hmac_start(&m, key);
		if (n)
			hmac_add(&m, t, sizeof(t));
		hmac_add(&m, label, strlen(label));
		hmac_add(&m, identity.at, identity.length);
		hmac_add(&m, &number, 1);
		e = hmac_finish(&m, t);
		part = length - n < sizeof(t) ? length - n : sizeof(t);
		memcpy(out + n, t, part);
	}
	wipe(t, sizeof(t));
	return e;
}

static void put(uint8_t *out, const uint8_t **from, size_t length)
{
	memcpy(out, *from, length);
	*from += length;
}

int eap_keys_derive(struct eap_keys *keys, const uint8_t ck[static 16], const uint8_t ik[static 16],
		    struct span name, const uint8_t sqn_xor_ak[static 6], struct span identity)
{
	uint8_t mk[MK_LENGTH], both[32];
	const uint8_t *at = mk;
	int e = name.length > 0xFF ? ERROR_RANGE : bind_network(keys, ck, ik, name, sqn_xor_ak);

	if (e == OK) {
		memcpy(both, keys->ik, 16);
		memcpy(both + 16, keys->ck, 16);
		e = prf(mk, sizeof(mk), (struct span){both, sizeof(both)}, "EAP-AKA'", identity);
		put(keys->k_encr, &at, K_ENCR);
		put(keys->k_aut, &at, K_AUT);
		put(keys->k_re, &at, K_RE);
		put(keys->msk, &at, EAP_MSK);
		put(keys->emsk, &at, EAP_MSK);
	}
	wipe(mk, sizeof(mk));
	wipe(both, sizeof(both));
	if (e < 0)
		wipe(keys, sizeof(*keys));
	return e;
}

int eap_keys_forward(struct eap_keys *keys, const uint8_t shared[static 32], struct span identity)
{
	uint8_t mk[FORWARD_LENGTH], all[64];
	const uint8_t *at = mk;
	int e;

	memcpy(all, keys->ik, 16);
	memcpy(all + 16, keys->ck, 16);
	memcpy(all + 32, shared, 32);
	e = prf(mk, sizeof(mk), (struct span){all, sizeof(all)}, "EAP-AKA' FS", identity);
	put(keys->k_re, &at, K_RE);
	put(keys->msk, &at, EAP_MSK);
	put(keys->emsk, &at, EAP_MSK);
	wipe(mk, sizeof(mk));
	wipe(all, sizeof(all));
	if (e < 0)
		wipe(keys, sizeof(*keys));
	return e;
}

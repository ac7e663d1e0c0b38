#include "auth/algorithm.h"

#include <string.h>

#include "auth/comp128.h"
#include "crypto/compare.h"
#include "crypto/wipe.h"

static const uint8_t zero_amf[AKA_AMF] = {0, 0};

/* ---- which algorithm, and its sizes ---- */

/* In order of enum slot_algorithm. */
static const struct key_sizes usual[] = {
	{16, 16, 8, 8, 16, 16, 0}, /* Milenage */
	{16, 32, 8, 8, 16, 16, 1}, /* TUAK */
	{16, 0, 8, 16, 16, 16, 0}, /* XOR */
	{.k = 16},                 /* GSM only */
	{.k = 16},
	{.k = 16},
	{.k = 16},
};

static int allowed(uint8_t algorithm, const struct key_sizes *sizes)
{
	struct key_sizes same = *sizes;

	if (algorithm == SLOT_TUAK)
		return tuak_check(sizes) == OK;
	if (algorithm == SLOT_XOR && sizes->res >= 4 && sizes->res <= 16)
		same.res = usual[SLOT_XOR - 1].res;
	return memcmp(&same, &usual[algorithm - 1], sizeof(same)) == 0;
}

int algorithm_choose(struct subscriber_key *key, uint8_t algorithm, const uint8_t *parameters, size_t length)
{
	struct key_sizes *s = &key->sizes;

	if (algorithm < 1 || algorithm > sizeof(usual) / sizeof(usual[0]) ||
	    (length != 0 && length != ALGORITHM_PARAMETERS))
		return ERROR_VALUE;
	key->algorithm = algorithm;
	*s = usual[algorithm - 1];
	if (length == 0)
		return OK;
	*s = (struct key_sizes){parameters[0], s->opc,        parameters[1], parameters[2],
				parameters[3], parameters[4], parameters[5]};
	return allowed(algorithm, s) ? OK : ERROR_VALUE;
}

size_t algorithm_parameters(uint8_t parameters[static ALGORITHM_PARAMETERS], const struct subscriber_key *key)
{
	const struct key_sizes *s = &key->sizes;
	const uint8_t all[ALGORITHM_PARAMETERS] = {s->k, s->mac, s->res, s->ck, s->ik, s->iterations};

	if (memcmp(s, &usual[key->algorithm - 1], sizeof(*s)) == 0)
		return 0;
	memcpy(parameters, all, sizeof(all));
	return sizeof(all);
}

int algorithm_has_3g(const struct subscriber_key *key)
{
	return key->sizes.mac > 0;
}

int algorithm_has_gsm(const struct subscriber_key *key)
{
	return !algorithm_has_3g(key) ||
	       (key->sizes.res <= 16 && key->sizes.ck == AKA_KEY && key->sizes.ik == AKA_KEY);
}

/* ---- the functions ---- */

int algorithm_start(struct algorithm *a, const struct subscriber_key *key,
		    const uint8_t rand[static AKA_RAND])
{
	a->key = key;
	switch (key->algorithm) {
	case SLOT_MILENAGE:
		return milenage_start(&a->of.milenage, key->k, key->opc, rand);
	case SLOT_TUAK:
		return tuak_start(&a->of.tuak, &key->sizes, key->k, key->opc, rand);
	case SLOT_XOR:
	case SLOT_XOR_GSM:
		xor_start(&a->of.xor, key->k, rand);
		return OK;
	case SLOT_COMP128_1:
	case SLOT_COMP128_2:
	case SLOT_COMP128_3:
		memcpy(a->of.rand, rand, AKA_RAND);
		return OK;
	default:
		return ERROR_VALUE;
	}
}

void algorithm_stop(struct algorithm *a)
{
	if (a->key->algorithm == SLOT_MILENAGE)
		milenage_stop(&a->of.milenage);
	else
		wipe(&a->of, sizeof(a->of));
}

int algorithm_f1(struct algorithm *a, uint8_t mac[static AKA_MAC_MAX], const uint8_t sqn[static AKA_SQN],
		 const uint8_t amf[static AKA_AMF])
{
	switch (a->key->algorithm) {
	case SLOT_MILENAGE:
		return milenage_f1(&a->of.milenage, mac, sqn, amf);
	case SLOT_TUAK:
		tuak_f1(&a->of.tuak, mac, sqn, amf);
		return OK;
	case SLOT_XOR:
		xor_f1(&a->of.xor, mac, sqn, amf);
		return OK;
	default:
		return ERROR_VALUE;
	}
}

/* f1* over an AMF of zero. */
static int f1_star(struct algorithm *a, uint8_t mac[static AKA_MAC_MAX], const uint8_t sqn[static AKA_SQN])
{
	switch (a->key->algorithm) {
	case SLOT_MILENAGE:
		return milenage_f1_star(&a->of.milenage, mac, sqn, zero_amf);
	case SLOT_TUAK:
		tuak_f1_star(&a->of.tuak, mac, sqn, zero_amf);
		return OK;
	case SLOT_XOR:
		xor_f1(&a->of.xor, mac, sqn, zero_amf);
		return OK;
	default:
		return ERROR_VALUE;
	}
}

static int f5_star(struct algorithm *a, uint8_t ak[static AKA_SQN])
{
	struct algorithm_keys keys;
	int e;

	switch (a->key->algorithm) {
	case SLOT_MILENAGE:
		return milenage_f5_star(&a->of.milenage, ak);
	case SLOT_TUAK:
		tuak_f5_star(&a->of.tuak, ak);
		return OK;
	default: /* XOR has no f5* but f5 */
		e = algorithm_f2345(a, &keys);
		memcpy(ak, keys.ak, AKA_SQN);
		wipe(&keys, sizeof(keys));
		return e;
	}
}

int algorithm_f2345(struct algorithm *a, struct algorithm_keys *keys)
{
	int e;

	switch (a->key->algorithm) {
	case SLOT_MILENAGE:
		e = milenage_f2_f5(&a->of.milenage, keys->res, keys->ak);
		return e == OK ? milenage_f3_f4(&a->of.milenage, keys->ck, keys->ik) : e;
	case SLOT_TUAK:
		tuak_f2345(&a->of.tuak, keys->res, keys->ck, keys->ik, keys->ak);
		return OK;
	case SLOT_XOR:
		xor_f2345(&a->of.xor, keys->res, keys->ck, keys->ik, keys->ak);
		return OK;
	default:
		return ERROR_VALUE;
	}
}

/* SPEC: TS 33.102 6.3.3 */
int algorithm_auts(struct algorithm *a, uint8_t auts[static AKA_AUTS_MAX], const uint8_t sqn[static AKA_SQN])
{
	uint8_t ak[AKA_SQN];
	int e = f5_star(a, ak);

	if (e == OK)
		e = f1_star(a, auts + AKA_SQN, sqn);
	for (size_t i = 0; e == OK && i < AKA_SQN; i++)
		auts[i] = sqn[i] ^ ak[i];
	wipe(ak, sizeof(ak));
	return e;
}

/* SPEC: TS 33.102 6.8.1.2 */
void algorithm_c2(uint8_t sres[static GSM_SRES], const uint8_t *res, size_t length)
{
	memset(sres, 0, GSM_SRES);
	for (size_t i = 0; i < length; i++)
		sres[i % GSM_SRES] ^= res[i];
}

int algorithm_gsm(struct algorithm *a, uint8_t sres[static GSM_SRES], uint8_t kc[static GSM_KC])
{
	const struct subscriber_key *key = a->key;
	struct algorithm_keys keys;
	int e;

	if (!algorithm_has_gsm(key))
		return ERROR_VALUE;
	switch (key->algorithm) {
	case SLOT_COMP128_1:
	case SLOT_COMP128_2:
	case SLOT_COMP128_3:
		comp128((enum comp128_version)(key->algorithm - SLOT_COMP128_1 + COMP128_1), sres, kc, key->k,
			a->of.rand);
		return OK;
	case SLOT_XOR_GSM:
		xor_gsm(&a->of.xor, sres, kc);
		return OK;
	default:
		e = algorithm_f2345(a, &keys);
		if (e == OK) {
			algorithm_c2(sres, keys.res, key->sizes.res);
			milenage_c3(kc, keys.ck, keys.ik);
		}
		wipe(&keys, sizeof(keys));
		return e;
	}
}

/* ---- the network's side ---- */

int algorithm_vector(struct aka_vector *vector, const struct subscriber_key *key,
		     const uint8_t rand[static AKA_RAND], const uint8_t sqn[static AKA_SQN],
		     const uint8_t amf[static AKA_AMF])
{
	struct algorithm_keys keys;
	struct algorithm a;
	int e;

	memset(vector, 0, sizeof(*vector));
	e = algorithm_start(&a, key, rand);
	if (e == OK)
		e = algorithm_f2345(&a, &keys);
	if (e == OK)
		e = algorithm_f1(&a, vector->autn + AKA_SQN + AKA_AMF, sqn, amf);
	if (e == OK) {
		memcpy(vector->rand, rand, AKA_RAND);
		for (size_t i = 0; i < AKA_SQN; i++)
			vector->autn[i] = sqn[i] ^ keys.ak[i];
		memcpy(vector->autn + AKA_SQN, amf, AKA_AMF);
		memcpy(vector->res, keys.res, key->sizes.res);
		memcpy(vector->ck, keys.ck, key->sizes.ck);
		memcpy(vector->ik, keys.ik, key->sizes.ik);
		vector->autn_length = (uint8_t)(AKA_SQN + AKA_AMF + key->sizes.mac);
		vector->res_length = key->sizes.res;
		vector->ck_length = key->sizes.ck;
		vector->ik_length = key->sizes.ik;
	}
	algorithm_stop(&a);
	wipe(&keys, sizeof(keys));
	if (e < 0)
		wipe(vector, sizeof(*vector));
	return e;
}

int algorithm_resync(uint8_t sqn[static AKA_SQN], const struct subscriber_key *key,
		     const uint8_t rand[static AKA_RAND], const uint8_t *auts)
{
	uint8_t mac[AKA_MAC_MAX];
	struct algorithm a;
	int e = algorithm_start(&a, key, rand);

	if (e == OK)
		e = f5_star(&a, sqn);
	for (size_t i = 0; e == OK && i < AKA_SQN; i++)
		sqn[i] ^= auts[i];
	if (e == OK)
		e = f1_star(&a, mac, sqn);
	if (e == OK && compare_equal(mac, auts + AKA_SQN, key->sizes.mac) != GRANTED)
		e = ERROR_CHECK;
	algorithm_stop(&a);
	wipe(mac, sizeof(mac));
	if (e < 0)
		wipe(sqn, AKA_SQN);
	return e;
}

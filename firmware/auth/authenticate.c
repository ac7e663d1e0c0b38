/* The order is the whole point: the MAC decides first whether the network
 * knows K, and only then is the sequence number looked at, or an AUTS would
 * answer strangers; and the number is spent before RES is sent, or a power
 * cut would make a vector good twice. */
#include "auth/authenticate.h"

#include <string.h>

#include "auth/algorithm.h"
#include "auth/sqn_array.h"
#include "card.h"
#include "crypto/compare.h"
#include "crypto/wipe.h"
#include "fs/service.h"
#include "keys/slot.h"

enum {
	CONTEXT_GSM = 0x80,
	CONTEXT_3G = 0x81,
	CONTEXT_VGCS = 0x82,
	CONTEXT_LAST = 0x86,
	TAG_SUCCESS = 0xDB,
	TAG_SYNCHRONISATION = 0xDC,
	LENGTH_GSM = 1 + AKA_RAND,
	LENGTH_3G_LEAST = 1 + AKA_RAND + 1 + AKA_AUTN
};

static void append(struct reply *reply, const uint8_t *value, uint8_t length)
{
	reply->at[reply->length++] = length;
	memcpy(reply->at + reply->length, value, length);
	reply->length += length;
}

/* 04 SRES 08 Kc */
static int gsm(struct algorithm *a, struct reply *reply)
{
	uint8_t sres[GSM_SRES], kc[GSM_KC];
	int e = algorithm_gsm(a, sres, kc);

	if (e == OK) {
		append(reply, sres, sizeof(sres));
		append(reply, kc, sizeof(kc));
	}
	wipe(kc, sizeof(kc));
	return e;
}

/* DB 08 RES 10 CK 10 IK [08 Kc]; the sequence number has been accepted. */
static int success(const struct subscriber_key *key, const struct card *card,
		   const struct algorithm_keys *keys, struct reply *reply)
{
	int with_kc = selection_application(card) == APPLICATION_ISIM
			      ? 0
			      : service_available(card, SERVICE_GSM_ACCESS);
	uint8_t kc[GSM_KC];

	if (with_kc < 0)
		return with_kc;
	reply->at[reply->length++] = TAG_SUCCESS;
	append(reply, keys->res, key->sizes.res);
	append(reply, keys->ck, key->sizes.ck);
	append(reply, keys->ik, key->sizes.ik);
	if (with_kc && algorithm_has_gsm(key)) {
		milenage_c3(kc, keys->ck, keys->ik);
		append(reply, kc, sizeof(kc));
	}
	wipe(kc, sizeof(kc));
	return OK;
}

/* DC 0E AUTS */
static int synchronisation(struct algorithm *a, const struct store *store, struct sqn_owner owner,
			   struct reply *reply)
{
	uint8_t sqn[AKA_SQN], auts[AKA_AUTS_MAX];
	int e = sqn_array_highest(store, owner, sqn);

	if (e == OK)
		e = algorithm_auts(a, auts, sqn);
	if (e == OK) {
		reply->at[reply->length++] = TAG_SYNCHRONISATION;
		append(reply, auts, (uint8_t)(AKA_SQN + a->key->sizes.mac));
	}
	wipe(sqn, sizeof(sqn));
	return e;
}

/* ERROR_CHECK: the MAC is wrong. */
/* SPEC: TS 33.102 6.3.3: MAC-A before the sequence number, which is spent before RES is told */
static int umts(struct algorithm *a, struct card *card, struct sqn_owner owner, const uint8_t *autn,
		struct reply *reply)
{
	uint8_t sqn[AKA_SQN], mac[AKA_MAC_MAX];
	struct algorithm_keys keys;
	struct sqn_policy policy;
	int e = algorithm_f2345(a, &keys);

	for (size_t i = 0; i < AKA_SQN; i++)
		sqn[i] = autn[i] ^ keys.ak[i];
	if (e == OK)
		e = algorithm_f1(a, mac, sqn, autn + AKA_SQN);
	if (e == OK && compare_equal(mac, autn + AKA_SQN + AKA_AMF, a->key->sizes.mac) != GRANTED)
		e = ERROR_CHECK;
	if (e == OK)
		e = sqn_array_policy(&policy, &card->store, owner.slot);
	if (e == OK) {
		e = sqn_array_accept(&card->store, owner, sqn, &policy);
		if (e == OK)
			e = success(a->key, card, &keys, reply);
		else if (e == ERROR_CHECK)
			e = synchronisation(a, &card->store, owner, reply);
	}
	wipe(&keys, sizeof(keys));
	wipe(sqn, sizeof(sqn));
	wipe(mac, sizeof(mac));
	return e;
}

/* SPEC: TS 31.102 7.1.1, TS 31.103 7.1 */
static sw_t check(const struct card *card, const struct command *command)
{
	const struct span *data = &command->data;
	enum application application = selection_application(card);
	int is_3g = command->p2 == CONTEXT_3G, there;

	if (command->p1 != 0 || command->p2 < CONTEXT_GSM || command->p2 > CONTEXT_LAST)
		return SW_WRONG_P1_P2;
	if (command->p2 >= CONTEXT_VGCS)
		return SW_NO_GSM_ACCESS;
	if (is_3g ? data->length < LENGTH_3G_LEAST : data->length != LENGTH_GSM)
		return SW_WRONG_LENGTH;
	if (data->at[0] != AKA_RAND || (is_3g && data->at[1 + AKA_RAND] != data->length - (1 + AKA_RAND + 1)))
		return SW_WRONG_DATA;
	if (application != APPLICATION_USIM && application != APPLICATION_ISIM)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (application == APPLICATION_ISIM && !is_3g)
		return SW_WRONG_P1_P2; /* TS 31.103 7.1.2 has no GSM context */
	if (pin_satisfied(card, PIN_1) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	there = is_3g ? 1 : service_available(card, SERVICE_GSM_SECURITY_CONTEXT);
	if (there < 0)
		return sw_from_error(there);
	return there ? SW_OK : SW_NO_GSM_ACCESS;
}

/* SPEC: TS 31.102 7.1.2, 7.3. What only the key can tell: does it have this
 * context, and how long is its AUTN? */
static sw_t check_key(const struct subscriber_key *key, const struct command *command)
{
	if (command->p2 != CONTEXT_3G)
		return algorithm_has_gsm(key) ? SW_OK : SW_NO_GSM_ACCESS;
	if (!algorithm_has_3g(key))
		return SW_NO_GSM_ACCESS;
	return command->data.at[1 + AKA_RAND] == AKA_SQN + AKA_AMF + key->sizes.mac ? SW_OK : SW_WRONG_LENGTH;
}

static sw_t run(struct card *card, const struct slot *slot, const struct command *command,
		struct reply *reply)
{
	const uint8_t *rand = command->data.at + 1, *autn = rand + AKA_RAND + 1;
	struct sqn_owner owner = {.slot = SLOT_USIM, .load = slot->description.loads};
	struct algorithm a;
	int e = algorithm_start(&a, &slot->key, rand);

	if (e == OK && command->p2 == CONTEXT_3G)
		e = umts(&a, card, owner, autn, reply);
	else if (e == OK)
		e = gsm(&a, reply);
	algorithm_stop(&a);
	return e == ERROR_CHECK ? SW_AUTHENTICATION_MAC : sw_from_error(e);
}

sw_t authenticate(struct card *card, const struct command *command, struct reply *reply)
{
	struct slot slot;
	sw_t sw = check(card, command);
	int e;

	if (sw != SW_OK)
		return sw;
	e = slot_load(&slot, &card->store, SLOT_USIM);
	sw = e == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(e);
	if (sw == SW_OK)
		sw = check_key(&slot.key, command);
	if (sw == SW_OK)
		sw = run(card, &slot, command, reply);
	wipe(&slot, sizeof(slot));
	return sw;
}

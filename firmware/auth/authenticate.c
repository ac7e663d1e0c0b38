/* The order is the whole point: the MAC decides first whether the network
 * knows K, and only then is the sequence number looked at, or an AUTS would
 * answer strangers; and the number is spent before RES is sent, or a power
 * cut would make a vector good twice. */
#include "auth/authenticate.h"

#include <string.h>

#include "auth/algorithm.h"
#include "auth/gba.h"
#include "auth/sqn_array.h"
#include "card.h"
#include "crypto/compare.h"
#include "crypto/wipe.h"
#include "fs/service.h"
#include "keys/slot.h"

enum {
	CONTEXT_GSM = 0x80,
	CONTEXT_3G = 0x81,
	CONTEXT_GBA = 0x84,
	CONTEXT_LAST = 0x86,
	TAG_BOOTSTRAPPING = 0xDD,
	TAG_NAF_DERIVATION = 0xDE,
	TAG_SUCCESS = 0xDB,
	TAG_SYNCHRONISATION = 0xDC,
	LENGTH_GSM = 1 + AKA_RAND,
	LENGTH_3G_LEAST = 1 + AKA_RAND + 1 + AKA_AUTN,
	LENGTH_NAF_LEAST = 4 /* a byte each of NAF_Id and IMPI */
};

/* P2, and of the GBA context the tag, decide what is asked for. */
enum mode {
	MODE_GSM,
	MODE_3G,
	MODE_BOOTSTRAPPING,
	MODE_NAF_DERIVATION
};

struct request {
	enum mode mode;
	struct span data; /* without the tag: two length-value pairs, of GSM one */
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

/* DC 0E AUTS, for SQN_MS */
static int synchronisation(struct algorithm *a, const uint8_t sqn[static AKA_SQN], struct reply *reply)
{
	uint8_t auts[AKA_AUTS_MAX];
	int e = algorithm_auts(a, auts, sqn);

	if (e == OK) {
		reply->at[reply->length++] = TAG_SYNCHRONISATION;
		append(reply, auts, (uint8_t)(AKA_SQN + a->key->sizes.mac));
	}
	return e;
}

/* Bootstrapping (TS 33.220 5.3.2): the MAC in the AUTN is another, ... */
static void unmask(uint8_t mac[static AKA_MAC_MAX], const struct algorithm *a,
		   const struct algorithm_keys *keys)
{
	uint8_t mask[GBA_MASK];

	gba_mask(mask, keys->ik, a->key->sizes.ik);
	for (size_t i = 0; i < GBA_MASK && i < a->key->sizes.mac; i++)
		mac[i] ^= mask[i];
	wipe(mask, sizeof(mask));
}

/* ... and the keys stay here, in one transaction with the number they cost.
 * ERROR_CHECK: the number is not fresh. */
static int bootstrap(struct algorithm *a, struct card *card, struct sqn_owner owner,
		     uint8_t sqn[static AKA_SQN], const struct sqn_policy *policy,
		     const struct algorithm_keys *keys, const uint8_t *rand)
{
	struct gba_owner gba = {selection_application(card), owner.load};
	int e = store_begin(&card->store);

	if (e == OK)
		e = sqn_array_accept(&card->store, owner, sqn, policy);
	if (e == OK)
		e = gba_keep(&card->store, gba, rand, keys, &a->key->sizes);
	if (e == OK)
		return store_commit(&card->store);
	store_abort(&card->store);
	return e;
}

/* The network is known and the number not yet: spend it and answer. */
static int spend(struct algorithm *a, struct card *card, struct sqn_owner owner, uint8_t sqn[static AKA_SQN],
		 const struct algorithm_keys *keys, const struct request *request, struct reply *reply)
{
	struct sqn_policy policy;
	int e = sqn_array_policy(&policy, &card->store, owner.slot);

	if (e < 0)
		return e;
	if (request->mode == MODE_BOOTSTRAPPING)
		e = bootstrap(a, card, owner, sqn, &policy, keys, request->data.at + 1);
	else
		e = sqn_array_accept(&card->store, owner, sqn, &policy);
	if (e == ERROR_CHECK)
		return synchronisation(a, sqn, reply);
	if (e < 0)
		return e;
	if (request->mode == MODE_3G)
		return success(a->key, card, keys, reply);
	reply->at[reply->length++] = TAG_SUCCESS;
	append(reply, keys->res, a->key->sizes.res);
	return OK;
}

/* ERROR_CHECK: the MAC is wrong. */
/* SPEC: TS 33.102 6.3.3: MAC-A before the sequence number, which is spent before RES is told */
static int umts(struct algorithm *a, struct card *card, struct sqn_owner owner, const struct request *request,
		struct reply *reply)
{
	const uint8_t *autn = request->data.at + 1 + AKA_RAND + 1;
	uint8_t sqn[AKA_SQN], mac[AKA_MAC_MAX];
	struct algorithm_keys keys;
	int e = algorithm_f2345(a, &keys);

	for (size_t i = 0; i < AKA_SQN; i++)
		sqn[i] = autn[i] ^ keys.ak[i];
	if (e == OK)
		e = algorithm_f1(a, mac, sqn, autn + AKA_SQN);
	if (e == OK && request->mode == MODE_BOOTSTRAPPING)
		unmask(mac, a, &keys);
	if (e == OK && compare_equal(mac, autn + AKA_SQN + AKA_AMF, a->key->sizes.mac) != GRANTED)
		e = ERROR_CHECK;
	if (e == OK)
		e = spend(a, card, owner, sqn, &keys, request, reply);
	wipe(&keys, sizeof(keys));
	wipe(sqn, sizeof(sqn));
	wipe(mac, sizeof(mac));
	return e;
}

/* SPEC: TS 31.102 7.1.1, TS 33.220 G.2: DB 20 Ks_ext_NAF */
static sw_t derive(struct card *card, const struct slot *slot, const struct request *request,
		   struct reply *reply)
{
	struct gba_owner owner = {selection_application(card), slot->description.loads};
	struct span naf_id = {request->data.at + 1, request->data.at[0]};
	struct span impi = {naf_id.at + naf_id.length + 1, naf_id.at[naf_id.length]};
	uint8_t ks_ext[GBA_KEY];
	int e = gba_derive(&card->store, owner, ks_ext, naf_id, impi);

	if (e == OK) {
		reply->at[reply->length++] = TAG_SUCCESS;
		append(reply, ks_ext, sizeof(ks_ext));
	}
	wipe(ks_ext, sizeof(ks_ext));
	if (e == ERROR_NOT_FOUND)
		return SW_CONDITIONS_NOT_SATISFIED;
	return e == ERROR_FULL ? SW_AUTHENTICATION_MEMORY : sw_from_error(e);
}

/* ---- what is asked for, and may it be? ---- */

/* SPEC: TS 31.102 7.1.2 */
static sw_t read_request(struct request *request, const struct command *command)
{
	struct span *data = &request->data;

	*data = command->data;
	if (command->p1 != 0 || command->p2 < CONTEXT_GSM || command->p2 > CONTEXT_LAST)
		return SW_WRONG_P1_P2;
	if (command->p2 == CONTEXT_GSM) {
		request->mode = MODE_GSM;
		return data->length == LENGTH_GSM ? SW_OK : SW_WRONG_LENGTH;
	}
	request->mode = MODE_3G;
	if (command->p2 == CONTEXT_GBA) {
		if (data->length == 0)
			return SW_WRONG_LENGTH;
		if (data->at[0] != TAG_BOOTSTRAPPING && data->at[0] != TAG_NAF_DERIVATION)
			return SW_WRONG_DATA;
		request->mode = data->at[0] == TAG_BOOTSTRAPPING ? MODE_BOOTSTRAPPING : MODE_NAF_DERIVATION;
		data->at++;
		data->length--;
	} else if (command->p2 != CONTEXT_3G) {
		return SW_NO_GSM_ACCESS;
	}
	return data->length >= (request->mode == MODE_NAF_DERIVATION ? LENGTH_NAF_LEAST : LENGTH_3G_LEAST)
		       ? SW_OK
		       : SW_WRONG_LENGTH;
}

/* Are the lengths inside the data those of this mode? */
static sw_t check_shape(const struct request *request)
{
	const struct span *data = &request->data;
	size_t first = data->at[0], rest;

	if (request->mode != MODE_NAF_DERIVATION && first != AKA_RAND)
		return SW_WRONG_DATA;
	if (request->mode == MODE_GSM)
		return SW_OK;
	if (first == 0 || first + 2 >= data->length)
		return SW_WRONG_DATA;
	rest = data->at[1 + first];
	return rest > 0 && rest == data->length - 2 - first ? SW_OK : SW_WRONG_DATA;
}

static int context_available(const struct card *card, enum application application, enum mode mode)
{
	switch (mode) {
	case MODE_GSM:
		return service_available(card, SERVICE_GSM_SECURITY_CONTEXT);
	case MODE_3G:
		return 1;
	default:
		if (!gba_available(&card->store, (struct gba_owner){.application = application}))
			return 0;
		return service_available(card,
					 application == APPLICATION_ISIM ? SERVICE_ISIM_GBA : SERVICE_GBA);
	}
}

/* SPEC: TS 31.102 7.1.1, TS 31.103 7.1 */
static sw_t check(const struct card *card, const struct request *request)
{
	enum application application = selection_application(card);
	sw_t sw = check_shape(request);
	int there;

	if (sw != SW_OK)
		return sw;
	if (application != APPLICATION_USIM && application != APPLICATION_ISIM)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (application == APPLICATION_ISIM && request->mode == MODE_GSM)
		return SW_WRONG_P1_P2; /* TS 31.103 7.1.2 has no GSM context */
	if (pin_satisfied(card, PIN_1) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	there = context_available(card, application, request->mode);
	if (there < 0)
		return sw_from_error(there);
	return there ? SW_OK : SW_NO_GSM_ACCESS;
}

/* SPEC: TS 31.102 7.1.2, 7.3. What only the key can tell: does it have this
 * context, and how long is its AUTN? */
static sw_t check_key(const struct subscriber_key *key, const struct request *request)
{
	if (request->mode == MODE_GSM)
		return algorithm_has_gsm(key) ? SW_OK : SW_NO_GSM_ACCESS;
	if (!algorithm_has_3g(key))
		return SW_NO_GSM_ACCESS;
	if (request->mode == MODE_NAF_DERIVATION)
		return SW_OK;
	return request->data.at[1 + AKA_RAND] == AKA_SQN + AKA_AMF + key->sizes.mac ? SW_OK : SW_WRONG_LENGTH;
}

static sw_t run(struct card *card, const struct slot *slot, const struct request *request,
		struct reply *reply)
{
	struct sqn_owner owner = {.slot = SLOT_USIM, .load = slot->description.loads};
	struct algorithm a;
	int e;

	if (request->mode == MODE_NAF_DERIVATION)
		return derive(card, slot, request, reply);
	e = algorithm_start(&a, &slot->key, request->data.at + 1);
	if (e == OK)
		e = request->mode == MODE_GSM ? gsm(&a, reply) : umts(&a, card, owner, request, reply);
	algorithm_stop(&a);
	return e == ERROR_CHECK ? SW_AUTHENTICATION_MAC : sw_from_error(e);
}

/* What the key must be declared for. */
static enum slot_use use_of(uint8_t context)
{
	switch (context) {
	case CONTEXT_GSM:
		return SLOT_USE_GSM;
	case CONTEXT_3G:
		return SLOT_USE_3G;
	default:
		return SLOT_USE_GBA;
	}
}

/* SPEC: TS 102 221 11.1.16 */
sw_t authenticate(struct card *card, const struct command *command, struct reply *reply)
{
	struct request request;
	struct slot slot;
	sw_t sw = read_request(&request, command);
	int e;

	if (sw == SW_OK)
		sw = check(card, &request);
	if (sw != SW_OK)
		return sw;
	e = slot_load(&slot, &card->store, SLOT_USIM, use_of(command->p2));
	sw = e == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(e);
	if (sw == SW_OK)
		sw = check_key(&slot.key, &request);
	if (sw == SW_OK)
		sw = run(card, &slot, &request, reply);
	wipe(&slot, sizeof(slot));
	return sw;
}

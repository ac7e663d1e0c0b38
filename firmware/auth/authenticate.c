/* The order is the whole point: the MAC decides first whether the network
 * knows K, and only then is the sequence number looked at, or an AUTS would
 * answer strangers; and the number is spent before RES is sent, or a power
 * cut would make a vector good twice. */
#include "auth/authenticate.h"

#include <string.h>

#include "auth/milenage.h"
#include "auth/sqn_array.h"
#include "card.h"
#include "crypto/compare.h"
#include "crypto/wipe.h"
#include "gp/personalise.h"
#include "keys/slot.h"

enum {
	CONTEXT_GSM = 0x80,
	CONTEXT_3G = 0x81,
	CONTEXT_VGCS = 0x82,
	CONTEXT_LAST = 0x86,
	TAG_SUCCESS = 0xDB,
	TAG_SYNCHRONISATION = 0xDC,
	LENGTH_GSM = 1 + AKA_RAND,
	LENGTH_3G = 1 + AKA_RAND + 1 + AKA_AUTN
};

static const struct sqn_policy policy = {.delta = SQN_DELTA, .age = 0};

static void append(struct reply *reply, const uint8_t *value, uint8_t length)
{
	reply->at[reply->length++] = length;
	memcpy(reply->at + reply->length, value, length);
	reply->length += length;
}

/* 04 SRES 08 Kc */
static int gsm(struct milenage *m, struct reply *reply)
{
	uint8_t res[AKA_RES], ak[AKA_SQN], ck[AKA_KEY], ik[AKA_KEY], sres[GSM_SRES], kc[GSM_KC];
	int e = milenage_f2_f5(m, res, ak);

	if (e == OK)
		e = milenage_f3(m, ck);
	if (e == OK)
		e = milenage_f4(m, ik);
	if (e == OK) {
		milenage_c2(sres, res);
		milenage_c3(kc, ck, ik);
		append(reply, sres, sizeof(sres));
		append(reply, kc, sizeof(kc));
	}
	wipe(res, sizeof(res));
	wipe(ak, sizeof(ak));
	wipe(ck, sizeof(ck));
	wipe(ik, sizeof(ik));
	wipe(kc, sizeof(kc));
	return e;
}

/* DB 08 RES 10 CK 10 IK 08 Kc; the sequence number has been accepted. */
static int success(struct milenage *m, const uint8_t res[static AKA_RES], struct reply *reply)
{
	uint8_t ck[AKA_KEY], ik[AKA_KEY], kc[GSM_KC];
	int e = milenage_f3(m, ck);

	if (e == OK)
		e = milenage_f4(m, ik);
	if (e == OK) {
		milenage_c3(kc, ck, ik);
		reply->at[reply->length++] = TAG_SUCCESS;
		append(reply, res, AKA_RES);
		append(reply, ck, sizeof(ck));
		append(reply, ik, sizeof(ik));
		append(reply, kc, sizeof(kc));
	}
	wipe(ck, sizeof(ck));
	wipe(ik, sizeof(ik));
	wipe(kc, sizeof(kc));
	return e;
}

/* DC 0E AUTS */
static int synchronisation(struct milenage *m, const struct store *store, struct sqn_owner owner,
			   struct reply *reply)
{
	uint8_t sqn[AKA_SQN], auts[AKA_AUTS];
	int e = sqn_array_highest(store, owner, sqn);

	if (e == OK)
		e = milenage_auts(m, auts, sqn);
	if (e == OK) {
		reply->at[reply->length++] = TAG_SYNCHRONISATION;
		append(reply, auts, sizeof(auts));
	}
	wipe(sqn, sizeof(sqn));
	return e;
}

/* ERROR_CHECK: the MAC is wrong. */
static int umts(struct milenage *m, struct store *store, struct sqn_owner owner,
		const uint8_t autn[static AKA_AUTN], struct reply *reply)
{
	uint8_t res[AKA_RES], sqn[AKA_SQN], mac_a[AKA_MAC], mac_s[AKA_MAC];
	int e = milenage_f2_f5(m, res, sqn);

	for (size_t i = 0; i < AKA_SQN; i++)
		sqn[i] ^= autn[i];
	if (e == OK)
		e = milenage_f1(m, mac_a, mac_s, sqn, autn + AKA_SQN);
	if (e == OK && compare_equal(mac_a, autn + AKA_SQN + AKA_AMF, AKA_MAC) != GRANTED)
		e = ERROR_CHECK;
	if (e == OK) {
		e = sqn_array_accept(store, owner, sqn, &policy);
		if (e == OK)
			e = success(m, res, reply);
		else if (e == ERROR_CHECK)
			e = synchronisation(m, store, owner, reply);
	}
	wipe(res, sizeof(res));
	wipe(sqn, sizeof(sqn));
	wipe(mac_a, sizeof(mac_a));
	wipe(mac_s, sizeof(mac_s));
	return e;
}

static sw_t check(const struct card *card, const struct command *command)
{
	const struct span *data = &command->data;
	int is_3g = command->p2 == CONTEXT_3G;

	if (command->p1 != 0 || command->p2 < CONTEXT_GSM || command->p2 > CONTEXT_LAST)
		return SW_WRONG_P1_P2;
	if (command->p2 >= CONTEXT_VGCS)
		return SW_NO_GSM_ACCESS;
	if (data->length != (is_3g ? LENGTH_3G : LENGTH_GSM))
		return SW_WRONG_LENGTH;
	if (data->at[0] != AKA_RAND || (is_3g && data->at[1 + AKA_RAND] != AKA_AUTN))
		return SW_WRONG_DATA;
	if (selection_application(card) != APPLICATION_USIM)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (pin_satisfied(card, PIN_1) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	return SW_OK;
}

sw_t authenticate(struct card *card, const struct command *command, struct reply *reply)
{
	const uint8_t *rand = command->data.at + 1, *autn = rand + AKA_RAND + 1;
	struct sqn_owner owner = {.slot = SLOT_USIM};
	struct milenage m;
	struct slot slot;
	sw_t sw = check(card, command);
	int e;

	if (sw != SW_OK)
		return sw;
	e = slot_load(&slot, &card->store, SLOT_USIM);
	if (e == ERROR_NOT_FOUND || (e == OK && slot.description.algorithm != SLOT_MILENAGE)) {
		wipe(&slot, sizeof(slot));
		return SW_REFERENCE_NOT_FOUND;
	}
	if (e == OK) {
		owner.load = slot.description.loads;
		e = milenage_start(&m, slot.k, slot.opc, rand);
		if (e == OK && command->p2 == CONTEXT_3G)
			e = umts(&m, &card->store, owner, autn, reply);
		else if (e == OK)
			e = gsm(&m, reply);
		milenage_stop(&m);
	}
	wipe(&slot, sizeof(slot));
	return e == ERROR_CHECK ? SW_AUTHENTICATION_MAC : sw_from_error(e);
}

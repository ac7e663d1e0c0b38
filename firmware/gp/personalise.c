#include "gp/personalise.h"

#include <string.h>

#include "auth/algorithm.h"
#include "auth/gba.h"
#include "auth/sqn_array.h"
#include "card.h"
#include "codec/tlv.h"
#include "crypto/compare.h"
#include "crypto/kcv.h"
#include "crypto/wipe.h"
#include "fs/file.h"
#include "gp/isd.h"
#include "keys/identity.h"
#include "keys/slot.h"
#include "keys/vault.h"

enum {
	FORMAT_MASK = 0x7F,
	FORMAT_DGI = 0x08,
	FORMAT_BER = 0x10,
	ANSWER_EXPECTED = 0x01,
	PIN_HEAD = 4,
	PIN_SECRET = 2 * PIN_LENGTH,
	KEY_HEAD = 4,
	FID_ICCID = 0x2FE2,
	KEY_SECRET_MAX = SUBSCRIBER_K_MAX + SUBSCRIBER_OPC_MAX
};

static sw_t put_file(struct card *card, struct span value)
{
	size_t head, path;

	if (value.length < 1)
		return SW_WRONG_DATA;
	path = (size_t)2 * value.at[0];
	head = 1 + path + 2;
	if (path == 0 || value.length < head)
		return SW_WRONG_DATA;
	return sw_from_error(file_put(card, (struct span){value.at + 1, path}, value.at[1 + path],
				      value.at[2 + path],
				      (struct span){value.at + head, value.length - head}));
}

static sw_t put_pin(struct card *card, struct span value)
{
	const uint8_t *at = value.at;
	uint8_t secret[PIN_SECRET];
	int e;

	if (value.length != PIN_HEAD + PIN_SECRET)
		return SW_WRONG_DATA;
	e = scp03_open_secret(secret, &card->scp03, at + PIN_HEAD, PIN_SECRET);
	if (e == OK)
		e = pin_install(card, at[0], at[1], at[2], secret, at[3], secret + PIN_LENGTH);
	wipe(secret, sizeof(secret));
	return e == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(e);
}

static sw_t check_value(struct span key, const uint8_t want[static KCV_LENGTH])
{
	uint8_t got[KCV_LENGTH];
	int e = kcv(got, key);

	if (e < 0)
		return sw_from_error(e);
	return compare_equal(got, want, KCV_LENGTH) == GRANTED ? SW_OK : SW_KCV_WRONG;
}

/* Decipher K and OPc, and compare their check values, which follow. */
static sw_t open_key(struct subscriber_key *key, const struct card *card, const uint8_t *at)
{
	const struct key_sizes *s = &key->sizes;
	size_t length = (size_t)s->k + s->opc;
	uint8_t secret[KEY_SECRET_MAX];
	sw_t sw = sw_from_error(scp03_open_secret(secret, &card->scp03, at, length));

	memcpy(key->k, secret, s->k);
	memcpy(key->opc, secret + s->k, s->opc);
	wipe(secret, sizeof(secret));
	if (sw == SW_OK)
		sw = check_value((struct span){key->k, s->k}, at + length);
	if (sw == SW_OK && s->opc > 0)
		sw = check_value((struct span){key->opc, s->opc}, at + length + KCV_LENGTH);
	return sw;
}

static sw_t put_subscriber_key(struct card *card, struct span value)
{
	const uint8_t *at = value.at;
	struct slot slot;
	size_t head, body, checks;
	sw_t sw;

	if (value.length < KEY_HEAD || at[0] < 1 || at[0] > KEY_SLOTS ||
	    (at[2] != SLOT_INJECTED && at[2] != SLOT_DERIVED))
		return SW_WRONG_DATA;
	head = KEY_HEAD + (size_t)at[3];
	if (value.length < head || algorithm_choose(&slot.key, at[1], at + KEY_HEAD, at[3]) < 0)
		return SW_WRONG_DATA;
	body = (size_t)slot.key.sizes.k + slot.key.sizes.opc;
	checks = slot.key.sizes.opc > 0 ? 2 : 1;
	if (value.length != head + body + checks * KCV_LENGTH)
		return SW_WRONG_DATA;
	slot.description.method = at[2];
	sw = open_key(&slot.key, card, at + head);
	if (sw == SW_OK)
		sw = sw_from_error(slot_save(&card->store, at[0], &slot));
	wipe(&slot, sizeof(slot));
	return sw;
}

static sw_t put_state(struct card *card, struct span value)
{
	if (value.length != 1 || value.at[0] != LIFE_PERSONALISED)
		return SW_WRONG_DATA;
	return sw_from_error(isd_set_state(&card->store, value.at[0]));
}

static sw_t put_slot(struct card *card, struct span value)
{
	struct slot_description d;
	int e;

	if (value.length < 2 || value.length > 3)
		return SW_WRONG_DATA;
	e = slot_describe(&d, &card->store, value.at[0]);
	if (e == OK)
		e = slot_change(&card->store, value.at[0], value.at[1],
				value.length == 3 ? value.at[2] : d.usage);
	if (e == OK && value.at[0] == SLOT_USIM && value.at[1] == SLOT_DESTROYED)
		e = gba_forget(&card->store);
	if (e == ERROR_RANGE || e == ERROR_NOT_FOUND)
		return SW_REFERENCE_NOT_FOUND;
	return sw_from_error(e);
}

static sw_t put_scp(struct card *card, struct span value)
{
	int e;

	if (value.length != 2)
		return SW_WRONG_DATA;
	e = key_set_set_i(&card->store, value.at[0], value.at[1]);
	return e == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(e);
}

/* EF.ICCID, which both halves of an agreement and a proof are bound to. */
static int read_iccid(uint8_t iccid[static 10], const struct store *store)
{
	return file_read(store, file_child(store, FILE_MF, FID_ICCID), 0, 0, iccid, 10);
}

static sw_t sw_of_identity(int e)
{
	return e == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND
	       : e == ERROR_RANGE   ? SW_WRONG_DATA
				    : sw_from_error(e);
}

static sw_t make_identity(struct card *card, struct span value)
{
	return value.length ? SW_WRONG_DATA : sw_from_error(identity_make(&card->store, &card->drbg));
}

static sw_t prove(struct card *card, struct span challenge, struct reply *reply)
{
	uint8_t iccid[10];
	int e = read_iccid(iccid, &card->store);

	if (reply->length + P256_SIGNATURE > reply->size)
		return SW_WRONG_LENGTH;
	if (e == OK)
		e = identity_prove(reply->at + reply->length, &card->store, &card->drbg, iccid, challenge);
	reply->length += e == OK ? P256_SIGNATURE : 0;
	return sw_of_identity(e);
}

static sw_t agree(struct card *card, struct span value, struct reply *reply)
{
	uint8_t iccid[10];
	int e = read_iccid(iccid, &card->store);

	if (value.length < 1)
		return SW_WRONG_DATA;
	if (reply->length + IDENTITY_AGREEMENT > reply->size)
		return SW_WRONG_LENGTH;
	if (e == OK)
		e = identity_agree(reply->at + reply->length, &card->store, &card->drbg, iccid, value.at[0],
				   (struct span){value.at + 1, value.length - 1});
	reply->length += e == OK ? IDENTITY_AGREEMENT : 0;
	return sw_of_identity(e);
}

/* Is this grouping for sessions of SCP03 only? */
static int for_scp03(unsigned dgi, struct span value)
{
	return dgi == DGI_KEY || dgi == DGI_PIN || dgi == DGI_SLOT || dgi == DGI_IDENTITY ||
	       dgi == DGI_PROVE || dgi == DGI_AGREE ||
	       (dgi == DGI_SCP && value.length > 0 && !key_set_is_scp02(value.at[0]));
}

static sw_t put_sqn_policy(struct card *card, struct span value)
{
	struct sqn_policy policy = {0, 0};
	size_t i;
	int e;

	if (value.length != 1 + 2 * SQN_LENGTH)
		return SW_WRONG_DATA;
	for (i = 1; i <= SQN_LENGTH; i++) {
		policy.delta = policy.delta << 8 | value.at[i];
		policy.age = policy.age << 8 | value.at[SQN_LENGTH + i];
	}
	e = sqn_array_set_policy(&card->store, value.at[0], &policy);
	return e == ERROR_RANGE ? SW_WRONG_DATA : sw_from_error(e);
}

static sw_t put_grouping(struct card *card, unsigned dgi, struct span value, struct reply *reply)
{
	if (card->scp03.protocol != 3 && for_scp03(dgi, value))
		return SW_SECURITY_NOT_SATISFIED;
	switch (dgi) {
	case DGI_FILE:
		return put_file(card, value);
	case DGI_PIN:
		return put_pin(card, value);
	case DGI_KEY:
		return put_subscriber_key(card, value);
	case DGI_SQN:
		return put_sqn_policy(card, value);
	case DGI_IDENTITY:
		return make_identity(card, value);
	case DGI_PROVE:
		return prove(card, value, reply);
	case DGI_AGREE:
		return agree(card, value, reply);
	case DGI_SLOT:
		return put_slot(card, value);
	case DGI_SCP:
		return put_scp(card, value);
	case DGI_STATE:
		return put_state(card, value);
	default:
		return SW_REFERENCE_NOT_FOUND;
	}
}

static sw_t put_all(struct card *card, struct span data, struct reply *reply)
{
	const uint8_t *at = data.at;
	size_t left = data.length;
	sw_t sw = left > 0 ? SW_OK : SW_WRONG_DATA;

	while (sw == SW_OK && left > 0) {
		size_t length;

		if (left < 3 || at[2] > left - 3)
			return SW_WRONG_DATA;
		length = at[2];
		sw = put_grouping(card, (unsigned)at[0] << 8 | at[1], (struct span){at + 3, length}, reply);
		at += 3 + length;
		left -= 3 + length;
	}
	return sw;
}

static sw_t put_objects(struct card *card, struct span data)
{
	struct span value;
	uint16_t tag;
	int e, objects = 0;

	while ((e = tlv_next(&tag, &value, &data)) > 0) {
		if (tag != ISD_IIN && tag != ISD_CIN)
			return SW_REFERENCE_NOT_FOUND;
		e = isd_set_number(&card->store, (enum isd_number)tag, value);
		if (e < 0)
			break;
		objects++;
	}
	return e < 0 ? sw_from_error(e) : objects ? SW_OK : SW_WRONG_DATA;
}

/* The PINs that were replaced count as verified nowhere. `data` is known to parse. */
static void forget_pins(struct card *card, struct span data)
{
	const uint8_t *at = data.at, *end = data.at + data.length;

	for (; at < end; at += 3 + at[2])
		if ((at[0] << 8 | at[1]) == DGI_PIN)
			channels_forget_pin(card, at[3]);
}

sw_t store_data(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t format = command->p1 & FORMAT_MASK;
	sw_t sw;
	int e;

	if (selection_application(card) != APPLICATION_ISD)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (scp03_secured(&card->scp03, command) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	if ((format & ~ANSWER_EXPECTED) != FORMAT_DGI && format != FORMAT_BER)
		return SW_WRONG_P1_P2;
	e = store_begin(&card->store);
	if (e < 0)
		return sw_from_error(e);
	sw = format == FORMAT_BER ? put_objects(card, command->data) : put_all(card, command->data, reply);
	if (sw == SW_OK)
		sw = sw_from_error(store_commit(&card->store));
	else
		store_abort(&card->store);
	if (sw == SW_OK)
		sw = sw_from_error(vault_purge(&card->store));
	if (sw == SW_OK && format != FORMAT_BER)
		forget_pins(card, command->data);
	isd_wake(card);
	return sw;
}

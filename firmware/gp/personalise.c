#include "gp/personalise.h"

#include <string.h>

#include "auth/gba.h"
#include "auth/sqn_array.h"
#include "card.h"
#include "codec/tlv.h"
#include "crypto/wipe.h"
#include "fs/file.h"
#include "gp/isd.h"
#include "gp/load.h"
#include "keys/slot.h"
#include "keys/vault.h"

enum {
	FORMAT_MASK = 0x7F,
	FORMAT_DGI = 0x08,
	FORMAT_BER = 0x10,
	ANSWER_EXPECTED = 0x01,
	PIN_HEAD = 4,
	PIN_SECRET = 2 * PIN_LENGTH
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
	if (at[0] == PIN_CUSTODIAN)
		return SW_REFERENCE_NOT_FOUND; /* its holder's alone */
	e = scp03_open_secret(secret, &card->scp03, at + PIN_HEAD, PIN_SECRET);
	if (e == OK)
		e = pin_install(card, at[0], at[1], at[2], secret, at[3], secret + PIN_LENGTH);
	wipe(secret, sizeof(secret));
	return e == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(e);
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

/* Is this grouping for sessions of SCP03 only? */
static int for_scp03(unsigned dgi, struct span value)
{
	return dgi == DGI_KEY || dgi == DGI_PIN || (dgi >= DGI_SLOT && dgi <= DGI_TIME) ||
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

static sw_t put_grouping(struct card *card, unsigned dgi, struct span value, struct permit *permit,
			 struct reply *reply)
{
	if (card->scp03.protocol != 3 && for_scp03(dgi, value))
		return SW_SECURITY_NOT_SATISFIED;
	switch (dgi) {
	case DGI_FILE:
		return put_file(card, value);
	case DGI_PIN:
		return put_pin(card, value);
	case DGI_KEY:
		return load_key(card, value, permit, reply);
	case DGI_SQN:
		return put_sqn_policy(card, value);
	case DGI_IDENTITY:
		return load_make_identity(card, value);
	case DGI_PROVE:
		return load_prove(card, value, reply);
	case DGI_AGREE:
		return load_agree(card, value, permit, reply);
	case DGI_AUTHORITY:
	case DGI_CERTIFICATE:
	case DGI_TICKET:
	case DGI_TIME:
		return load_statement(card, (enum dgi)dgi, value, permit);
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
	struct permit permit = {.state = PERMIT_NONE};
	const uint8_t *at = data.at;
	size_t left = data.length;
	sw_t sw = left > 0 ? SW_OK : SW_WRONG_DATA;

	while (sw == SW_OK && left > 0) {
		size_t length;

		if (left < 3 || at[2] > left - 3)
			return SW_WRONG_DATA;
		length = at[2];
		sw = put_grouping(card, (unsigned)at[0] << 8 | at[1], (struct span){at + 3, length}, &permit,
				  reply);
		at += 3 + length;
		left -= 3 + length;
	}
	return sw == SW_OK && permit.state == PERMIT_GIVEN ? SW_WRONG_DATA : sw;
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

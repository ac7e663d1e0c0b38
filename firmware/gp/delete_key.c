#include "gp/delete_key.h"

#include "card.h"
#include "codec/tlv.h"
#include "gp/key_set.h"
#include "keys/vault.h"

enum {
	TAG_AID = 0x4F,
	TAG_KEY_ID = 0xD0,
	TAG_VERSION = 0xD2
};

/* Which version to delete. */
static sw_t parse(uint8_t *version, struct span data)
{
	struct span value;
	uint16_t tag;
	int e, versions = 0, others = 0;

	while ((e = tlv_next(&tag, &value, &data)) > 0) {
		if (tag == TAG_AID || (tag == TAG_KEY_ID && value.length == 1))
			others++;
		else if (tag != TAG_VERSION || value.length != 1 || versions++ > 0)
			return SW_WRONG_DATA;
		else
			*version = value.at[0];
	}
	if (e < 0 || versions + others == 0)
		return SW_WRONG_DATA;
	return others ? SW_CONDITIONS_NOT_SATISFIED : SW_OK;
}

static int remove_set(struct store *store, uint8_t version)
{
	int e = store_begin(store);

	if (e < 0)
		return e;
	e = key_set_delete(store, version);
	if (e >= 0)
		e = vault_shred(store);
	if (e >= 0)
		e = store_commit(store);
	if (e >= 0)
		return vault_purge(store);
	store_abort(store);
	return e;
}

sw_t delete_key(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t version = 0;
	int e;
	sw_t sw;

	if (selection_application(card) != APPLICATION_ISD)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (scp03_authentic(&card->scp03, command) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if ((sw = parse(&version, command->data)) != SW_OK)
		return sw;
	if ((e = key_set_exists(&card->store, version)) <= 0)
		return e < 0 ? sw_from_error(e) : SW_REFERENCE_NOT_FOUND;
	if (card->scp03.protocol != 3 && !key_set_is_scp02(version))
		return SW_SECURITY_NOT_SATISFIED;
	if ((e = key_set_is_last(&card->store, version)) != 0)
		return e < 0 ? sw_from_error(e) : SW_CONDITIONS_NOT_SATISFIED;
	reply->at[0] = 0;
	reply->length = 1;
	return sw_from_error(remove_set(&card->store, version));
}

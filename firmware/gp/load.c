/* The one way into a slot: what DGI_KEY and DGI_AGREE have in common is
 * admit(), before the key, and attest(), behind it. */
#include "gp/load.h"

#include <string.h>

#include "auth/algorithm.h"
#include "card.h"
#include "crypto/compare.h"
#include "crypto/wipe.h"
#include "fs/file.h"
#include "keys/identity.h"
#include "keys/slot.h"

enum {
	KEY_HEAD = 4,
	FID_ICCID = 0x2FE2,
	KEY_SECRET_MAX = SUBSCRIBER_K_MAX + SUBSCRIBER_OPC_MAX,
	AGREED = P256_COMPRESSED + 2 * KCV_LENGTH /* what is told of an agreement */
};

static sw_t sw_of(int e)
{
	return e == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(e);
}

/* EF.ICCID, which proofs, agreements and tickets are bound to. */
static int read_iccid(uint8_t iccid[static TICKET_ICCID], const struct store *store)
{
	return file_read(store, file_child(store, FILE_MF, FID_ICCID), 0, 0, iccid, TICKET_ICCID);
}

/* ---- the card's identity ---- */

sw_t load_make_identity(struct card *card, struct span value)
{
	return value.length ? SW_WRONG_DATA : sw_from_error(identity_make(&card->store, &card->drbg));
}

sw_t load_prove(struct card *card, struct span challenge, struct reply *reply)
{
	uint8_t iccid[TICKET_ICCID];
	int e = read_iccid(iccid, &card->store);

	if (reply->length + P256_SIGNATURE > reply->size)
		return SW_WRONG_LENGTH;
	if (e == OK)
		e = identity_prove(reply->at + reply->length, &card->store, &card->drbg, iccid, challenge);
	reply->length += e == OK ? P256_SIGNATURE : 0;
	return e == ERROR_RANGE ? SW_WRONG_DATA : sw_of(e);
}

/* ---- tickets ---- */

sw_t load_statement(struct card *card, enum dgi dgi, struct span value, struct permit *permit)
{
	struct store *store = &card->store;

	switch (dgi) {
	case DGI_AUTHORITY:
		return sw_of(authority_install(store, value));
	case DGI_CERTIFICATE:
		return sw_of(identity_certify(store, value));
	case DGI_TICKET:
		return sw_of(authority_take(permit, store, value));
	default:
		return sw_of(authority_hear(store, value));
	}
}

/* May this key be loaded into the card of this ICCID? */
static sw_t admit(uint8_t iccid[static TICKET_ICCID], struct card *card, struct permit *permit, uint8_t slot,
		  uint8_t method, struct span operator_key)
{
	int e = read_iccid(iccid, &card->store);

	if (e == OK)
		e = authority_permits(permit, &card->store, iccid, slot, method, operator_key);
	return e == ERROR_RANGE ? SW_DATA_INVALIDATED : sw_of(e);
}

/* It was, under a ticket: the answer is the receipt. */
static sw_t attest(struct card *card, const struct permit *permit, const uint8_t *ephemeral,
		   struct reply *reply)
{
	int n;

	if (reply->length + TICKET_RECEIPT_AGREED > reply->size)
		return SW_WRONG_LENGTH;
	n = authority_receipt(reply->at + reply->length, &card->store, &card->drbg, permit, ephemeral);
	reply->length += n > 0 ? (size_t)n : 0;
	return sw_of(n);
}

/* ---- keys ---- */

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

sw_t load_key(struct card *card, struct span value, struct permit *permit, struct reply *reply)
{
	const uint8_t *at = value.at;
	struct slot slot;
	size_t head, body, checks;
	uint8_t iccid[TICKET_ICCID];
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
	sw = admit(iccid, card, permit, at[0], at[2], (struct span){NULL, 0});
	if (sw == SW_OK)
		sw = open_key(&slot.key, card, at + head);
	if (sw == SW_OK)
		sw = sw_from_error(slot_save(&card->store, at[0], &slot));
	wipe(&slot, sizeof(slot));
	if (sw == SW_OK && permit->state == PERMIT_USED)
		sw = attest(card, permit, NULL, reply);
	return sw;
}

sw_t load_agree(struct card *card, struct span value, struct permit *permit, struct reply *reply)
{
	uint8_t iccid[TICKET_ICCID], agreement[IDENTITY_AGREEMENT],
		*told = agreement + sizeof(agreement) - AGREED;
	struct span operator_key = {value.at + 1, value.length - 1};
	sw_t sw;
	int e;

	if (value.length < 1)
		return SW_WRONG_DATA;
	sw = admit(iccid, card, permit, value.at[0], SLOT_AGREED, operator_key);
	if (sw != SW_OK)
		return sw;
	e = identity_agree(agreement, &card->store, &card->drbg, iccid, value.at[0], operator_key);
	if (e < 0)
		return e == ERROR_RANGE ? SW_WRONG_DATA : sw_of(e);
	if (permit->state == PERMIT_USED)
		return attest(card, permit, told, reply);
	if (reply->length + AGREED + P256_SIGNATURE > reply->size)
		return SW_WRONG_LENGTH;
	memcpy(reply->at + reply->length, told, AGREED);
	reply->length += AGREED;
	e = identity_sign(reply->at + reply->length, &card->store, &card->drbg,
			  (struct span){agreement, sizeof(agreement)});
	reply->length += P256_SIGNATURE;
	return sw_of(e);
}

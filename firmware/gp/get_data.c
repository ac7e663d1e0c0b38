#include "gp/get_data.h"

#include <string.h>

#include "auth/sqn_array.h"
#include "card.h"
#include "gp/isd.h"
#include "gp/key_set.h"
#include "keys/authority.h"
#include "keys/build.h"
#include "keys/identity.h"
#include "keys/slot.h"

enum {
	TAG_IIN = 0x0042,
	TAG_CIN = 0x0045,
	TAG_CARD_DATA = 0x0066,
	TAG_SEQUENCE = 0x00C1,
	TAG_KEY_INFORMATION = 0x00E0,
	TAG_SLOTS = 0xDF20,
	TAG_LIFE_CYCLE = 0xDF21,
	TAG_IDENTITY = 0xDF22,
	TAG_AUTHORITY = 0xDF23,
	TAG_CERTIFICATE = 0xDF24,
	TAG_RECEIPT = 0xDF25,
	TAG_BUILD = 0xDF26,
	TAG_LOADS = 0xDF27,
	SLOT_LINE = 15
};

static void put(struct reply *reply, const void *bytes, size_t length)
{
	memcpy(reply->at + reply->length, bytes, length);
	reply->length += length;
}

/* 66 { 73 { 06 GlobalPlatform  60 { 06 version 2.3 }  63 { 06 key scheme }
 *           64 { 06 SCP 03 or 02, i } .. } }: GlobalPlatform Card Specification H.2,
 * with a 64 for each "i" of a key set. */
/* SPEC: GPC H.2: card recognition data */
static int card_data(struct card *card, struct reply *reply)
{
	static const uint8_t head[] = {
		0x66, 0,    0x73, 0,    0x06, 0x07, 0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x01,
		0x60, 0x0B, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x02, 0x02, 0x03,
		0x63, 0x09, 0x06, 0x07, 0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x03,
	};
	static const uint8_t channel[] = {0x64, 0x0B, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x04};
	struct key_set_description set;
	uint8_t told[SCP_KEY_SETS], count = 0; /* "i" parameters */

	put(reply, head, sizeof(head));
	for (unsigned n = 0; key_version(n) && count < SCP_KEY_SETS; n++) {
		int e = key_set_describe(&set, &card->store, key_version(n));
		uint8_t same = 0;

		if (e < 0 && e != ERROR_NOT_FOUND)
			return e;
		while (same < count && told[same] != set.i)
			same++;
		if (e < 0 || same < count)
			continue;
		told[count++] = set.i;
		put(reply, channel, sizeof(channel));
		if (key_set_is_scp80(set.version))
			put(reply, (const uint8_t[]){0x80, 0x00}, 2);
		else
			put(reply, (const uint8_t[]){key_set_is_scp02(set.version) ? 0x02 : 0x03, set.i}, 2);
	}
	reply->at[1] = (uint8_t)(reply->length - 2);
	reply->at[3] = (uint8_t)(reply->length - 4);
	return OK;
}

/* E0 { C0 04 {key id, version, type, length} ... } */
/* SPEC: GPC 11.3.3.1: key information template */
static int key_information(struct card *card, struct reply *reply)
{
	struct key_set_description set;

	put(reply, (const uint8_t[]){0xE0, 0}, 2);
	for (unsigned n = 0; key_version(n); n++) {
		int e = key_set_describe(&set, &card->store, key_version(n));
		uint8_t type = e < 0 ? 0 : key_set_type(set.version, set.i);

		if (e < 0 && e != ERROR_NOT_FOUND)
			return e;
		for (uint8_t id = 1; e == OK && id <= 3; id++)
			put(reply, (const uint8_t[]){0xC0, 0x04, id, set.version, type, set.length}, 6);
	}
	reply->at[1] = (uint8_t)(reply->length - 2);
	return OK;
}

static int sequence(struct card *card, struct reply *reply)
{
	uint32_t counter = 0;
	int e = key_set_sequence(&card->store, &counter);

	put(reply,
	    (const uint8_t[]){0xC1, 3, (uint8_t)(counter >> 16), (uint8_t)(counter >> 8), (uint8_t)counter},
	    5);
	return e;
}

static int slots(struct card *card, struct reply *reply)
{
	struct slot_description d;
	uint32_t uses = 0;

	put(reply, (const uint8_t[]){TAG_SLOTS >> 8, TAG_SLOTS & 0xFF, KEY_SLOTS * SLOT_LINE}, 3);
	for (unsigned i = 1; i <= KEY_SLOTS; i++) {
		uint8_t number = (uint8_t)i;
		int e = slot_describe(&d, &card->store, number);

		if (e == OK)
			e = sqn_array_uses(&card->store, (struct sqn_owner){number, d.loads}, &uses);
		if (e < 0)
			return e;
		put(reply, (const uint8_t[]){number, d.state, d.algorithm, d.method}, 4);
		put(reply, d.kcv_k, KCV_LENGTH);
		put(reply, d.kcv_opc, KCV_LENGTH);
		put(reply,
		    (const uint8_t[]){(uint8_t)(uses >> 24), (uint8_t)(uses >> 16), (uint8_t)(uses >> 8),
				      (uint8_t)uses, d.usage},
		    5);
	}
	return OK;
}

static sw_t number(struct card *card, enum isd_number which, struct reply *reply)
{
	int n = isd_number(reply->at + 2, &card->store, which);

	if (n < 0)
		return n == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(n);
	reply->at[0] = (uint8_t)which;
	reply->at[1] = (uint8_t)n;
	reply->length = 2 + (size_t)n;
	return SW_OK;
}

static int life_cycle(struct card *card, struct reply *reply)
{
	int state = isd_state(&card->store);

	put(reply, (const uint8_t[]){TAG_LIFE_CYCLE >> 8, TAG_LIFE_CYCLE & 0xFF, 1, (uint8_t)state}, 4);
	return state;
}

static int loads(uint8_t out[static 2 * KEY_SLOTS], const struct store *store)
{
	struct slot_description d;
	int e = OK;

	for (size_t i = 0; i < KEY_SLOTS && e == OK; i++) {
		e = slot_describe(&d, store, (uint8_t)(i + 1));
		out[2 * i] = (uint8_t)(d.loads >> 8);
		out[2 * i + 1] = (uint8_t)d.loads;
	}
	return e == OK ? 2 * KEY_SLOTS : e;
}

/* `whole` when it was read, or what reading it returned. */
static int whole(int e, int length)
{
	return e < 0 ? e : length;
}

/* The value of DF xx: its length, or an error. */
static int told(uint8_t *out, const struct store *store, unsigned tag)
{
	switch (tag) {
	case TAG_IDENTITY:
		return whole(identity_public(out, store), P256_UNCOMPRESSED);
	case TAG_AUTHORITY:
		return whole(authority_read((struct authority *)out, store), sizeof(struct authority));
	case TAG_CERTIFICATE:
		return whole(identity_certificate(out, store), TICKET_CERTIFICATE);
	case TAG_RECEIPT:
		return authority_last_receipt(out, store);
	case TAG_BUILD:
		memcpy(out, build_digest, sizeof(build_digest));
		return sizeof(build_digest);
	case TAG_LOADS:
		return loads(out, store);
	default:
		return ERROR_NOT_FOUND;
	}
}

static sw_t trust(struct card *card, unsigned tag, struct reply *reply)
{
	uint8_t value[TICKET_RECEIPT_AGREED];
	int n = told(value, &card->store, tag);

	if (n < 0)
		return n == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(n);
	put(reply, (const uint8_t[]){(uint8_t)(tag >> 8), (uint8_t)tag}, 2);
	if (n > 0x7F)
		put(reply, (const uint8_t[]){0x81}, 1);
	put(reply, (const uint8_t[]){(uint8_t)n}, 1);
	put(reply, value, (size_t)n);
	return SW_OK;
}

sw_t get_data(struct card *card, const struct command *command, struct reply *reply)
{
	if (selection_application(card) != APPLICATION_ISD && card->life != LIFE_TERMINATED)
		return SW_CONDITIONS_NOT_SATISFIED;
	switch (command->p1 << 8 | command->p2) {
	case TAG_IIN:
	case TAG_CIN:
		return number(card, (enum isd_number)command->p2, reply);
	case TAG_CARD_DATA:
		return sw_from_error(card_data(card, reply));
	case TAG_KEY_INFORMATION:
		return sw_from_error(key_information(card, reply));
	case TAG_SEQUENCE:
		return sw_from_error(sequence(card, reply));
	case TAG_SLOTS:
		return sw_from_error(slots(card, reply));
	case TAG_LIFE_CYCLE:
		return sw_from_error(life_cycle(card, reply));
	default:
		return trust(card, (unsigned)command->p1 << 8 | command->p2, reply);
	}
}

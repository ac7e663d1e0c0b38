#include "gp/status_commands.h"

#include <string.h>

#include "card.h"
#include "codec/tlv.h"
#include "fs/file.h"
#include "fs/profile.h"
#include "gp/isd.h"

enum {
	OF_ISD = 0x80,
	OF_APPLICATIONS = 0x40,
	OF_LOAD_FILES = 0x20,
	OF_MODULES = 0x10,
	P2_NEXT = 0x01,
	P2_TLV = 0x02,
	SELECTABLE = 0x07,
	TAG_AID = 0x4F,
	TAG_TAGS = 0x5C,
	TAG_ENTRY = 0xE3,
	TAG_STATE = 0x9F70,
	TAG_PRIVILEGES = 0xC5,
	ENTRY_MAX = 2 + 2 + 16 + 4 + 5
};

/* What is asked for. */
struct question {
	struct span aid; /* the beginning of it */
	uint8_t with_aid, with_state, with_privileges, tlv;
};

/* SPEC: GPC 6.6.1. Security domain, card lock, card terminate; global registry. */
static const uint8_t isd_privileges[3] = {0x8C, 0x04, 0x00};
static const uint8_t no_privileges[3] = {0};

static sw_t parse_tags(struct question *q, struct span tags)
{
	q->with_aid = q->with_state = q->with_privileges = 0;
	for (size_t i = 0; i < tags.length; i++) {
		unsigned tag = tags.at[i];

		if ((tag & 0x1F) == 0x1F) {
			if (++i == tags.length)
				return SW_WRONG_DATA;
			tag = tag << 8 | tags.at[i];
		}
		q->with_aid |= tag == TAG_AID;
		q->with_state |= tag == TAG_STATE;
		q->with_privileges |= tag == TAG_PRIVILEGES;
	}
	return SW_OK;
}

static sw_t parse(struct question *q, const struct command *command)
{
	struct span data = command->data, value;
	uint16_t tag;

	*q = (struct question){.with_aid = 1, .with_state = 1, .with_privileges = 1};
	q->tlv = (command->p2 & P2_TLV) != 0;
	if (tlv_next(&tag, &q->aid, &data) <= 0 || tag != TAG_AID)
		return SW_WRONG_DATA;
	if (data.length == 0)
		return SW_OK;
	if (!q->tlv || tlv_next(&tag, &value, &data) <= 0 || tag != TAG_TAGS || data.length != 0)
		return SW_WRONG_DATA;
	return parse_tags(q, value);
}

static void put(struct reply *reply, const void *bytes, size_t length)
{
	memcpy(reply->at + reply->length, bytes, length);
	reply->length += length;
}

static void put_entry(struct reply *reply, const struct question *q, struct span aid, uint8_t state,
		      const uint8_t privileges[static 3])
{
	size_t start = reply->length;

	if (!q->tlv) {
		put(reply, (const uint8_t[]){(uint8_t)aid.length}, 1);
		put(reply, aid.at, aid.length);
		put(reply, (const uint8_t[]){state, privileges[0]}, 2);
		return;
	}
	put(reply, (const uint8_t[]){TAG_ENTRY, 0}, 2);
	if (q->with_aid) {
		put(reply, (const uint8_t[]){TAG_AID, (uint8_t)aid.length}, 2);
		put(reply, aid.at, aid.length);
	}
	if (q->with_state)
		put(reply, (const uint8_t[]){TAG_STATE >> 8, TAG_STATE & 0xFF, 1, state}, 4);
	if (q->with_privileges) {
		put(reply, (const uint8_t[]){TAG_PRIVILEGES, 3}, 2);
		put(reply, privileges, 3);
	}
	reply->at[start + 1] = (uint8_t)(reply->length - start - 2);
}

static sw_t list(const struct card *card, int domain, const struct question *q, struct reply *reply)
{
	const struct store *store = &card->store;
	uint16_t file = file_by_aid(store, q->aid, FILE_NONE);
	uint8_t aid[FILE_AID_MAX] = {0};

	for (; file != FILE_NONE; file = file_by_aid(store, q->aid, file)) {
		if ((file == profile_isd) != domain)
			continue;
		if (reply->length + ENTRY_MAX > reply->size)
			return SW_NOT_ENOUGH_SPACE;
		put_entry(reply, q, (struct span){aid, file_aid(store, aid, file)},
			  domain ? card->life : SELECTABLE, domain ? isd_privileges : no_privileges);
	}
	return reply->length ? SW_OK : SW_REFERENCE_NOT_FOUND;
}

static sw_t may(const struct card *card, const struct command *command)
{
	if (selection_application(card) != APPLICATION_ISD)
		return SW_CONDITIONS_NOT_SATISFIED;
	return scp03_authentic(&card->scp03, command) == GRANTED ? SW_OK : SW_SECURITY_NOT_SATISFIED;
}

sw_t get_status(struct card *card, const struct command *command, struct reply *reply)
{
	struct question q;
	sw_t sw = may(card, command);

	if (sw != SW_OK)
		return sw;
	if (command->p2 & ~(P2_NEXT | P2_TLV))
		return SW_WRONG_P1_P2;
	if ((sw = parse(&q, command)) != SW_OK)
		return sw;
	switch (command->p1) {
	case OF_ISD:
	case OF_APPLICATIONS:
		if (command->p2 & P2_NEXT)
			return SW_REFERENCE_NOT_FOUND; /* the first answer was all there is */
		return list(card, command->p1 == OF_ISD, &q, reply);
	case OF_LOAD_FILES:
	case OF_MODULES:
		return SW_REFERENCE_NOT_FOUND;
	default:
		return SW_WRONG_P1_P2;
	}
}

/* SPEC: GPC 5.1.1, figure 5-1. */
static int leads(uint8_t from, uint8_t to)
{
	switch (to) {
	case LIFE_INITIALIZED:
		return from == LIFE_DELIVERED;
	case LIFE_PERSONALISED:
		return from == LIFE_INITIALIZED || from == LIFE_LOCKED;
	case LIFE_LOCKED:
		return from == LIFE_PERSONALISED;
	default:
		return to == LIFE_TERMINATED;
	}
}

static int is_state(uint8_t state)
{
	return state == LIFE_DELIVERED || state == LIFE_INITIALIZED || state == LIFE_PERSONALISED ||
	       state == LIFE_LOCKED || state == LIFE_TERMINATED;
}

sw_t set_status(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t isd[FILE_AID_MAX];
	size_t length = file_aid(&card->store, isd, profile_isd);
	struct span aid = command->data;
	sw_t sw = may(card, command);
	int e;

	(void)reply;
	if (sw != SW_OK)
		return sw;
	if (command->p1 == OF_APPLICATIONS)
		return SW_FUNCTION_NOT_SUPPORTED;
	if (command->p1 != OF_ISD || !is_state(command->p2))
		return SW_WRONG_P1_P2;
	if (aid.length != 0 && (aid.length != length || memcmp(aid.at, isd, length) != 0))
		return SW_WRONG_DATA;
	if (!leads(card->life, command->p2))
		return SW_CONDITIONS_NOT_SATISFIED;
	e = isd_set_state(&card->store, command->p2);
	isd_wake(card);
	return sw_from_error(e);
}

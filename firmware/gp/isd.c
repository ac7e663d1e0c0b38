#include "gp/isd.h"

#include <string.h>

#include "card.h"
#include "fs/file.h"
#include "fs/profile.h"
#include "gp/key_set.h"

enum {
	SELECT = 0xA4,
	INITIALIZE_UPDATE = 0x50,
	EXTERNAL_AUTHENTICATE = 0x82,
	GET_DATA = 0xCA,
	GET_STATUS = 0xF2, /* in a secure channel; else the STATUS of TS 102 221 */
	SET_STATUS = 0xF0,
	BY_AID = 0x04,
	PROPRIETARY = 0x80
};

/* Object with the life-cycle state. */
static const uint16_t state_id = STORE_CARD << 8 | 0x01;

int isd_format(struct store *store)
{
	struct key_set keys;
	int e;

	memset(&keys, 0, sizeof(keys));
	keys.length = 16;
	keys.i = KEY_SET_I;
	for (uint8_t i = 0; i < keys.length; i++)
		keys.enc[i] = keys.mac[i] = keys.dek[i] = (uint8_t)(0x40 + i);
	e = key_set_save(store, KEY_VERSION_BLANK, &keys);
	return e < 0 ? e : isd_set_state(store, LIFE_DELIVERED);
}

int isd_state(const struct store *store)
{
	uint8_t state;
	int n = store_read(store, state_id, &state, 0, 1);

	if (n < 0)
		return n;
	return n == 1 ? state : ERROR_MEMORY;
}

int isd_set_state(struct store *store, uint8_t state)
{
	return store_write(store, state_id, &state, 1);
}

void isd_wake(struct card *card)
{
	int state = isd_state(&card->store);

	card->life = state < 0 ? LIFE_TERMINATED : (uint8_t)state;
}

/* SELECT of the issuer security domain by its AID, the beginning of it, or none. */
static int selects_isd(const struct store *store, const struct command *command)
{
	uint8_t isd[FILE_AID_MAX];
	size_t length = file_aid(store, isd, profile_isd);
	struct span aid = command->data;

	return command->cla == 0x00 && command->p1 == BY_AID && aid.length <= length &&
	       (aid.length == 0 || memcmp(aid.at, isd, aid.length) == 0);
}

static int allowed_when_locked(const struct store *store, const struct command *command)
{
	switch (command->ins) {
	case SELECT:
		return selects_isd(store, command);
	case GET_DATA:
		return 1;
	case GET_STATUS:
		return command->security != 0;
	case SET_STATUS:
	case INITIALIZE_UPDATE:
	case EXTERNAL_AUTHENTICATE:
		return (command->cla & PROPRIETARY) != 0;
	default:
		return 0;
	}
}

/* SPEC: GPC 5.1.1: what each state of life allows */
sw_t isd_allows(const struct card *card, const struct command *command)
{
	int allowed;

	switch (card->life) {
	case LIFE_DELIVERED:
	case LIFE_INITIALIZED:
	case LIFE_PERSONALISED:
		return SW_OK;
	case LIFE_LOCKED:
		allowed = allowed_when_locked(&card->store, command);
		break;
	default:
		allowed = command->ins == GET_DATA;
		break;
	}
	return allowed ? SW_OK : SW_CONDITIONS_NOT_SATISFIED;
}

static uint16_t number_id(enum isd_number which)
{
	return (uint16_t)(STORE_CARD << 8 | which);
}

int isd_number(uint8_t out[static ISD_NUMBER_MAX], const struct store *store, enum isd_number which)
{
	return store_read(store, number_id(which), out, 0, ISD_NUMBER_MAX);
}

int isd_set_number(struct store *store, enum isd_number which, struct span value)
{
	if (value.length == 0 || value.length > ISD_NUMBER_MAX)
		return ERROR_VALUE;
	return store_write(store, number_id(which), value.at, value.length);
}

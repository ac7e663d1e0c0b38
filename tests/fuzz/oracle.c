#include "fuzz/oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/descriptor.h"
#include "fs/index.h"
#include "gp/isd.h"
#include "keys/slot.h"

/* ---- status words ---- */

struct range {
	uint16_t first, last;
};

static int within(const struct range *ranges, size_t count, uint16_t sw)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (sw >= ranges[i].first && sw <= ranges[i].last)
			return 1;
	return 0;
}

/* TS 102 221 10.2.1, TS 31.102 7.3, GPC 11. 6F00, no precise diagnosis, is for no command here. */
static const struct range usual[] = {
	{0x6101, 0x61FF}, {0x6100, 0x6100}, {0x6200, 0x6200}, {0x6281, 0x6285}, {0x62F1, 0x62F3},
	{0x6300, 0x6300}, {0x6310, 0x6310}, {0x63C0, 0x63CF}, {0x63F1, 0x63F2}, {0x6400, 0x6400},
	{0x6500, 0x6500}, {0x6581, 0x6581}, {0x6700, 0x6700}, {0x6800, 0x6800}, {0x6881, 0x6884},
	{0x6900, 0x6900}, {0x6981, 0x6989}, {0x6A80, 0x6A8A}, {0x6B00, 0x6B00}, {0x6C00, 0x6CFF},
	{0x6D00, 0x6D00}, {0x6E00, 0x6E00}, {0x9000, 0x9000}, {0x9101, 0x91FF}, {0x9100, 0x9100},
	{0x9200, 0x92FF}, {0x9300, 0x9300}, {0x9484, 0x9485}, {0x9850, 0x9850}, {0x9862, 0x9867},
};

/* TS 51.011 9.4. */
static const struct range gsm[] = {
	{0x9000, 0x9000}, {0x9101, 0x91FF}, {0x9100, 0x9100}, {0x9E01, 0x9EFF}, {0x9F00, 0x9FFF},
	{0x9300, 0x9300}, {0x9200, 0x920F}, {0x9240, 0x9240}, {0x9400, 0x9400}, {0x9402, 0x9402},
	{0x9404, 0x9404}, {0x9408, 0x9408}, {0x9802, 0x9802}, {0x9804, 0x9804}, {0x9808, 0x9808},
	{0x9810, 0x9810}, {0x9840, 0x9840}, {0x9850, 0x9850}, {0x6700, 0x67FF}, {0x6B00, 0x6BFF},
	{0x6D00, 0x6DFF}, {0x6E00, 0x6EFF},
};

int oracle_knows(uint8_t cla, uint8_t ins, uint16_t sw)
{
	if (cla == 0xA0 && ins == 0xC0 && sw == 0x6F00)
		return 1; /* TS 51.011 9.2.18: GET RESPONSE, and nothing to get */
	if (cla == 0xA0)
		return within(gsm, sizeof(gsm) / sizeof(gsm[0]), sw);
	return within(usual, sizeof(usual) / sizeof(usual[0]), sw);
}

int oracle_refused(uint16_t sw)
{
	switch (sw >> 8) {
	case 0x61:
	case 0x62:
	case 0x90:
	case 0x91:
	case 0x9E:
	case 0x9F:
		return 0;
	case 0x63:
		return sw != 0x6310 && sw != 0x63F1 && sw != 0x63F2;
	case 0x92:
		return sw == 0x9240;
	default:
		return 1;
	}
}

/* ---- the store ---- */

enum {
	SUSPENDED = STORE_CARD << 8 | 0x02
};

/* What may change though the command was refused. */
static const struct {
	uint8_t ins, owner;
} spent[] = {
	{0x20, STORE_PIN}, {0x24, STORE_PIN}, {0x26, STORE_PIN}, {0x28, STORE_PIN},
	{0x2C, STORE_PIN}, {0x50, STORE_SCP}, {0x82, STORE_SCP}, {0xC2, STORE_SCP},
};

static int may_change(uint8_t ins, uint16_t id)
{
	size_t i;

	if (id == SUSPENDED) /* the next command ends it, whatever becomes of the command (cat/suspend.h) */
		return 1;
	for (i = 0; i < sizeof(spent) / sizeof(spent[0]); i++)
		if (spent[i].ins == ins && spent[i].owner == id >> 8)
			return 1;
	return 0;
}

static int is_pin_command(uint8_t ins)
{
	return may_change(ins, STORE_PIN << 8);
}

/* A value was given; without one a command asks how many tries are left. */
static int is_guess(const uint8_t *command, size_t length, uint16_t sw)
{
	return length > 5 && command[4] > 0 && is_pin_command(command[1]) && (sw & 0xFFF0) == 0x63C0;
}

static int complain(struct oracle *oracle, const char *what, uint16_t sw, unsigned where)
{
	snprintf(oracle->why, sizeof(oracle->why), "answered %04X, and %s (%04X)", sw, what, where);
	return 0;
}

static int same(const struct store *a, const struct store *b, uint16_t id)
{
	uint8_t bytes[2][STORE_OBJECT_MAX];
	int n = store_read(a, id, bytes[0], 0, STORE_OBJECT_MAX);

	return n == store_read(b, id, bytes[1], 0, STORE_OBJECT_MAX) &&
	       (n <= 0 || memcmp(bytes[0], bytes[1], (size_t)n) == 0);
}

/* The first object that is not what it was, and may not be another; or -1. */
static int changed(const struct store *before, const struct store *now, uint8_t ins)
{
	uint16_t i;

	for (i = 0; i < before->count; i++)
		if (!same(before, now, before->ids[i]) && !may_change(ins, before->ids[i]))
			return before->ids[i];
	for (i = 0; i < now->count; i++)
		if (!same(before, now, now->ids[i]) && !may_change(ins, now->ids[i]))
			return now->ids[i];
	return -1;
}

/* Mount the memory as it was before the command: 1 or 0. */
static int mount_before(struct oracle *oracle, const struct rig *rig)
{
	memcpy(oracle->was.memory, rig->before, oracle->was.size);
	memset(oracle->was.written, 0, oracle->was.units);
	return store_mount(&oracle->before, &oracle->was.hal) >= 0;
}

/* A value was wrong, and a try is gone. */
static int is_paid(struct oracle *oracle, const struct rig *rig)
{
	const struct store *now = &rig->card.store;
	uint16_t i;

	if (!mount_before(oracle, rig))
		return 0;

	for (i = 0; i < now->count; i++)
		if (now->ids[i] >> 8 == STORE_PIN && !same(&oracle->before, now, now->ids[i]))
			return 1;
	return 0;
}

static int store_as_before(struct oracle *oracle, const struct rig *rig, uint8_t ins, uint16_t sw)
{
	int id;

	if (!mount_before(oracle, rig))
		return complain(oracle, "the memory before it does not mount", sw, 0);
	id = changed(&oracle->before, &rig->card.store, ins);
	return id < 0 || complain(oracle, "an object has changed", sw, (unsigned)id);
}

/* ---- who may change what ---- */

enum right {
	RIGHT_CHANNEL = 1, /* a secure channel is open, or a packet over the air is under way */
	RIGHT_PIN = 2,     /* some PIN is verified on some channel, or PIN1 is disabled */
	RIGHT_PIN_COMMAND = 4,
	RIGHT_CUSTODIAN = 16, /* the custodian's PIN is verified on some channel, or nothing frees it */
	RIGHT_ENROL = 32,     /* it is just that command */
	RIGHT_NOBODY = 8,     /* for good, once the card is made */

	INS_ENROL = 0x36,
	CARD_LIFE = 0x01, /* objects of STORE_CARD: isd.c, ... */
	CARD_SUSPENDED = 0x02,
	CARD_SHRED = 0x11,    /* ... suspend.c, vault.c, ... */
	CARD_IDENTITY = 0x12, /* ... identity.c, ... */
	CARD_AUTHORITY = 0x13,
	CARD_RECEIPT = 0x14, /* ... authority.c */
	CARD_CERTIFICATE = 0x15
};

/* Which of them it takes one of to change what is the whole card's: the device secret, the identity and what
 * tells that the card was made. */
static unsigned takes_of_card(uint8_t object)
{
	switch (object) {
	case CARD_SUSPENDED:
	case CARD_SHRED:
		return 0;
	case CARD_LIFE: /* TERMINATE CARD USAGE */
		return RIGHT_CHANNEL | RIGHT_PIN;
	case CARD_IDENTITY:
		return RIGHT_CHANNEL | RIGHT_ENROL;
	case CARD_AUTHORITY:
	case CARD_RECEIPT:
	case CARD_CERTIFICATE:
	case ISD_IIN:
	case ISD_CIN:
		return RIGHT_CHANNEL;
	default:
		return RIGHT_NOBODY;
	}
}

/* Which of these rights it takes one of to change an object; 0: none. */
static unsigned takes(uint16_t id)
{
	switch (id >> 8) {
	case STORE_CARD:
		return takes_of_card((uint8_t)id);
	case STORE_SQN_POLICY:
	case STORE_SLOT:
		return RIGHT_CHANNEL;
	case STORE_SCP:
		return (id & 0xFF) < 0x80 ? RIGHT_CHANNEL : 0; /* the counters are spent by asking */
	case STORE_PIN:
		return (id & 0xFF) == PIN_CUSTODIAN ? RIGHT_ENROL | RIGHT_PIN_COMMAND
						    : RIGHT_CHANNEL | RIGHT_PIN_COMMAND;
	case STORE_CUSTODIAN:
		return RIGHT_CUSTODIAN;
	case STORE_SQN:
	case STORE_GBA:
	case STORE_GONE:
		return RIGHT_CHANNEL | RIGHT_PIN;
	default: /* a file made at run time says itself who may */
		return id >> 8 >= STORE_FILE && id < descriptor_object(FILE_MADE, 0)
			       ? RIGHT_CHANNEL | RIGHT_PIN
			       : 0;
	}
}

static unsigned rights(const struct rig *rig)
{
	unsigned found = rig->card.scp03.state == SCP03_OPEN ? RIGHT_CHANNEL : 0, i, k;
	struct pin_state state;

	if (pin_look(&rig->card, PIN_CUSTODIAN, &state) == OK && state.tries == 0 && state.unblock == 0)
		found |= RIGHT_CUSTODIAN;
	for (i = 0; i < CHANNELS; i++)
		if (rig->card.channels[i].pins.verified[PIN_REFERENCES - 1] == GRANTED) /* the last is his */
			found |= RIGHT_CUSTODIAN;
	for (i = 0; i < CHANNELS; i++)
		for (k = 0; k < PIN_REFERENCES; k++)
			if (rig->card.channels[i].pins.verified[k] == GRANTED)
				found |= RIGHT_PIN;
	if (rig->packet)
		found |= RIGHT_CHANNEL;
	if (pin_look(&rig->card, PIN_1, &state) != OK || !state.enabled)
		found |= RIGHT_PIN;
	return found;
}

/* The index is sorted by id. */
static uint16_t place_before(const struct oracle *oracle, uint16_t id)
{
	uint16_t from = 0, to = oracle->count, middle;

	while (from < to) {
		middle = (uint16_t)((from + to) / 2);
		if (oracle->ids[middle] < id)
			from = (uint16_t)(middle + 1);
		else
			to = middle;
	}
	return from < oracle->count && oracle->ids[from] == id ? oracle->places[from] : 0;
}

/* Was this object, which is at another place in the memory now, changed without a right to? */
static int wrongly(struct oracle *oracle, const struct rig *rig, uint16_t id, unsigned have)
{
	if (takes(id) == 0 || takes(id) & have)
		return 0;
	return !mount_before(oracle, rig) || !same(&oracle->before, &rig->card.store, id);
}

/* With an authority on the card, was this slot loaded, and no ticket spent? */
static int without_ticket(struct oracle *oracle, const struct rig *rig, uint16_t id)
{
	uint16_t authority = STORE_CARD << 8 | CARD_AUTHORITY;
	struct slot_description was, is;

	if (id >> 8 != STORE_SLOT || place_before(oracle, authority) == 0 || !mount_before(oracle, rig) ||
	    !same(&oracle->before, &rig->card.store, authority))
		return 0;
	return slot_describe(&was, &oracle->before, (uint8_t)id) < 0 ||
	       slot_describe(&is, &rig->card.store, (uint8_t)id) < 0 || is.loads != was.loads;
}

static int rightly(struct oracle *oracle, const struct rig *rig, uint8_t ins, uint16_t sw)
{
	const struct store *now = &rig->card.store;
	unsigned have = oracle->rights | (is_pin_command(ins) ? RIGHT_PIN_COMMAND : 0u) |
			(ins == INS_ENROL ? RIGHT_ENROL : 0u);
	uint16_t i;

	for (i = 0; i < now->count; i++)
		if (place_before(oracle, now->ids[i]) != now->places[i]) {
			if (wrongly(oracle, rig, now->ids[i], have))
				return complain(oracle, "an object was changed by who may not", sw,
						now->ids[i]);
			if (without_ticket(oracle, rig, now->ids[i]))
				return complain(oracle, "a slot was loaded without a ticket", sw,
						now->ids[i]);
		}
	for (i = 0; i < oracle->count; i++)
		if (index_get(now, oracle->ids[i]) == INDEX_NONE &&
		    wrongly(oracle, rig, oracle->ids[i], have))
			return complain(oracle, "an object was deleted by who may not", sw, oracle->ids[i]);
	return 1;
}

static uint64_t word(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static void keep_secret(struct oracle *oracle, const uint8_t *secret, size_t length)
{
	size_t at;

	for (at = 0; at < length && oracle->secret_count < ORACLE_SECRETS; at += 8)
		oracle->secrets[oracle->secret_count++] = word(secret + at);
}

static int tells_a_secret(const struct oracle *oracle, const uint8_t *response, size_t answered)
{
	size_t at, i;

	for (at = 0; at + 8 <= answered; at++)
		for (i = 0; i < oracle->secret_count; i++)
			if (word(response + at) == oracle->secrets[i])
				return 1;
	return 0;
}

/* ---- what is selected is there ---- */

static int selected_exists(struct oracle *oracle, const struct rig *rig, uint16_t sw)
{
	const struct store *store = &rig->card.store;
	unsigned i;

	for (i = 0; i < CHANNELS; i++) {
		const struct selection *s = &rig->card.channels[i].selection;

		if (!rig->card.channels[i].open)
			continue;
		if (!file_is_directory(store, s->directory))
			return complain(oracle, "the current directory is not there", sw, s->directory);
		if (s->ef != FILE_NONE && (file_kind(store, s->ef) == 0 || file_is_directory(store, s->ef)))
			return complain(oracle, "the current EF is not there", sw, s->ef);
		if (s->adf != FILE_NONE && file_kind(store, s->adf) != FILE_APPLICATION)
			return complain(oracle, "the current application is not there", sw, s->adf);
	}
	return 1;
}

/* ---- what a refusal leaves ---- */

static int session_as_before(struct oracle *oracle, const struct rig *rig, uint8_t ins, uint16_t sw)
{
	const struct channel *now = rig->card.channels, *was = oracle->channels;
	unsigned i;

	for (i = 0; i < CHANNELS; i++) {
		if (now[i].open != was[i].open)
			return complain(oracle, "a channel was opened or closed", sw, i);
		if (memcmp(&now[i].selection, &was[i].selection, sizeof(now[i].selection)) != 0)
			return complain(oracle, "the selection has changed", sw, i);
		if (!is_pin_command(ins) && memcmp(&now[i].pins, &was[i].pins, sizeof(now[i].pins)) != 0)
			return complain(oracle, "what is verified has changed", sw, i);
	}
	return 1;
}

/* ---- from outside ---- */

void oracle_open(struct oracle *oracle, const struct rig *rig)
{
	const struct rig_secrets *s = &rig->secret;
	const struct hal *hal = &rig->cut.hal;

	memset(oracle, 0, sizeof(*oracle));
	keep_secret(oracle, s->k, sizeof(s->k));
	keep_secret(oracle, s->opc, sizeof(s->opc));
	keep_secret(oracle, s->enc, sizeof(s->enc));
	keep_secret(oracle, s->mac, sizeof(s->mac));
	keep_secret(oracle, s->dek, sizeof(s->dek));
	keep_secret(oracle, s->enc32, sizeof(s->enc32));
	keep_secret(oracle, s->mac32, sizeof(s->mac32));
	keep_secret(oracle, s->dek32, sizeof(s->dek32));
	keep_secret(oracle, s->enc_des, sizeof(s->enc_des));
	keep_secret(oracle, s->kic, sizeof(s->kic));
	keep_secret(oracle, s->kid, sizeof(s->kid));
	keep_secret(oracle, s->mac_des, sizeof(s->mac_des));
	keep_secret(oracle, s->dek_des, sizeof(s->dek_des));
	keep_secret(oracle, s->share, sizeof(s->share));
	if (cut_open(&oracle->was, hal->nvm_page_count, hal->nvm_page_size, hal->nvm_write_unit, 0xFF) < 0)
		abort();
}

void oracle_close(struct oracle *oracle)
{
	cut_close(&oracle->was);
}

void oracle_before(struct oracle *oracle, const struct rig *rig)
{
	const struct store *store = &rig->card.store;

	memcpy(oracle->channels, rig->card.channels, sizeof(oracle->channels));
	oracle->count = store->count;
	memcpy(oracle->ids, store->ids, sizeof(oracle->ids));
	memcpy(oracle->places, store->places, sizeof(oracle->places));
	oracle->rights = rights(rig);
}

int oracle_after(struct oracle *oracle, const struct rig *rig, const uint8_t *command, size_t length,
		 const uint8_t *response, size_t answered)
{
	uint8_t cla = length > 0 ? command[0] : 0, ins = length > 1 ? command[1] : 0;
	uint16_t sw;

	if (answered < 2 || answered > RESPONSE_MAX)
		return complain(oracle, "that is no answer", 0, (unsigned)answered);
	sw = (uint16_t)(response[answered - 2] << 8 | response[answered - 1]);
	if (!oracle_knows(cla, ins, sw))
		return complain(oracle, "there is no such status word", sw, cla);
	if (rig->card.halted)
		return complain(oracle, "the card has stopped", sw, 0);
	if (rig->cut.breaches)
		return complain(oracle, "a rule of the memory was broken", sw, (unsigned)rig->cut.breaches);
	if (tells_a_secret(oracle, response, answered))
		return complain(oracle, "a key is in the answer", sw, 0);
	if (!oracle_refused(sw))
		return !rig->wrote || (rightly(oracle, rig, ins, sw) && selected_exists(oracle, rig, sw));
	if (is_guess(command, length, sw) && !(rig->wrote && is_paid(oracle, rig)))
		return complain(oracle, "the guess was free", sw, ins);
	return session_as_before(oracle, rig, ins, sw) &&
	       (!rig->wrote || store_as_before(oracle, rig, ins, sw));
}

/* The object: token(8) allowed(1), then for each open channel number(1)
 * record(1) directory(2) ef(2) adf(2) and a bit for every verified PIN(2). */
#include "cat/suspend.h"

#include <string.h>

#include "card.h"
#include "crypto/compare.h"
#include "crypto/wipe.h"
#include "fs/file.h"

enum {
	OBJECT = STORE_CARD << 8 | 0x02,
	SUSPEND = 0x00,
	RESUME = 0x01,
	TOKEN = 8,
	HEAD = TOKEN + 1,
	CHANNEL = 10,
	SAVED_MAX = HEAD + CHANNELS * CHANNEL,
	DURATIONS = 4,
	INS_SUSPEND = 0x76,
	INS_SELECT = 0xA4,
	INS_STATUS = 0xF2,
	INS_TERMINAL_CAPABILITY = 0xAA
};

_Static_assert((int)SAVED_MAX <= (int)STORE_OBJECT_MAX, "a session fits one object");
_Static_assert((int)PIN_REFERENCES <= 16, "a bit for each PIN");

void suspend_wake(struct card *card)
{
	card->suspended = store_length(&card->store, OBJECT) >= 0;
}

int suspend_watch(struct card *card, uint8_t ins)
{
	if (!card->suspended || ins == INS_SUSPEND || ins == INS_SELECT || ins == INS_STATUS ||
	    ins == INS_TERMINAL_CAPABILITY)
		return OK;
	card->suspended = 0;
	return store_delete(&card->store, OBJECT);
}

static void put16(uint8_t *out, unsigned value)
{
	out[0] = (uint8_t)(value >> 8);
	out[1] = (uint8_t)value;
}

static uint16_t get16(const uint8_t *in)
{
	return (uint16_t)(in[0] << 8 | in[1]);
}

static size_t save_channel(uint8_t *out, const struct channel *channel, uint8_t number)
{
	const struct selection *s = &channel->selection;
	unsigned verified = 0;

	for (size_t i = 0; i < PIN_REFERENCES; i++)
		if (channel->pins.verified[i] == GRANTED)
			verified |= 1u << i;
	out[0] = number;
	out[1] = s->record;
	put16(out + 2, s->directory);
	put16(out + 4, s->ef);
	put16(out + 6, s->adf);
	put16(out + 8, verified);
	return CHANNEL;
}

static int load_channel(struct card *card, const uint8_t *in)
{
	unsigned verified = get16(in + 8);
	struct channel *channel;

	if (in[0] >= CHANNELS || !file_is_directory(&card->store, get16(in + 2)))
		return ERROR_MEMORY;
	channel = &card->channels[in[0]];
	channel_open(channel);
	channel->selection = (struct selection){
		.directory = get16(in + 2), .ef = get16(in + 4), .adf = get16(in + 6), .record = in[1]};
	for (size_t i = 0; i < PIN_REFERENCES; i++)
		channel->pins.verified[i] = verified >> i & 1 ? GRANTED : DENIED;
	return OK;
}

/* In seconds; 0 for no duration. Units: seconds, minutes, hours, days, ten days. */
static uint32_t seconds(const uint8_t *duration)
{
	static const uint32_t unit[] = {1, 60, 3600, 86400, 864000};

	return duration[0] < sizeof(unit) / sizeof(unit[0]) ? unit[duration[0]] * duration[1] : 0;
}

static sw_t suspend(struct card *card, struct span durations, struct reply *reply)
{
	uint8_t saved[SAVED_MAX];
	size_t length = HEAD;
	int e;

	if (durations.length != DURATIONS)
		return SW_WRONG_LENGTH;
	if (seconds(durations.at) == 0 || seconds(durations.at) > seconds(durations.at + 2))
		return SW_WRONG_DATA;
	if (card->cat.state == CAT_FETCHED)
		return SW_CONDITIONS_NOT_SATISFIED;
	e = drbg_fill(&card->drbg, saved, TOKEN);
	if (e == OK) {
		saved[TOKEN] = card->cat.allowed;
		for (size_t i = 0; i < CHANNELS; i++)
			if (card->channels[i].open)
				length += save_channel(saved + length, &card->channels[i], (uint8_t)i);
		e = store_write(&card->store, OBJECT, saved, length);
	}
	if (e == OK) {
		card->suspended = 1;
		memcpy(reply->at, durations.at + 2, 2);
		memcpy(reply->at + 2, saved, TOKEN);
		reply->length = 2 + TOKEN;
	}
	wipe(saved, sizeof(saved));
	return sw_from_error(e);
}

static int restore(struct card *card, const uint8_t *saved, size_t length)
{
	int e = (length - HEAD) % CHANNEL == 0 ? OK : ERROR_MEMORY;

	channels_reset(card);
	for (size_t at = HEAD; e == OK && at < length; at += CHANNEL)
		e = load_channel(card, saved + at);
	if (e == OK)
		card->cat.allowed = saved[TOKEN];
	else
		channels_reset(card);
	return e;
}

static sw_t resume(struct card *card, struct span token)
{
	uint8_t saved[SAVED_MAX];
	sw_t sw = SW_CONDITIONS_NOT_SATISFIED;
	int n, e;

	if (token.length != TOKEN)
		return SW_WRONG_LENGTH;
	if (!card->suspended)
		return sw;
	card->suspended = 0;
	n = store_read(&card->store, OBJECT, saved, 0, sizeof(saved));
	e = store_delete(&card->store, OBJECT); /* before the compare: one guess */
	if (n < HEAD || e < 0)
		sw = sw_from_error(n < 0 ? n : e < 0 ? e : ERROR_MEMORY);
	else if (compare_equal(saved, token.at, TOKEN) == GRANTED)
		sw = sw_from_error(restore(card, saved, (size_t)n));
	wipe(saved, sizeof(saved));
	return sw;
}

/* SPEC: TS 102 221 11.1.22 */
sw_t suspend_uicc(struct card *card, const struct command *command, struct reply *reply)
{
	if (card->channel != 0)
		return SW_CLA_NOT_SUPPORTED;
	if (command->p2 != 0 || command->p1 > RESUME)
		return SW_WRONG_P1_P2;
	if (command->p1 == SUSPEND)
		return suspend(card, command->data, reply);
	return resume(card, command->data);
}

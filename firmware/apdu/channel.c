/* The class byte is taken apart in one place, so that no handler ever sees a channel number in it. */
#include "apdu/channel.h"

#include <string.h>

#include "card.h"
#include "fs/file.h"

enum {
	FURTHER = 0x40, /* classes with four bits of channel: 4X, 6X, CX, EX */
	FURTHER_SECURE = 0x20,
	FURTHER_CHANNEL = 0x0F,
	FURTHER_FIRST = 4,
	FIRST_CHANNEL = 0x03,
	PROPRIETARY = 0x80,
	MANAGE_OPEN = 0x00,
	MANAGE_CLOSE = 0x80,
	NO_LENGTH = 256 /* what P3 = 00 looks like when the command has neither Lc nor Le */
};

void channels_reset(struct card *card)
{
	memset(card->channels, 0, sizeof(card->channels));
	card->channel = 0;
	channel_open(&card->channels[0]);
}

/* SPEC: TS 102 221 8.7 */
void channel_open(struct channel *channel)
{
	selection_reset(&channel->selection);
	pin_session_reset(&channel->pins);
	channel->open = 1;
}

void channels_forget_pin(struct card *card, uint8_t reference)
{
	for (size_t i = 0; i < CHANNELS_ALL; i++)
		pin_session_forget(&card->channels[i].pins, reference);
}

struct channel *channel_now(struct card *card)
{
	return &card->channels[card->channel];
}

const struct channel *channel_of(const struct card *card)
{
	return &card->channels[card->channel];
}

/* SPEC: TS 102 221 10.1.1 */
uint8_t channel_take(uint8_t *cla)
{
	uint8_t channel;

	if (*cla & FURTHER) {
		channel = (uint8_t)((*cla & FURTHER_CHANNEL) + FURTHER_FIRST);
		*cla = (uint8_t)((*cla & PROPRIETARY) | (*cla & FURTHER_SECURE ? SCP03_SECURE : 0));
		return channel;
	}
	channel = *cla & FIRST_CHANNEL;
	*cla = (uint8_t)(*cla & ~FIRST_CHANNEL);
	return channel;
}

/* The lowest number that is not open; 0 when all are. */
static uint8_t free_channel(const struct card *card)
{
	for (size_t i = 1; i < CHANNELS; i++)
		if (!card->channels[i].open)
			return (uint8_t)i;
	return 0;
}

static sw_t open_one(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t number = command->p2 ? command->p2 : free_channel(card);
	struct file row;

	if (number == 0 || card->channels[number].open)
		return SW_CHANNEL_NOT_SUPPORTED;
	if (command->p2 == 0) {
		reply->at[0] = number;
		reply->length = 1;
		if (command->expected != 1)
			return SW_OK; /* and 6C01 follows: nothing is opened */
	} else if (command->expected != NO_LENGTH) {
		return SW_WRONG_LENGTH;
	}
	if (card->channel == 0) {
		channel_open(&card->channels[number]);
		return SW_OK;
	}
	if (file_get(&card->store, &row, channel_now(card)->selection.directory) == OK &&
	    (row.flags & FILE_EXCLUSIVE))
		return SW_CONDITIONS_NOT_SATISFIED; /* it cannot be on two */
	card->channels[number] = card->channels[card->channel];
	card->channels[number].selection.ef = FILE_NONE;
	card->channels[number].selection.record = 0;
	return SW_OK;
}

static sw_t close_one(struct card *card, const struct command *command)
{
	struct channel *channel = &card->channels[command->p2];

	if (command->expected != NO_LENGTH)
		return SW_WRONG_LENGTH;
	if (!channel->open)
		return SW_CHANNEL_CLOSED;
	if (card->scp03.channel == command->p2)
		scp03_close(&card->scp03);
	if (card->custody.channel == command->p2)
		custody_close(&card->custody);
	if (card->transfer.channel == command->p2)
		object_transfer_drop(&card->transfer);
	memset(channel, 0, sizeof(*channel));
	return SW_OK;
}

/* SPEC: TS 102 221 8.7, 11.1.17, ISO/IEC 7816-4 11.1.2 */
sw_t manage_channel(struct card *card, const struct command *command, struct reply *reply)
{
	if (command->p2 >= CHANNELS)
		return SW_WRONG_P1_P2;
	if (command->p1 == MANAGE_OPEN)
		return open_one(card, command, reply);
	if (command->p1 == MANAGE_CLOSE && command->p2 != 0)
		return close_one(card, command);
	return SW_WRONG_P1_P2;
}

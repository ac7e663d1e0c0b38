/* The class byte is taken apart in one place, so that no handler ever sees a channel number in it. */
#include "apdu/channel.h"

#include <string.h>

#include "card.h"

enum {
	FURTHER = 0x40, /* classes with four bits of channel: 4X, 6X, CX, EX */
	FURTHER_SECURE = 0x20,
	FURTHER_CHANNEL = 0x0F,
	FURTHER_FIRST = 4,
	FIRST_CHANNEL = 0x03,
	PROPRIETARY = 0x80
};

void channels_reset(struct card *card)
{
	memset(card->channels, 0, sizeof(card->channels));
	card->channel = 0;
	channel_open(&card->channels[0]);
}

void channel_open(struct channel *channel)
{
	selection_reset(&channel->selection);
	pin_session_reset(&channel->pins);
	channel->open = 1;
}

void channels_forget_pin(struct card *card, uint8_t reference)
{
	for (size_t i = 0; i < CHANNELS; i++)
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

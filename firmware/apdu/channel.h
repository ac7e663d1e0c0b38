/* channel.h - logical channels: what each keeps for itself.
 *
 * A channel has a selection and a PIN session of its own, so that what is
 * verified on one opens nothing on another. Channel 0, the basic channel, is
 * always open; the others are opened and closed by MANAGE CHANNEL. One that is
 * opened from the basic channel starts with the MF and nothing verified; one
 * that is opened from another starts where that one is, with its directory,
 * its application and what was verified there so far. The class
 * byte of a command names its channel: bits 1 and 2 for 0 to 3, and in classes
 * 4X, 6X, CX and EX bits 1 to 4 for 4 to 19 (ETSI TS 102 221 clause 10.1.1).
 * Handlers see the class without these bits.
 *
 * The secure channel of gp/ is one for the card and belongs to the channel it
 * was opened on. ETSI TS 102 221 clauses 8.7, 10.1.1 and 11.1.17. */
#ifndef SIMRITE_CHANNEL_H
#define SIMRITE_CHANNEL_H

#include "apdu/command.h"
#include "bounds.h"
#include "fs/select.h"
#include "pin/pin.h"

struct channel {
	struct selection selection;
	struct pin_session pins; /* which PINs were verified here since it was opened */
	uint8_t open;
};

/* As after a reset: only the basic channel, with the MF selected. */
void channels_reset(struct card *card);

/* Open a channel: the MF is selected on it, nothing is verified. */
void channel_open(struct channel *channel);

/* A PIN was replaced: it counts as verified on no channel. */
void channels_forget_pin(struct card *card, uint8_t reference);

/* The channel of the command under way. */
struct channel *channel_now(struct card *card);
const struct channel *channel_of(const struct card *card);

/* The channel that a class byte 0X, 4X, 6X, 8X, CX or EX names, 0..19; `*cla`
 * becomes the same class on channel 0: secure messaging of 6X and EX becomes
 * that of 04 and 84. */
uint8_t channel_take(uint8_t *cla);

/* MANAGE CHANNEL (00 70), from any open channel. P1 = 00 opens the channel P2,
 * 01..13, or with P2 = 00 the first that is free, whose number is the answer;
 * P1 = 80 closes the channel P2, 01..13, and with it the session of its
 * application and a secure channel that was opened on it.
 * Status words: 6A86 for another P1 P2; 6985 when the directory it would start in is not shareable; 6881 when
 * the channel is open already or none is free; 6200 when the one to close is not open; 6700. */
command_handler manage_channel;

#endif

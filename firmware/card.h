/* card.h - the card from outside.
 *
 * A card is one struct and the hal it runs on. There is no other state: two
 * cards are two structs, and a struct may be copied while no call is under
 * way. Nothing is ever allocated.
 *
 *     struct card card;
 *     if (card_start(&card, &hal) < 0)  ... the memory is broken
 *     n = card_reset(&card, atr);        at every reset of the contact
 *     n = card_transmit(&card, response, command, length);
 *
 * or, where the hal has a contact, card_run(), which speaks T=0 on it.
 *
 * The card is a T=0 card at this seam too (ISO/IEC 7816-3 clause 10): data
 * that answers a case 4 command is fetched with GET RESPONSE after 61xx, and
 * a wrong Le is answered 6Cxx. */
#ifndef SIMRITE_CARD_H
#define SIMRITE_CARD_H

#include "apdu/channel.h"
#include "apdu/dispatch.h"
#include "bounds.h"
#include "cat/cat.h"
#include "cat/sms.h"
#include "crypto/drbg.h"
#include "custodian/custody.h"
#include "fs/object_commands.h"
#include "fs/store.h"
#include "gp/scp03.h"
#include "hal.h"
#include "status.h"

struct card {
	const struct hal *hal;
	struct store store; /* what survives a reset */
	struct drbg drbg;   /* seeded from hal->random at start */
	struct channel channels[CHANNELS_ALL];
	uint8_t channel;                 /* that of the command under way */
	struct scp03 scp03;              /* the secure channel, if one is open */
	struct custody custody;          /* a custodian's session, if one is open */
	struct cat cat;                  /* what the card has to say to the terminal */
	struct sms sms;                  /* what came over the air so far */
	uint8_t suspended;               /* there is a suspended state: cat/suspend.h */
	uint8_t life;                    /* enum life_cycle of gp/isd.h, as stored */
	struct object_transfer transfer; /* the object that SET DATA is bringing */
	struct dispatch dispatch;        /* response bytes waiting for GET RESPONSE */
	uint8_t halted;                  /* not started, or the hardware failed: only card_start() helps */
};

/* Bring a card to life on `hal` (kept; must outlive the card). Mounts its
 * memory; a blank memory becomes a blank card: the default files, PIN1 1234
 * disabled, and the public GlobalPlatform test keys as key version 30. A memory
 * that is damaged, or holds something else, never does: ERROR_MEMORY.
 * Returns OK, ERROR_MEMORY or ERROR_RANDOM. Call card_reset() next. */
MUST_CHECK int card_start(struct card *card, const struct hal *hal);

/* Warm or cold reset: forget selection, PINs and secure channel. Fills `atr`
 * and returns its length. */
size_t card_reset(struct card *card, uint8_t atr[static ATR_MAX]);

/* Run one T=0 command. `command` is CLA INS P1 P2 [P3 [data [Le]]]: four bytes
 * mean P3 = 0, and a trailing Le after the data, which T=0 does not carry, is
 * ignored. Writes data and status word to `response` and returns their length
 * (2..RESPONSE_MAX). Never fails: whatever came in, a status word goes out.
 * After a failure of the hardware (a write or an erase of the memory, the
 * source of entropy) the session is forgotten and every further command is
 * answered 6F00, until a card_start() succeeds. */
size_t card_transmit(struct card *card, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
		     size_t length);

/* Does the command with this T=0 header send data to the card (cases 3, 4)?
 * Tells a T=0 engine which way the bytes after the procedure byte go.
 * Returns 1 or 0; unknown commands answer 0. */
int card_takes_data(const struct card *card, const uint8_t header[static 5]);

/* Speak T=0 on hal->receive and hal->send: ATR at once, then commands until
 * the hal reports a fault or the card has stopped; the caller then halts. Returns ERROR_STATE when the hal
 * has no contact. */
int card_run(struct card *card);

#endif

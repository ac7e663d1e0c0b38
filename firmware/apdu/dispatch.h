/* dispatch.h - from the bytes of a T=0 command to its handler, and back.
 *
 * dispatch.c holds the command table, the table of contents of the card. The
 * order of checks is: length, class (6E00; 6882; 6881 for a channel that is
 * not open), instruction (6D00), P3 against the case (6700), secure messaging
 * (CLA bit 0x04; 6982 when it is missing in an open session, where the row
 * knows it), the handler. Classes in the table are those of channel 0.
 * Response data of a case 4 command waits here for GET RESPONSE, which must
 * come next and in the class and channel of its command (secure messaging bits
 * and 00/80 make no difference); any other command drops it.
 * Class A0 is the 2G card (3GPP TS 51.011): the same files, PINs and selection
 * of the basic channel, but instructions and status words (gsm/word.h) of its
 * own; 9FXX announces data, GET RESPONSE of class A0 fetches what its own
 * commands left and nothing else, in one go (6F00 when there is nothing, as
 * 9.2.18 asks for).
 * ISO/IEC 7816-3 clause 12.2.1, ETSI TS 102 221 clauses 7.3.1.1 and 10.1. */
#ifndef SIMRITE_DISPATCH_H
#define SIMRITE_DISPATCH_H

#include "apdu/command.h"
#include "bounds.h"

struct dispatch {
	uint16_t waiting, taken; /* response bytes there are, and those already fetched */
	uint8_t channel;         /* whose they are */
	uint16_t sw;             /* the status word of their command, which comes with the last of them */
	uint8_t gsm;             /* ... and 1 when they answer a command of class A0 */
	uint8_t fresh;           /* nothing was asked since the reset */
	uint8_t response[RESPONSE_MAX];
	uint8_t command[COMMAND_MAX]; /* data of a secure messaging command, unwrapped */
};

/* One row of the command table. */
struct dispatch_row {
	uint8_t cla, mask, ins;
	uint8_t form;             /* ISO/IEC 7816-3 case: 2, 3 or 4; 5: 4 when P2 says first block, else 2 */
	command_handler *handler; /* NULL: GET RESPONSE, which dispatch.c does itself */
};

/* The table and how many rows it has: for documentation and fuzzers. */
const struct dispatch_row *dispatch_table(size_t *rows);

void dispatch_reset(struct dispatch *dispatch);

/* card_transmit() and card_takes_data() of card.h. */
size_t dispatch_transmit(struct card *card, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
			 size_t length);
int dispatch_takes_data(const struct card *card, const uint8_t header[static 5]);

#endif

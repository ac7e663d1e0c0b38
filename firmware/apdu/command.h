/* command.h - one command as a handler sees it, and the reply it fills in.
 *
 * The card speaks T=0: card_transmit() takes what a terminal puts on the wire
 * (CLA INS P1 P2 P3 and the data of a case 3 or 4), apdu/dispatch.c finds the
 * row of the command table, undoes secure messaging and calls the handler
 * with a `struct command`. Nothing here points into the card. */
#ifndef SIMRITE_COMMAND_H
#define SIMRITE_COMMAND_H

#include "status.h"

struct card;

struct command {
	uint8_t cla, ins, p1, p2;
	struct span data; /* length 0 in case 1 and 2 */
	uint16_t
		expected; /* Le as 1..256, 0 when the command has none (case 1, 3) or T=0 hides it (case 4) */
	uint8_t security; /* SCP03 security level this command came under; 0 = plain */
};

/* Where a handler puts response data: at most `size` bytes; `length` starts 0. */
struct reply {
	uint8_t *at;
	size_t size, length;
};

/* A handler: response data in `reply`, and the status word. On any status
 * word other than 9000 / 62xx / 63xx the response data is dropped. */
typedef sw_t command_handler(struct card *card, const struct command *command, struct reply *reply);

#endif

/* play.h - play APDUs to a whole card, as text.
 *
 *     struct play p;
 *     play_open(&p);                          a blank card on a memory of its own
 *     PLAY(&p, "00A40004 02 3F00", 0x9000);   GET RESPONSE is done as terminals do it
 *     PLAY_DATA(&p, "00B0000004", "00000002");
 *     play_tpdu(&p, "...")                    one T=0 command as it is
 *
 * The board is a struct cut, so the power of a playing card can be cut. Or the
 * card is elsewhere, in a reader slot (sim/reader/backend.h):
 *
 *     play_at(&p, &backend_t0, slot);         and then the same; no play_close() */
#ifndef PLAY_H
#define PLAY_H

#include <stdio.h>

#include "card.h"
#include "lib/scp03_host.h"
#include "powerloss/cut.h"
#include "reader/backend.h"
#include "unit/unit.h"

struct play {
	struct cut cut;
	struct card card;
	uint8_t response[RESPONSE_MAX]; /* data of the last answer, without status word */
	size_t length;
	struct scp03_channel channel;
	FILE *script; /* when not NULL: every restart, TPDU and status word is written here too */
	const struct backend
		*backend; /* when not NULL: the card is in its `slot`; cut and card are not used */
	void *slot;
};

/* 64 pages of 1 KB, erased; ends the process when there is no memory. */
void play_open(struct play *play);
void play_open_small(struct play *play, uint32_t pages);
void play_close(struct play *play);
void play_at(struct play *play, const struct backend *backend, void *slot);

/* Power off and on again: card_start() and card_reset(). */
void play_restart(struct play *play);

/* One TPDU in hex (blanks ignored), or in bytes; returns the status word. */
uint16_t play_tpdu(struct play *play, const char *hex);
uint16_t play_bytes(struct play *play, const uint8_t *command, size_t length);

/* The same with what T=0 makes a terminal do: GET RESPONSE after 61xx
 * or 9Fxx (in the class of the command), the command again after 6Cxx. */
uint16_t play(struct play *play, const char *hex);
uint16_t play_apdu(struct play *play, uint8_t *command, size_t length); /* may change P3 */

/* Select the ISD and open a secure channel with the test keys (C-MAC and
 * C-DEC); then send plain commands through it. Status words. */
uint16_t play_secure(struct play *play);
uint16_t play_wrapped(struct play *play, const char *hex);

/* Load K and OPc into slot 1 through a channel of its own, in the clear here. */
uint16_t play_load_key(struct play *play, const uint8_t k[static 16], const uint8_t opc[static 16]);

/* Hex with blanks to bytes; anything else ends the process. */
size_t play_unhex(uint8_t *out, size_t size, const char *hex);

#define PLAY(p, hex, sw)        CU_ASSERT_EQUAL(play_show((p), (hex), (sw), __LINE__), (sw))
#define PLAY_DATA(p, hex, data) play_data((p), (hex), (data), __LINE__)
uint16_t play_show(struct play *play, const char *hex, uint16_t want, int line);
void play_data(struct play *play, const char *hex, const char *data, int line);

#endif

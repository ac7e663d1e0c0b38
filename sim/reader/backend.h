/* backend.h - what stands behind one reader slot: a card linked in, a card
 * process, or a board on a byte stream.
 *
 * A device string names it, scheme first. In a reader.conf it follows the
 * path of something that exists and a colon, because pcscd wants that:
 *
 *     DEVICENAME /dev/null:linked:/run/me/slot0
 *
 *     linked:PATH      the card runs inside the reader; its memory is the file
 *                      PATH. The card is in the slot while PATH exists: to
 *                      pull it out, rename or unlink PATH (a symbolic link
 *                      will do)
 *     socket:PATH      the reader listens on the Unix SEQPACKET socket PATH
 *                      (mode 0600); a card is a process that connects to it
 *                      (socket.h), and leaves the slot when it ends
 *     t0:unix:PATH     T=0 bytes on the Unix stream socket PATH (the reader
 *                      connects; QEMU's serial port listens)
 *     t0:tty:PATH      T=0 bytes on a serial line or pty; reset is BREAK. To
 *                      pull the card out, unplug the board or, when PATH is a
 *                      link to the line, unlink it
 *
 * Calls for one slot are made one at a time by pcscd, except wait() and
 * wake(), which may run beside any other call but not beside close(). */
#ifndef SIMRITE_BACKEND_H
#define SIMRITE_BACKEND_H

#include <stddef.h>
#include <stdint.h>

struct backend {
	const char *scheme; /* "linked", without the colon */

	/* Open the slot that `argument` (what follows the scheme's colon)
	 * names; no card need be there. Sets *slot. Returns 0, or -1 with errno. */
	int (*open)(void **slot, const char *argument);
	/* Power the card off, give everything back. */
	void (*close)(void *slot);

	/* 1 when a card is in the slot, else 0. Quick; never waits for the card.
	 * When the card in the slot is another one than at the last call, 0 must
	 * be returned once in between. */
	int (*present)(void *slot);
	/* Return when present() may have changed, wake() was called, or
	 * `timeout_ms` has passed. */
	void (*wait)(void *slot, int timeout_ms);
	void (*wake)(void *slot);

	/* Cold reset: power up when off. Fills `atr` (ATR_MAX bytes) and returns
	 * its length, or -1: no card, or it does not answer. */
	int (*reset)(void *slot, uint8_t *atr);
	void (*power_off)(void *slot);

	/* One T=0 command TPDU, as card_transmit() of firmware/card.h takes it.
	 * Fills `response` (RESPONSE_MAX bytes) and returns its length (2 or
	 * more), or -1 when the card is gone or mute. A command whose length does
	 * not fit its P3 is answered 6700. */
	int (*transmit)(void *slot, uint8_t *response, const uint8_t *command, size_t length);
};

extern const struct backend backend_linked;
extern const struct backend backend_socket;
extern const struct backend backend_t0;

#endif

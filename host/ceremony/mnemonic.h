/* mnemonic.h - a share that a custodian has in words: typed, or from a file or descriptor.
 *
 * SOURCE is secret.h's: "file:PATH" and "fd:N" give one line with all words,
 * "prompt" asks for them at the terminal, which does not show them. There a
 * word that is not in the list is asked for again, and so is everything when
 * the checksum does not fit; Ctrl-C ends it, as do two empty lines. */
#ifndef SIMRITE_MNEMONIC_H
#define SIMRITE_MNEMONIC_H

#include "lib/slip39.h"

enum {
	MNEMONIC_LINE = 1024 /* typed characters at a time */
};

/* What passes through on the way; the caller has it in locked memory. */
struct mnemonic_room {
	char line[MNEMONIC_LINE], text[SLIP39_TEXT + MNEMONIC_LINE];
};

/* `what` names the share in prompts and faults ("mnemonic 2"). */
int mnemonic_read(struct slip39_share *share, struct mnemonic_room *room, const char *source,
		  const char *what, struct fault *fault);

/* FAULT_INPUT unless it is of the form a ceremony gives its shares: 32 bytes,
 * extendable, exponent 0, one group. */
int mnemonic_is_ours(const struct slip39_share *share, const char *what, struct fault *fault);

#endif

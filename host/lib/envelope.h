/* envelope.h - an output file on its way: its secrets sealed, each bound to its place.
 *
 *     Envelope;1;EPHEMERAL;SENDER;RECIPIENT
 *     Action;OrderId;...;IMSI;...;ICCID;Ki;...          the file's own first line
 *     ADD;batch-1;...                                   a card: what is secret is sealed, the rest as it was
 *     End;COUNT;TAG
 *
 * EPHEMERAL is the sender's key of this file (compressed, hex), SENDER and RECIPIENT the first eight bytes
 * of the SHA-256 of the two public keys (04 || X || Y, hex), to tell which. The fields in the columns Ki,
 * OPc, PIN, PIN2, PUK, PUK2 and ADM1, unless empty, are the messages of one HPKE context (lib/hpke.h,
 * AES-256-GCM) in the order they stand in, in base64. What each is bound to besides its place (associated
 * data): the column's name, IMSI, ICCID and batch of its line, each with a final 0. Info is "simrite
 * envelope 1", 0, and the second line. TAG seals nothing and binds the SHA-256 of all lines before it
 * (newlines included) and COUNT, so that no line and no field in the clear can be changed, left out or
 * added either.
 *
 * A new ephemeral key for every file: two files with the same keys have nothing in common. */
#ifndef SIMRITE_ENVELOPE_H
#define SIMRITE_ENVELOPE_H

#include <stdio.h>

#include "lib/fault.h"
#include "lib/hpke.h"
#include "lib/lines.h"

/* Whose keys: one's own private, the other's public. */
struct envelope_keys {
	struct hpke_private own;
	uint8_t other[HPKE_POINT];
};

/* Seal the file `path` (any design of lib/output.h) into `out`. Returns the number of cards, or -1. */
long envelope_seal(FILE *out, const char *path, const struct envelope_keys *keys, struct fault *fault);

struct envelope;

/* Does a file's first line say that it is one? */
int envelope_is(const char *first_line);

/* Open one whose first line is in `lines`; the second is read here, checked, and then in lines->text. */
int envelope_begin(struct envelope **envelope, struct lines *lines, const struct envelope_keys *keys,
		   struct fault *fault);
void envelope_end(struct envelope *envelope); /* NULL is allowed; wipes */

/* The next card's line, opened, into lines->text: 1; 0 when the end was there and right; -1. What came
 * before is to be believed only after the 0. */
int envelope_next(struct envelope *envelope, struct lines *lines, struct fault *fault);

#endif

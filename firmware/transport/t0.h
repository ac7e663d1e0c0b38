/* t0.h - the card's side of T=0 on hal->receive and hal->send.
 *
 * SPEC: ISO/IEC 7816-3 clause 10 (T=0), clause 9 (PPS). One command is a
 * header CLA INS P1 P2 P3, a procedure byte from us, at most 255 bytes of
 * data one way (256 the other), and a status word.
 *
 * A command that takes long is answered by NULL bytes first, which ask for
 * more time, on a board that can send them meanwhile (hal->busy).
 *
 * A reset of the contact is the board's affair: it starts the program again
 * (or, in a process, ends it), so t0_run() begins with the ATR and never
 * sees one. Speed and parity are the board's too. Bytes that stop coming in
 * the middle of a command for a second are forgotten, and nothing of that
 * command happens. */
#ifndef SIMRITE_T0_H
#define SIMRITE_T0_H

#include "status.h"

struct card;

/* Send the ATR, then answer commands until the contact fails. Returns
 * ERROR_STATE when the hal has no contact, else the hal_error that ended it. */
MUST_CHECK int t0_run(struct card *card);

#endif

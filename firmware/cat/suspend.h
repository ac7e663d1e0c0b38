/* suspend.h - SUSPEND UICC (80 76): a session that outlives the power.
 *
 * SUSPEND (P1 = 00; data: shortest and longest duration, two bytes each, unit
 * 0..4 and count) writes down what the session is: which channels are open,
 * what is selected and which PINs are verified on each, and what the
 * terminal's profile allows; and a resume token of eight random bytes, which
 * it answers behind the longest duration, granted as asked. RESUME (P1 = 01;
 * data: the token), in a later session, brings all of it back. Nothing is
 * trusted that stayed in working memory, and a secure channel, what waits to
 * be fetched and a current EF's pending answer are not kept.
 *
 * A token is good once and for one guess: it is erased from the memory before
 * it is compared. It is erased too by any command but SELECT, STATUS, TERMINAL
 * CAPABILITY and GET RESPONSE that comes first, in the session that suspended
 * or in the next: what was written down is then no longer true. The card has
 * no clock without power, so it cannot enforce a duration.
 *
 * Status words: 6A86 for another P1 P2, 6700, 6A80 for durations that are none
 * or the wrong way round, 6985 while TERMINAL RESPONSE is due, and to RESUME
 * without a suspended session or with another token. ETSI TS 102 221 11.1.22. */
#ifndef SIMRITE_SUSPEND_H
#define SIMRITE_SUSPEND_H

#include "apdu/command.h"

command_handler suspend_uicc;

/* At every reset: is there a session to resume? */
void suspend_wake(struct card *card);

/* Before every other command: end what can be resumed, if `ins` does not keep
 * it. OK or a store error. */
MUST_CHECK int suspend_watch(struct card *card, uint8_t ins);

#endif

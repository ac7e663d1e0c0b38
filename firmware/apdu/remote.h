/* remote.h - commands that came over the air: remote file management, ETSI TS 102 226 clauses 5 and 7.
 *
 * They run in a session of their own (a channel no class byte names), which starts with the MF or an
 * application selected and ends with them. Handlers and access rules are everybody's. Each command is a
 * transaction of its own and they end at the first that fails (5.1.2): how far they came is in the answer.
 * What they change is told to the terminal (cat/cat.h).
 *
 * Compact: commands one behind the other, CLA INS P1 P2 P3 data, without Le; an answer waits for GET
 * RESPONSE. Answered with how many were done(1), the last status word(2) and what the last one answered, cut
 * off with 62F1 when it is too long. Expanded, beginning with AA: {AA {22 command with Le}..}, answered with
 * {AB 80 {how many} {23 answer and status word}..}, 90 01 01 at the end when a tag is another.
 *
 * SELECT (not by AID), READ and UPDATE BINARY and RECORD, SEARCH RECORD, INCREASE, VERIFY, CHANGE, DISABLE,
 * ENABLE and UNBLOCK PIN, ACTIVATE, DEACTIVATE, CREATE, DELETE and RESIZE FILE, RETRIEVE and SET DATA, GET
 * RESPONSE; 6D00 for another. */
#ifndef SIMRITE_REMOTE_H
#define SIMRITE_REMOTE_H

#include "bounds.h"
#include "fs/select.h"

/* Run `script`; `authentic`: with the rights of ADM1. The length of the answer in `out`, at most
 * REMOTE_ANSWER_MAX. The card's own channel is as before afterwards. */
size_t remote_run(uint8_t out[static REMOTE_ANSWER_MAX], struct card *card, enum application application,
		  int authentic, struct span script);

#endif

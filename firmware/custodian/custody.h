/* custody.h - the application with which a custodian of a key ceremony keeps a share.
 *
 * AID F0 73 69 6D 72 69 74 65 01. Its commands are of class 80 and there while
 * it is selected. The card's identity (keys/identity.h) signs, and nothing but
 * what the card puts together itself (custodian/statement.h): a label first,
 * then what the host gives, then what the card alone knows. docs/ceremony/protocol.md
 * tells what for.
 *
 *  `about` is set(8) index(1) ceremony(1..32): which custodian's, in which
 *  attempt of which ceremony. P1 P2 are 00 00, but for SIGN. `+` needs the PIN.
 *
 *  34  STATUS        -> version(1) = 1, PIN tries(1; FF: not enrolled), unblock tries(1), identity
 *                    key(33; 0: none), releases(4), and of share and contribution each state(1: 00
 *                    nothing, 01 held, 02 destroyed) and, but for 00, threshold(1) total(1) index(1)
 *                    set(8) commitment(32) length(1) ceremony
 *  36  ENROL         PIN(8) unblock code(8) -> identity key(33). Sets the PIN, once in the card's life,
 *                    with three tries, and ten for the code; makes the identity if there is none.
 *  38  OPEN SESSION  host's ephemeral key(33) context(1..128) -> card's ephemeral key(33) signature(64).
 *                    From then on secrets can cross (custodian/tunnel.h); ends the session before.
 *  3A+ CONTRIBUTE    about -> commitment(32) signature(64). The card draws 32 bytes, in place of
 *                    those it drew before and did not reveal.
 *  3C+ REVEAL        about -> sealed contribution(48), which is erased. In a session.
 *  3E+ STORE SHARE   threshold(1) total(1) sealed(salt(32) value(32))(80) about -> commitment(32)
 *                    signature(64). In a session; 6985 while a share is held.
 *  40+ CONFIRM       ceremony: the custodian wants the share of it that is held released, once, in this
 *                    session.
 *  42+ RELEASE       about -> sealed(salt(32) value(32))(80). After CONFIRM; counted in the memory first.
 *  46+ DESTROY       about -> commitment(32) signature(64). The share is in no byte of the memory
 *                    afterwards; for one that is destroyed already, the same answer again. Without
 *                    the PIN when PIN and code are blocked, which nothing frees.
 *  48+ SIGN          P1 01 present, 02 signoff: head(32) length(1) ceremony name; 03 note: the text of
 *                    a signed note that begins "simrite/ceremony/" -> signature(64)
 *
 * The PIN is PIN_CUSTODIAN (pin/pin.h): VERIFY, CHANGE and UNBLOCK PIN with
 * reference 82 while the application is selected; it is never disabled, and
 * nobody but its holder replaces it. It counts as verified, and a session
 * lives, until the channel selects something else, or this again. A logical
 * channel that is opened from this one, when it is not the basic channel, finds
 * the application selected and the PIN verified (TS 102 221 8.7), and no session.
 *
 * Status words, looked for in this order: 6985 not selected; 6A86 P1 P2; 6700
 * a length that is none of the above; 6982 the PIN is not verified; 6985 no
 * session, no CONFIRM, no identity, or as above; 6A80 a value that is not
 * allowed: a control character in a text, an index or number of shares that is
 * not 1 to 16, a threshold not 2 to the number of shares, bytes that are no
 * public key or no PIN, a note that begins otherwise; 6A88 nothing of that
 * ceremony, attempt and index is held; 6988 what came sealed was changed or
 * is not the session's next; 6A84, 6581. What is refused has changed nothing. */
#ifndef SIMRITE_CUSTODY_H
#define SIMRITE_CUSTODY_H

#include "apdu/command.h"
#include "custodian/tunnel.h"

enum custody_signs {
	CUSTODY_PRESENT = 0x01,
	CUSTODY_SIGNOFF = 0x02,
	CUSTODY_NOTE = 0x03,
};

/* The session there is, one for the card. */
struct custody {
	struct tunnel tunnel;
	uint16_t open, confirmed; /* enum verdict */
	uint8_t channel;          /* that it was opened on */
};

/* The session ends. */
void custody_close(struct custody *custody);

/* The channel of the command under way is left, or begun anew: a session that was opened on it ends,
 * and the PIN counts as not verified there. */
void custody_leave(struct card *card);

command_handler custody_status, custody_enrol, custody_open, custody_contribute, custody_reveal,
	custody_store, custody_confirm, custody_release, custody_destroy, custody_sign;

#endif

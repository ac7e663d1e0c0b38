/* pin.h - PINs: PIN1 (reference 01) and ADM1 (0A), ETSI TS 102 221 clause 9.5.
 *
 * Each PIN is one store object: whether it is enabled, its tries, its value,
 * and the same for the code that unblocks it. A try is paid for in the memory
 * before the value is looked at, so a power cut never makes a guess free; a
 * right guess pays it back. Values are compared in constant time and leave
 * the card by no command.
 *
 * Values are 8 bytes: what a terminal sends, padded with FF. */
#ifndef SIMRITE_PIN_H
#define SIMRITE_PIN_H

#include "bounds.h"
#include "fs/store.h"
#include "status.h"

struct card;

enum {
	PIN_1 = 0x01,
	PIN_ADM1 = 0x0A,
	PIN_2 = 0x81,       /* no card has it yet */
	PIN_REFERENCES = 2, /* how many there are */
	PIN_TRIES_MAX = 15, /* what 63Cx can tell */
};

/* Which PINs were verified since the reset; by order in pin.c's table. */
struct pin_session {
	uint16_t verified[PIN_REFERENCES]; /* enum verdict */
};

/* What may be told of a PIN. */
struct pin_state {
	uint8_t enabled;              /* 0 or 1 */
	uint8_t tries, tries_max;     /* left, and after a success */
	uint8_t unblock, unblock_max; /* the same for the unblock PIN */
};

/* The four things a value may be asked for. */
enum pin_action {
	PIN_VERIFY,
	PIN_CHANGE,
	PIN_DISABLE,
	PIN_ENABLE,
};

void pin_session_reset(struct pin_session *session);

/* The PINs of a blank card: PIN1 1234 disabled with PUK1 12345678, ADM1
 * 12345678. Inside the caller's transaction. */
MUST_CHECK int pin_format(struct store *store);

/* Replace a PIN and its unblock PIN, tries full. `enabled` 0 or 1, `tries` 1
 * to 15, `unblock_tries` 0 (no unblock PIN, `puk` is FF) to 15. A PIN with
 * reference 01 to 08 must be four to eight digits and padding, its unblock
 * PIN eight digits; ADM1 is always enabled and has no unblock PIN.
 * ERROR_NOT_FOUND for an unknown reference, ERROR_VALUE, ERROR_FULL,
 * ERROR_MEMORY. Inside the caller's transaction, if there is one. */
MUST_CHECK int pin_install(struct store *store, uint8_t reference, uint8_t enabled, uint8_t tries,
			   const uint8_t pin[static PIN_LENGTH], uint8_t unblock_tries,
			   const uint8_t puk[static PIN_LENGTH]);

/* The PIN counts as not verified, or as verified. Nothing for an unknown reference. */
void pin_session_forget(struct pin_session *session, uint8_t reference);
void pin_session_grant(struct pin_session *session, uint8_t reference);

/* GRANTED when the PIN was verified since the reset, or is disabled. */
MUST_CHECK enum verdict pin_satisfied(const struct card *card, uint8_t reference);

/* Tries and state; ERROR_NOT_FOUND, ERROR_MEMORY. */
MUST_CHECK int pin_look(const struct card *card, uint8_t reference, struct pin_state *state);

/* Try `value`; when it is right, do `action` (PIN_CHANGE: to `fresh`, else
 * NULL) and count the PIN as verified. Answers a status word:
 * 9000, 63Cx with the tries left, 6983 none left, 6984 the PIN is disabled,
 * 6985 not for this PIN, 6A80 `fresh` is no PIN, 6A88 no such PIN, 6581. */
MUST_CHECK sw_t pin_try(struct card *card, uint8_t reference, enum pin_action action,
			const uint8_t value[static PIN_LENGTH], const uint8_t *fresh);

/* Try the unblock PIN; when it is right the PIN becomes `fresh`, enabled,
 * verified, with all tries. Status words as above, for the unblock PIN. */
MUST_CHECK sw_t pin_unblock(struct card *card, uint8_t reference, const uint8_t puk[static PIN_LENGTH],
			    const uint8_t fresh[static PIN_LENGTH]);

#endif

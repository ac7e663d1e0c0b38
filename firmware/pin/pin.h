/* pin.h - PINs, ETSI TS 102 221 clauses 9.4 and 9.5.
 *
 *  01      PIN1, the application PIN      0A        ADM1
 *  81      PIN2, of the USIM              0B to 0E  ADM2 to ADM5, once STORE DATA made them
 *  11      universal PIN           82        the custodian's, once that application made it
 *
 * Each PIN is one store object: whether it is enabled, its tries, a salt and a
 * keyed digest of its value (keys/vault.h), and the same for the code that
 * unblocks it. No value is kept anywhere. A try is paid for in the memory
 * before the value is looked at, so a power cut never makes a guess free; a
 * right guess pays it back. Digests are compared in constant time and leave
 * the card by no command. A wrong value takes the verification away from its
 * channel; the last one, that blocks the PIN, from all of them.
 *
 * PIN1 can be disabled with the universal PIN in its place: whatever asks for
 * PIN1 then asks for that one.
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
	PIN_2 = 0x81,
	PIN_CUSTODIAN = 0x82,
	PIN_UNIVERSAL = 0x11,
	PIN_ADM1 = 0x0A,
	PIN_ADM2 = 0x0B,
	PIN_ADM3 = 0x0C,
	PIN_ADM4 = 0x0D,
	PIN_ADM5 = 0x0E,
	PIN_REFERENCES = 9, /* how many there can be */
	PIN_TRIES_MAX = 15, /* what 63Cx can tell */
};

/* Which PINs were verified since the reset; by order in pin.c's table. */
struct pin_session {
	uint16_t verified[PIN_REFERENCES]; /* enum verdict */
};

enum pin_enabled {
	PIN_OFF = 0, /* what asks for it is as if it asked for nothing */
	PIN_ON = 1,
	PIN_REPLACED = 2, /* off, and the universal PIN in its place */
};

/* What may be told of a PIN. */
struct pin_state {
	uint8_t enabled;              /* enum pin_enabled */
	uint8_t tries, tries_max;     /* left, and after a success */
	uint8_t unblock, unblock_max; /* the same for the unblock PIN */
};

/* The things a value may be asked for. */
enum pin_action {
	PIN_VERIFY,
	PIN_CHANGE,
	PIN_DISABLE,
	PIN_REPLACE, /* disable PIN1, with the universal PIN in its place */
	PIN_ENABLE,
};

void pin_session_reset(struct pin_session *session);

/* The PINs of a blank card: PIN1 1234 disabled with PUK1 12345678, PIN2 5678
 * with PUK2 87654321, universal PIN 0000 with 00000000 to unblock it, ADM1
 * 12345678. Inside the caller's transaction. */
MUST_CHECK int pin_format(struct card *card);

/* Replace a PIN and its unblock PIN, tries full. `enabled` 0 or 1, `tries` 1
 * to 15, `unblock_tries` 0 (no unblock PIN, `puk` is FF) to 15. A PIN that is no
 * ADM must be four to eight digits and padding, its unblock
 * PIN eight digits; ADMs have no unblock PIN, and are always enabled, as the custodian's is.
 * ERROR_NOT_FOUND for an unknown reference, ERROR_VALUE, ERROR_FULL,
 * ERROR_MEMORY, ERROR_RANDOM. Inside the caller's transaction, if there is one. */
MUST_CHECK int pin_install(struct card *card, uint8_t reference, uint8_t enabled, uint8_t tries,
			   const uint8_t pin[static PIN_LENGTH], uint8_t unblock_tries,
			   const uint8_t puk[static PIN_LENGTH]);

/* The PIN counts as not verified, or as verified. Nothing for an unknown reference. */
void pin_session_forget(struct pin_session *session, uint8_t reference);
void pin_session_grant(struct pin_session *session, uint8_t reference);

/* The n-th reference there can be, counted from 0; 0 when there are no more. */
uint8_t pin_reference(unsigned n);

/* Does directory `directory` know the reference? PIN2 is of the USIM, of the
 * DFs below the MF (DF.GSM, DF.TELECOM), and of an ADF made with it, only;
 * the custodian's PIN of its application; every other is everywhere. There is one PIN2 on the card, but
 * having verified it counts for one application. 1 or 0; says nothing of whether there is such a PIN. */
int pin_is_of(const struct card *card, uint8_t reference, uint16_t directory);

/* GRANTED when the PIN was verified since the reset or is disabled, or, where
 * the universal PIN is in its place, when that is so of the universal PIN. */
MUST_CHECK enum verdict pin_satisfied(const struct card *card, uint8_t reference);

/* Tries and state; ERROR_NOT_FOUND, ERROR_MEMORY. */
MUST_CHECK int pin_look(const struct card *card, uint8_t reference, struct pin_state *state);

/* Try `value`; when it is right, do `action` (PIN_CHANGE: to `fresh`, else
 * NULL) and count the PIN as verified. Answers a status word:
 * 9000, 63Cx with the tries left, 6983 none left, 6984 the PIN is disabled,
 * 6985 not for this PIN, or no universal PIN that could replace it, 6A80
 * `fresh` is no PIN, 6A88 no such PIN, 6581. */
MUST_CHECK sw_t pin_try(struct card *card, uint8_t reference, enum pin_action action,
			const uint8_t value[static PIN_LENGTH], const uint8_t *fresh);

/* Try the unblock PIN; when it is right the PIN becomes `fresh`, enabled,
 * verified, with all tries. Status words as above, for the unblock PIN. */
MUST_CHECK sw_t pin_unblock(struct card *card, uint8_t reference, const uint8_t puk[static PIN_LENGTH],
			    const uint8_t fresh[static PIN_LENGTH]);

#endif

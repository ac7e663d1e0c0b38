/* A guess costs a try in the memory before the value is compared; only a right
 * one gives it back. So no moment of a power cut leaves a guess unpaid. The
 * compare and what follows are the same work for a right and a wrong value
 * until the verdict is known. */
#include "pin/pin.h"

#include <string.h>

#include "card.h"
#include "crypto/compare.h"
#include "crypto/wipe.h"

/* One PIN as it is stored. */
struct secret {
	struct pin_state state;
	uint8_t pin[PIN_LENGTH], puk[PIN_LENGTH];
};

enum {
	STORED = 5 + 2 * PIN_LENGTH,
	USER_LAST = 0x08, /* references above are not for users: any 8 bytes, never disabled */
	PIN_DIGITS = 4,   /* at least */
};

static const uint8_t references[PIN_REFERENCES] = {PIN_1, PIN_ADM1};

/* The PIN's place in the table above, or -1. */
static int place(uint8_t reference)
{
	int i;

	for (i = 0; i < PIN_REFERENCES; i++)
		if (references[i] == reference)
			return i;
	return -1;
}

static int is_user(uint8_t reference)
{
	return reference <= USER_LAST;
}

/* At least `least` digits, then FF. */
static int is_number(const uint8_t *pin, size_t least)
{
	size_t digits = 0, i;

	while (digits < PIN_LENGTH && pin[digits] >= '0' && pin[digits] <= '9')
		digits++;
	for (i = digits; i < PIN_LENGTH; i++)
		if (pin[i] != 0xFF)
			return 0;
	return digits >= least;
}

static int well_formed(uint8_t reference, const uint8_t *pin)
{
	return !is_user(reference) || is_number(pin, PIN_DIGITS);
}

/* SPEC: TS 102 221 9.5: eight digits. Without tries there is none. */
static int puk_well_formed(uint8_t reference, uint8_t tries, const uint8_t *puk)
{
	size_t i = 0;

	if (tries > 0)
		return is_user(reference) && is_number(puk, PIN_LENGTH);
	while (i < PIN_LENGTH && puk[i] == 0xFF)
		i++;
	return i == PIN_LENGTH;
}

static int load(const struct store *store, uint8_t reference, struct secret *secret)
{
	uint8_t stored[STORED];
	int n = store_read(store, (uint16_t)(STORE_PIN << 8 | reference), stored, 0, STORED);

	if (n == STORED) {
		secret->state = (struct pin_state){stored[0], stored[1], stored[2], stored[3], stored[4]};
		memcpy(secret->pin, stored + 5, PIN_LENGTH);
		memcpy(secret->puk, stored + 5 + PIN_LENGTH, PIN_LENGTH);
	}
	wipe(stored, sizeof(stored));
	return n == STORED ? OK : n < 0 ? n : ERROR_MEMORY;
}

static int save(struct store *store, uint8_t reference, const struct secret *secret)
{
	uint8_t stored[STORED] = {secret->state.enabled, secret->state.tries, secret->state.tries_max,
				  secret->state.unblock, secret->state.unblock_max};
	int e;

	memcpy(stored + 5, secret->pin, PIN_LENGTH);
	memcpy(stored + 5 + PIN_LENGTH, secret->puk, PIN_LENGTH);
	e = store_write(store, (uint16_t)(STORE_PIN << 8 | reference), stored, STORED);
	wipe(stored, sizeof(stored));
	return e;
}

void pin_session_reset(struct pin_session *session)
{
	int i;

	for (i = 0; i < PIN_REFERENCES; i++)
		session->verified[i] = DENIED;
}

void pin_session_grant(struct pin_session *session, uint8_t reference)
{
	int at = place(reference);

	if (at >= 0)
		session->verified[at] = GRANTED;
}

void pin_session_forget(struct pin_session *session, uint8_t reference)
{
	int at = place(reference);

	if (at >= 0)
		session->verified[at] = DENIED;
}

int pin_install(struct store *store, uint8_t reference, uint8_t enabled, uint8_t tries,
		const uint8_t pin[static PIN_LENGTH], uint8_t unblock_tries,
		const uint8_t puk[static PIN_LENGTH])
{
	struct secret secret;
	int e;

	if (place(reference) < 0)
		return ERROR_NOT_FOUND;
	if (enabled > 1 || tries == 0 || tries > PIN_TRIES_MAX || unblock_tries > PIN_TRIES_MAX ||
	    (!enabled && !is_user(reference)) || !well_formed(reference, pin) ||
	    !puk_well_formed(reference, unblock_tries, puk))
		return ERROR_VALUE;
	secret.state = (struct pin_state){enabled, tries, tries, unblock_tries, unblock_tries};
	memcpy(secret.pin, pin, PIN_LENGTH);
	memcpy(secret.puk, puk, PIN_LENGTH);
	e = save(store, reference, &secret);
	wipe(&secret, sizeof(secret));
	return e;
}

int pin_format(struct store *store)
{
	static const uint8_t pin1[PIN_LENGTH] = {'1', '2', '3', '4', 0xFF, 0xFF, 0xFF, 0xFF};
	static const uint8_t code[PIN_LENGTH] = {'1', '2', '3', '4', '5', '6', '7', '8'};
	static const uint8_t none[PIN_LENGTH] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
	int e;

	if ((e = pin_install(store, PIN_1, 0, 3, pin1, 10, code)) < 0)
		return e;
	return pin_install(store, PIN_ADM1, 1, 3, code, 0, none);
}

int pin_look(const struct card *card, uint8_t reference, struct pin_state *state)
{
	struct secret secret;
	int e;

	if (place(reference) < 0)
		return ERROR_NOT_FOUND;
	if ((e = load(&card->store, reference, &secret)) == OK)
		*state = secret.state;
	wipe(&secret, sizeof(secret));
	return e;
}

enum verdict pin_satisfied(const struct card *card, uint8_t reference)
{
	struct pin_state state;
	int at = place(reference);

	if (at < 0)
		return DENIED;
	if (channel_of(card)->pins.verified[at] == GRANTED)
		return GRANTED;
	if (pin_look(card, reference, &state) == OK && state.enabled == 0)
		return GRANTED;
	return DENIED;
}

/* Spend a try, then compare. GRANTED leaves `*tries` to be given back. */
static enum verdict pay_and_compare(struct card *card, uint8_t reference, struct secret *secret,
				    uint8_t *tries, const uint8_t *have, const uint8_t *value, sw_t *sw)
{
	int e;

	*sw = SW_PIN_BLOCKED;
	if (*tries == 0)
		return DENIED;
	(*tries)--;
	if ((e = save(&card->store, reference, secret)) < 0) {
		*sw = sw_from_error(e);
		return DENIED;
	}
	*sw = SW_TRIES_LEFT(*tries);
	return compare_equal(have, value, PIN_LENGTH);
}

/* May `action` be done to this PIN at all? */
static sw_t allowed(uint8_t reference, const struct secret *secret, enum pin_action action,
		    const uint8_t *fresh)
{
	if ((action == PIN_DISABLE || action == PIN_ENABLE) && !is_user(reference))
		return SW_CONDITIONS_NOT_SATISFIED;
	if (action == PIN_ENABLE && secret->state.enabled)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (action != PIN_ENABLE && !secret->state.enabled)
		return SW_DATA_INVALIDATED;
	if (action == PIN_CHANGE && !well_formed(reference, fresh))
		return SW_WRONG_DATA;
	return SW_OK;
}

/* What a right value brings about. */
static sw_t reward(struct card *card, uint8_t reference, struct secret *secret, enum pin_action action,
		   const uint8_t *fresh)
{
	int at = place(reference);

	secret->state.tries = secret->state.tries_max;
	if (action == PIN_CHANGE)
		memcpy(secret->pin, fresh, PIN_LENGTH);
	if (action == PIN_DISABLE || action == PIN_ENABLE)
		secret->state.enabled = action == PIN_ENABLE;
	if (at < 0 || save(&card->store, reference, secret) < 0)
		return SW_MEMORY_PROBLEM;
	channel_now(card)->pins.verified[at] = GRANTED;
	return SW_OK;
}

sw_t pin_try(struct card *card, uint8_t reference, enum pin_action action,
	     const uint8_t value[static PIN_LENGTH], const uint8_t *fresh)
{
	struct secret secret;
	int e, at = place(reference);
	sw_t sw;

	if (at < 0)
		return SW_REFERENCE_NOT_FOUND;
	if ((e = load(&card->store, reference, &secret)) < 0)
		return sw_from_error(e);
	sw = allowed(reference, &secret, action, fresh);
	if (sw == SW_OK) {
		enum verdict verdict = pay_and_compare(card, reference, &secret, &secret.state.tries,
						       secret.pin, value, &sw);

		channel_now(card)->pins.verified[at] = DENIED;
		if (verdict == GRANTED)
			sw = reward(card, reference, &secret, action, fresh);
	}
	wipe(&secret, sizeof(secret));
	return sw;
}

sw_t pin_unblock(struct card *card, uint8_t reference, const uint8_t puk[static PIN_LENGTH],
		 const uint8_t fresh[static PIN_LENGTH])
{
	struct secret secret;
	sw_t sw;
	int e;

	if (place(reference) < 0)
		return SW_REFERENCE_NOT_FOUND;
	if ((e = load(&card->store, reference, &secret)) < 0)
		return sw_from_error(e);
	if (secret.state.unblock_max == 0)
		sw = SW_REFERENCE_NOT_FOUND;
	else if (!well_formed(reference, fresh))
		sw = SW_WRONG_DATA;
	else if (pay_and_compare(card, reference, &secret, &secret.state.unblock, secret.puk, puk, &sw) ==
		 GRANTED) {
		secret.state.unblock = secret.state.unblock_max;
		secret.state.enabled = 1;
		sw = reward(card, reference, &secret, PIN_CHANGE, fresh);
	}
	wipe(&secret, sizeof(secret));
	return sw;
}

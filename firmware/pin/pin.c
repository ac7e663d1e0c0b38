/* A guess costs a try in the memory before the value is compared; only a right
 * one gives it back. So no moment of a power cut leaves a guess unpaid. The
 * compare and what follows are the same work for a right and a wrong value
 * until the verdict is known. */
#include "pin/pin.h"

#include <string.h>

#include "card.h"
#include "crypto/compare.h"
#include "crypto/wipe.h"
#include "fs/file.h"
#include "fs/profile.h"
#include "keys/vault.h"

enum {
	SALT = 8,
	CODE = SALT + VAULT_DIGEST,
	STATE = 5,
	STORED = STATE + 2 * CODE,
	PIN_DIGITS = 4, /* at least */
};

/* Which of a PIN's two codes: they never stand for each other. */
enum kind {
	KIND_PIN = 1,
	KIND_PUK = 2
};

/* What is kept of a value. */
struct code {
	uint8_t salt[SALT], digest[VAULT_DIGEST];
};

/* One PIN as it is stored. */
struct secret {
	struct pin_state state;
	struct code pin, puk;
};

/* Their order is that of the bits in the PIN status template. */
static const uint8_t references[PIN_REFERENCES] = {PIN_1,    PIN_2,    PIN_UNIVERSAL, PIN_ADM1,     PIN_ADM2,
						   PIN_ADM3, PIN_ADM4, PIN_ADM5,      PIN_CUSTODIAN};

/* The PIN's place in the table above, or -1. */
/* SPEC: TS 102 221 9.4.1 to 9.4.3 */
static int place(uint8_t reference)
{
	int i;

	for (i = 0; i < PIN_REFERENCES; i++)
		if (references[i] == reference)
			return i;
	return -1;
}

static int can_be_off(uint8_t reference)
{
	return reference == PIN_1 || reference == PIN_2 || reference == PIN_UNIVERSAL;
}

/* The others are ADM: any 8 bytes. */
static int is_user(uint8_t reference)
{
	return can_be_off(reference) || reference == PIN_CUSTODIAN;
}

uint8_t pin_reference(unsigned n)
{
	return n < PIN_REFERENCES ? references[n] : 0;
}

int pin_is_of(const struct card *card, uint8_t reference, uint16_t directory)
{
	uint16_t top = directory, above;
	struct file row;

	if (reference == PIN_CUSTODIAN)
		return directory == profile_custodian;
	if (reference != PIN_2)
		return 1;
	while ((above = file_parent(&card->store, top)) != FILE_MF && above != FILE_NONE)
		top = above;
	if (above != FILE_MF || file_get(&card->store, &row, top) < 0)
		return 0;
	return top == profile_usim || row.kind == FILE_DIRECTORY || (row.flags & FILE_LOCAL_PIN) != 0;
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

static uint16_t pin_id(uint8_t reference)
{
	return (uint16_t)(STORE_PIN << 8 | reference);
}

static int digest(uint8_t out[static VAULT_DIGEST], const struct card *card, uint8_t reference,
		  enum kind kind, const struct code *code, const uint8_t value[static PIN_LENGTH])
{
	uint8_t message[1 + SALT + PIN_LENGTH] = {(uint8_t)kind};
	int e;

	memcpy(message + 1, code->salt, SALT);
	memcpy(message + 1 + SALT, value, PIN_LENGTH);
	e = vault_digest(out, &card->store, pin_id(reference), (struct span){message, sizeof(message)});
	wipe(message, sizeof(message));
	return e;
}

/* What is kept of a value from now on. */
static int make_code(struct code *code, struct card *card, uint8_t reference, enum kind kind,
		     const uint8_t value[static PIN_LENGTH])
{
	int e = drbg_fill(&card->drbg, code->salt, SALT);

	return e < 0 ? e : digest(code->digest, card, reference, kind, code, value);
}

static int load(const struct store *store, uint8_t reference, struct secret *secret)
{
	uint8_t stored[STORED];
	int n = store_read(store, pin_id(reference), stored, 0, STORED);

	if (n == STORED) {
		secret->state = (struct pin_state){stored[0], stored[1], stored[2], stored[3], stored[4]};
		memcpy(&secret->pin, stored + STATE, CODE);
		memcpy(&secret->puk, stored + STATE + CODE, CODE);
	}
	wipe(stored, sizeof(stored));
	return n == STORED ? OK : n < 0 ? n : ERROR_MEMORY;
}

static int save(struct store *store, uint8_t reference, const struct secret *secret)
{
	uint8_t stored[STORED] = {secret->state.enabled, secret->state.tries, secret->state.tries_max,
				  secret->state.unblock, secret->state.unblock_max};
	int e;

	memcpy(stored + STATE, &secret->pin, CODE);
	memcpy(stored + STATE + CODE, &secret->puk, CODE);
	e = store_write(store, pin_id(reference), stored, STORED);
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

int pin_install(struct card *card, uint8_t reference, uint8_t enabled, uint8_t tries,
		const uint8_t pin[static PIN_LENGTH], uint8_t unblock_tries,
		const uint8_t puk[static PIN_LENGTH])
{
	struct secret secret;
	int e;

	if (place(reference) < 0)
		return ERROR_NOT_FOUND;
	if (enabled > PIN_ON || tries == 0 || tries > PIN_TRIES_MAX || unblock_tries > PIN_TRIES_MAX ||
	    (!enabled && !can_be_off(reference)) || !well_formed(reference, pin) ||
	    !puk_well_formed(reference, unblock_tries, puk))
		return ERROR_VALUE;
	secret.state = (struct pin_state){enabled, tries, tries, unblock_tries, unblock_tries};
	e = make_code(&secret.pin, card, reference, KIND_PIN, pin);
	if (e == OK)
		e = make_code(&secret.puk, card, reference, KIND_PUK, puk);
	if (e == OK)
		e = save(&card->store, reference, &secret);
	wipe(&secret, sizeof(secret));
	return e;
}

int pin_format(struct card *card)
{
	static const struct {
		uint8_t reference, enabled, unblock_tries;
		char pin[PIN_LENGTH], puk[PIN_LENGTH];
	} blank[] = {
		{PIN_1, PIN_OFF, 10, "1234\xFF\xFF\xFF\xFF", "12345678"},
		{PIN_2, PIN_ON, 10, "5678\xFF\xFF\xFF\xFF", "87654321"},
		{PIN_UNIVERSAL, PIN_ON, 10, "0000\xFF\xFF\xFF\xFF", "00000000"},
		{PIN_ADM1, PIN_ON, 0, "12345678", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"},
	};
	int e = OK;

	for (size_t i = 0; e == OK && i < sizeof(blank) / sizeof(blank[0]); i++)
		e = pin_install(card, blank[i].reference, blank[i].enabled, 3, (const uint8_t *)blank[i].pin,
				blank[i].unblock_tries, (const uint8_t *)blank[i].puk);
	return e;
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

static enum verdict verified(const struct card *card, uint8_t reference)
{
	int at = place(reference);

	return at >= 0 && channel_of(card)->pins.verified[at] == GRANTED ? GRANTED : DENIED;
}

/* SPEC: TS 102 221 9.5.1: a file that asks for the disabled PIN asks for what replaces it. */
enum verdict pin_satisfied(const struct card *card, uint8_t reference)
{
	struct pin_state state;

	if (verified(card, reference) == GRANTED)
		return GRANTED;
	if (pin_look(card, reference, &state) < 0)
		return DENIED;
	if (state.enabled == PIN_REPLACED) {
		if (verified(card, PIN_UNIVERSAL) == GRANTED)
			return GRANTED;
		if (pin_look(card, PIN_UNIVERSAL, &state) < 0)
			return DENIED;
	}
	return state.enabled == PIN_OFF ? GRANTED : DENIED;
}

/* Spend a try, then compare. GRANTED leaves `*tries` to be given back. */
static enum verdict pay_and_compare(struct card *card, uint8_t reference, struct secret *secret,
				    enum kind kind, const uint8_t *value, sw_t *sw)
{
	uint8_t *tries = kind == KIND_PIN ? &secret->state.tries : &secret->state.unblock;
	const struct code *code = kind == KIND_PIN ? &secret->pin : &secret->puk;
	uint8_t got[VAULT_DIGEST];
	int e;

	*sw = SW_PIN_BLOCKED;
	if (*tries == 0)
		return DENIED;
	(*tries)--;
	if ((e = save(&card->store, reference, secret)) < 0 ||
	    (e = digest(got, card, reference, kind, code, value)) < 0) {
		*sw = sw_from_error(e);
		return DENIED;
	}
	*sw = SW_TRIES_LEFT(*tries);
	return compare_equal(code->digest, got, VAULT_DIGEST);
}

/* Can the universal PIN stand in for `reference`? */
static sw_t can_replace(const struct card *card, uint8_t reference)
{
	struct pin_state universal;
	int e = pin_look(card, PIN_UNIVERSAL, &universal);

	if (e < 0)
		return e == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(e);
	return reference == PIN_1 && universal.enabled == PIN_ON && universal.tries > 0
		       ? SW_OK
		       : SW_CONDITIONS_NOT_SATISFIED;
}

/* May `action` be done to this PIN at all? */
static sw_t allowed(const struct card *card, uint8_t reference, const struct secret *secret,
		    enum pin_action action, const uint8_t *fresh)
{
	int on = secret->state.enabled == PIN_ON;

	if ((action == PIN_DISABLE || action == PIN_REPLACE || action == PIN_ENABLE) &&
	    !can_be_off(reference))
		return SW_CONDITIONS_NOT_SATISFIED;
	if (action == PIN_ENABLE && on)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (action != PIN_ENABLE && !on)
		return SW_DATA_INVALIDATED;
	if (action == PIN_CHANGE && !well_formed(reference, fresh))
		return SW_WRONG_DATA;
	return action == PIN_REPLACE ? can_replace(card, reference) : SW_OK;
}

/* What a right value brings about. `fresh`: the value from now on, or NULL. */
static sw_t reward(struct card *card, uint8_t reference, struct secret *secret, enum pin_action action,
		   const uint8_t *fresh)
{
	int at = place(reference), e = OK;

	secret->state.tries = secret->state.tries_max;
	if (action == PIN_DISABLE)
		secret->state.enabled = PIN_OFF;
	if (action == PIN_REPLACE)
		secret->state.enabled = PIN_REPLACED;
	if (action == PIN_ENABLE)
		secret->state.enabled = PIN_ON;
	if (fresh)
		e = make_code(&secret->pin, card, reference, KIND_PIN, fresh);
	if (at < 0 || e < 0 || save(&card->store, reference, secret) < 0)
		return SW_MEMORY_PROBLEM;
	/* What is replaced must not go on opening things on this or another channel. */
	if (action == PIN_REPLACE)
		channels_forget_pin(card, reference);
	else
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
		return e == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(e);
	sw = allowed(card, reference, &secret, action, fresh);
	if (sw == SW_OK) {
		enum verdict verdict = pay_and_compare(card, reference, &secret, KIND_PIN, value, &sw);

		channel_now(card)->pins.verified[at] = DENIED;
		if (verdict == GRANTED)
			sw = reward(card, reference, &secret, action, fresh);
		else if (secret.state.tries == 0) /* SPEC: TS 102 221 9.5, 11.1.9: blocked for everybody */
			channels_forget_pin(card, reference);
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
		return e == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(e);
	if (secret.state.unblock_max == 0)
		sw = SW_REFERENCE_NOT_FOUND;
	else if (!well_formed(reference, fresh))
		sw = SW_WRONG_DATA;
	else if (pay_and_compare(card, reference, &secret, KIND_PUK, puk, &sw) == GRANTED) {
		secret.state.unblock = secret.state.unblock_max;
		sw = reward(card, reference, &secret, PIN_ENABLE, fresh);
	}
	wipe(&secret, sizeof(secret));
	return sw;
}

/* A handler reads, computes and signs first and writes last, in one
 * transaction: what fails before has changed nothing, and what is answered has
 * happened. */
#include "custodian/custody.h"

#include <string.h>

#include "card.h"
#include "crypto/wipe.h"
#include "custodian/held.h"
#include "keys/identity.h"
#include "pin/pin.h"

enum {
	LAYOUT = 1, /* version of what STATUS answers */
	NOT_ENROLLED = 0xFF,
	TRIES = 3,
	UNBLOCK_TRIES = 10,
	ABOUT = STATEMENT_SET + 1, /* before the ceremony */
	SHARE = 2 * STATEMENT_VALUE,
	SEALED_SHARE = SHARE + TUNNEL_TAG,
	STORE_HEAD = 2 + SEALED_SHARE,
	COUNTER_ID = STORE_CUSTODIAN << 8 | 0x03, /* releases(4) */
	COUNTER = 4,
	/* What a command asks for. */
	NOTHING = 0,
	THE_PIN = 1,
	A_SESSION = 2,
	A_KIND = 4 /* P1 says what */
};

void custody_close(struct custody *custody)
{
	wipe(custody, sizeof(*custody));
}

void custody_leave(struct card *card)
{
	pin_session_forget(&channel_now(card)->pins, PIN_CUSTODIAN);
	if (card->custody.channel == card->channel)
		custody_close(&card->custody);
}

/* ---- What is asked for before anything is done ---- */

/* The checks of every command, in their order; the least and the most data it takes. */
static sw_t may(const struct card *card, const struct command *command, unsigned asks, size_t least,
		size_t most)
{
	const struct custody *session = &card->custody;

	if (selection_application(card) != APPLICATION_CUSTODIAN)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (command->p2 != 0 ||
	    (asks & A_KIND ? command->p1 < CUSTODY_PRESENT || command->p1 > CUSTODY_NOTE : command->p1 != 0))
		return SW_WRONG_P1_P2;
	if (command->data.length < least || command->data.length > most)
		return SW_WRONG_LENGTH;
	if ((asks & THE_PIN) && pin_satisfied(card, PIN_CUSTODIAN) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	if ((asks & A_SESSION) && (session->open != GRANTED || session->channel != card->channel))
		return SW_CONDITIONS_NOT_SATISFIED;
	return SW_OK;
}

static sw_t parse_about(struct statement_about *about, struct span data)
{
	memcpy(about->set, data.at, STATEMENT_SET);
	about->index = data.at[STATEMENT_SET];
	about->ceremony = (struct span){data.at + ABOUT, data.length - ABOUT};
	return about->index >= 1 && about->index <= STATEMENT_CUSTODIANS &&
			       statement_is_part(about->ceremony, STATEMENT_CEREMONY)
		       ? SW_OK
		       : SW_WRONG_DATA;
}

/* `data` names what is held: 6A88 when it is something else. */
static sw_t find(struct held *held, const struct card *card, enum held_what what, struct span data)
{
	struct statement_about about;
	sw_t sw = parse_about(&about, data);

	if (sw == SW_OK)
		sw = sw_from_error(held_read(held, &card->store, what));
	return sw != SW_OK || held_is(held, &about) ? sw : SW_REFERENCE_NOT_FOUND;
}

/* ---- Answers ---- */

static void put(struct reply *reply, const void *bytes, size_t length)
{
	memcpy(reply->at + reply->length, bytes, length);
	reply->length += length;
}

static int put_signature(struct reply *reply, struct card *card, const uint8_t digest[static SHA256_LENGTH])
{
	int e = identity_sign_digest(reply->at + reply->length, &card->store, &card->drbg, digest);

	reply->length += e == OK ? P256_SIGNATURE : 0;
	return e;
}

/* commitment signature */
static int put_statement(struct reply *reply, struct card *card, enum statement which,
			 const struct statement_about *about, const uint8_t commitment[static SHA256_LENGTH])
{
	uint8_t digest[SHA256_LENGTH];
	int e = statement_of_holding(digest, which, about, commitment);

	put(reply, commitment, SHA256_LENGTH);
	return e == OK ? put_signature(reply, card, digest) : e;
}

/* The secret, sealed for the host. */
static int put_secret(struct reply *reply, struct card *card, enum held_what what, const struct held *held)
{
	size_t length = what == HELD_SHARE ? SHARE : STATEMENT_VALUE;
	uint8_t secret[HELD_SECRET_MAX];
	int e = held_open(secret, &card->store, what, held);

	if (e == OK)
		e = tunnel_seal(reply->at, &card->custody.tunnel, TUNNEL_TO_HOST,
				(struct span){secret, length});
	wipe(secret, sizeof(secret));
	reply->length = e == OK ? length + TUNNEL_TAG : 0;
	return e;
}

/* End the transaction that `e` is the result of, and erase what it gave up. */
static sw_t finish(struct card *card, int e)
{
	if (e == OK)
		e = store_commit(&card->store);
	else
		store_abort(&card->store);
	return sw_from_error(e == OK ? vault_purge(&card->store) : e);
}

/* ---- STATUS, ENROL ---- */

static int read_counter(uint8_t counter[static COUNTER], const struct store *store)
{
	int n = store_read(store, COUNTER_ID, counter, 0, COUNTER);

	if (n == ERROR_NOT_FOUND)
		memset(counter, 0, COUNTER);
	return n == COUNTER || n == ERROR_NOT_FOUND ? OK : n < 0 ? n : ERROR_MEMORY;
}

static int put_held(struct reply *reply, const struct store *store, enum held_what what)
{
	struct held held;
	int e = held_read(&held, store, what);

	put(reply, &held.state, 1);
	put(reply, held.bytes, held.head);
	return e;
}

sw_t custody_status(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t head[3 + P256_COMPRESSED + COUNTER] = {LAYOUT, NOT_ENROLLED};
	struct pin_state pin;
	sw_t sw = may(card, command, NOTHING, 0, 0);
	int e;

	if (sw != SW_OK)
		return sw;
	if ((e = pin_look(card, PIN_CUSTODIAN, &pin)) == OK) {
		head[1] = pin.tries;
		head[2] = pin.unblock;
	}
	if (e == OK || e == ERROR_NOT_FOUND)
		e = identity_compressed(head + 3, &card->store);
	if (e == OK || e == ERROR_NOT_FOUND)
		e = read_counter(head + 3 + P256_COMPRESSED, &card->store);
	put(reply, head, sizeof(head));
	if (e == OK)
		e = put_held(reply, &card->store, HELD_SHARE);
	if (e == OK)
		e = put_held(reply, &card->store, HELD_CONTRIBUTION);
	return sw_from_error(e);
}

/* The PIN and, if there is none yet, the identity. */
static int enrol(struct card *card, const uint8_t *codes)
{
	struct pin_state pin;
	int e = pin_look(card, PIN_CUSTODIAN, &pin);

	if (e != ERROR_NOT_FOUND)
		return e < 0 ? e : ERROR_STATE;
	e = pin_install(card, PIN_CUSTODIAN, PIN_ON, TRIES, codes, UNBLOCK_TRIES, codes + PIN_LENGTH);
	if (e < 0)
		return e;
	e = identity_make(&card->store, &card->drbg);
	return e == ERROR_STATE ? OK : e;
}

sw_t custody_enrol(struct card *card, const struct command *command, struct reply *reply)
{
	sw_t sw = may(card, command, NOTHING, (size_t)2 * PIN_LENGTH, (size_t)2 * PIN_LENGTH);
	int e;

	if (sw != SW_OK)
		return sw;
	e = store_begin(&card->store);
	if (e == OK)
		e = enrol(card, command->data.at);
	if (e == OK)
		e = identity_compressed(reply->at, &card->store);
	reply->length = P256_COMPRESSED;
	return finish(card, e);
}

/* ---- The session ---- */

/* The card's half of the agreement; its ephemeral key to `card_key`. */
static int agree(struct tunnel *tunnel, uint8_t card_key[static P256_COMPRESSED], struct card *card,
		 const uint8_t host_key[static P256_COMPRESSED])
{
	const struct p256_random random = {drbg_random, &card->drbg};
	uint8_t private_key[P256_PRIVATE], key[P256_UNCOMPRESSED], x[P256_SHARED];
	int e = p256_generate(private_key, key, &random);

	if (e == OK)
		e = p256_compress(card_key, (struct span){key, sizeof(key)});
	if (e == OK)
		e = p256_shared(x, private_key, (struct span){host_key, P256_COMPRESSED}, &random);
	if (e == OK)
		e = tunnel_derive(tunnel, x, card_key, host_key);
	wipe(private_key, sizeof(private_key));
	wipe(x, sizeof(x));
	return e;
}

sw_t custody_open(struct card *card, const struct command *command, struct reply *reply)
{
	struct custody session = {.open = GRANTED, .confirmed = DENIED, .channel = card->channel};
	const uint8_t *at = command->data.at;
	uint8_t digest[SHA256_LENGTH];
	struct span context;
	sw_t sw = may(card, command, NOTHING, P256_COMPRESSED + 1, P256_COMPRESSED + STATEMENT_NAME);
	int e;

	if (sw != SW_OK)
		return sw;
	context = (struct span){at + P256_COMPRESSED, command->data.length - P256_COMPRESSED};
	if (!statement_is_part(context, STATEMENT_NAME))
		return SW_WRONG_DATA;
	e = agree(&session.tunnel, reply->at, card, at);
	if (e == OK)
		e = statement_of_session(digest, context, reply->at, at);
	reply->length = P256_COMPRESSED;
	if (e == OK)
		e = put_signature(reply, card, digest);
	if (e == OK)
		card->custody = session;
	wipe(&session, sizeof(session));
	return e == ERROR_NOT_FOUND ? SW_CONDITIONS_NOT_SATISFIED : sw_from_error(e);
}

/* ---- The contribution ---- */

/* Hold a new one, and sign the commitment to it. */
static int contribute(struct card *card, const struct statement_about *about, struct reply *reply)
{
	uint8_t contribution[STATEMENT_VALUE], commitment[SHA256_LENGTH];
	struct store *store = &card->store;
	struct held before;
	int e = held_read(&before, store, HELD_CONTRIBUTION);

	if (e == OK && before.state != HELD_NOTHING)
		e = vault_shred(store);
	if (e == OK)
		e = drbg_fill(&card->drbg, contribution, sizeof(contribution));
	if (e == OK)
		e = held_commit(commitment, about, 0, 0, contribution);
	if (e == OK)
		e = held_write(store, HELD_CONTRIBUTION, about, 0, 0, commitment, contribution);
	wipe(contribution, sizeof(contribution));
	return e == OK ? put_statement(reply, card, STATEMENT_COMMIT, about, commitment) : e;
}

sw_t custody_contribute(struct card *card, const struct command *command, struct reply *reply)
{
	struct statement_about about;
	sw_t sw = may(card, command, THE_PIN, ABOUT + 1, ABOUT + STATEMENT_CEREMONY);
	int e;

	if (sw == SW_OK)
		sw = parse_about(&about, command->data);
	if (sw != SW_OK)
		return sw;
	e = store_begin(&card->store);
	return finish(card, e == OK ? contribute(card, &about, reply) : e);
}

sw_t custody_reveal(struct card *card, const struct command *command, struct reply *reply)
{
	uint32_t *secrets = &card->custody.tunnel.secrets, before = *secrets;
	struct held held;
	sw_t sw = may(card, command, THE_PIN | A_SESSION, ABOUT + 1, ABOUT + STATEMENT_CEREMONY);
	int e;

	if (sw == SW_OK)
		sw = find(&held, card, HELD_CONTRIBUTION, command->data);
	if (sw != SW_OK)
		return sw;
	e = store_begin(&card->store);
	if (e == OK)
		e = held_erase(&card->store, HELD_CONTRIBUTION, &held);
	if (e == OK)
		e = put_secret(reply, card, HELD_CONTRIBUTION, &held);
	if ((sw = finish(card, e)) != SW_OK)
		*secrets = before; /* it did not cross */
	return sw;
}

/* ---- The share ---- */

/* Hold what was opened, and sign for it. */
static int hold(struct card *card, const struct statement_about *about, const uint8_t *numbers,
		const uint8_t secret[static SHARE], struct reply *reply)
{
	uint8_t commitment[SHA256_LENGTH];
	int e = held_commit(commitment, about, numbers[0], numbers[1], secret);

	if (e == OK)
		e = put_statement(reply, card, STATEMENT_HELD, about, commitment);
	return e == OK ? held_write(&card->store, HELD_SHARE, about, numbers[0], numbers[1], commitment,
				    secret)
		       : e;
}

sw_t custody_store(struct card *card, const struct command *command, struct reply *reply)
{
	uint32_t *secrets = &card->custody.tunnel.secrets, before = *secrets;
	const uint8_t *at = command->data.at;
	struct statement_about about;
	struct held held;
	uint8_t secret[SHARE];
	sw_t sw = may(card, command, THE_PIN | A_SESSION, STORE_HEAD + ABOUT + 1,
		      STORE_HEAD + ABOUT + STATEMENT_CEREMONY);
	int e;

	if (sw == SW_OK)
		sw = sw_from_error(held_read(&held, &card->store, HELD_SHARE));
	if (sw == SW_OK && held.state == HELD_SECRET)
		sw = SW_CONDITIONS_NOT_SATISFIED;
	if (sw == SW_OK)
		sw = parse_about(&about, (struct span){at + STORE_HEAD, command->data.length - STORE_HEAD});
	if (sw == SW_OK &&
	    (at[0] < 2 || at[0] > at[1] || at[1] > STATEMENT_CUSTODIANS || about.index > at[1]))
		sw = SW_WRONG_DATA;
	if (sw != SW_OK)
		return sw;
	e = tunnel_open(secret, &card->custody.tunnel, TUNNEL_TO_CARD, (struct span){at + 2, SEALED_SHARE});
	if (e == OK)
		e = hold(card, &about, at, secret, reply);
	wipe(secret, sizeof(secret));
	if (e == OK)
		card->custody.confirmed = DENIED; /* that was another share's */
	else
		*secrets = before; /* it may come again */
	return sw_from_error(e);
}

sw_t custody_confirm(struct card *card, const struct command *command, struct reply *reply)
{
	struct span ceremony = command->data;
	struct held held;
	sw_t sw = may(card, command, THE_PIN | A_SESSION, 1, STATEMENT_CEREMONY);

	(void)reply;
	if (sw == SW_OK)
		sw = sw_from_error(held_read(&held, &card->store, HELD_SHARE));
	if (sw != SW_OK)
		return sw;
	if (held.state != HELD_SECRET || held.about.ceremony.length != ceremony.length ||
	    memcmp(held.about.ceremony.at, ceremony.at, ceremony.length) != 0)
		return SW_REFERENCE_NOT_FOUND;
	card->custody.confirmed = GRANTED;
	return SW_OK;
}

/* Count a release: in the memory before anything is answered. ERROR_STATE when there can be no more. */
static int count(struct store *store)
{
	uint8_t counter[COUNTER];
	int e = read_counter(counter, store), i = COUNTER - 1;

	while (i >= 0 && ++counter[i] == 0)
		i--;
	if (e == OK && i < 0)
		e = ERROR_STATE;
	return e == OK ? store_write(store, COUNTER_ID, counter, COUNTER) : e;
}

sw_t custody_release(struct card *card, const struct command *command, struct reply *reply)
{
	struct custody *session = &card->custody;
	struct held held;
	sw_t sw = may(card, command, THE_PIN | A_SESSION, ABOUT + 1, ABOUT + STATEMENT_CEREMONY);
	int e;

	if (sw == SW_OK && session->confirmed != GRANTED)
		sw = SW_CONDITIONS_NOT_SATISFIED;
	if (sw == SW_OK)
		sw = find(&held, card, HELD_SHARE, command->data);
	if (sw == SW_OK && held.state != HELD_SECRET)
		sw = SW_REFERENCE_NOT_FOUND;
	if (sw != SW_OK)
		return sw;
	e = count(&card->store);
	if (e == OK)
		e = put_secret(reply, card, HELD_SHARE, &held);
	if (e == OK)
		session->confirmed = DENIED;
	return sw_from_error(e);
}

/* Nothing frees the PIN any more. */
static int is_lost(const struct card *card)
{
	struct pin_state pin;

	return pin_look(card, PIN_CUSTODIAN, &pin) == OK && pin.tries == 0 && pin.unblock == 0;
}

sw_t custody_destroy(struct card *card, const struct command *command, struct reply *reply)
{
	struct held held;
	sw_t sw =
		may(card, command, is_lost(card) ? NOTHING : THE_PIN, ABOUT + 1, ABOUT + STATEMENT_CEREMONY);
	int e;

	if (sw == SW_OK)
		sw = find(&held, card, HELD_SHARE, command->data);
	if (sw != SW_OK)
		return sw;
	e = put_statement(reply, card, STATEMENT_DESTROYED, &held.about, held.commitment);
	if (e < 0 || held.state == HELD_DESTROYED)
		return sw_from_error(e);
	if ((e = store_begin(&card->store)) == OK)
		e = held_erase(&card->store, HELD_SHARE, &held);
	return finish(card, e);
}

/* ---- SIGN ---- */

/* head(32) length(1) ceremony name */
static int party(uint8_t digest[static SHA256_LENGTH], enum statement which, struct span data)
{
	const uint8_t *at = data.at + SHA256_LENGTH + 1;
	size_t left = data.length - SHA256_LENGTH - 1, length = data.at[SHA256_LENGTH];
	struct span ceremony = {at, length}, name = {at + length, left - length};

	if (length > left || !statement_is_part(ceremony, STATEMENT_CEREMONY) ||
	    !statement_is_part(name, STATEMENT_NAME))
		return ERROR_VALUE;
	return statement_of_party(digest, which, ceremony, name, data.at);
}

static int note(uint8_t digest[static SHA256_LENGTH], struct span text)
{
	static const char origin[] = "simrite/ceremony/";

	if (text.length < sizeof(origin) || memcmp(text.at, origin, sizeof(origin) - 1) != 0)
		return ERROR_VALUE;
	return sha256(digest, text);
}

sw_t custody_sign(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t digest[SHA256_LENGTH];
	sw_t sw = may(card, command, THE_PIN | A_KIND, SHA256_LENGTH + 1 + 2, UINT8_MAX);
	int e;

	if (sw != SW_OK)
		return sw;
	e = command->p1 == CUSTODY_NOTE
		    ? note(digest, command->data)
		    : party(digest, command->p1 == CUSTODY_PRESENT ? STATEMENT_PRESENT : STATEMENT_SIGNOFF,
			    command->data);
	return sw_from_error(e == OK ? put_signature(reply, card, digest) : e);
}

/* Sessions, and what crosses in them: contributions and shares. */
#include <string.h>
#include <sys/random.h>

#include "custodian/statement.h"
#include "lib/card_file.h"
#include "lib/custodian_exchange.h"
#include "lib/hex.h"
#include "lib/secret.h"

enum {
	SEALED_SHARE = 2 * CUSTODIAN_SECRET + TUNNEL_TAG,
	SEALED_CONTRIBUTION = CUSTODIAN_SECRET + TUNNEL_TAG
};

static void to_about(struct statement_about *to, const struct custodian_about *about)
{
	to->ceremony = (struct span){(const uint8_t *)about->ceremony, strlen(about->ceremony)};
	memcpy(to->set, about->set, sizeof(to->set));
	to->index = (uint8_t)about->index;
}

static void add_about(struct custodian_exchange *x, const struct custodian_about *about)
{
	uint8_t index = (uint8_t)about->index;

	custodian_add(x, about->set, CUSTODIAN_SET);
	custodian_add(x, &index, 1);
	custodian_add(x, about->ceremony, strlen(about->ceremony));
}

static int check_about(const struct custodian_about *about, struct fault *fault)
{
	struct statement_about to;

	to_about(&to, about);
	if (about->index < 1 || about->index > STATEMENT_CUSTODIANS ||
	    !statement_is_part(to.ceremony, STATEMENT_CEREMONY))
		return fault_set(fault, FAULT_BUG, NULL, "there can be no custodian %u of ceremony \"%s\"",
				 about->index, about->ceremony);
	return 0;
}

/* commitment signature, of the last answer. */
static int take_statement(const struct custodian_card *card, uint8_t commitment[static 32],
			  uint8_t signature[static 64], const struct custodian_exchange *x,
			  enum statement which, const struct custodian_about *about, const char *what,
			  struct fault *fault)
{
	struct statement_about to;
	uint8_t digest[SHA256_LENGTH];

	to_about(&to, about);
	if (statement_of_holding(digest, which, &to, x->answer) != OK)
		return fault_set(fault, FAULT_BUG, NULL, "SHA-256 failed");
	memcpy(commitment, x->answer, 32);
	return custodian_check_signature(card, signature, digest, x->answer + 32, what, fault);
}

/* What the card holds, for a fault. */
static int not_that(struct custodian_card *card, bool share, const struct custodian_about *about,
		    struct fault *fault)
{
	const char *what = share ? "share" : "contribution";
	struct custodian_status status;
	const struct custodian_held *held;
	char set[17], wanted[17];

	if (custodian_status(card, &status, fault) != 0)
		return -1;
	held = share ? &status.share : &status.contribution;
	hex_write(wanted, about->set, CUSTODIAN_SET);
	hex_write(set, held->set, CUSTODIAN_SET);
	if (held->state == CUSTODIAN_NONE)
		return fault_set(fault, FAULT_POLICY, NULL, "the card holds no %s", what);
	if (held->state == CUSTODIAN_DESTROYED)
		return fault_set(fault, FAULT_POLICY, NULL,
				 "the share that the card held, of ceremony \"%s\", is destroyed",
				 held->ceremony);
	return fault_set(fault, FAULT_POLICY, "insert the card that belongs to it",
			 "the card holds %s %u of ceremony \"%s\", set %s; wanted is %u of \"%s\", set %s",
			 what, held->index, held->ceremony, set, about->index, about->ceremony, wanted);
}

/* ---- the session ---- */

static int host_random(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

/* Our half: what to send, and the key once the card has answered and signed. */
static int agree(struct custodian_card *card, struct custodian_exchange *x,
		 const uint8_t private_key[static 32], const uint8_t host_key[static 33], const char *context,
		 struct fault *fault)
{
	const struct p256_random random = {host_random, NULL};
	uint8_t digest[SHA256_LENGTH], signature[64], shared[P256_SHARED];
	int e = statement_of_session(digest, (struct span){(const uint8_t *)context, strlen(context)},
				     x->answer, host_key);

	if (e != OK || custodian_check_signature(card, signature, digest, x->answer + P256_COMPRESSED,
						 "open a session", fault) != 0)
		return e != OK ? fault_set(fault, FAULT_BUG, NULL, "SHA-256 failed") : -1;
	e = p256_shared(shared, private_key, (struct span){x->answer, P256_COMPRESSED}, &random);
	if (e == OK)
		e = tunnel_derive(&card->tunnel, shared, x->answer, host_key);
	secret_wipe(shared, sizeof(shared));
	if (e != OK)
		return fault_set(fault, FAULT_CARD, NULL, "open a session: the card's key is none");
	card->in_session = true;
	return 0;
}

/* One for as long as the card is open. `context` is what the card signs it for. */
static int need_session(struct custodian_card *card, const char *context, struct fault *fault)
{
	const struct p256_random random = {host_random, NULL};
	uint8_t private_key[P256_PRIVATE], key[P256_UNCOMPRESSED], host_key[P256_COMPRESSED];
	struct custodian_exchange x;
	int result = -1;

	if (card->in_session)
		return 0;
	if (p256_generate(private_key, key, &random) != OK ||
	    p256_compress(host_key, (struct span){key, sizeof(key)}) != OK)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no random numbers");
	custodian_start(&x, 0x80, CUSTODIAN_INS_OPEN, 0, 0);
	custodian_add(&x, host_key, sizeof(host_key));
	custodian_add(&x, context, strlen(context));
	if (custodian_expect(&x, custodian_send(card, &x, true, fault), P256_COMPRESSED + P256_SIGNATURE,
			     "open a session", fault) == 0)
		result = agree(card, &x, private_key, host_key, context, fault);
	secret_wipe(private_key, sizeof(private_key));
	custodian_end(&x);
	return result;
}

/* Open what came. */
static int take_secret(struct custodian_card *card, uint8_t *out, const struct custodian_exchange *x,
		       const char *what, struct fault *fault)
{
	if (tunnel_open(out, &card->tunnel, TUNNEL_TO_HOST, (struct span){x->answer, x->length}) == OK)
		return 0;
	card->in_session = false;
	return fault_set(fault, FAULT_CARD, NULL, "%s: what came is not what the card sealed", what);
}

/* ---- contributions ---- */

int custodian_contribute(struct custodian_card *card, uint8_t commitment[static 32],
			 uint8_t signature[static 64], const struct custodian_about *about,
			 struct fault *fault)
{
	static const char what[] = "draw a contribution";
	struct custodian_exchange x;
	int result = check_about(about, fault);

	if (result != 0)
		return -1;
	custodian_start(&x, 0x80, CUSTODIAN_INS_CONTRIBUTE, 0, 0);
	add_about(&x, about);
	result = custodian_expect(&x, custodian_send(card, &x, true, fault), 32 + 64, what, fault);
	if (result == 0)
		result =
			take_statement(card, commitment, signature, &x, STATEMENT_COMMIT, about, what, fault);
	custodian_end(&x);
	return result;
}

int custodian_reveal(struct custodian_card *card, uint8_t contribution[static CUSTODIAN_SECRET],
		     const struct custodian_about *about, const uint8_t commitment[static 32],
		     struct fault *fault)
{
	static const char what[] = "reveal the contribution";
	struct statement_about to;
	uint8_t digest[SHA256_LENGTH];
	struct custodian_exchange x;
	int sw, result;

	if (check_about(about, fault) != 0 || need_session(card, about->ceremony, fault) != 0)
		return -1;
	custodian_start(&x, 0x80, CUSTODIAN_INS_REVEAL, 0, 0);
	add_about(&x, about);
	sw = custodian_send(card, &x, true, fault);
	result = sw == SW_REFERENCE_NOT_FOUND ? not_that(card, false, about, fault)
					      : custodian_expect(&x, sw, SEALED_CONTRIBUTION, what, fault);
	if (result == 0)
		result = take_secret(card, contribution, &x, what, fault);
	custodian_end(&x);
	to_about(&to, about);
	if (result == 0 && (statement_contribution(digest, &to, contribution) != OK ||
			    memcmp(digest, commitment, sizeof(digest)) != 0))
		result = fault_set(fault, FAULT_CARD, NULL, "%s: it is not the one that was committed to",
				   what);
	if (result != 0)
		secret_wipe(contribution, CUSTODIAN_SECRET);
	return result;
}

/* ---- shares ---- */

/* The commitment to a share. */
static int commit(uint8_t commitment[static 32], const struct custodian_about *about,
		  const struct custodian_share *share, struct fault *fault)
{
	uint8_t secret[2 * CUSTODIAN_SECRET];
	struct statement_about to;
	int e;

	to_about(&to, about);
	memcpy(secret, share->salt, CUSTODIAN_SECRET);
	memcpy(secret + CUSTODIAN_SECRET, share->value, CUSTODIAN_SECRET);
	e = statement_share(commitment, &to, (uint8_t)share->threshold, (uint8_t)share->total, secret);
	secret_wipe(secret, sizeof(secret));
	return e == OK ? 0 : fault_set(fault, FAULT_BUG, NULL, "SHA-256 failed");
}

/* STORE SHARE as it is sent: threshold total sealed about. */
static int seal_share(struct custodian_card *card, struct custodian_exchange *x,
		      const struct custodian_about *about, const struct custodian_share *share,
		      struct fault *fault)
{
	const uint8_t numbers[2] = {(uint8_t)share->threshold, (uint8_t)share->total};
	uint8_t secret[2 * CUSTODIAN_SECRET], sealed[SEALED_SHARE];
	int e;

	memcpy(secret, share->salt, CUSTODIAN_SECRET);
	memcpy(secret + CUSTODIAN_SECRET, share->value, CUSTODIAN_SECRET);
	e = tunnel_seal(sealed, &card->tunnel, TUNNEL_TO_CARD, (struct span){secret, sizeof(secret)});
	secret_wipe(secret, sizeof(secret));
	custodian_start(x, 0x80, CUSTODIAN_INS_STORE, 0, 0);
	custodian_add(x, numbers, sizeof(numbers));
	custodian_add(x, sealed, sizeof(sealed));
	add_about(x, about);
	return e == OK ? 0 : fault_set(fault, FAULT_BUG, NULL, "AES-SIV failed");
}

/* Why the card takes no share: it has one. */
static int has_one(struct custodian_card *card, struct fault *fault)
{
	struct custodian_status status;

	if (custodian_status(card, &status, fault) != 0)
		return -1;
	return fault_set(
		fault, FAULT_POLICY, "destroy it first, if that is meant: simrite ceremony destroy-share",
		"the card holds share %u of ceremony \"%s\"", status.share.index, status.share.ceremony);
}

int custodian_store_share(struct custodian_card *card, uint8_t signature[static 64],
			  const struct custodian_about *about, struct custodian_share *share,
			  struct fault *fault)
{
	static const char what[] = "store the share";
	uint8_t expected[32];
	struct custodian_exchange x;
	int sw, result;

	if (check_about(about, fault) != 0 || need_session(card, about->ceremony, fault) != 0 ||
	    commit(expected, about, share, fault) != 0 || seal_share(card, &x, about, share, fault) != 0)
		return -1;
	sw = custodian_send(card, &x, true, fault);
	if (sw != SW_OK)
		card->in_session = false; /* the card did not count what was sealed */
	result = sw == SW_CONDITIONS_NOT_SATISFIED ? has_one(card, fault)
						   : custodian_expect(&x, sw, 32 + 64, what, fault);
	if (result == 0)
		result = take_statement(card, share->commitment, signature, &x, STATEMENT_HELD, about, what,
					fault);
	custodian_end(&x);
	if (result == 0 && memcmp(expected, share->commitment, sizeof(expected)) != 0)
		result = fault_set(fault, FAULT_CARD, NULL, "%s: the card signs for another", what);
	return result;
}

int custodian_confirm(struct custodian_card *card, const char *ceremony, struct fault *fault)
{
	struct custodian_about about = {.ceremony = ceremony};
	struct custodian_exchange x;
	int sw;

	if (need_session(card, ceremony, fault) != 0)
		return -1;
	custodian_start(&x, 0x80, CUSTODIAN_INS_CONFIRM, 0, 0);
	custodian_add(&x, ceremony, strlen(ceremony));
	sw = custodian_send(card, &x, false, fault);
	return sw == SW_REFERENCE_NOT_FOUND ? not_that(card, true, &about, fault)
					    : custodian_expect(&x, sw, 0, "confirm the release", fault);
}

/* The share that was released, checked against what the card says it holds. */
static int take_share(struct custodian_card *card, struct custodian_share *share,
		      const struct custodian_about *about, const struct custodian_exchange *x,
		      struct fault *fault)
{
	static const char what[] = "release the share";
	uint8_t secret[2 * CUSTODIAN_SECRET];
	struct custodian_status status;

	if (take_secret(card, secret, x, what, fault) != 0)
		return -1;
	memcpy(share->salt, secret, CUSTODIAN_SECRET);
	memcpy(share->value, secret + CUSTODIAN_SECRET, CUSTODIAN_SECRET);
	secret_wipe(secret, sizeof(secret));
	if (custodian_status(card, &status, fault) != 0)
		return -1;
	share->threshold = status.share.threshold;
	share->total = status.share.total;
	if (commit(share->commitment, about, share, fault) != 0)
		return -1;
	if (memcmp(share->commitment, status.share.commitment, 32) != 0)
		return fault_set(fault, FAULT_CARD, NULL, "%s: it is not what the card committed to", what);
	return 0;
}

int custodian_release_share(struct custodian_card *card, struct custodian_share *share,
			    const struct custodian_about *about, struct fault *fault)
{
	struct custodian_exchange x;
	int sw, result;

	memset(share, 0, sizeof(*share));
	if (check_about(about, fault) != 0 || need_session(card, about->ceremony, fault) != 0)
		return -1;
	custodian_start(&x, 0x80, CUSTODIAN_INS_RELEASE, 0, 0);
	add_about(&x, about);
	sw = custodian_send(card, &x, true, fault);
	if (sw == SW_CONDITIONS_NOT_SATISFIED)
		result = fault_set(fault, FAULT_POLICY, "ask the custodian, then confirm it",
				   "release the share: its custodian did not confirm it");
	else if (sw == SW_REFERENCE_NOT_FOUND)
		result = not_that(card, true, about, fault);
	else
		result = custodian_expect(&x, sw, SEALED_SHARE, "release the share", fault);
	if (result == 0)
		result = take_share(card, share, about, &x, fault);
	custodian_end(&x);
	if (result != 0)
		secret_wipe(share, sizeof(*share));
	return result;
}

int custodian_destroy(struct custodian_card *card, uint8_t commitment[static 32],
		      uint8_t signature[static 64], const struct custodian_about *about, struct fault *fault)
{
	static const char what[] = "destroy the share";
	struct custodian_exchange x;
	int sw, result;

	if (check_about(about, fault) != 0)
		return -1;
	custodian_start(&x, 0x80, CUSTODIAN_INS_DESTROY, 0, 0);
	add_about(&x, about);
	sw = custodian_send(card, &x, true, fault);
	result = sw == SW_REFERENCE_NOT_FOUND ? not_that(card, true, about, fault)
					      : custodian_expect(&x, sw, 32 + 64, what, fault);
	if (result == 0)
		result = take_statement(card, commitment, signature, &x, STATEMENT_DESTROYED, about, what,
					fault);
	custodian_end(&x);
	return result;
}

/* Objects STORE_CUSTODIAN, what: threshold total index set commitment, the ceremony's length and
 * the ceremony, the sealed secret. A destroyed share ends before that. */
#include "custodian/held.h"

#include <string.h>

#include "crypto/compare.h"
#include "crypto/wipe.h"

enum {
	SET = 3,
	COMMITMENT = SET + STATEMENT_SET,
	LENGTH = COMMITMENT + SHA256_LENGTH
};

static uint16_t held_id(enum held_what what)
{
	return (uint16_t)(STORE_CUSTODIAN << 8 | what);
}

static size_t secret_length(enum held_what what)
{
	return what == HELD_SHARE ? 2 * STATEMENT_VALUE : STATEMENT_VALUE;
}

/* What the secret is sealed with: as much of the commitment as the vault takes. */
static struct span open_part(const uint8_t commitment[static SHA256_LENGTH])
{
	return (struct span){commitment, VAULT_OPEN_MAX};
}

int held_commit(uint8_t commitment[static SHA256_LENGTH], const struct statement_about *about,
		uint8_t threshold, uint8_t total, const uint8_t *secret)
{
	return threshold ? statement_share(commitment, about, threshold, total, secret)
			 : statement_contribution(commitment, about, secret);
}

int held_read(struct held *held, const struct store *store, enum held_what what)
{
	const uint8_t *at = held->bytes;
	int n = store_read(store, held_id(what), held->bytes, 0, HELD_MAX);

	held->state = HELD_NOTHING;
	held->head = 0;
	if (n < 0)
		return n == ERROR_NOT_FOUND ? OK : n;
	if (n < HELD_HEAD || at[LENGTH] > STATEMENT_CEREMONY)
		return ERROR_MEMORY;
	held->head = (uint8_t)(HELD_HEAD + at[LENGTH]);
	if (n == held->head)
		held->state = HELD_DESTROYED;
	else if ((size_t)n == held->head + secret_length(what) + VAULT_TAG)
		held->state = HELD_SECRET;
	else
		return ERROR_MEMORY;
	held->threshold = at[0];
	held->total = at[1];
	held->about.index = at[2];
	memcpy(held->about.set, at + SET, STATEMENT_SET);
	memcpy(held->commitment, at + COMMITMENT, SHA256_LENGTH);
	held->about.ceremony = (struct span){at + HELD_HEAD, at[LENGTH]};
	return OK;
}

int held_open(uint8_t secret[static HELD_SECRET_MAX], const struct store *store, enum held_what what,
	      const struct held *held)
{
	size_t length = secret_length(what);
	uint8_t commitment[SHA256_LENGTH];
	int e;

	if (held->state != HELD_SECRET)
		return ERROR_NOT_FOUND;
	e = vault_open(secret, store, held_id(what), open_part(held->commitment),
		       (struct span){held->bytes + held->head, length + VAULT_TAG});
	if (e == OK)
		e = held_commit(commitment, &held->about, held->threshold, held->total, secret);
	if (e == OK && compare_equal(commitment, held->commitment, SHA256_LENGTH) != GRANTED)
		e = ERROR_MEMORY;
	if (e < 0)
		wipe(secret, length);
	return e;
}

int held_is(const struct held *held, const struct statement_about *about)
{
	const struct statement_about *own = &held->about;

	return held->state != HELD_NOTHING && own->index == about->index &&
	       memcmp(own->set, about->set, STATEMENT_SET) == 0 &&
	       own->ceremony.length == about->ceremony.length &&
	       memcmp(own->ceremony.at, about->ceremony.at, about->ceremony.length) == 0;
}

int held_write(struct store *store, enum held_what what, const struct statement_about *about,
	       uint8_t threshold, uint8_t total, const uint8_t commitment[static SHA256_LENGTH],
	       const uint8_t *secret)
{
	size_t head = HELD_HEAD + about->ceremony.length, length = secret_length(what);
	uint8_t bytes[HELD_MAX] = {threshold, total, about->index};
	int e;

	memcpy(bytes + SET, about->set, STATEMENT_SET);
	memcpy(bytes + COMMITMENT, commitment, SHA256_LENGTH);
	bytes[LENGTH] = (uint8_t)about->ceremony.length;
	memcpy(bytes + HELD_HEAD, about->ceremony.at, about->ceremony.length);
	e = vault_seal(bytes + head, store, held_id(what), open_part(commitment),
		       (struct span){secret, length});
	return e == OK ? store_write(store, held_id(what), bytes, head + length + VAULT_TAG) : e;
}

int held_erase(struct store *store, enum held_what what, const struct held *held)
{
	int e = what == HELD_SHARE ? store_write(store, held_id(what), held->bytes, held->head)
				   : store_delete(store, held_id(what));

	return e == OK ? vault_shred(store) : e;
}

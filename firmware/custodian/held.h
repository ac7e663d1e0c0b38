/* held.h - what a custodian's card holds: a share, and a contribution that was not revealed yet.
 *
 * One store object each. What it is of, and the commitment to it, can be told;
 * the secret is sealed (keys/vault.h) together with the commitment, and the
 * commitment is computed again when it is opened. So whatever was changed in
 * the memory, what comes out is what the card once signed for, or nothing. */
#ifndef SIMRITE_HELD_H
#define SIMRITE_HELD_H

#include "custodian/statement.h"
#include "fs/store.h"
#include "keys/vault.h"

enum held_what {
	HELD_SHARE = 0x01,        /* secret: salt(32) value(32) */
	HELD_CONTRIBUTION = 0x02, /* secret: 32 bytes */
};

enum held_state {
	HELD_NOTHING = 0x00,
	HELD_SECRET = 0x01,
	HELD_DESTROYED = 0x02, /* a share that was: what it was of is still told */
};

enum {
	/* threshold(1) total(1) index(1) set(8) commitment(32) length(1) ceremony */
	HELD_HEAD = 3 + STATEMENT_SET + SHA256_LENGTH + 1,
	HELD_HEAD_MAX = HELD_HEAD + STATEMENT_CEREMONY,
	HELD_SECRET_MAX = 2 * STATEMENT_VALUE,
	HELD_MAX = HELD_HEAD_MAX + HELD_SECRET_MAX + VAULT_TAG
};

/* Holds pointers into itself: not to be copied. */
struct held {
	uint8_t state; /* enum held_state */
	uint8_t threshold, total;
	uint8_t head; /* how many of the bytes are no secret, as STATUS tells them */
	struct statement_about about;
	uint8_t commitment[SHA256_LENGTH];
	uint8_t bytes[HELD_MAX]; /* the object */
};

/* The commitment to `secret`; threshold and total are 0 for a contribution. ERROR_CRYPTO. */
MUST_CHECK int held_commit(uint8_t commitment[static SHA256_LENGTH], const struct statement_about *about,
			   uint8_t threshold, uint8_t total, const uint8_t *secret);

/* What is held; nothing is OK. ERROR_MEMORY. */
MUST_CHECK int held_read(struct held *held, const struct store *store, enum held_what what);

/* Its secret, 64 or 32 bytes, to be wiped. ERROR_NOT_FOUND unless there is one, ERROR_MEMORY. */
MUST_CHECK int held_open(uint8_t secret[static HELD_SECRET_MAX], const struct store *store,
			 enum held_what what, const struct held *held);

/* Is that what is held, or was? 1 or 0. */
int held_is(const struct held *held, const struct statement_about *about);

/* Hold `secret` from now on, in place of what was. ERROR_CRYPTO, store errors. */
MUST_CHECK int held_write(struct store *store, enum held_what what, const struct statement_about *about,
			  uint8_t threshold, uint8_t total, const uint8_t commitment[static SHA256_LENGTH],
			  const uint8_t *secret);

/* Erase the secret of a share; a contribution goes altogether. Inside the
 * caller's transaction, behind the commit of which comes vault_purge(). Store errors. */
MUST_CHECK int held_erase(struct store *store, enum held_what what, const struct held *held);

#endif

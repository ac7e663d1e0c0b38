/* statement.h - the texts that a custodian's card signs or commits to, as SHA-256 digests.
 *
 * docs/ceremony/protocol.md has them. A text is its parts joined by newlines
 * (0A), none at the end: a label, then what the text is about, with bytes in
 * hex of small letters and numbers in decimal:
 *
 *     simrite commit v1            ceremony, set, index, commitment
 *     simrite share held v1        likewise
 *     simrite share destroyed v1   likewise
 *     simrite present v1           ceremony, name, head
 *     simrite signoff v1           likewise
 *     simrite session v1           context, card's ephemeral key, host's
 *
 * A commitment is the digest of one of
 *
 *     simrite contribution v1      ceremony, set, index, contribution
 *     simrite share v1             ceremony, set, index, threshold, total, salt, value
 *
 * A part that is text has no newline in it, so one digest has one meaning.
 * Nothing branches on a contribution, salt or value and no address depends on
 * one. Return OK or ERROR_CRYPTO. Pure: card and host share it. */
#ifndef SIMRITE_STATEMENT_H
#define SIMRITE_STATEMENT_H

#include "crypto/p256.h"
#include "crypto/sha256.h"

enum {
	STATEMENT_SET = 8,         /* bytes that mark one attempt of a ceremony */
	STATEMENT_CEREMONY = 32,   /* most bytes of a ceremony's id, ... */
	STATEMENT_NAME = 128,      /* ... and of a party's name */
	STATEMENT_CUSTODIANS = 16, /* the highest index, and number of shares */
	STATEMENT_VALUE = 32       /* bytes of a contribution, a salt and a share's value */
};

/* Which custodian's, in which attempt of which ceremony. */
struct statement_about {
	struct span ceremony;
	uint8_t set[STATEMENT_SET];
	uint8_t index; /* 1..STATEMENT_CUSTODIANS */
};

enum statement {
	STATEMENT_COMMIT,
	STATEMENT_HELD,
	STATEMENT_DESTROYED,
	STATEMENT_PRESENT,
	STATEMENT_SIGNOFF,
};

/* May this be a part of a text: 1 to `most` bytes, none of them a control character? 1 or 0. */
int statement_is_part(struct span part, size_t most);

/* One of the first three. */
MUST_CHECK int statement_of_holding(uint8_t digest[static SHA256_LENGTH], enum statement which,
				    const struct statement_about *about,
				    const uint8_t commitment[static SHA256_LENGTH]);

/* PRESENT or SIGNOFF; `head` is that of the transcript. */
MUST_CHECK int statement_of_party(uint8_t digest[static SHA256_LENGTH], enum statement which,
				  struct span ceremony, struct span name,
				  const uint8_t head[static SHA256_LENGTH]);

/* Of the opening of a session, with both ephemeral keys compressed. */
MUST_CHECK int statement_of_session(uint8_t digest[static SHA256_LENGTH], struct span context,
				    const uint8_t card_key[static P256_COMPRESSED],
				    const uint8_t host_key[static P256_COMPRESSED]);

/* The commitment to a contribution, ... */
MUST_CHECK int statement_contribution(uint8_t digest[static SHA256_LENGTH],
				      const struct statement_about *about,
				      const uint8_t contribution[static STATEMENT_VALUE]);

/* ... and that to a share, one of `total` of which `threshold` are needed: salt || value. */
MUST_CHECK int statement_share(uint8_t digest[static SHA256_LENGTH], const struct statement_about *about,
			       uint8_t threshold, uint8_t total,
			       const uint8_t secret[static 2 * STATEMENT_VALUE]);

#endif

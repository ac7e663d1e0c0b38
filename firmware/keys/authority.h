/* authority.h - whose tickets a card obeys, and its receipts (keys/ticket.h).
 *
 * A card may be given an authority once in its life: a ceremony's public key.
 * From then on no subscriber key enters or is made in a slot of it but under a
 * ticket that the ceremony signed for this card, slot and method, and each
 * ticket once: the numbers of accepted tickets go up. A card has no clock; it
 * knows the highest time that the authority has signed. What is loaded is told
 * in a receipt, which the card signs and keeps: of the last load. A permit is
 * what a ticket allows during one command. All of it is written in the
 * transaction of that command. */
#ifndef SIMRITE_AUTHORITY_H
#define SIMRITE_AUTHORITY_H

#include "crypto/drbg.h"
#include "fs/store.h"
#include "keys/ticket.h"

enum permit_state {
	PERMIT_NONE = 0,
	PERMIT_GIVEN = 1, /* there was a good ticket */
	PERMIT_USED = 2,  /* and a key was loaded under it */
};

struct permit {
	uint8_t state; /* enum permit_state; a command begins with PERMIT_NONE */
	struct ticket ticket;
	uint8_t digest[SHA256_LENGTH]; /* of the ticket's bytes */
};

struct authority {
	uint8_t key[P256_COMPRESSED];
	uint8_t accepted[4]; /* highest number of an accepted ticket, 0: none yet; big-endian */
	uint8_t time[4];     /* highest time known */
};

/* Give the card its authority, a public key of 33 or 65 bytes. ERROR_STATE
 * when it has one, ERROR_VALUE for what is no key; store errors. */
MUST_CHECK int authority_install(struct store *store, struct span public_key);

/* ERROR_NOT_FOUND when there is none; ERROR_MEMORY. */
MUST_CHECK int authority_read(struct authority *authority, const struct store *store);

/* Take a time statement; an older one than is known changes nothing.
 * ERROR_NOT_FOUND without an authority, ERROR_FORMAT, ERROR_CHECK when it did
 * not sign this; store errors. */
MUST_CHECK int authority_hear(struct store *store, struct span statement);

/* Take a ticket into `permit`. ERROR_NOT_FOUND without an authority, errors of
 * ticket_parse(), ERROR_CHECK when the authority did not sign this, ERROR_STATE
 * when there was one already; ERROR_MEMORY. */
MUST_CHECK int authority_take(struct permit *permit, const struct store *store, struct span ticket);

/* May a key come into this slot in this way? `operator_key` with SLOT_AGREED,
 * else empty. OK for a card without an authority, and, once, with a permit, which is then used.
 * ERROR_DENIED without one; ERROR_NOT_FOUND when the ticket is for another
 * card, slot, method or operator; ERROR_STATE when its number was passed;
 * ERROR_RANGE when it has expired; ERROR_MEMORY. */
MUST_CHECK int authority_permits(struct permit *permit, const struct store *store,
				 const uint8_t iccid[static TICKET_ICCID], uint8_t slot, uint8_t method,
				 struct span operator_key);

/* After the load under a used permit: spend its number, write and keep the
 * receipt. `ephemeral` with SLOT_AGREED. Returns the receipt's length.
 * ERROR_NOT_FOUND when the card has no identity; ERROR_MEMORY, ERROR_CRYPTO,
 * store errors. */
MUST_CHECK int authority_receipt(uint8_t receipt[static TICKET_RECEIPT_AGREED], struct store *store,
				 struct drbg *drbg, const struct permit *permit, const uint8_t *ephemeral);

/* The receipt of the last load under a ticket: its length, ERROR_NOT_FOUND, ERROR_MEMORY. */
MUST_CHECK int authority_last_receipt(uint8_t receipt[static TICKET_RECEIPT_AGREED],
				      const struct store *store);

#endif

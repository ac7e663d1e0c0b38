/* vault.h - how secrets are kept in the store: never in the clear.
 *
 * At its first start a card makes a device secret of its own, which no command
 * uses for anything else and nothing outside ever sees. Keys are sealed under
 * it (crypto/siv.h) together with the id of their object and its open part: a
 * value that was moved to another object, or whose open part (usage, state,
 * ...) was changed, does not open. PINs are not kept at all, only a keyed
 * digest.
 *
 * This protects a part of the memory: an old page, a damaged chip, a file
 * that was cut short. Whoever can read all of it has the device secret too;
 * docs/security.md says so. A board with a secret of its own would mix it in
 * here. */
#ifndef SIMRITE_VAULT_H
#define SIMRITE_VAULT_H

#include "crypto/drbg.h"
#include "crypto/siv.h"
#include "fs/store.h"

enum {
	VAULT_OPEN_MAX = 20, /* bytes of an object's open part */
	VAULT_TAG = SIV_TAG, /* how much longer the sealed form is */
	VAULT_DIGEST = 8
};

/* Make the device secret. Once, inside the transaction that makes a blank
 * card. Store errors, ERROR_RANDOM. */
MUST_CHECK int vault_format(struct store *store, struct drbg *drbg);

/* Seal `secret` for object `id`, whose open part is `open`: secret.length +
 * VAULT_TAG bytes to `out`, which must not overlap. ERROR_RANGE when `open` is too
 * long, store errors, ERROR_CRYPTO. */
MUST_CHECK int vault_seal(uint8_t *out, const struct store *store, uint16_t id, struct span open,
			  struct span secret);

/* The reverse; sealed.length - VAULT_TAG bytes. What does not open counts as
 * damaged: ERROR_MEMORY, and `out` is wiped. */
MUST_CHECK int vault_open(uint8_t *out, const struct store *store, uint16_t id, struct span open,
			  struct span sealed);

/* A keyed digest of `message` that belongs to object `id`. Store errors, ERROR_CRYPTO. */
MUST_CHECK int vault_digest(uint8_t digest[static VAULT_DIGEST], const struct store *store, uint16_t id,
			    struct span message);

/* Erasing for good what a transaction gives up. vault_shred(), inside it, notes
 * that this is to be done; vault_purge(), after its commit and at every start
 * of the card, does what was noted and no start has done yet: afterwards no
 * byte of what was deleted or replaced before is in the memory. Store errors. */
MUST_CHECK int vault_shred(struct store *store);
MUST_CHECK int vault_purge(struct store *store);

#endif

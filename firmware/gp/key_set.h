/* key_set.h - the secure channel's static keys (GlobalPlatform key sets) in the store.
 *
 * A key set is a version (KVN 30..3F for SCP03) and three AES-128 keys, one
 * store object; its sequence counter is another, so that opening a channel
 * rewrites 3 bytes and never a key. No command reads a key. */
#ifndef SIMRITE_KEY_SET_H
#define SIMRITE_KEY_SET_H

#include "fs/store.h"

enum {
	KEY_VERSION_FIRST = 0x30,
	KEY_VERSION_LAST = 0x3F,
	KEY_VERSION_BLANK = 0x30 /* of the public test keys on a blank card */
};

struct key_set {
	uint8_t enc[16], mac[16], dek[16];
};

/* ERROR_NOT_FOUND; the caller wipes `keys`. */
MUST_CHECK int key_set_load(struct key_set *keys, const struct store *store, uint8_t version);
/* Write a set and start its sequence counter at 0. ERROR_FULL above
 * SCP_KEY_SETS sets, ERROR_RANGE for the version. */
MUST_CHECK int key_set_save(struct store *store, uint8_t version, const struct key_set *keys);
MUST_CHECK int key_set_delete(struct store *store, uint8_t version);
/* 1 when there is such a set, 0, or ERROR_MEMORY. */
MUST_CHECK int key_set_exists(const struct store *store, uint8_t version);
/* The lowest version there is: what P1 = 00 of INITIALIZE UPDATE means. ERROR_NOT_FOUND. */
MUST_CHECK int key_set_default(const struct store *store);

/* The sequence counter, 0 when no channel was opened yet; or a store error. */
MUST_CHECK int key_set_sequence(const struct store *store, uint8_t version, uint32_t *sequence);
/* Count up, in non-volatile memory, and tell the new value (1, 2, ...).
 * ERROR_STATE when 2^24 - 1 were used: the keys must be replaced. */
MUST_CHECK int key_set_next_sequence(struct store *store, uint8_t version, uint32_t *sequence);

#endif

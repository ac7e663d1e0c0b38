/* key_set.h - the secure channel's static keys (GlobalPlatform key sets) in the store.
 *
 * A key set is a version (KVN), three keys of one length and the "i" parameter
 * of its sessions, one store object: AES keys for SCP03 (KVN 30..3F), two-key
 * triple DES for SCP02 (KVN 01, 20..2F, 70); and for SCP80, over the air, KIc, KID
 * and KIK of AES or of triple DES with two or three keys (KVN 02..0F, the number that
 * KIc and KID name; 01 is left to SCP02, for tools that use it so). No command reads a
 * key, and in the memory the three are sealed (keys/vault.h).
 *
 * The sequence counter, from which pseudo-random card challenges are made, is
 * an object of its own, so that opening a channel rewrites 3 bytes and never a
 * key. It is one for the whole card and only goes up: were it a set's own, the
 * same keys put under another version, or again under this one, would bring
 * old challenges back, and a recorded session could be replayed. Anybody may
 * spend its numbers (INITIALIZE UPDATE asks for no right); when all 2^24 - 1
 * are spent, no channel with such a challenge opens any more, and nothing can
 * be written but with ADM1. A set with random challenges does not use it. */
#ifndef SIMRITE_KEY_SET_H
#define SIMRITE_KEY_SET_H

#include "fs/store.h"
#include "gp/scp03_keys.h"

enum {
	KEY_VERSION_FIRST = 0x30, /* of SCP03 */
	KEY_VERSION_LAST = 0x3F,
	KEY_VERSION_BLANK = 0x30, /* of the public test keys on a blank card */
	/* The "i" a set has until STORE DATA (DGI_SCP) gives it another: S8,
	 * pseudo-random card challenge, R-MAC and R-ENC. */
	KEY_SET_I = SCP03_I_PSEUDO_RANDOM | SCP03_I_R_MAC | SCP03_I_R_ENC,
	KEY_SET_I_SCP02 = 0x15, /* random card challenge */
	/* Of SCP80: which bits of SPI (gp/scp80_packet.h) the card asks for at least: CC, ciphered,
	 * a counter that goes up. */
	KEY_SET_I_SCP80 = 0x16,
	KEY_SET_SCP80_AES = 0x80, /* a further bit of it: the keys are AES keys. It stays what it is */
	KEY_TYPE_DES = 0x80,      /* GlobalPlatform 11.1.8 */
	KEY_TYPE_AES = 0x88,
};

struct key_set {
	uint8_t length; /* bytes of each key: 16, 24 or 32; triple DES: 16 */
	uint8_t i;      /* enum scp03_i: R-MAC and R-ENC always, the rest as wanted; or enum scp02_i */
	uint8_t enc[SCP03_KEY_MAX], mac[SCP03_KEY_MAX], dek[SCP03_KEY_MAX];
};

/* The version number `n` of those there can be, counted from 0: SCP03 first;
 * 0 when there are no more. */
uint8_t key_version(unsigned n);
/* Is this one of those versions, and is it one of SCP02, or of SCP80? 1 or 0. */
int key_version_valid(uint8_t version);
int key_set_is_scp02(uint8_t version);
int key_set_is_scp80(uint8_t version);
/* KEY_TYPE_DES or KEY_TYPE_AES. */
uint8_t key_set_type(uint8_t version, uint8_t i);

/* What may be told of a set, without its keys. */
struct key_set_description {
	uint8_t version, length, i;
};

/* ERROR_NOT_FOUND; the caller wipes `keys`. */
MUST_CHECK int key_set_load(struct key_set *keys, const struct store *store, uint8_t version);
/* Write a set; the sequence counter stays, and starts at 0 with the first set. ERROR_FULL above
 * SCP_KEY_SETS sets, ERROR_RANGE for the version, ERROR_VALUE for a length or
 * an `i` that is none. */
MUST_CHECK int key_set_save(struct store *store, uint8_t version, const struct key_set *keys);
MUST_CHECK int key_set_delete(struct store *store, uint8_t version);
/* Give a set another `i`; its keys stay. ERROR_NOT_FOUND, ERROR_VALUE. */
MUST_CHECK int key_set_set_i(struct store *store, uint8_t version, uint8_t i);
/* 1 when there is such a set, 0, or ERROR_MEMORY. */
MUST_CHECK int key_set_exists(const struct store *store, uint8_t version);
/* ERROR_NOT_FOUND, ERROR_MEMORY. */
MUST_CHECK int key_set_describe(struct key_set_description *out, const struct store *store, uint8_t version);
/* Is `version` the one set of SCP03 that is left? Without it the card takes no
 * key and no PIN any more. 1, 0 or ERROR_MEMORY. */
MUST_CHECK int key_set_is_last(const struct store *store, uint8_t version);
/* The lowest version of SCP03 there is, or else of SCP02: what P1 = 00 of INITIALIZE UPDATE means.
 * ERROR_NOT_FOUND. */
MUST_CHECK int key_set_default(const struct store *store);

/* The sequence counter of SCP03, 0 when no channel was opened yet; or a store error. */
MUST_CHECK int key_set_sequence(const struct store *store, uint32_t *sequence);
/* Count up, in non-volatile memory, and tell the new value (1, 2, ...).
 * ERROR_STATE when 2^24 - 1 were used. */
MUST_CHECK int key_set_next_sequence(struct store *store, uint32_t *sequence);

#endif

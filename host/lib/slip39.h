/* slip39.h - SLIP-0039: shares as words, groups of shares, a passphrase.
 *
 * https://github.com/satoshilabs/slips, slip-0039.md; clauses are its headings.
 * The way out:   slip39_encrypt (passphrase), slip39_split, slip39_encode.
 * The way back:  slip39_decode, slip39_combine, slip39_decrypt.
 *
 * Nothing is allocated, no fault holds a word or a value. The time taken does
 * not depend on a secret, but that a mnemonic's text is as long as its words
 * are, and whoever writes or reads it byte by byte tells so much. A share's
 * place (set, group, index, thresholds) is public and chooses paths. The
 * caller keeps what is secret in locked memory and wipes it. */
#ifndef SIMRITE_SLIP39_H
#define SIMRITE_SLIP39_H

#include <stdbool.h>

#include "lib/fault.h"
#include "lib/share.h"

enum {
	SLIP39_WORDS_LEAST = 20, /* of a 16-byte secret */
	SLIP39_WORDS_MOST = 33,  /* of a 32-byte secret */
	SLIP39_TEXT = 33 * 9,    /* a mnemonic's characters, with the final 0 */
	SLIP39_GROUPS = 16,      /* most groups; a group has at most SHARE_MAX shares */
	SLIP39_PASSPHRASE = 255, /* most characters of a passphrase */
	SLIP39_EXPONENT_MOST = 15
};

/* What all shares made at one time have in common. */
struct slip39_set {
	uint16_t id;      /* 15 random bits */
	bool extendable;  /* whether a passphrase means the same for every id; new sets: true */
	uint8_t exponent; /* PBKDF2 takes 10,000 * 2^exponent iterations; 0..15 */
	uint8_t group_threshold, group_count;
	uint8_t length; /* bytes of the secret: 16..32, even */
};

struct slip39_share {
	struct slip39_set set;
	uint8_t group;      /* 0.. */
	uint8_t threshold;  /* how many shares of this group are needed */
	struct share share; /* secret but for x, which is the index in the group */
};

/* A group to be made. */
struct slip39_group {
	uint8_t threshold, total;
};

/* ---- words ---- */

/* The number of a word of the list, case not regarded, or -1. */
int slip39_word(const char *word, size_t length);

/* How many words a share of a secret of `length` bytes has. */
unsigned slip39_word_count(size_t length);

/* The mnemonic: words parted by one space. FAULT_BUG for a share whose numbers
 * are out of range. */
int slip39_encode(char text[static SLIP39_TEXT], const struct slip39_share *share, struct fault *fault);

/* From words parted by white space. FAULT_INPUT says what is wrong: how many
 * words there are, which of them (by place) are not in the list, that the
 * checksum does not fit, or which number is impossible. Then `share` is wiped. */
int slip39_decode(struct slip39_share *share, const char *text, struct fault *fault);

/* ---- groups ---- */

/* Split what slip39_encrypt() gave into the shares of `set->group_count`
 * groups, those of the first group first. `random`: (group_threshold + the sum
 * of the groups' thresholds) * length random bytes. FAULT_USAGE for numbers
 * out of range, and for a group of several shares of which one suffices. */
int slip39_split(struct slip39_share *shares, const struct slip39_set *set, const struct slip39_group *groups,
		 const uint8_t *ems, const uint8_t *random, struct fault *fault);

/* The encrypted master secret from exactly as many groups as are needed, each
 * with exactly as many shares as are needed, in any order. FAULT_INPUT names
 * the share ("share 2": the second of `shares`) that is of another set or
 * there twice, or the group whose shares do not fit; FAULT_POLICY says how
 * many shares or groups are missing. Then `ems` is wiped. */
int slip39_combine(uint8_t ems[static SHARE_LENGTH], const struct slip39_share *shares, unsigned count,
		   struct fault *fault);

/* ---- passphrase ---- */

/* FAULT_INPUT unless it is 0 to 255 printable ASCII characters. */
int slip39_passphrase(const char *passphrase, struct fault *fault);

/* set->length bytes each way; set's id, extendable and exponent matter. There
 * is no wrong passphrase: each gives another secret. `out` may be `in`. */
int slip39_encrypt(uint8_t *out, const uint8_t *in, const struct slip39_set *set, const char *passphrase,
		   struct fault *fault);
int slip39_decrypt(uint8_t *out, const uint8_t *in, const struct slip39_set *set, const char *passphrase,
		   struct fault *fault);

#endif

/* custodian.h - the card of a party of a ceremony, in a reader.
 *
 * The other end of firmware/custodian/custody.h: one function for each of
 * its commands. Every signature is checked against the card's key before it
 * is given out, and has the low s that transcripts want; a secret crosses
 * only in a session whose opening the card signed, so nobody between can see
 * or change it, and what arrives is what the card committed to.
 *
 *     custodian_find(&card, key, &fault)            among all readers, by its public key
 *     custodian_unlock(card, "Alice", "prompt", false, &fault)
 *     custodian_contribute(card, commitment, signature, &about, &fault)
 *     ...
 *     custodian_close(card)                         wipes; the card forgets PIN and session
 *
 * The reader is ours from find or open to close; a party's card need not stay
 * in it between two steps. Close one before another is sought: finding asks
 * every reader, and waits for one that somebody holds, also if that is we. Functions return 0, or -1 and a
 * fault: FAULT_CARD, no such card, pulled out, or it answers what no honest card does; FAULT_NO, a wrong PIN;
 * FAULT_POLICY, refused here or by the card: the PIN is missing or blocked, one try is left, it holds another
 * ceremony's share. Outputs are wiped on failure. */
#ifndef SIMRITE_CUSTODIAN_HOST_H
#define SIMRITE_CUSTODIAN_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"
#include "lib/reader.h"

enum {
	CUSTODIAN_CEREMONY = 32, /* most bytes of a ceremony's id, ... */
	CUSTODIAN_NAME = 128,    /* ... a party's name, ... */
	CUSTODIAN_NOTE = 255,    /* ... and a note's text; */
	CUSTODIAN_PIN = 8,       /* digits of a PIN, at most; an unblock code has as many */
	CUSTODIAN_PIN_LEAST = 6,
	CUSTODIAN_SET = 8,     /* bytes */
	CUSTODIAN_SECRET = 32, /* bytes of a contribution, a salt, a share's value */
};

struct custodian_card; /* opaque */

/* Which custodian's, in which attempt of which ceremony. */
struct custodian_about {
	const char *ceremony;
	uint8_t set[CUSTODIAN_SET];
	unsigned index; /* 1..16 */
};

enum custodian_state {
	CUSTODIAN_NONE = 0,
	CUSTODIAN_HELD = 1,
	CUSTODIAN_DESTROYED = 2,
};

/* What is told of a share, or of a contribution (threshold and total 0). */
struct custodian_held {
	enum custodian_state state;
	unsigned threshold, total, index;
	uint8_t set[CUSTODIAN_SET];
	uint8_t commitment[32];
	char ceremony[CUSTODIAN_CEREMONY + 1];
};

struct custodian_status {
	bool enrolled;           /* it has a PIN and a key */
	unsigned tries, unblock; /* left */
	uint8_t key[65];         /* 04 x y; zero when it has none */
	char serial[21];         /* the ICCID, or, without one, 16 hex digits of the key's SHA-256 */
	uint32_t releases;       /* of shares, in the card's life */
	struct custodian_held share, contribution;
};

/* A share as it is released; wiped by who has it. */
struct custodian_share {
	unsigned threshold, total;
	uint8_t salt[CUSTODIAN_SECRET], value[CUSTODIAN_SECRET];
	uint8_t commitment[32];
};

/* The card in a reader (lib/reader.h: a name, the start of one, or NULL), enrolled or not. */
int custodian_open(struct custodian_card **card, const char *reader, struct fault *fault);
/* The card with this public key, 04 x y, in whatever reader it is. */
int custodian_find(struct custodian_card **card, const uint8_t key[static 65], struct fault *fault);
void custodian_close(struct custodian_card *card); /* NULL is allowed */

const char *custodian_reader(const struct custodian_card *card);
int custodian_status(struct custodian_card *card, struct custodian_status *status, struct fault *fault);

/* Set PIN (6 to 8 digits) and unblock code (8 digits) and make the identity,
 * once in the card's life: FAULT_POLICY when it was done. */
int custodian_enrol(struct custodian_card *card, const char *pin, const char *code, struct fault *fault);

/* Verify the PIN. With one try left it is not tried unless `last`. A wrong one is FAULT_NO. */
int custodian_verify_pin(struct custodian_card *card, const char *pin, bool last, struct fault *fault);
/* The same, from a secret source (lib/secret.h), which is read once the card is known to take it.
 * A prompt says whose PIN is wanted: the card's holder, or of NULL the reader it is in. */
int custodian_unlock(struct custodian_card *card, const char *holder, const char *source, bool last,
		     struct fault *fault);
/* Change the PIN, by the old one, or by the unblock code. */
int custodian_change_pin(struct custodian_card *card, const char *pin, const char *fresh, bool last,
			 struct fault *fault);
int custodian_unblock_pin(struct custodian_card *card, const char *code, const char *fresh, bool last,
			  struct fault *fault);

/* All from here on want the PIN verified. */

/* Draw a contribution, in place of one that was not revealed. */
int custodian_contribute(struct custodian_card *card, uint8_t commitment[static 32],
			 uint8_t signature[static 64], const struct custodian_about *about,
			 struct fault *fault);
/* Get it, once; FAULT_CARD when it is not what `commitment` was made of. */
int custodian_reveal(struct custodian_card *card, uint8_t contribution[static CUSTODIAN_SECRET],
		     const struct custodian_about *about, const uint8_t commitment[static 32],
		     struct fault *fault);

/* Give it a share; FAULT_POLICY when it holds one. `share->commitment` is filled in. */
int custodian_store_share(struct custodian_card *card, uint8_t signature[static 64],
			  const struct custodian_about *about, struct custodian_share *share,
			  struct fault *fault);
/* The custodian was asked, and wants the share released for this ceremony. Once for each release. */
int custodian_confirm(struct custodian_card *card, const char *ceremony, struct fault *fault);
int custodian_release_share(struct custodian_card *card, struct custodian_share *share,
			    const struct custodian_about *about, struct fault *fault);
/* Erase the share. Again for one that is destroyed: the same answer. Needs no PIN when nothing frees it. */
int custodian_destroy(struct custodian_card *card, uint8_t commitment[static 32],
		      uint8_t signature[static 64], const struct custodian_about *about, struct fault *fault);

enum custodian_kind {
	CUSTODIAN_SIGN_PRESENT = 1,
	CUSTODIAN_SIGN_SIGNOFF = 2,
};
/* Sign "simrite present v1" or "simrite signoff v1" of these. */
int custodian_sign(struct custodian_card *card, uint8_t signature[static 64], enum custodian_kind kind,
		   const char *ceremony, const char *name, const uint8_t head[static 32],
		   struct fault *fault);
/* Sign a note's text, at most CUSTODIAN_NOTE bytes, that begins "simrite/ceremony/". */
int custodian_sign_note(struct custodian_card *card, uint8_t signature[static 64], const char *text,
			struct fault *fault);

#endif

/* hpke.h - hybrid public key encryption (RFC 9180), in the one form this tree uses.
 *
 * Mode auth (RFC 9180 5.1.3): only who has the recipient's private key reads it, and only who has the
 * sender's can have written it. DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, and AES-GCM with a key of 32
 * bytes, or of 16, for which the RFC has vectors. The sender makes an ephemeral key pair for every
 * context and forgets its private half: who steals the sender's key later reads nothing; who steals
 * the recipient's reads everything ever sealed to it, until it is destroyed.
 *
 * Keys are P-256; points are 04 || X || Y. A private key is a function, so that it may stay in a token.
 * Returns 0, or -1: a point that is none, a token or cipher library that refused, or, of hpke_open(),
 * bytes that were changed, reordered or not from this sender. On failure what was to be filled in is
 * wiped. */
#ifndef SIMRITE_HPKE_H
#define SIMRITE_HPKE_H

#include <stddef.h>
#include <stdint.h>

#include "status.h"

enum {
	HPKE_POINT = 65,
	HPKE_TAG = 16,
	HPKE_NONCE = 12,
};

enum hpke_aead {
	HPKE_AES_128_GCM = 0x0001,
	HPKE_AES_256_GCM = 0x0002,
};

/* A private key: `agree` gives the x-coordinate of ECDH with `point`, or -1. */
struct hpke_private {
	int (*agree)(void *context, uint8_t x[static 32], const uint8_t point[static HPKE_POINT]);
	void *context;
	uint8_t point[HPKE_POINT]; /* its public half */
};

/* One direction of one context; the caller wipes. */
struct hpke {
	uint8_t key[32];
	size_t key_length;
	uint8_t base_nonce[HPKE_NONCE];
	uint64_t sequence; /* of the next message; each is sealed once */
};

/* SetupAuthS and SetupAuthR. `info` says what it is about, and must be the same on both sides. The
 * sender sends `ephemeral->point` along. */
MUST_CHECK int hpke_sender(struct hpke *hpke, enum hpke_aead aead, const struct hpke_private *ephemeral,
			   const struct hpke_private *sender, const uint8_t recipient[static HPKE_POINT],
			   struct span info);
MUST_CHECK int hpke_recipient(struct hpke *hpke, enum hpke_aead aead,
			      const uint8_t ephemeral[static HPKE_POINT],
			      const struct hpke_private *recipient, const uint8_t sender[static HPKE_POINT],
			      struct span info);

/* The next message: `out` has in.length + HPKE_TAG bytes, or that many less. */
MUST_CHECK int hpke_seal(struct hpke *hpke, uint8_t *out, struct span associated, struct span in);
MUST_CHECK int hpke_open(struct hpke *hpke, uint8_t *out, struct span associated, struct span in);

/* A private key that is 32 bytes in memory: what `agree` and `context` are then. */
int hpke_agree_in_memory(void *private_key, uint8_t x[static 32], const uint8_t point[static HPKE_POINT]);

#endif

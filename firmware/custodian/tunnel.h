/* tunnel.h - how a secret crosses between a custodian's card and the host.
 *
 * Both ends make an ephemeral P-256 key; of the x-coordinate they arrive at
 * comes one key,
 *
 *     key(32) = X9.63 KDF with SHA-256, of info =
 *               "simrite session keys v1" || card's key(33) || host's key(33)
 *
 * under which each secret is sealed with AES-SIV (crypto/siv.h). What it
 * belongs to is a direction(1) and a number(4, big-endian), which counts the
 * secrets of the session in both directions from 1: nothing can be played
 * back, turned round or left out. That the other end is the card is shown by
 * its signature over both keys (custodian/statement.h), which the host checks
 * before it uses them.
 *
 * Pure: card and host share it. Whoever holds one wipes it. */
#ifndef SIMRITE_TUNNEL_H
#define SIMRITE_TUNNEL_H

#include "crypto/p256.h"
#include "crypto/siv.h"

enum {
	TUNNEL_KEY = 32,
	TUNNEL_TAG = SIV_TAG, /* how much longer the sealed form is */
};

enum tunnel_direction {
	TUNNEL_TO_CARD = 0x01,
	TUNNEL_TO_HOST = 0x02,
};

struct tunnel {
	uint8_t key[TUNNEL_KEY];
	uint32_t secrets; /* that crossed so far */
};

/* The key of the shared x-coordinate; no secret has crossed. ERROR_CRYPTO. */
MUST_CHECK int tunnel_derive(struct tunnel *tunnel, const uint8_t x[static P256_SHARED],
			     const uint8_t card_key[static P256_COMPRESSED],
			     const uint8_t host_key[static P256_COMPRESSED]);

/* Seal the next secret: secret.length + TUNNEL_TAG bytes. ERROR_CRYPTO. */
MUST_CHECK int tunnel_seal(uint8_t *out, struct tunnel *tunnel, enum tunnel_direction direction,
			   struct span secret);

/* Open it: sealed.length - TUNNEL_TAG bytes. ERROR_CHECK, and `out` is wiped,
 * for one that was changed or is not the next; it does not count then.
 * ERROR_RANGE when it is too short, ERROR_CRYPTO. */
MUST_CHECK int tunnel_open(uint8_t *out, struct tunnel *tunnel, enum tunnel_direction direction,
			   struct span sealed);

#endif

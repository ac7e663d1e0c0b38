/* spoils.h - the forms of what is stolen from a fleet, and how each is opened.
 *
 * All of it is published: who has such a file and the key that belongs to it
 * needs nothing else. Files in the captured folder, each there or not:
 *
 *   output.csv         the bureau's output file (simrite-batch(5)); keys, if it has any, in clear
 *   envelopes.bin      struct envelope: one subscriber's keys, sealed, under ...
 *   envelope-key.hex   ... 32 bytes: a batch's transport key, or a database's KEK
 *   wrapped.bin        struct wrapped: transport keys as they travel with their files, and ...
 *   recipient-key.hex  ... the private key they are wrapped to, 32 bytes
 *   master.hex         32 bytes from which keys are derived: of each card (keys/derive.h), or of
 *                      each batch first: AES-256-CBC(master, IV 0, SHA-256("simrite batch v1"
 *                      newline ceremony newline batch)), simrite-ceremony's
 *   batch-key.hex      32 bytes: of one batch
 *   shares.csv         threshold;x;value: SLIP-0039's, of such a master
 *   printed.csv        ICCID;batch, as printed on one card and its box
 *   batches.csv        ceremony;batch;first IMSI;count: what delivery notes say
 *   agreements.bin     struct agreement: what cards and operator said in the open, and ...
 *   agree-key.hex      ... the operator's private key, 32 bytes
 *   escrow.bin         struct wrapped: batch keys wrapped to an agency, and ...
 *   agency-key.hex     ... its private key
 *   session-keys.bin   struct session_key: KASME of single sessions */
#ifndef SIMRITE_SPOILS_H
#define SIMRITE_SPOILS_H

#include "crypto/gcm.h"
#include "crypto/p256.h"
#include "keys/derive.h"
#include "theft/hoard.h"

/* AES-256-GCM of K || OPc; associated data: SPOILS_ENVELOPE and all before the nonce. */
struct envelope {
	uint8_t imsi[HEARD_IMSI], iccid[10], batch[4];
	uint8_t nonce[GCM_NONCE], sealed[32], tag[GCM_TAG];
};
#define SPOILS_ENVELOPE "simrite fleet envelope v1"
enum {
	SPOILS_ENVELOPE_OPEN = HEARD_IMSI + 10 + 4,
	SPOILS_ASSOCIATED = sizeof(SPOILS_ENVELOPE) + SPOILS_ENVELOPE_OPEN
};
/* The associated data. */
void spoils_associated(uint8_t out[static SPOILS_ASSOCIATED], const struct envelope *envelope);

/* What was said in the open, as derive_agreed() of keys/derive.h wants it:
 * ICCID(10) || slot(1) || operator's key(33) || ephemeral key(33). */
struct agreement {
	uint8_t imsi[HEARD_IMSI], about[DERIVE_AGREED_ABOUT];
};
enum {
	SPOILS_OPERATOR = 10 + 1,
	SPOILS_EPHEMERAL = SPOILS_OPERATOR + P256_COMPRESSED
};

/* A batch's key for one reader. ECDH with the reader's key: X9.63 KDF (SHA-256) of the shared x-coordinate,
 * info ephemeral || reader's public key, gives the AES-256-GCM key(32) and nonce(12); associated data: the
 * number. */
struct wrapped {
	uint8_t number[4]; /* of the batch, from 0 */
	uint8_t ephemeral[P256_COMPRESSED], sealed[32], tag[GCM_TAG];
};
enum {
	SPOILS_WRAPPED_KEYS = 32 + GCM_NONCE
};

struct session_key {
	uint8_t imsi[HEARD_IMSI], rand[16], kasme[32];
};

/* Open whatever the captured folder lets be opened. What does not fit is passed
 * over; -1 for files that cannot be read at all. */
int spoils_open(struct hoard *hoard, const char *captured, struct fault *fault);

#endif

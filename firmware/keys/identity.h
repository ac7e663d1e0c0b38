/* identity.h - who this card is: a P-256 key pair made on the card, for good.
 *
 * The private half is sealed (keys/vault.h), is read by nothing but
 * identity_sign(), and signs nothing that somebody else composed: what it
 * signs always begins with a label that says what it is.
 *
 *     proof      "simrite proof 01" || challenge(16 to 32) || ICCID(10)
 *     agreement  "simrite agree 01" || ICCID(10) || slot(1) || operator's key(33)
 *                || ephemeral key(33) || KCV of K(3) || KCV of OPc(3)
 *     receipt    keys/ticket.h
 *
 * or is a text of the custodian application (custodian/statement.h), which
 * begins "simrite " and never like one of these.
 *
 * Signatures are ECDSA over the SHA-256 of that, r || s (64 bytes). An
 * agreement makes a key pair for this one time, and K and OPc of the shared
 * x-coordinate (keys/derive.h), so that nobody who only listens, or who put
 * the card's channel keys there, knows them. ICCID is EF.ICCID's ten bytes;
 * public keys are compressed.
 *
 * The factory certifies the identity (keys/ticket.h); the card keeps the certificate and tells it. */
#ifndef SIMRITE_IDENTITY_H
#define SIMRITE_IDENTITY_H

#include "crypto/drbg.h"
#include "crypto/p256.h"
#include "keys/slot.h"
#include "keys/ticket.h"

enum {
	IDENTITY_LABEL = 16,
	IDENTITY_CHALLENGE_MIN = 16,
	IDENTITY_CHALLENGE_MAX = 32,
	IDENTITY_AGREEMENT = IDENTITY_LABEL + 10 + 1 + 2 * P256_COMPRESSED + 2 * KCV_LENGTH,
};

/* Make the key pair. ERROR_STATE when there is one; store errors, ERROR_RANDOM.
 * Inside the caller's transaction. */
MUST_CHECK int identity_make(struct store *store, struct drbg *drbg);

/* The public key; ERROR_NOT_FOUND before identity_make(), ERROR_MEMORY. */
MUST_CHECK int identity_public(uint8_t public_key[static P256_UNCOMPRESSED], const struct store *store);
MUST_CHECK int identity_compressed(uint8_t public_key[static P256_COMPRESSED], const struct store *store);

/* Sign what `text` holds, which the caller composed, or its digest. ERROR_NOT_FOUND without an identity,
 * ERROR_MEMORY, ERROR_RANDOM, ERROR_CRYPTO. */
MUST_CHECK int identity_sign(uint8_t signature[static P256_SIGNATURE], const struct store *store,
			     struct drbg *drbg, struct span text);
MUST_CHECK int identity_sign_digest(uint8_t signature[static P256_SIGNATURE], const struct store *store,
				    struct drbg *drbg, const uint8_t digest[static P256_DIGEST]);

/* Sign a proof. ERROR_RANGE for a challenge of another length, and errors of identity_sign(). */
MUST_CHECK int identity_prove(uint8_t signature[static P256_SIGNATURE], const struct store *store,
			      struct drbg *drbg, const uint8_t iccid[static 10], struct span challenge);

/* Agree with the holder of `operator_key` on K and OPc (Milenage) for a slot,
 * and load them with method SLOT_AGREED. `agreement` is what is to be signed of it, as above.
 * ERROR_VALUE for what is no public key, ERROR_NOT_FOUND without an identity,
 * errors of slot_save(), ERROR_RANDOM. Inside the caller's transaction. */
MUST_CHECK int identity_agree(uint8_t agreement[static IDENTITY_AGREEMENT], struct store *store,
			      struct drbg *drbg, const uint8_t iccid[static 10], uint8_t slot,
			      struct span operator_key);

/* Keep the factory's certificate. ERROR_STATE when there is one, ERROR_FORMAT for another length,
 * ERROR_NOT_FOUND when it does not say this identity and firmware, or there is no identity; store errors. */
MUST_CHECK int identity_certify(struct store *store, struct span certificate);

/* The certificate. ERROR_NOT_FOUND, ERROR_MEMORY. */
MUST_CHECK int identity_certificate(uint8_t certificate[static TICKET_CERTIFICATE],
				    const struct store *store);

#endif

/* owner.h - what the owner of a sample card can have it do, who knows its channel keys.
 *
 * Each call opens a secure channel of its own (gp/personalise.h is the
 * card's side). Functions return 0, or -1 and a fault. */
#ifndef SIMRITE_OWNER_H
#define SIMRITE_OWNER_H

#include "crypto/p256.h"
#include "lib/scp03_host.h"

/* One grouping of STORE DATA, and what the card answers to it, at most `size` bytes. Returns the status
 * word, or -1. */
int owner_store(uint8_t *answer, size_t *length, size_t size, struct reader *reader,
		const struct scp03_key_set *keys, unsigned dgi, struct span value, struct fault *fault);

/* The card's public identity, 04 x y; it makes one if it has none. */
int owner_identity(uint8_t identity[static P256_UNCOMPRESSED], struct reader *reader,
		   const struct scp03_key_set *keys, struct fault *fault);

/* Its signature of a proof (keys/identity.h) with this challenge, and the digest that is signed. */
enum {
	OWNER_CHALLENGE = 16,
	OWNER_ICCID = 10
};
int owner_prove(uint8_t signature[static P256_SIGNATURE], uint8_t digest[static P256_DIGEST],
		struct reader *reader, const struct scp03_key_set *keys,
		const uint8_t iccid[static OWNER_ICCID], const uint8_t challenge[static OWNER_CHALLENGE],
		struct fault *fault);

/* The card agrees with an operator on K and OPc for a slot. */
struct owner_agreement {
	uint8_t ephemeral[P256_COMPRESSED], kcv_k[3], kcv_opc[3], signature[P256_SIGNATURE];
};
int owner_agree(struct owner_agreement *agreement, struct reader *reader, const struct scp03_key_set *keys,
		uint8_t slot, const uint8_t operator_key[static P256_COMPRESSED], struct fault *fault);

/* What the operator makes of it: K || OPc. */
int owner_agreed(uint8_t keys[static 32], const uint8_t private_key[static P256_PRIVATE],
		 const uint8_t operator_key[static P256_COMPRESSED], const uint8_t iccid[static OWNER_ICCID],
		 uint8_t slot, const uint8_t ephemeral[static P256_COMPRESSED], struct fault *fault);

/* A key set for messages over the air, AES-128, put or replaced. */
struct owner_ota {
	uint8_t index, kic[16], kid[16];
};
int owner_put_ota(struct reader *reader, const struct scp03_key_set *keys, const struct owner_ota *ota,
		  struct fault *fault);

/* A message for the files of the UICC (SPI 16 01: CC, ciphered, a counter that
 * goes up; an answer in the clear), as an ENVELOPE. Returns its length. */
enum {
	OWNER_ENVELOPE = 255,
	OWNER_SCRIPT_MAX = 64
};
int owner_message(uint8_t envelope[static OWNER_ENVELOPE], const struct owner_ota *ota, uint64_t counter,
		  struct span script, struct fault *fault);

/* Send it: the response status code of TS 102 225 table 5, or -1. */
int owner_send(struct reader *reader, const uint8_t *envelope, size_t length, struct fault *fault);

#endif

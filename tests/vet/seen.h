/* seen.h - what a vendor's people see of a card in the field, and what they make of it. */
#ifndef VET_SEEN_H
#define VET_SEEN_H

#include "backdoors/vendor.h"
#include "crypto/p256.h"
#include "lib/card_aka.h"
#include "vet/owner.h"

enum {
	CHALLENGE = 64,
	TPDUS = 16
};

/* What the vendor's people see. */
struct seen {
	uint8_t iccid[VENDOR_ICCID];
	uint8_t challenge[CHALLENGE];
	uint8_t operator_key[P256_COMPRESSED], ephemeral[P256_COMPRESSED]; /* of an agreement for slot 1 */
	uint8_t identity[P256_UNCOMPRESSED], digest[2][P256_DIGEST], signature[2][P256_SIGNATURE];
	uint8_t rand[AKA_RAND], autn[16];
	uint8_t tpdu[TPDUS][260];
	size_t tpdu_length[TPDUS], tpdus;
	uint8_t envelope[OWNER_ENVELOPE];
	size_t envelope_length;
};

/* K || OPc of the agreement, when one private half is known; 1, or 0. */
int seen_agreement(uint8_t keys[static 32], const struct seen *seen, const uint8_t private_key[static 32]);

/* The same, of what the generator gave before, by the vendor of that generator; 0 when it is another's. */
int seen_rng_iccid(uint8_t keys[static 32], const struct seen *seen);
int seen_rng_16bit(uint8_t keys[static 32], const struct seen *seen);
int seen_rng_lcg(uint8_t keys[static 32], const struct seen *seen);
int seen_rng_dual_ec(uint8_t keys[static 32], const struct seen *seen);

#endif

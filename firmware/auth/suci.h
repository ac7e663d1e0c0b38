/* suci.h - concealing a subscriber's number: ECIES of 3GPP TS 33.501 annex C.
 *
 * The scheme output of a SUCI: with the null scheme the MSIN as it is, with
 * profile A (X25519) or B (P-256) an ephemeral public key, the MSIN under
 * AES-128 in counter mode, and eight bytes of HMAC-SHA-256. Their keys come
 * from the agreement of the ephemeral key with the home network's public key
 * (crypto/x963.h), so that the home network alone can undo it, and two
 * outputs for one MSIN have nothing in common. */
#ifndef SIMRITE_SUCI_H
#define SIMRITE_SUCI_H

#include "crypto/p256.h"
#include "status.h"

/* TS 33.501 C.1 */
enum suci_scheme {
	SUCI_NULL = 0x00,
	SUCI_PROFILE_A = 0x01,
	SUCI_PROFILE_B = 0x02,
};

enum {
	SUCI_EPHEMERAL = 32, /* a private key of either profile */
	SUCI_TAG = 8,
	SUCI_OUTPUT_MAX = 33 + 8 + SUCI_TAG, /* for an MSIN of up to 8 bytes */
	SUCI_MSIN_MAX = 8,
};

/* A scheme, and the home network's public key for it: 32 bytes for profile A,
 * 33 or 65 for profile B, none for the null scheme. */
struct suci_key {
	uint8_t scheme, identifier;
	struct span public_key;
};

/* What EF.SUCI_Calc_Info (TS 31.102 4.4.11.8) says: the first scheme of its
 * list that is known here, with the key that the list has for it (it points
 * into `info`). A scheme whose key is missing is not passed over for one of a
 * lower priority: that could be the null scheme. ERROR_NOT_FOUND when there is
 * no such scheme or its key is missing, ERROR_FORMAT. */
MUST_CHECK int suci_choose(struct suci_key *key, struct span info);

/* How long the output for this many bytes of MSIN is. */
size_t suci_length(const struct suci_key *key, size_t msin_length);

/* The scheme output, suci_length() bytes. `ephemeral` is a private key used for
 * this once: 32 random bytes. ERROR_RANGE: profile B cannot use them (once in
 * 2^32), draw others. ERROR_VALUE: the home network's key is none, or the MSIN
 * is longer than SUCI_MSIN_MAX. ERROR_RANDOM, ERROR_CRYPTO. On failure `out` is wiped. */
MUST_CHECK int suci_output(uint8_t out[static SUCI_OUTPUT_MAX], const struct suci_key *key, struct span msin,
			   const uint8_t ephemeral[static SUCI_EPHEMERAL], const struct p256_random *random);

#endif

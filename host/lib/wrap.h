/* wrap.h - subscriber keys at rest: encrypted, and bound to whose they are.
 *
 * AES-256-GCM under the key-encryption key (KEK). The associated data is the
 * subscriber's whole record except the sequence number: IMSI, ICCID, batch,
 * design, AMF and key check values. A ciphertext moved to another row, or a
 * row with one field changed, does not open. A derived subscriber has no key
 * to hide; its wrap is the tag alone, and binds its record the same way.
 *
 * Sealed form: version(1: 01) nonce(12, random) ciphertext(0 or 32) tag(16)
 * for a Milenage key, or
 * version(1: 02) algorithm(1) parameter-count(1: 0 or 6) parameters nonce(12)
 * ciphertext(K || OPc) tag(16) for any other (auth/algorithm.h), of which what
 * comes before the nonce is associated data too. */
#ifndef SIMRITE_WRAP_H
#define SIMRITE_WRAP_H

#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"
#include "lib/output.h"

enum {
	WRAP_KEK = 32,
	WRAP_MAX = 1 + 2 + 6 + 12 + SUBSCRIBER_K_MAX + SUBSCRIBER_OPC_MAX + 16,
};

struct subscriber {
	char imsi[16], iccid[21]; /* iccid "" when not known (bulk-plain only) */
	char batch[BATCH_ID];     /* "" when not from a batch */
	enum design design;
	uint16_t amf; /* authentication management field; 8000 asks for the separation bit */
	uint8_t kcv_k[3], kcv_opc[3];
	uint8_t sealed[WRAP_MAX];
	size_t sealed_length;
};

/* Fill in subscriber->sealed. `key` is NULL for a derived one. */
int wrap_seal(struct subscriber *subscriber, const uint8_t kek[static WRAP_KEK],
	      const struct subscriber_key *key, struct fault *fault);

/* Check the record against subscriber->sealed and give the key, the caller
 * wipes; of a derived one the algorithm only, K and OPc being zero. -1 (FAULT_NO): not sealed under this
 * KEK, or changed since, or moved here from another row. */
int wrap_open(struct subscriber_key *key, const struct subscriber *subscriber,
	      const uint8_t kek[static WRAP_KEK], struct fault *fault);

#endif

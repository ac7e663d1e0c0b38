/* hierarchy.h - which key comes from which, and how to compute it by hand.
 *
 * Every key is AES-256 and comes from the one above it and 32 public bytes:
 *
 *     key = AES-256-CBC(above, IV = 0, data), no padding      (PKCS#11's
 *           CKM_AES_CBC_ENCRYPT_DATA; "openssl enc -aes-256-cbc -nopad")
 *     data = SHA-256 of a text, its parts separated by newlines, none at the end:
 *
 *     master   from the HSM's base key   "simrite master v1", ceremony id, set, then the
 *                                        contributions in hex, in order of index
 *     batch    from the master           "simrite batch v1", ceremony id, batch id
 *     check    from base or master       "simrite check v1", ceremony id
 *
 * What the custodians' shares restore is the master as SLIP-0039 encrypts it,
 * with an empty passphrase unless they gave one: share_file.h.
 *
 * The contributions are not published, so `data` of the master is secret as
 * well: a token with a weak generator alone does not give the master away.
 *
 * Check values are AES-CMAC in full (16 bytes): of base and master, under
 * their check key over a random 16-byte nonce; of a batch key, under the
 * batch key itself over the 16 characters "simrite check v1". A check value
 * of zero is never accepted. */
#ifndef SIMRITE_HIERARCHY_H
#define SIMRITE_HIERARCHY_H

#include <stdint.h>

#include "lib/fault.h"
#include "lib/hsm.h"

enum {
	HIERARCHY_LABEL = 64
};

/* The 32 public bytes. `set` is 16 hex digits. */
int hierarchy_batch(uint8_t data[static 32], const char *ceremony, const char *batch, struct fault *fault);
int hierarchy_check(uint8_t data[static 32], const char *ceremony, struct fault *fault);
int hierarchy_master(uint8_t data[static 32], const char *ceremony, const char *set,
		     const uint8_t (*contributions)[32], unsigned count, struct fault *fault);

/* SHA-256 of "simrite contribution v1", ceremony id, set, index, contribution in hex. */
int hierarchy_commitment(uint8_t commitment[static 32], const char *ceremony, const char *set, unsigned index,
			 const uint8_t contribution[static 32], struct fault *fault);

/* SHA-256 of any text: `label` and its parts, the last followed by NULL, joined by newlines. */
int hierarchy_text(uint8_t digest[static 32], struct fault *fault, const char *label, ...)
	__attribute__((sentinel));

/* What a custodian's card signs of a commitment: `label`, ceremony id, set, index, commitment in hex. */
int hierarchy_statement(uint8_t digest[static 32], const char *label, const char *ceremony, const char *set,
			unsigned index, const uint8_t commitment[static 32], struct fault *fault);

/* The commitment to a share, whatever it is kept in: SHA-256 of "simrite share v1", ceremony id, set,
 * index, threshold, total, salt in hex, value in hex. */
int hierarchy_share(uint8_t commitment[static 32], const char *ceremony, const char *set, unsigned index,
		    unsigned threshold, unsigned total, const uint8_t salt[static 32],
		    const uint8_t value[static 32], struct fault *fault);

/* What all tickets of a batch are for: SHA-256 of "simrite batch scope v1", the SHA-256 of the
 * transcript's line 1 in hex, batch id. */
int hierarchy_scope(uint8_t scope[static 32], const uint8_t first_line[static 32], const char *batch,
		    struct fault *fault);

/* CKA_ID of a ceremony's objects: 16 bytes of SHA-256 of "simrite objects v1", mode, ceremony id. */
int hierarchy_object_id(uint8_t id[static 16], const char *mode, const char *ceremony, struct fault *fault);

/* Of the token that a ceremony makes for itself. */
void hierarchy_label_token(char label[static HIERARCHY_LABEL], const char *mode);
void hierarchy_label_pair(char label[static HIERARCHY_LABEL], const char *ceremony);
void hierarchy_label_master(char label[static HIERARCHY_LABEL], const char *ceremony);
void hierarchy_label_batch(char label[static HIERARCHY_LABEL], const char *batch);
void hierarchy_label_agree(char label[static HIERARCHY_LABEL], const char *batch);

/* ---- the same computation in this process, for shares and recovery ---- */

int hierarchy_derive(uint8_t key[static 32], const uint8_t above[static 32], const uint8_t data[static 32],
		     struct fault *fault);
int hierarchy_master_check(uint8_t check[static 16], const uint8_t master[static 32], const char *ceremony,
			   const uint8_t nonce[static 16], struct fault *fault);
int hierarchy_batch_check(uint8_t check[static 16], const uint8_t batch_key[static 32], struct fault *fault);

/* ---- inside the token ---- */

int hierarchy_hsm_check(struct hsm *hsm, uint8_t check[static 16], hsm_key key, const char *ceremony,
			const uint8_t nonce[static 16], struct fault *fault);
int hierarchy_hsm_batch_check(struct hsm *hsm, uint8_t check[static 16], hsm_key batch, struct fault *fault);

#endif

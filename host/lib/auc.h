/* auc.h - an authentication centre: subscribers, vectors, sequence numbers.
 *
 * Subscribers live in an SQLite file, keys wrapped under a KEK (lib/wrap.h) or,
 * for derived batches, nowhere: K and OPc are computed by the HSM for every
 * request and forgotten. What a vector is made with, and how long RES, CK and
 * IK are, is the key's algorithm's (keys/subscriber_key.h); derived keys are
 * for Milenage.
 *
 * A sequence number is committed to the file before the vector that carries
 * it leaves these functions (lib/sequence.h), so a number is never used twice, not
 * after a crash and not by two programs on one file. Between auc_begin() and
 * auc_commit() the caller must hold vectors back; that makes one commit serve
 * many. */
#ifndef SIMRITE_AUC_H
#define SIMRITE_AUC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth/algorithm.h"
#include "lib/key_form.h"
#include "lib/wrap.h"

struct auc;

struct auc_place {
	const char *database; /* path */
	const char *kek;      /* secret source (lib/secret.h); NULL: "file:" database ".kek" */
	const char *hsm;      /* HSM URI for derived subscribers; NULL: those cannot be served.
				 Logged in to by auc_open(), and never again */
};

enum auc_added {
	AUC_NEW,
	AUC_SAME,     /* was there with the same keys; nothing changed */
	AUC_REPLACED, /* was there with others, and `replace` was given */
};

struct auc_vector {
	struct aka_vector aka;
	uint64_t sqn; /* what AUTN conceals */
};

struct auc_entry { /* a subscriber as auc_list() shows it: no key */
	struct subscriber subscriber;
	char algorithm[KEY_FORM_MAX]; /* lib/key_form.h; of auc_list() only */
	uint64_t sqn;                 /* end of the reserved range: the next vector may come below it */
};

/* Make an empty database and, when place->kek is a file that does not exist
 * (or NULL), a random KEK in it (0600). Neither is ever overwritten. */
int auc_init(const struct auc_place *place, struct fault *fault);

/* Open; refuses a KEK that is not the database's. Caller closes. */
int auc_open(struct auc **auc, const struct auc_place *place, struct fault *fault);
void auc_close(struct auc *auc); /* NULL is allowed; wipes */

/* One transaction over several of the calls below. */
int auc_begin(struct auc *auc, struct fault *fault);
int auc_commit(struct auc *auc, struct fault *fault);
void auc_rollback(struct auc *auc); /* also forgets ranges reserved in it */

/* Add a subscriber. `key` is NULL for a derived one (then iccid,
 * batch and check values must be set). `sqn` is the last sequence number
 * already used, 0 for a new card; an existing subscriber's never goes down.
 * Returns enum auc_added, or -1: IMSI or ICCID is taken by another key. */
int auc_add(struct auc *auc, struct subscriber *subscriber, const struct subscriber_key *key, uint64_t sqn,
	    bool replace, struct fault *fault);

/* Call `each` for every subscriber in order of IMSI until it returns non-zero. */
int auc_list(struct auc *auc, int (*each)(void *context, const struct auc_entry *entry), void *context,
	     struct fault *fault);

/* A vector for an IMSI. `rand` NULL draws one. FAULT_NO: no such subscriber,
 * its record was tampered with, or its key is for GSM only. The caller wipes. */
int auc_vector(struct auc *auc, struct auc_vector *vector, const char *imsi, const uint8_t rand[16],
	       struct fault *fault);

/* Kc and SRES for a RAND. FAULT_NO as above, or the key's sizes are not those
 * c2 and c3 are for. */
int auc_triplet(struct auc *auc, uint8_t kc[static 8], uint8_t sres[static 4], const char *imsi,
		const uint8_t rand[static 16], struct fault *fault);

/* A card reported its sequence number (TS 33.102 6.3.5); `length` is AUTS's, 14
 * unless TUAK has a longer MAC. Checks MAC-S; then
 * 1: counting goes on elsewhere, 0: we were ahead already, -1: refused. */
int auc_resynchronise(struct auc *auc, const char *imsi, const uint8_t *auts, size_t length,
		      const uint8_t rand[static 16], struct fault *fault);

#endif

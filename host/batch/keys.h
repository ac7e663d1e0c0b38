/* keys.h - where the keys of one card come from.
 *
 * bulk-plain: K, OPc and the codes are random (getrandom). derived: all are
 * SP 800-108 CMACs of the batch key and the ICCID, computed in the token: K
 * and OPc as firmware/keys/derive.h says; PIN1, PUK1 and ADM1 with labels of
 * their own, the first eight bytes as a number, its last 4 or 8 digits. So
 * nothing about a derived card needs keeping: the token can say it again. */
#ifndef SIMRITE_BATCH_KEYS_H
#define SIMRITE_BATCH_KEYS_H

#include "lib/fault.h"
#include "lib/hsm.h"
#include "lib/order.h"
#include "lib/output.h"

/* For derived batches; zeroed for plain ones. */
struct batch_key {
	struct hsm *hsm;
	hsm_key key;
};

/* Open the token `uri` (the order's when NULL) and find the order's key. */
int keys_open(struct batch_key *key, const struct order *order, const char *uri, struct fault *fault);
void keys_close(struct batch_key *key);

/* Fill in everything of `record` (in locked memory) that is secret, and the
 * check values; its numbers are set already. */
int keys_make(struct output_record *record, enum design design, const struct batch_key *key,
	      struct fault *fault);

#endif

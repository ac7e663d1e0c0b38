/* agreed.h - the operator's half of an agreed batch (firmware/keys/identity.h).
 *
 * Of every card the bureau hands over its receipt; with the private key of the
 * batch, which only the operator's token has, K and OPc come out of it. Before
 * that is believed it is checked that the ticket is of the ceremony, the
 * certificate of the factory, the receipt of that card, and that what comes
 * out has the receipt's check values. */
#ifndef SIMRITE_AUC_AGREED_H
#define SIMRITE_AUC_AGREED_H

#include "keys/subscriber_key.h"
#include "lib/fault.h"
#include "lib/output.h"

struct agreed;

struct agreed_source {
	const char *receipts; /* the bureau's file (lib/receipts.h) */
	const char *hsm;      /* the operator's token, or NULL for a ... */
	const char
		*key; /* ... "file:KEY.pem"; or the pair's label in the token, NULL: "simrite agree BATCH" */
	const char *authority; /* the ceremony's and ... */
	const char *factory;   /* ... the factory's public key, as the transcript has them (SPKI, base64) */
};

/* Read all receipts, open the token. Caller closes. */
int agreed_open(struct agreed **agreed, const struct agreed_source *source, const char *batch,
		struct fault *fault);
void agreed_close(struct agreed *agreed); /* NULL is allowed */

/* The key of a card of the output file; the caller, in locked memory, wipes. FAULT_NO. */
int agreed_key(struct agreed *agreed, struct subscriber_key *key, const struct output_record *record,
	       struct fault *fault);

#endif

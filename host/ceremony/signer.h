/* signer.h - how a party's signature is made.
 *
 *     card                       the party's card (lib/custodian.h), in any reader
 *     pkcs11:URI;object=LABEL    a key pair in a token (lib/hsm.h)
 *     file:KEY.pem               a private key in a file: in rehearsals only
 *
 * Nobody signs what somebody else composed: the text is made from its parts
 * here, or by the card itself. Every signature is checked against the plan's
 * key at once, so that a wrong card or key is named while its holder is in
 * the room. */
#ifndef SIMRITE_SIGNER_H
#define SIMRITE_SIGNER_H

#include "ceremony/plan.h"
#include "lib/custodian.h"

/* --signer NAME=SOURCE and --pin NAME=SOURCE; NULL where it was not given. */
struct signer {
	const char *name, *source, *pin;
};

enum signer_what {
	SIGNER_PRESENT,
	SIGNER_SIGNOFF,
	SIGNER_NOTE
};

struct signer_text {
	enum signer_what what;
	const char *ceremony, *name;
	char head[65];    /* of the transcript; not for a note */
	const char *note; /* the note's whole text; for a note only */
};

/* Before any key is made: is it a source that there is, for a party that signs, and does a file hold that
 * party's key? FAULT_USAGE, FAULT_POLICY, FAULT_INPUT. */
int signer_check(const struct signer *signer, const struct plan *plan, struct fault *fault);

/* The digest that is signed. */
int signer_digest(uint8_t digest[static 32], const struct signer_text *text, struct fault *fault);

/* The party's card, in whatever reader it is. FAULT_CARD names whose cards are there instead. */
int signer_find(struct custodian_card **card, const struct plan *plan, const struct plan_party *party,
		struct fault *fault);
/* The same, and its PIN verified. Caller closes, also after a failure. */
int signer_card(struct custodian_card **card, const struct signer *signer, const struct plan *plan,
		const struct plan_party *party, struct fault *fault);

/* r || s, with the lower s. FAULT_CARD: the card is not there; FAULT_HSM: the
 * token is not; FAULT_POLICY: the key is another's, who is named. `signer`
 * has a source, or none: then it is the card. */
int signer_sign(uint8_t signature[static 64], const struct signer *signer, const struct plan *plan,
		const struct plan_party *party, const struct signer_text *text, struct fault *fault);

#endif

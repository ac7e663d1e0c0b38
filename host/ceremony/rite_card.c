/* rite_card.c - what a custodian's card does in an attempt.
 *
 * A contribution is drawn on the card, and a share ends on it: neither is on
 * this machine's disk. A card that is not there, or answers wrongly, is asked
 * for again at a terminal; elsewhere it ends the attempt, and the transcript
 * says whose it was. */
#include <stdio.h>
#include <string.h>

#include "ceremony/hierarchy.h"
#include "ceremony/rite.h"
#include "lib/canonical.h"
#include "lib/custodian.h"
#include "lib/secret.h"
#include "lib/signature.h"

typedef int card_work(struct rite *rite, unsigned i, struct custodian_card *card,
		      const struct custodian_about *about, struct fault *fault);

static struct custodian_about about_of(const struct rite *rite, unsigned i, const char *set)
{
	struct custodian_about about = {.ceremony = rite->plan->id, .index = i + 1};

	(void)canonical_hex_read(about.set, sizeof(about.set), set);
	return about;
}

static int once(struct rite *rite, unsigned i, card_work *work, struct fault *fault)
{
	const struct plan_party *party = plan_custodian(rite->plan, i);
	struct custodian_about about = about_of(rite, i, rite->set);
	struct custodian_card *card;
	int result = signer_card(&card, rite_signer(rite, party->name), rite->plan, party, fault);

	if (result == 0)
		result = work(rite, i, card, &about, fault);
	custodian_close(card);
	return result;
}

static int with_card(struct rite *rite, unsigned i, const char *what, card_work *work, struct fault *fault)
{
	const struct plan_party *party = plan_custodian(rite->plan, i);

	for (;;) {
		if (rite_ask(rite, party->name, fault, "Put your card into a reader. Then %s.", what) < 0)
			return -1;
		if (once(rite, i, work, fault) == 0)
			return 0;
		if (!rite_again(rite, fault))
			break;
	}
	rite->blame = party->name;
	return -1;
}

/* ---- commit and reveal ---- */

static int contribute(struct rite *rite, unsigned i, struct custodian_card *card,
		      const struct custodian_about *about, struct fault *fault)
{
	(void)i;
	return custodian_contribute(card, rite->card.commitment, rite->card.signature, about, fault);
}

int rite_card_commit(struct rite *rite, unsigned i, struct fault *fault)
{
	return with_card(rite, i, "it draws your contribution, and signs what binds you to it", contribute,
			 fault);
}

static int reveal(struct rite *rite, unsigned i, struct custodian_card *card,
		  const struct custodian_about *about, struct fault *fault)
{
	return custodian_reveal(card, rite->secret->contribution[i], about, rite->audit.contribution[i],
				fault);
}

int rite_card_reveal(struct rite *rite, unsigned i, struct fault *fault)
{
	return with_card(rite, i, "it opens the contribution that it is bound to", reveal, fault);
}

/* ---- share and restore ---- */

/* What an abandoned attempt of this ceremony left is destroyed; another ceremony's is not ours to touch. */
static int make_room(struct rite *rite, struct custodian_card *card, struct fault *fault)
{
	struct custodian_status status;
	struct custodian_about old = {.ceremony = rite->plan->id};
	uint8_t commitment[32], signature[64];

	if (custodian_status(card, &status, fault) < 0)
		return -1;
	if (status.share.state != CUSTODIAN_HELD)
		return 0;
	if (strcmp(status.share.ceremony, rite->plan->id) != 0)
		return fault_set(fault, FAULT_POLICY,
				 "use another card, or destroy that share if it is not needed any more",
				 "the card holds a share of ceremony %s", status.share.ceremony);
	memcpy(old.set, status.share.set, sizeof(old.set));
	old.index = status.share.index;
	return custodian_destroy(card, commitment, signature, &old, fault);
}

static int store(struct rite *rite, unsigned i, struct custodian_card *card,
		 const struct custodian_about *about, struct fault *fault)
{
	struct custodian_share *share = &rite->secret->held;
	struct share_file *file = &rite->secret->file[i];
	int result;

	if (make_room(rite, card, fault) < 0)
		return -1;
	memset(share, 0, sizeof(*share));
	share->threshold = file->threshold;
	share->total = file->total;
	memcpy(share->salt, file->salt, sizeof(share->salt));
	memcpy(share->value, file->share.value, sizeof(share->value));
	result = custodian_store_share(card, rite->card.signature, about, share, fault);
	memcpy(file->commitment, share->commitment, sizeof(file->commitment));
	secret_wipe(share, sizeof(*share));
	return result;
}

int rite_card_store(struct rite *rite, unsigned i, struct fault *fault)
{
	return with_card(rite, i, "it takes your share, and signs that it has it", store, fault);
}

static int release(struct rite *rite, unsigned i, struct custodian_card *card,
		   const struct custodian_about *about, struct fault *fault)
{
	struct custodian_share *share = &rite->secret->held;
	struct share_file *file = &rite->secret->file[i];
	int result = custodian_confirm(card, rite->plan->id, fault);

	if (result == 0)
		result = custodian_release_share(card, share, about, fault);
	if (result == 0) {
		file->share.x = (uint8_t)i;
		memcpy(file->share.value, share->value, sizeof(file->share.value));
		memcpy(file->commitment, share->commitment, sizeof(file->commitment));
	}
	secret_wipe(share, sizeof(*share));
	return result;
}

int rite_card_release(struct rite *rite, unsigned i, struct fault *fault)
{
	return with_card(rite, i,
			 "it gives its share back once, to see that every quorum restores the master",
			 release, fault);
}

/* ---- before an attempt ---- */

int rite_card_missing(struct rite *rite, struct fault *fault)
{
	for (unsigned i = 0; i < rite->plan->total && !rite->walk; i++) {
		const struct plan_party *party = plan_custodian(rite->plan, i);
		struct custodian_card *card;

		if (rite->plan->custodians[i].share != PLAN_CARD)
			continue;
		if (signer_find(&card, rite->plan, party, fault) < 0) {
			if (fault->code != FAULT_CARD)
				return -1;
			rite_wait(rite, party, fault);
			return 1;
		}
		custodian_close(card);
	}
	return 0;
}

json_t *rite_card_signed(struct rite *rite, json_t *data)
{
	char text[SIGNATURE_TEXT];

	signature_write(text, rite->card.signature);
	if (data && json_object_set_new(data, "signature", json_string(text)) == 0)
		return data;
	json_decref(data);
	return NULL;
}

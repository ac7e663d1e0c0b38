#include "ceremony/signer.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "ceremony/hierarchy.h"
#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "lib/canonical.h"
#include "lib/hsm.h"
#include "lib/key_file.h"
#include "lib/secret.h"
#include "lib/signature.h"

enum {
	READERS = 64
};

static int fill(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

static bool is(const char *source, const char *kind)
{
	return strncmp(source, kind, strlen(kind)) == 0;
}

int signer_digest(uint8_t digest[static 32], const struct signer_text *text, struct fault *fault)
{
	struct span note;

	switch (text->what) {
	case SIGNER_PRESENT:
		return hierarchy_text(digest, fault, "simrite present v1", text->ceremony, text->name,
				      text->head, (const char *)NULL);
	case SIGNER_SIGNOFF:
		return hierarchy_text(digest, fault, "simrite signoff v1", text->ceremony, text->name,
				      text->head, (const char *)NULL);
	case SIGNER_NOTE:
	default:
		note = (struct span){(const uint8_t *)text->note, strlen(text->note)};
		return sha256(digest, note) == OK
			       ? 0
			       : fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
	}
}

/* Whose key it is instead. */
static int wrong_key(const struct plan *plan, const struct plan_party *party, const uint8_t point[static 65],
		     const char *source, struct fault *fault)
{
	for (unsigned i = 0; i < plan->party_count; i++)
		if (plan->parties[i].key && memcmp(plan->parties[i].point, point, 65) == 0)
			return fault_set(fault, FAULT_POLICY, "give each party the source of its own key",
					 "%.100s has the key of %.64s, not of %.64s", source,
					 plan->parties[i].name, party->name);
	return fault_set(fault, FAULT_POLICY, "the plan says which key it must be",
			 "%.100s has a key that is not %.64s's, nor anybody's in the plan", source,
			 party->name);
}

/* Without a digest: only looks whether it could. */
static int with_file(uint8_t *signature, const char *source, const struct plan *plan,
		     const struct plan_party *party, const uint8_t *digest, struct fault *fault)
{
	static const struct p256_random random = {.fill = fill};
	uint8_t private_key[32], point[65];
	int result = -1;

	if (key_file_read(private_key, point, source + strlen("file:"), fault) < 0)
		return -1;
	if (memcmp(point, party->point, 65) != 0)
		wrong_key(plan, party, point, source, fault);
	else if (!digest)
		result = 0;
	else if (p256_sign(signature, private_key, digest, &random) != OK)
		fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
	else
		result = 0;
	secret_wipe(private_key, sizeof(private_key));
	if (result == 0 && digest)
		signature_make_low(signature);
	return result;
}

static int with_token(uint8_t signature[static 64], const char *source, const struct plan *plan,
		      const struct plan_party *party, const uint8_t *digest, struct fault *fault)
{
	char label[HIERARCHY_LABEL];
	uint8_t point[65];
	struct hsm *hsm;
	hsm_key key;
	int result = -1;

	if (hsm_uri_object(label, sizeof(label), source, fault) < 0 || hsm_open(&hsm, source, fault) < 0)
		return -1;
	if (hsm_find_pair(hsm, &key, point, label, fault) == 0)
		result = memcmp(point, party->point, 65) != 0 ? wrong_key(plan, party, point, label, fault)
							      : hsm_sign(hsm, signature, key, digest, fault);
	hsm_close(hsm);
	return result;
}

/* Whose cards of the plan are in readers, for the one that is not. */
static void name_others(char *out, size_t size, const struct plan *plan)
{
	struct reader_entry entries[READERS];
	int count = reader_list(entries, READERS, NULL);

	out[0] = 0;
	for (int i = 0; i < count; i++) {
		struct custodian_status status = {0};
		struct custodian_card *card;

		if (!entries[i].card_present || custodian_open(&card, entries[i].name, NULL) < 0)
			continue;
		(void)custodian_status(card, &status, NULL);
		custodian_close(card);
		for (unsigned j = 0; j < plan->party_count; j++)
			if (plan->parties[j].key && memcmp(plan->parties[j].point, status.key, 65) == 0)
				(void)snprintf(out + strlen(out), size - strlen(out), "%s%.40s's",
					       out[0] ? ", " : "; there is ", plan->parties[j].name);
	}
}

int signer_find(struct custodian_card **card, const struct plan *plan, const struct plan_party *party,
		struct fault *fault)
{
	char others[160];

	if (custodian_find(card, party->point, fault) == 0)
		return 0;
	if (fault->code != FAULT_CARD)
		return -1;
	name_others(others, sizeof(others), plan);
	return fault_set(fault, FAULT_CARD, "put it into a reader", "the card of %.64s is in no reader%s",
			 party->name, others);
}

int signer_card(struct custodian_card **card, const struct signer *signer, const struct plan *plan,
		const struct plan_party *party, struct fault *fault)
{
	if (signer_find(card, plan, party, fault) < 0)
		return -1;
	return custodian_unlock(*card, party->name, signer && signer->pin ? signer->pin : "prompt", false,
				fault) < 0
		       ? fault_prefix(fault, "%.64s", party->name)
		       : 0;
}

static int with_card(uint8_t signature[static 64], const struct signer *signer, const struct plan *plan,
		     const struct plan_party *party, const struct signer_text *text, struct fault *fault)
{
	struct custodian_card *card;
	uint8_t head[32];
	int result = signer_card(&card, signer, plan, party, fault);

	if (result == 0 && text->what == SIGNER_NOTE)
		result = custodian_sign_note(card, signature, text->note, fault);
	else if (result == 0 && canonical_hex_read(head, sizeof(head), text->head) == 0)
		result = custodian_sign(card, signature,
					text->what == SIGNER_PRESENT ? CUSTODIAN_SIGN_PRESENT
								     : CUSTODIAN_SIGN_SIGNOFF,
					text->ceremony, text->name, head, fault);
	custodian_close(card);
	return result;
}

int signer_check(const struct signer *signer, const struct plan *plan, struct fault *fault)
{
	const struct plan_party *party = plan_party(plan, signer->name);
	const char *source = signer->source;
	char label[HIERARCHY_LABEL];

	if (!party || !party->key)
		return fault_set(fault, FAULT_USAGE, "write the name as the plan does",
				 "\"%.64s\" is no party of the plan that signs", signer->name);
	if (!source || strcmp(source, "card") == 0)
		return 0;
	if (is(source, "pkcs11:"))
		return hsm_uri_check(source, fault) < 0 ? -1
							: hsm_uri_object(label, sizeof(label), source, fault);
	if (!is(source, "file:"))
		return fault_set(fault, FAULT_USAGE, NULL,
				 "the signature of %.64s comes from card, pkcs11:URI or file:KEY.pem, not "
				 "\"%.80s\"",
				 signer->name, source);
	if (!plan->rehearsal)
		return fault_set(fault, FAULT_POLICY, "use a card or a token",
				 "%.64s signs with a key in a file: that is for rehearsals only",
				 signer->name);
	return with_file(NULL, source, plan, party, NULL, fault);
}

int signer_sign(uint8_t signature[static 64], const struct signer *signer, const struct plan *plan,
		const struct plan_party *party, const struct signer_text *text, struct fault *fault)
{
	const char *source = signer && signer->source ? signer->source : "card";
	uint8_t digest[32];
	int result;

	if (signer_digest(digest, text, fault) < 0)
		return -1;
	if (is(source, "file:"))
		result = with_file(signature, source, plan, party, digest, fault);
	else if (is(source, "pkcs11:"))
		result = with_token(signature, source, plan, party, digest, fault);
	else
		result = with_card(signature, signer, plan, party, text, fault);
	if (result < 0)
		return -1;
	if (!signature_is_low(signature) ||
	    p256_verify((struct span){party->point, 65}, digest, signature) != OK)
		return fault_set(fault, FAULT_POLICY, "do not go on with it",
				 "%.100s answered with a signature that is not %.64s's", source, party->name);
	return 0;
}

/* What the card makes with random numbers of its own, and what they must not have in common. */
#include <stdlib.h>
#include <string.h>

#include "crypto/kcv.h"
#include "crypto/sha256.h"
#include "lib/secret.h"
#include "status.h"
#include "vet/checks.h"
#include "vet/owner.h"

enum {
	SLOT = 4, /* no command uses its key */
	TEXT = 16 + OWNER_ICCID + 1 + 2 * P256_COMPRESSED + 6,
	CHALLENGE_AT = 13, /* of INITIALIZE UPDATE's answer: GPC Amendment D 7.1.1.6 */
	CHALLENGE = 8,
	SEVERAL = 64
};

static int identity(struct vet *vet, uint8_t key[static P256_UNCOMPRESSED], struct fault *fault)
{
	return owner_identity(key, vet->card, &vet->keys, fault);
}

int check_signatures(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	uint8_t key[P256_UNCOMPRESSED], challenge[OWNER_CHALLENGE], digest[P256_DIGEST];
	uint8_t made[SEVERAL][P256_SIGNATURE], again[P256_SIGNATURE] = {0};
	unsigned count = vet->budget.signatures < SEVERAL ? vet->budget.signatures : SEVERAL;
	int result = identity(vet, key, fault);

	if (result == 0)
		result = vet_print(vet->prints, vet->number, key + 1, "an identity", fault);
	for (unsigned i = 0; i < count && result == 0; i++) {
		vet_draw(vet, challenge, sizeof(challenge));
		result = owner_prove(made[i], digest, vet->card, &vet->keys, vet->iccid, challenge, fault);
		if (result == 0 && p256_verify((struct span){key, sizeof(key)}, digest, made[i]) != OK)
			vet_found(finding, "a signature does not verify");
		for (unsigned j = 0; j < i && result == 0; j++)
			if (memcmp(made[i], made[j], P256_SIGNATURE / 2) == 0) {
				vet_found(
					finding,
					"signatures %u and %u of different texts have one number: they give away the key",
					j + 1, i + 1);
				return 0;
			}
	}
	if (result == 0 && count)
		result = owner_prove(again, digest, vet->card, &vet->keys, vet->iccid, challenge, fault);
	if (result == 0 && count && memcmp(again, made[count - 1], P256_SIGNATURE) != 0)
		vet_found(finding, "one text is signed in two ways: not by RFC 6979");
	vet_say(finding, "%u signatures verify, no number twice, one text one signature", count);
	return result;
}

/* Of what was agreed: signed by the identity, with the check values of what the operator computes? */
static int check_agreement(struct vet *vet, struct vet_finding *finding, const uint8_t *private_key,
			   const uint8_t *operator_key, const struct owner_agreement *agreement,
			   const uint8_t *key, struct fault *fault)
{
	uint8_t text[TEXT] = "simrite agree 01", keys[32], digest[P256_DIGEST], kcvs[6], *at = text + 16;

	if (owner_agreed(keys, private_key, operator_key, vet->iccid, SLOT, agreement->ephemeral, fault) != 0)
		return -1;
	if (kcv(kcvs, (struct span){keys, 16}) < 0 || kcv(kcvs + 3, (struct span){keys + 16, 16}) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "AES failed");
	secret_wipe(keys, sizeof(keys));
	memcpy(at, vet->iccid, OWNER_ICCID);
	at[OWNER_ICCID] = SLOT;
	memcpy(at + OWNER_ICCID + 1, operator_key, P256_COMPRESSED);
	memcpy(at + OWNER_ICCID + 1 + P256_COMPRESSED, agreement->ephemeral, P256_COMPRESSED);
	memcpy(text + TEXT - 6, agreement->kcv_k, 3);
	memcpy(text + TEXT - 3, agreement->kcv_opc, 3);
	if (memcmp(text + TEXT - 6, kcvs, 6) != 0)
		vet_found(finding, "the card's keys are not those of its half of the agreement");
	if (sha256(digest, (struct span){text, TEXT}) < 0 ||
	    p256_verify((struct span){key, P256_UNCOMPRESSED}, digest, agreement->signature) != OK)
		vet_found(finding, "an agreement is not signed by the card's identity");
	return 0;
}

static int seeded(void *context, void *out, size_t length)
{
	vet_draw(context, out, length);
	return 0;
}

int check_agreements(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	const struct p256_random random = {seeded, vet};
	uint8_t key[P256_UNCOMPRESSED], private_key[P256_PRIVATE], public_key[P256_UNCOMPRESSED],
		operator_key[P256_COMPRESSED];
	unsigned count = vet->budget.signatures / 2;
	struct vet_prints own = {NULL, 0, 0};
	struct owner_agreement agreement;
	int result = identity(vet, key, fault);

	if (result == 0 && (p256_generate(private_key, public_key, &random) < 0 ||
			    p256_compress(operator_key, (struct span){public_key, sizeof(public_key)}) < 0))
		result = fault_set(fault, FAULT_BUG, NULL, "no key pair");
	for (unsigned i = 0; i < count && result == 0; i++) {
		result = owner_agree(&agreement, vet->card, &vet->keys, SLOT, operator_key, fault);
		if (result == 0)
			result = check_agreement(vet, finding, private_key, operator_key, &agreement, key,
						 fault);
		if (result == 0)
			result = vet_print(&own, vet->number, agreement.ephemeral + 1,
					   "a half of an agreement", fault);
	}
	if (result == 0 && own.count) /* one for the comparison with other cards */
		result =
			vet_print(vet->prints, vet->number, own.at[0].bytes, "a half of an agreement", fault);
	if (result == 0)
		vet_compare_prints(&own, finding);
	secret_wipe(private_key, sizeof(private_key));
	free(own.at);
	return result;
}

int check_channel(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	const uint8_t command[5 + CHALLENGE + 1] = {0x80, 0x50, vet->keys.version, 0x00, CHALLENGE};
	uint8_t answer[64], print[16] = {0};
	struct vet_prints own = {NULL, 0, 0};
	size_t length;
	int result = 0;

	for (unsigned i = 0; i < vet->budget.signatures && result == 0; i++) {
		int sw;

		result = i % 8 ? reader_reset(vet->card, fault) : reader_power_cycle(vet->card, fault);
		if (result == 0)
			result = scp03_select(vet->card, fault);
		if (result != 0)
			break;
		sw = reader_apdu(vet->card, answer, &length, sizeof(answer), command, sizeof(command), fault);
		if (sw != SW_OK || length < CHALLENGE_AT + CHALLENGE)
			result = sw < 0 ? -1
					: fault_set(fault, FAULT_CARD, NULL, "INITIALIZE UPDATE: %04X",
						    (unsigned)sw);
		memcpy(print, answer + CHALLENGE_AT, CHALLENGE);
		if (result == 0)
			result = vet_print(&own, vet->number, print, "a challenge of the channel", fault);
	}
	if (result == 0)
		vet_compare_prints(&own, finding);
	free(own.at);
	return result == 0 ? reader_reset(vet->card, fault) : result;
}

#include "fleet/fleet.h"

#include <string.h>

#include "ceremony/hierarchy.h"
#include "crypto/kcv.h"
#include "crypto/sha256.h"
#include "fleet/chip.h"
#include "gp/personalise.h"
#include "keys/derive.h"
#include "lib/digits.h"
#include "lib/personalise.h"
#include "lib/scp03_host.h"
#include "lib/secret.h"

enum {
	AGREED_ANSWER = P256_COMPRESSED + 2 * KCV_LENGTH + P256_SIGNATURE,
	SLOT = 1,
};

static int refused(struct fault *fault)
{
	return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
}

/* ---- the operator's secrets ---- */

static int agree_pair(struct fleet *fleet, uint32_t batch)
{
	uint8_t point[P256_UNCOMPRESSED];
	struct draw draw;
	const struct p256_random random = {draw_random, &draw};

	return draw_start(&draw, fleet->seed, "operator's pair", fleet->design, batch) < 0 ||
			       p256_generate(fleet->batch_key[batch], point, &random) < 0 ||
			       p256_compress(fleet->agree_public[batch],
					     (struct span){point, sizeof(point)}) < 0
		       ? -1
		       : 0;
}

int keys_begin(struct fleet *fleet, struct fault *fault)
{
	char name[32];
	uint8_t data[32];

	if (draw_bytes(fleet->master, sizeof(fleet->master), fleet->seed, "master", fleet->design, 0) < 0)
		return refused(fault);
	for (uint32_t b = 0; b < fleet->batches; b++) {
		fleet_batch_name(name, b);
		if (fleet->design == FLEET_DERIVED_BATCH) {
			if (hierarchy_batch(data, FLEET_CEREMONY, name, fault) < 0 ||
			    hierarchy_derive(fleet->batch_key[b], fleet->master, data, fault) < 0)
				return -1;
		} else if (fleet->design == FLEET_AGREED
				   ? agree_pair(fleet, b) < 0
				   : draw_bytes(fleet->batch_key[b], 32, fleet->seed, "transport key",
						fleet->design, b) < 0) {
			return refused(fault);
		}
	}
	return 0;
}

/* ---- one card ---- */

int keys_seal(struct envelope *envelope, const struct fleet *fleet, uint32_t subscriber,
	      const uint8_t key[static 32], const char *purpose)
{
	const struct member *member = &fleet->members[subscriber];
	uint8_t associated[SPOILS_ASSOCIATED], clear[32];
	char imsi[16], iccid[21];
	struct fault fault;
	int e;

	fleet_imsi(imsi, subscriber);
	if (fleet_iccid(iccid, subscriber, &fault) < 0 ||
	    draw_bytes(envelope->nonce, GCM_NONCE, fleet->seed, purpose, fleet->design, subscriber) < 0)
		return -1;
	heard_imsi(envelope->imsi, imsi);
	digits_to_iccid(envelope->iccid, iccid);
	heard_set_number(envelope->batch, fleet_batch_of(fleet, subscriber));
	spoils_associated(associated, envelope);
	memcpy(clear, member->k, 16);
	memcpy(clear + 16, member->opc, 16);
	e = gcm_seal(envelope->sealed, envelope->tag, (struct span){key, 32}, envelope->nonce,
		     (struct span){associated, sizeof(associated)}, (struct span){clear, sizeof(clear)});
	secret_wipe(clear, sizeof(clear));
	return e == OK ? 0 : -1;
}

/* The bureau seals, the operator opens: what comes out is the operator's. */
static int through_envelope(struct fleet *fleet, uint32_t subscriber)
{
	struct member *member = &fleet->members[subscriber];
	const uint8_t *key = fleet->batch_key[fleet_batch_of(fleet, subscriber)];
	uint8_t associated[SPOILS_ASSOCIATED], clear[32];
	struct envelope envelope;
	int e;

	if (keys_seal(&envelope, fleet, subscriber, key, "nonce in transit") < 0)
		return -1;
	spoils_associated(associated, &envelope);
	e = gcm_open(clear, (struct span){key, 32}, envelope.nonce,
		     (struct span){associated, sizeof(associated)},
		     (struct span){envelope.sealed, sizeof(envelope.sealed)}, envelope.tag);
	memcpy(member->k, clear, 16);
	memcpy(member->opc, clear + 16, 16);
	secret_wipe(clear, sizeof(clear));
	return e == OK ? 0 : -1;
}

static int derive(struct member *member, const uint8_t iccid[static 10], const uint8_t key[static 32])
{
	return derive_key(member->k, DERIVE_LABEL_K, iccid, (struct span){key, 32}) < 0 ||
			       derive_key(member->opc, DERIVE_LABEL_OPC, iccid, (struct span){key, 32}) < 0
		       ? -1
		       : 0;
}

/* STORE DATA with one grouping and an answer. */
static int ask_card(struct reader *chip, uint8_t answer[static AGREED_ANSWER], const uint8_t *value,
		    size_t length, struct fault *fault)
{
	uint8_t command[5 + 3 + 1 + P256_COMPRESSED] = {0x80, 0xE2, 0x89, 0x00, (uint8_t)(3 + length)};
	struct scp03_channel channel;
	size_t got = 0;
	int sw = -1;

	command[5] = DGI_AGREE >> 8;
	command[6] = DGI_AGREE & 0xFF;
	command[7] = (uint8_t)length;
	memcpy(command + 8, value, length);
	if (scp03_open(&channel, chip, &scp03_test_keys, fault) == 0)
		sw = scp03_apdu(&channel, chip, answer, &got, AGREED_ANSWER, command, 8 + length, fault);
	scp03_end(&channel);
	if (sw < 0)
		return -1;
	if (sw != SW_OK || got != AGREED_ANSWER)
		return fault_set(fault, FAULT_CARD, NULL, "STORE DATA to agree on a key: SW %04X",
				 (unsigned)sw);
	return 0;
}

/* The operator's half: ECDH with what the card sent, and its check values must come out. */
static int operator_agrees(struct fleet *fleet, uint32_t subscriber, const uint8_t *kcvs, struct fault *fault)
{
	const struct agreement *a = &fleet->agreements[subscriber];
	struct member *member = &fleet->members[subscriber];
	uint8_t x[32], keys[DERIVE_AGREED_KEYS], found[2 * KCV_LENGTH];
	struct draw draw;
	const struct p256_random random = {draw_random, &draw};
	int e = 0;

	if (draw_start(&draw, fleet->seed, "operator's blinding", fleet->design, subscriber) < 0 ||
	    p256_shared(x, fleet->batch_key[fleet_batch_of(fleet, subscriber)],
			(struct span){a->about + SPOILS_EPHEMERAL, P256_COMPRESSED}, &random) < 0 ||
	    derive_agreed(keys, x, a->about) < 0)
		return refused(fault);
	memcpy(member->k, keys, 16);
	memcpy(member->opc, keys + 16, 16);
	if (kcv(found, (struct span){member->k, 16}) < 0 ||
	    kcv(found + KCV_LENGTH, (struct span){member->opc, 16}) < 0)
		e = refused(fault);
	else if (memcmp(found, kcvs, sizeof(found)) != 0)
		e = fault_set(fault, FAULT_NO, NULL, "card and operator agreed on different keys");
	secret_wipe(x, sizeof(x));
	secret_wipe(keys, sizeof(keys));
	return e;
}

/* The card signs what it agreed on (keys/identity.h); the operator checks that. */
static int check_signature(const struct agreement *a, const uint8_t *kcvs, const uint8_t *signature,
			   struct reader *chip, struct fault *fault)
{
	static const uint8_t get_identity[] = {0x80, 0xCA, 0xDF, 0x22, 0x00};
	uint8_t text[16 + DERIVE_AGREED_ABOUT + 2 * KCV_LENGTH], digest[SHA256_LENGTH], answer[256];
	size_t length;
	int sw = scp03_select(chip, fault);

	if (sw < 0)
		return -1;
	sw = reader_apdu(chip, answer, &length, sizeof(answer), get_identity, sizeof(get_identity), fault);
	if (sw < 0)
		return -1;
	if (sw != SW_OK || length != 3 + P256_UNCOMPRESSED || answer[2] != P256_UNCOMPRESSED)
		return fault_set(fault, FAULT_CARD, NULL, "the card does not tell its identity: SW %04X",
				 (unsigned)sw);
	memcpy(text, "simrite agree 01", 16);
	memcpy(text + 16, a->about, DERIVE_AGREED_ABOUT);
	memcpy(text + 16 + DERIVE_AGREED_ABOUT, kcvs, (size_t)2 * KCV_LENGTH);
	if (sha256(digest, (struct span){text, sizeof(text)}) < 0)
		return refused(fault);
	if (p256_verify((struct span){answer + 3, P256_UNCOMPRESSED}, digest, signature) == OK)
		return 0;
	return fault_set(fault, FAULT_NO, NULL, "the card's signature under the agreement is wrong");
}

static int agree(struct fleet *fleet, struct reader *chip, const struct profile *profile, uint32_t subscriber,
		 struct fault *fault)
{
	struct agreement *a = &fleet->agreements[subscriber];
	uint8_t value[1 + P256_COMPRESSED] = {SLOT}, answer[AGREED_ANSWER];

	memcpy(value + 1, fleet->agree_public[fleet_batch_of(fleet, subscriber)], P256_COMPRESSED);
	if (personalise_grouping(chip, &scp03_test_keys, DGI_IDENTITY, (struct span){NULL, 0}, fault) < 0 ||
	    ask_card(chip, answer, value, sizeof(value), fault) < 0)
		return -1;
	heard_imsi(a->imsi, profile->imsi);
	digits_to_iccid(a->about, profile->iccid);
	a->about[10] = SLOT;
	memcpy(a->about + SPOILS_OPERATOR, value + 1, P256_COMPRESSED);
	memcpy(a->about + SPOILS_EPHEMERAL, answer, P256_COMPRESSED);
	if (check_signature(a, answer + P256_COMPRESSED, answer + P256_COMPRESSED + (size_t)2 * KCV_LENGTH,
			    chip, fault) < 0)
		return -1;
	return operator_agrees(fleet, subscriber, answer + P256_COMPRESSED, fault);
}

int keys_deliver(struct fleet *fleet, struct reader *chip, struct profile *profile, uint32_t subscriber,
		 struct fault *fault)
{
	struct member *member = &fleet->members[subscriber];
	uint32_t batch = fleet_batch_of(fleet, subscriber);
	uint8_t iccid[10], random[32];
	int e = 0;

	digits_to_iccid(iccid, profile->iccid);
	switch (fleet->design) {
	case FLEET_PLAIN:
	case FLEET_AEAD:
		e = draw_bytes(random, sizeof(random), fleet->seed, "K and OPc", fleet->design, subscriber);
		memcpy(member->k, random, 16);
		memcpy(member->opc, random + 16, 16);
		secret_wipe(random, sizeof(random));
		profile->method = SLOT_INJECTED;
		break;
	case FLEET_DERIVED:
		e = derive(member, iccid, fleet->master);
		profile->method = SLOT_DERIVED;
		break;
	case FLEET_DERIVED_BATCH:
		e = derive(member, iccid, fleet->batch_key[batch]);
		profile->method = SLOT_DERIVED;
		break;
	default:
		profile->has_key = false;
		break;
	}
	if (e < 0)
		return refused(fault);
	memcpy(profile->key.k, member->k, 16);
	memcpy(profile->key.opc, member->opc, 16);
	if (personalise_store(chip, &scp03_test_keys, profile, fault) < 0)
		return -1;
	if (fleet->design == FLEET_AGREED)
		return agree(fleet, chip, profile, subscriber, fault);
	if (fleet->design == FLEET_AEAD && through_envelope(fleet, subscriber) < 0)
		return refused(fault);
	return 0;
}

/* AUTHENTICATE: does the card compute what 3GPP says, and does it take nothing twice? */
#include <string.h>

#include "lib/hex.h"
#include "lib/personalise.h"
#include "lib/say.h"
#include "lib/sequence.h"
#include "vet/checks.h"

enum {
	SOME_AMFS = 64,
	ALL_AMFS = 65536,
	EVERY = 64, /* a used number is tried after so many authentications of the long run */
	JUMP_BITS = 28
};

static const uint8_t usual_amf[2] = {0x80, 0x00};

/* ---- published answers ---- */

static const struct published {
	int set; /* of TS 35.208 4.3 */
	const char *k, *opc, *rand, *res, *ck, *ik;
} published[] = {
	{1, "465b5ce8b199b49faa5f0a2ee238a6bc", "cd63cb71954a9f4e48a5994e37a02baf",
	 "23553cbe9637a89d218ae64dae47bf35", "a54211d5e3ba50bf", "b40ba9a3c58b2a05bbf0d987b21bf8cb",
	 "f769bcd751044604127672711c6d3441"},
	{3, "fec86ba6eb707ed08905757b1bb44b8f", "1006020f0a478bf6b699f15c062e42b3",
	 "9f7c8d021accf4db213ccff0c7f71a6a", "8011c48c0c214ed2", "5dbdbb2954e8f3cde665b046179a5098",
	 "59a92d3b476a0443487055cf88b2307b"},
	{4, "9e5944aea94b81165c82fbf9f32db751", "a64a507ae1a2a98bb88eb4210135dc87",
	 "ce83dbc54ac0274a157c17f80d017bd6", "f365cd683cd92e96", "e203edb3971574f5a94b0d61b816345d",
	 "0c4524adeac041c4dd830d20854fc46b"},
	{5, "4ab1deb05ca6ceb051fc98e77d026a84", "dcf07cbd51855290b92a07a9891e523e",
	 "74b0cd6031a1c8339b2b6ce2b8c4a186", "5860fc1bce351e7e", "7657766b373d1c2138f307e3de9242f9",
	 "1c42e960d89b8fa99f2744e0708ccb53"},
	{6, "6c38a116ac280c454f59332ee35c8c4f", "3803ef5363b947c6aaa225e58fae3934",
	 "ee6466bc96202c5a557abbeff8babf63", "16c8233f05a0ac28", "3f8c7587fe8e4b233af676aede30ba3b",
	 "a7466cc1e6b2a1337d49d3b66e95d7b4"},
};

static void read_published(struct subscriber_key *key, struct aka_vector *expected, const struct published *p)
{
	(void)hex_read(key->k, 16, p->k, 32);
	(void)hex_read(key->opc, 16, p->opc, 32);
	(void)hex_read(expected->rand, 16, p->rand, 32);
	(void)hex_read(expected->res, 8, p->res, 16);
	(void)hex_read(expected->ck, 16, p->ck, 32);
	(void)hex_read(expected->ik, 16, p->ik, 32);
}

/* RES, CK and IK do not depend on the SQN, which the card would not take as published. */
static int ask_published(struct vet *vet, struct vet_finding *finding, const struct published *p,
			 struct fault *fault)
{
	struct profile profile = {.has_key = true, .key = vet->profile.key, .method = vet->profile.method};
	struct aka_vector vector, expected;
	struct card_aka_answer answer;
	uint8_t sqn[AKA_SQN];
	int result;

	read_published(&profile.key, &expected, p);
	sequence_bytes(sqn, ++vet->seq << SEQUENCE_IND_BITS);
	if (algorithm_vector(&vector, &profile.key, expected.rand, sqn, usual_amf) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "Milenage failed");
	memcpy(vector.res, expected.res, vector.res_length);
	memcpy(vector.ck, expected.ck, vector.ck_length);
	memcpy(vector.ik, expected.ik, vector.ik_length);
	result = personalise_store(vet->card, &vet->keys, &profile, fault);
	if (result == 0)
		result = vet_ready(vet, vet->card, fault);
	if (result == 0)
		result = vet_again(vet, &vector, &answer, fault);
	if (result == 0 && !vet_is_right(&vector, &answer))
		vet_found(finding, "set %d is not answered as TS 35.208 has it", p->set);
	return result;
}

int check_answers(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	struct profile own = {.has_key = true, .key = vet->profile.key, .method = vet->profile.method};
	size_t sets = sizeof(published) / sizeof(published[0]);
	int result = 0;

	for (size_t i = 0; i < sets && result == 0; i++)
		result = ask_published(vet, finding, &published[i], fault);
	vet_say(finding, "%zu sets as published", sets);
	/* and back to the key that the other checks know */
	return result == 0 ? personalise_store(vet->card, &vet->keys, &own, fault) : result;
}

/* ---- sequence numbers ---- */

/* One that is fresh: anything but the right answer is a finding. */
static int fresh(struct vet *vet, struct vet_finding *finding, struct aka_vector *vector, struct fault *fault)
{
	struct card_aka_answer answer;
	int result = vet_aka(vet, vector, &answer, ++vet->seq << SEQUENCE_IND_BITS, usual_amf, fault);

	if (result == 0 && !vet_is_right(vector, &answer))
		vet_found(finding, "a fresh challenge is not answered right");
	return result;
}

/* One that must not be taken: AUTS has to tell the highest SQN, under its MAC. */
static void must_resynchronise(struct vet *vet, struct vet_finding *finding, const struct aka_vector *vector,
			       const struct card_aka_answer *answer, const char *what)
{
	uint8_t sqn[AKA_SQN];

	if (answer->kind == CARD_AKA_RES)
		vet_found(finding, "%s is accepted", what);
	else if (answer->kind != CARD_AKA_AUTS ||
		 algorithm_resync(sqn, &vet->profile.key, vector->rand, answer->auts) < 0 ||
		 sequence_value(sqn) != vet->seq << SEQUENCE_IND_BITS)
		vet_found(finding, "%s is not answered with the card's number", what);
}

static int stale(struct vet *vet, struct vet_finding *finding, uint64_t sqn, const uint8_t amf[static 2],
		 const char *what, struct fault *fault)
{
	struct aka_vector vector;
	struct card_aka_answer answer;
	int result = vet_aka(vet, &vector, &answer, sqn, amf, fault);

	if (result == 0)
		must_resynchronise(vet, finding, &vector, &answer, what);
	return result;
}

static int replayed(struct vet *vet, struct vet_finding *finding, const struct aka_vector *used,
		    const char *what, struct fault *fault)
{
	struct card_aka_answer answer;
	int result = vet_again(vet, used, &answer, fault);

	if (result == 0)
		must_resynchronise(vet, finding, used, &answer, what);
	return result;
}

/* A MAC with one bit wrong says nothing, and spends nothing. */
static int forged(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	struct aka_vector vector;
	struct card_aka_answer answer;
	int result = fresh(vet, finding, &vector, fault);

	for (int bit = 0; bit < 64 && result == 0; bit += 7) {
		struct aka_vector bent = vector;

		bent.autn[8 + bit / 8] ^= (uint8_t)(1 << bit % 8);
		result = vet_again(vet, &bent, &answer, fault);
		if (result == 0 && answer.kind != CARD_AKA_MAC_FAIL)
			vet_found(finding, "an AUTN with a wrong MAC is not refused");
	}
	return result;
}

/* Does an AMF make a used number good? */
static int every_amf(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	unsigned count = vet->budget.deep ? ALL_AMFS : SOME_AMFS;
	uint64_t used = vet->seq << SEQUENCE_IND_BITS;
	int result = 0;

	for (unsigned i = 0; i < count && result == 0; i++) {
		uint8_t amf[2] = {(uint8_t)(i >> 8), (uint8_t)i};

		if (!vet->budget.deep && i < 16) /* each bit, and others by chance */
			memcpy(amf, (const uint8_t[]){(uint8_t)((1u << i) >> 8), (uint8_t)(1u << i)}, 2);
		else if (!vet->budget.deep)
			vet_draw(vet, amf, sizeof(amf));
		result = stale(vet, finding, used, amf, "a used number with some AMF", fault);
		if (finding->verdict == VET_FOUND || stop_asked())
			break;
	}
	return result;
}

int check_sequence(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	struct aka_vector used;
	uint64_t highest;
	int result = vet_ready(vet, vet->card, fault);

	if (result == 0)
		result = fresh(vet, finding, &used, fault);
	if (result == 0)
		result = replayed(vet, finding, &used, "a challenge that was used", fault);
	highest = vet->seq << SEQUENCE_IND_BITS;
	if (result == 0)
		result = stale(vet, finding, highest, usual_amf, "a number that was used", fault);
	if (result == 0)
		result = stale(vet, finding, highest - (1u << SEQUENCE_IND_BITS), usual_amf,
			       "an older number", fault);
	if (result == 0)
		result = stale(vet, finding, 0, usual_amf, "the number 0", fault);
	if (result == 0) /* TS 33.102 C.2.1, C.3: delta is 2^28 */
		result =
			stale(vet, finding, highest + ((((uint64_t)1 << JUMP_BITS) + 1) << SEQUENCE_IND_BITS),
			      usual_amf, "a number too far ahead", fault);
	if (result == 0)
		result = forged(vet, finding, fault);
	if (result == 0)
		result = every_amf(vet, finding, fault);
	vet_say(finding, "used, old, zero and too high numbers, wrong MACs, %d AMFs",
		vet->budget.deep ? ALL_AMFS : SOME_AMFS);
	return result;
}

int check_long_run(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	struct aka_vector used;
	unsigned done = 0;
	int result = vet_ready(vet, vet->card, fault);

	while (done < vet->budget.authentications && result == 0 && finding->verdict != VET_FOUND) {
		if ((done & 255) == 0)
			progress_at(done, "long-run");
		if (stop_asked())
			return fault_set(fault, FAULT_STOPPED, NULL, "stopped");
		result = fresh(vet, finding, &used, fault);
		if (++done % EVERY == 0 && result == 0)
			result = replayed(vet, finding, &used, "a challenge that was used", fault);
	}
	if (result == 0 && finding->verdict == VET_FOUND)
		vet_found(finding, "after %u authentications", done);
	vet_say(finding, "%u authentications, each answered right, used ones refused", done);
	return result;
}

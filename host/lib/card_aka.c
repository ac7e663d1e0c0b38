#include "lib/card_aka.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/compare.h"
#include "lib/card_file.h"
#include "lib/personalise.h"
#include "lib/secret.h"
#include "lib/sequence.h"
#include "status.h"

enum {
	INS_AUTHENTICATE = 0x88,
	CONTEXT_GSM = 0x80,
	CONTEXT_3G = 0x81,
	TAG_SUCCESS = 0xDB,
	TAG_SYNC_FAILURE = 0xDC,
	TOOL_IND = 31, /* our slot of the card's SQN array; an AuC that counts up from 0 meets it last */
};

/* One length-prefixed field of at least `least` and at most `most` bytes. */
static int take(uint8_t *out, size_t *length, size_t least, size_t most, const uint8_t **at,
		const uint8_t *end)
{
	size_t n;

	if (*at >= end)
		return -1;
	n = **at;
	if (n < least || n > most || (size_t)(end - *at) < 1 + n)
		return -1;
	memcpy(out, *at + 1, n);
	if (length)
		*length = n;
	*at += 1 + n;
	return 0;
}

static int parse_answer(struct card_aka_answer *answer, const uint8_t *data, size_t length)
{
	const uint8_t *at = data + 1, *end = data + length;

	if (length < 2)
		return -1;
	if (data[0] == TAG_SYNC_FAILURE) {
		answer->kind = CARD_AKA_AUTS;
		return take(answer->auts, &answer->auts_length, AKA_AUTS, AKA_AUTS_MAX, &at, end);
	}
	answer->kind = CARD_AKA_RES;
	if (data[0] != TAG_SUCCESS || take(answer->res, &answer->res_length, 4, AKA_RES_MAX, &at, end) != 0 ||
	    take(answer->ck, &answer->ck_length, AKA_KEY, AKA_KEY_MAX, &at, end) != 0 ||
	    take(answer->ik, &answer->ik_length, AKA_KEY, AKA_KEY_MAX, &at, end) != 0)
		return -1;
	answer->has_kc = take(answer->kc, NULL, GSM_KC, GSM_KC, &at, end) == 0;
	return 0;
}

/* The key is of another algorithm: no such context, or an AUTN of another length. */
static int refused(int sw)
{
	return sw == SW_NO_GSM_ACCESS || sw == SW_WRONG_LENGTH;
}

/* AUTHENTICATE with these data; the status word, or -1. */
static int run(struct reader *reader, uint8_t data[static 256], size_t *length, uint8_t context,
	       const uint8_t *rand, const uint8_t *autn, size_t autn_length, struct fault *fault)
{
	uint8_t command[5 + 1 + AKA_RAND + 1 + AKA_AUTN_MAX + 1] = {0x00, INS_AUTHENTICATE, 0x00, context};
	size_t n = 5;
	int sw;

	command[n++] = AKA_RAND;
	memcpy(command + n, rand, AKA_RAND);
	n += AKA_RAND;
	if (autn) {
		command[n++] = (uint8_t)autn_length;
		memcpy(command + n, autn, autn_length);
		n += autn_length;
	}
	command[4] = (uint8_t)(n - 5);
	sw = reader_apdu(reader, data, length, 256, command, n + 1, fault);
	if (sw == SW_SECURITY_NOT_SATISFIED)
		return fault_set(fault, FAULT_POLICY, "give PIN1, or disable it first",
				 "AUTHENTICATE: the card asks for PIN1");
	if (sw < 0 || (sw != SW_OK && sw != SW_AUTHENTICATION_MAC && !refused(sw)))
		return card_status_fault(fault, sw, "AUTHENTICATE");
	return sw;
}

static int strange(struct fault *fault)
{
	return fault_set(fault, FAULT_CARD, NULL,
			 "AUTHENTICATE: the answer is not as TS 31.102 7.1.2.1 has it");
}

int card_aka_run(struct reader *reader, struct card_aka_answer *answer, const struct aka_vector *vector,
		 struct fault *fault)
{
	uint8_t data[256];
	size_t length;
	int sw, result = 0;

	memset(answer, 0, sizeof(*answer));
	sw = run(reader, data, &length, CONTEXT_3G, vector->rand, vector->autn, vector->autn_length, fault);
	if (sw == SW_AUTHENTICATION_MAC)
		answer->kind = CARD_AKA_MAC_FAIL;
	else if (refused(sw))
		answer->kind = CARD_AKA_REFUSED;
	else if (sw < 0)
		result = -1;
	else if (parse_answer(answer, data, length) != 0)
		result = strange(fault);
	secret_wipe(data, sizeof(data));
	return result;
}

static int draw(uint8_t rand[static AKA_RAND], struct fault *fault)
{
	if (getrandom(rand, AKA_RAND, 0) != AKA_RAND)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no random bytes: %s", strerror(errno));
	return 0;
}

int card_aka_vector(struct aka_vector *vector, const struct subscriber_key *key, uint64_t sqn,
		    struct fault *fault)
{
	static const uint8_t amf[AKA_AMF] = {0x80, 0x00};
	uint8_t rand[AKA_RAND], bytes[AKA_SQN];

	if (draw(rand, fault) != 0)
		return -1;
	sequence_bytes(bytes, sqn);
	if (algorithm_vector(vector, key, rand, bytes, amf) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the key's algorithm failed");
	return 0;
}

/* ---- proofs ---- */

static int other_key(struct fault *fault, const char *how)
{
	return fault_set(fault, FAULT_NO, "K, or OPc (not OP), differs between card and profile",
			 "the card holds another K or OPc: %s", how);
}

static int same(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
	return a_length == b_length && compare_equal(a, b, b_length) == GRANTED;
}

int card_aka_judge(uint64_t *sqn_card, const struct card_aka_answer *answer, const struct aka_vector *vector,
		   const struct subscriber_key *key, struct fault *fault)
{
	uint8_t sqn[AKA_SQN];

	switch (answer->kind) {
	case CARD_AKA_RES:
		if (!same(answer->res, answer->res_length, vector->res, vector->res_length) ||
		    !same(answer->ck, answer->ck_length, vector->ck, vector->ck_length) ||
		    !same(answer->ik, answer->ik_length, vector->ik, vector->ik_length))
			return other_key(fault, "RES, CK or IK differ");
		return 1;
	case CARD_AKA_AUTS:
		if (answer->auts_length != (size_t)AKA_SQN + key->sizes.mac ||
		    algorithm_resync(sqn, key, vector->rand, answer->auts) < 0)
			return other_key(fault, "the MAC of its AUTS is wrong");
		*sqn_card = sequence_value(sqn);
		return 0;
	case CARD_AKA_REFUSED:
		return other_key(fault, "its algorithm, or the size of its MAC, is another");
	default:
		return other_key(fault, "it finds the MAC of our AUTN wrong (9862)");
	}
}

/* A RAND in the GSM context: 0 when SRES and Kc are right. */
static int try_gsm(struct reader *reader, const struct subscriber_key *key, struct fault *fault)
{
	uint8_t rand[AKA_RAND], data[256], want[2 + GSM_SRES + GSM_KC] = {GSM_SRES};
	struct algorithm a;
	size_t length = 0;
	int sw, result = draw(rand, fault);

	if (result == 0) {
		want[1 + GSM_SRES] = GSM_KC;
		if (algorithm_start(&a, key, rand) < 0 ||
		    algorithm_gsm(&a, want + 1, want + 2 + GSM_SRES) < 0)
			result = fault_set(fault, FAULT_BUG, NULL, "the key's algorithm failed");
		algorithm_stop(&a);
	}
	if (result == 0) {
		sw = run(reader, data, &length, CONTEXT_GSM, rand, NULL, 0, fault);
		result = sw < 0 ? -1 : refused(sw) ? other_key(fault, "its algorithm is another") : 0;
	}
	if (result == 0 && length != sizeof(want))
		result = strange(fault);
	if (result == 0 && !same(data, length, want, sizeof(want)))
		result = other_key(fault, "SRES or Kc differ");
	secret_wipe(data, sizeof(data));
	secret_wipe(want, sizeof(want));
	return result;
}

/* One AUTHENTICATE with this SQN, judged. */
static int try_sqn(struct reader *reader, uint64_t *sqn_card, uint64_t sqn, const struct subscriber_key *key,
		   struct fault *fault)
{
	struct card_aka_answer answer;
	struct aka_vector vector;
	int result = card_aka_vector(&vector, key, sqn, fault);

	if (result == 0)
		result = card_aka_run(reader, &answer, &vector, fault);
	if (result == 0)
		result = card_aka_judge(sqn_card, &answer, &vector, key, fault);
	secret_wipe(&answer, sizeof(answer));
	secret_wipe(&vector, sizeof(vector));
	return result;
}

uint64_t card_aka_next_sqn(uint64_t sqn_card)
{
	return (((sqn_card >> SEQUENCE_IND_BITS) + 1) << SEQUENCE_IND_BITS | TOOL_IND) & SEQUENCE_MAX;
}

int card_check_key(struct reader *reader, uint64_t *sqn_card, const struct subscriber_key *key,
		   struct fault *fault)
{
	uint64_t told = 0;
	int result;

	if (card_select_usim(reader, fault) != 0)
		return -1;
	result = algorithm_has_3g(key) ? try_sqn(reader, &told, 0, key, fault) : try_gsm(reader, key, fault);
	if (sqn_card)
		*sqn_card = told;
	return result < 0 ? -1 : 0;
}

int card_prove_key(struct reader *reader, const struct subscriber_key *key, struct fault *fault)
{
	uint64_t sqn_card = 0; /* as on a card never used, which spares it the AUTS */
	int round, result = 0;

	if (card_select_usim(reader, fault) != 0)
		return -1;
	if (!algorithm_has_3g(key))
		return try_gsm(reader, key, fault);
	for (round = 0; round < 2 && result == 0; round++)
		result = try_sqn(reader, &sqn_card, card_aka_next_sqn(sqn_card), key, fault);
	if (result == 0)
		return fault_set(fault, FAULT_CARD, NULL,
				 "the card refuses a fresh SQN: its sequence numbers are used up");
	return result < 0 ? -1 : 0;
}

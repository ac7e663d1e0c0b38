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
		return take(answer->auts, NULL, AKA_AUTS, AKA_AUTS, &at, end);
	}
	answer->kind = CARD_AKA_RES;
	if (data[0] != TAG_SUCCESS || take(answer->res, &answer->res_length, 4, 16, &at, end) != 0 ||
	    take(answer->ck, NULL, 16, 16, &at, end) != 0 || take(answer->ik, NULL, 16, 16, &at, end) != 0)
		return -1;
	answer->has_kc = take(answer->kc, NULL, 8, 8, &at, end) == 0;
	return 0;
}

int card_aka_run(struct reader *reader, struct card_aka_answer *answer, const uint8_t rand[static AKA_RAND],
		 const uint8_t autn[static AKA_AUTN], struct fault *fault)
{
	uint8_t command[40] = {0x00, INS_AUTHENTICATE, 0x00, CONTEXT_3G, 0x22}, data[256];
	size_t length;
	int sw, result = 0;

	memset(answer, 0, sizeof(*answer));
	command[5] = AKA_RAND;
	memcpy(command + 6, rand, AKA_RAND);
	command[22] = AKA_AUTN;
	memcpy(command + 23, autn, AKA_AUTN);
	sw = reader_apdu(reader, data, &length, sizeof(data), command, sizeof(command), fault);
	if (sw == SW_AUTHENTICATION_MAC)
		answer->kind = CARD_AKA_MAC_FAIL;
	else if (sw == SW_SECURITY_NOT_SATISFIED)
		result = fault_set(fault, FAULT_POLICY, "give PIN1, or disable it first",
				   "AUTHENTICATE: the card asks for PIN1");
	else if (sw != SW_OK)
		result = card_status_fault(fault, sw, "AUTHENTICATE");
	else if (parse_answer(answer, data, length) != 0)
		result = fault_set(fault, FAULT_CARD, NULL,
				   "AUTHENTICATE: the answer is not as TS 31.102 7.1.2.1 has it");
	secret_wipe(data, sizeof(data));
	return result;
}

int card_aka_vector(struct aka_vector *vector, const uint8_t k[static 16], const uint8_t opc[static 16],
		    uint64_t sqn, struct fault *fault)
{
	static const uint8_t amf[AKA_AMF] = {0x80, 0x00};
	uint8_t rand[AKA_RAND], bytes[AKA_SQN];

	if (getrandom(rand, sizeof(rand), 0) != (ssize_t)sizeof(rand))
		return fault_set(fault, FAULT_SYSTEM, NULL, "no random bytes: %s", strerror(errno));
	sequence_bytes(bytes, sqn);
	if (milenage_vector(vector, k, opc, rand, bytes, amf) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "Milenage failed");
	return 0;
}

/* ---- proofs ---- */

static int other_key(struct fault *fault, const char *how)
{
	return fault_set(fault, FAULT_NO, "K, or OPc (not OP), differs between card and profile",
			 "the card holds another K or OPc: %s", how);
}

int card_aka_judge(uint64_t *sqn_card, const struct card_aka_answer *answer, const struct aka_vector *vector,
		   const uint8_t k[static 16], const uint8_t opc[static 16], struct fault *fault)
{
	uint8_t sqn[AKA_SQN];

	switch (answer->kind) {
	case CARD_AKA_RES:
		if (answer->res_length != AKA_RES ||
		    compare_equal(answer->res, vector->res, AKA_RES) != GRANTED ||
		    compare_equal(answer->ck, vector->ck, AKA_KEY) != GRANTED ||
		    compare_equal(answer->ik, vector->ik, AKA_KEY) != GRANTED)
			return other_key(fault, "RES, CK or IK differ");
		return 1;
	case CARD_AKA_AUTS:
		if (milenage_resync(sqn, k, opc, vector->rand, answer->auts) < 0)
			return other_key(fault, "the MAC of its AUTS is wrong");
		*sqn_card = sequence_value(sqn);
		return 0;
	default:
		return other_key(fault, "it finds the MAC of our AUTN wrong (9862)");
	}
}

/* One AUTHENTICATE with this SQN, judged. */
static int try_sqn(struct reader *reader, uint64_t *sqn_card, uint64_t sqn, const uint8_t k[static 16],
		   const uint8_t opc[static 16], struct fault *fault)
{
	struct card_aka_answer answer;
	struct aka_vector vector;
	int result = card_aka_vector(&vector, k, opc, sqn, fault);

	if (result == 0)
		result = card_aka_run(reader, &answer, vector.rand, vector.autn, fault);
	if (result == 0)
		result = card_aka_judge(sqn_card, &answer, &vector, k, opc, fault);
	secret_wipe(&answer, sizeof(answer));
	secret_wipe(&vector, sizeof(vector));
	return result;
}

uint64_t card_aka_next_sqn(uint64_t sqn_card)
{
	return (((sqn_card >> SEQUENCE_IND_BITS) + 1) << SEQUENCE_IND_BITS | TOOL_IND) & SEQUENCE_MAX;
}

int card_check_key(struct reader *reader, uint64_t *sqn_card, const uint8_t k[static 16],
		   const uint8_t opc[static 16], struct fault *fault)
{
	uint64_t told = 0;
	int result;

	if (card_select_usim(reader, fault) != 0)
		return -1;
	result = try_sqn(reader, &told, 0, k, opc, fault);
	if (sqn_card)
		*sqn_card = told;
	return result < 0 ? -1 : 0;
}

int card_prove_key(struct reader *reader, const uint8_t k[static 16], const uint8_t opc[static 16],
		   struct fault *fault)
{
	uint64_t sqn_card = 0; /* as on a card never used, which spares it the AUTS */
	int round, result = 0;

	if (card_select_usim(reader, fault) != 0)
		return -1;
	for (round = 0; round < 2 && result == 0; round++)
		result = try_sqn(reader, &sqn_card, card_aka_next_sqn(sqn_card), k, opc, fault);
	if (result == 0)
		return fault_set(fault, FAULT_CARD, NULL,
				 "the card refuses a fresh SQN: its sequence numbers are used up");
	return result < 0 ? -1 : 0;
}

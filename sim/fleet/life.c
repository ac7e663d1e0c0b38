#include "fleet/fleet.h"

#include <string.h>

#include "fleet/chip.h"
#include "lib/card_aka.h"
#include "lib/card_file.h"
#include "lib/key_form.h"
#include "lib/profile.h"
#include "lib/secret.h"
#include "lib/sequence.h"
#include "radio/nas.h"

static const uint8_t amf[AKA_AMF] = {0x80, 0x00};

/* The network's vector, the card's AUTHENTICATE, and RES, CK and IK must be the network's. */
static int authenticate(struct card_aka_answer *answer, struct aka_vector *vector, const struct fleet *fleet,
			struct reader *chip, const struct subscriber_key *key, uint32_t subscriber,
			unsigned time, struct fault *fault)
{
	static const char *const purpose[FLEET_SESSIONS + 1] = {"RAND before", "RAND after",
								"RAND of a challenge"};
	uint8_t rand[AKA_RAND], sqn[AKA_SQN];
	uint64_t number = 0, told;

	if (sequence_after(&number, 0, time + 1) < 0 ||
	    draw_bytes(rand, sizeof(rand), fleet->seed, purpose[time], fleet->design, subscriber) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "no RAND");
	sequence_bytes(sqn, number);
	if (algorithm_vector(vector, key, rand, sqn, amf) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the key's algorithm failed");
	if (card_aka_run(chip, answer, vector, fault) < 0)
		return -1;
	switch (card_aka_judge(&told, answer, vector, key, fault)) {
	case 1:
		return 0;
	case 0:
		return fault_set(fault, FAULT_CARD, NULL, "the card wants to be resynchronised");
	default:
		return -1;
	}
}

/* The network opens with a Security Mode Command, the phone answers nothing
 * that matters here, and says its words. That CK and IK are the same on both
 * sides was just seen, so they derive their keys from them but once. */
static int talk(struct heard *heard, const struct card_aka_answer *answer,
		const uint8_t words[static HEARD_DATA], struct fault *fault)
{
	static const uint8_t sn[3] = {0x99, 0xF9, 0x07}; /* 999 70, TS 24.301 9.9.3.32 */
	struct lte_keys keys;
	uint8_t message[NAS_MAX];
	int n = (int)nas_security_mode_command(message), e;

	e = lte_keys_derive(&keys, answer->ck, answer->ik, sn, heard->autn, 0);
	if (e == OK)
		e = n = nas_protect(message, (size_t)n, NAS_INTEGRITY_NEW, &keys, 0, DOWNLINK);
	if (e > HEARD_COMMAND)
		e = ERROR_RANGE;
	if (e > 0) {
		heard->command_length = (uint8_t)n;
		memcpy(heard->command, message, (size_t)n);
		memcpy(heard->data, words, HEARD_DATA);
		e = eea2(heard->data, HEARD_DATA, keys.kup_enc, 0, HEARD_BEARER, UPLINK);
	}
	secret_wipe(&keys, sizeof(keys));
	return e < 0 ? fault_set(fault, FAULT_BUG, NULL, "the session's keys cannot be made") : 0;
}

static int sessions(struct fleet *fleet, struct reader *chip, const struct subscriber_key *key,
		    const char *imsi, uint32_t i, struct fault *fault)
{
	struct heard_challenge *challenge = &fleet->challenges[i];
	struct card_aka_answer answer;
	struct aka_vector vector;
	uint8_t words[HEARD_DATA];

	for (unsigned s = 0; s < FLEET_SESSIONS; s++) {
		struct heard *heard = &fleet->heard[(size_t)s * fleet->count + i];

		if (authenticate(&answer, &vector, fleet, chip, key, i, s, fault) < 0)
			return -1;
		heard_imsi(heard->imsi, imsi);
		memcpy(heard->rand, vector.rand, 16);
		memcpy(heard->autn, vector.autn, 16);
		if (fleet_words(words, fleet, i, s) < 0 || talk(heard, &answer, words, fault) < 0)
			return -1;
	}
	if (authenticate(&answer, &vector, fleet, chip, key, i, FLEET_SESSIONS, fault) < 0)
		return -1;
	heard_imsi(challenge->imsi, imsi);
	memcpy(challenge->rand, vector.rand, 16);
	memcpy(challenge->autn, vector.autn, 16);
	memcpy(fleet->members[i].res, answer.res, 8);
	secret_wipe(&answer, sizeof(answer));
	secret_wipe(&vector, sizeof(vector));
	return 0;
}

int life(struct fleet *fleet, struct reader *chip, uint32_t subscriber, struct fault *fault)
{
	const struct member *member = &fleet->members[subscriber];
	struct profile profile = {.mnc_length = 2, .has_key = true};
	struct draw entropy;
	int e;

	fleet_imsi(profile.imsi, subscriber);
	if (fleet_iccid(profile.iccid, subscriber, fault) < 0 ||
	    key_form_read(&profile.key, "milenage", fault) < 0)
		return -1;
	if (draw_start(&entropy, fleet->seed, "chip", fleet->design, subscriber) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
	if (chip_blank(chip, &entropy, fault) < 0 ||
	    keys_deliver(fleet, chip, &profile, subscriber, fault) < 0)
		return -1;
	/* What the network asks with is the operator's key, whatever the bureau had. */
	memcpy(profile.key.k, member->k, 16);
	memcpy(profile.key.opc, member->opc, 16);
	e = reader_reset(chip, fault) < 0 || card_select_usim(chip, fault) < 0 ||
			    sessions(fleet, chip, &profile.key, profile.imsi, subscriber, fault) < 0
		    ? -1
		    : 0;
	secret_wipe(&profile, sizeof(profile));
	return e;
}

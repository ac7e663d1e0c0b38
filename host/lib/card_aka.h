/* card_aka.h - AUTHENTICATE (TS 31.102 7.1), and what its answer proves.
 *
 * A card that shows the RES, CK and IK computed here, or an AUTS whose MAC-S
 * is right, holds this K and OPc. ADF.USIM must be selected. */
#ifndef SIMRITE_CARD_AKA_H
#define SIMRITE_CARD_AKA_H

#include "auth/algorithm.h"
#include "lib/fault.h"
#include "lib/reader.h"

enum card_aka_kind {
	CARD_AKA_RES,      /* DB: the network is accepted */
	CARD_AKA_AUTS,     /* DC: its SQN is not fresh */
	CARD_AKA_MAC_FAIL, /* 9862: AUTN was made with another K, OPc or RAND */
	CARD_AKA_REFUSED,  /* 9864, 6700: the card's key is of another algorithm or size */
};

struct card_aka_answer {
	enum card_aka_kind kind;
	size_t res_length, ck_length, ik_length, auts_length;
	uint8_t res[AKA_RES_MAX], ck[AKA_KEY_MAX], ik[AKA_KEY_MAX];
	uint8_t kc[GSM_KC];
	int has_kc;
	uint8_t auts[AKA_AUTS_MAX];
};

/* Run one in the 3G context: 0, or -1 for anything the card may not answer.
 * Of `vector`, RAND and AUTN are used. */
int card_aka_run(struct reader *reader, struct card_aka_answer *answer, const struct aka_vector *vector,
		 struct fault *fault);

/* A vector for a RAND of the kernel's; AMF 8000. */
int card_aka_vector(struct aka_vector *vector, const struct subscriber_key *key, uint64_t sqn,
		    struct fault *fault);

/* What an answer to `vector` proves: 1, RES, CK and IK are those computed
 * here; 0, an AUTS with a right MAC-S, and *sqn_card is the card's highest
 * SQN; -1 (FAULT_NO), the card holds another K or OPc. */
int card_aka_judge(uint64_t *sqn_card, const struct card_aka_answer *answer, const struct aka_vector *vector,
		   const struct subscriber_key *key, struct fault *fault);

/* The SQN to ask with after a card told its highest (0: a card never used):
 * the next SEQ, with the IND these tools use. */
uint64_t card_aka_next_sqn(uint64_t sqn_card);

/* Does the card hold this key? Asks with SQN 0, which no card accepts twice:
 * the AUTS is the proof, and the card's sequence numbers stay as they are.
 * *sqn_card, when not NULL, gets the SQN_MS it told (0 when it sent RES). A
 * GSM-only key is asked in the GSM context: SRES and Kc are the proof. */
int card_check_key(struct reader *reader, uint64_t *sqn_card, const struct subscriber_key *key,
		   struct fault *fault);

#endif

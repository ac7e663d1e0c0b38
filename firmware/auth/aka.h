/* aka.h - the words of authentication and key agreement (3GPP TS 33.102 6.3). */
#ifndef SIMRITE_AKA_H
#define SIMRITE_AKA_H

#include <stdint.h>

/* Bytes, as TS 33.102 has them and Milenage gives them. */
enum {
	AKA_KEY = 16, /* K, OPc, CK, IK */
	AKA_RAND = 16,
	AKA_RES = 8,
	AKA_SQN = 6, /* SQN, AK */
	AKA_AMF = 2,
	AKA_MAC = 8,
	AKA_AUTN = 16, /* SQN xor AK || AMF || MAC-A */
	AKA_AUTS = 14, /* SQN_MS xor AK* || MAC-S */
	GSM_SRES = 4,
	GSM_KC = 8
};

/* The longest that TUAK can be told to give. */
enum {
	AKA_KEY_MAX = 32,
	AKA_RES_MAX = 32,
	AKA_MAC_MAX = 32,
	AKA_AUTN_MAX = AKA_SQN + AKA_AMF + AKA_MAC_MAX,
	AKA_AUTS_MAX = AKA_SQN + AKA_MAC_MAX
};

struct aka_vector {
	uint8_t rand[AKA_RAND], autn[AKA_AUTN_MAX];
	uint8_t res[AKA_RES_MAX], ck[AKA_KEY_MAX], ik[AKA_KEY_MAX];
	uint8_t autn_length, res_length, ck_length, ik_length;
};

#endif

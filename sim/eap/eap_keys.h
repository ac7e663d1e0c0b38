/* eap_keys.h - the keys of EAP-AKA' (RFC 9048 clause 3.3) and of its forward secrecy (RFC 9678 clause 6.3).
 *
 *     CK, IK, network name, SQN xor AK -> CK', IK'            TS 33.402 Annex A.2
 *     CK', IK', identity               -> K_encr, K_aut, K_re, MSK, EMSK
 *     CK', IK', shared secret, identity -> K_re, MSK, EMSK, in place of those before
 *
 * PRF' is HMAC-SHA-256 in the chain of RFC 9048 3.4. Everything up to the
 * second line follows from K, OPc and what goes over the air in clear. */
#ifndef SIMRITE_EAP_KEYS_H
#define SIMRITE_EAP_KEYS_H

#include "status.h"

enum {
	EAP_MSK = 64
};

struct eap_keys {
	uint8_t ck[16], ik[16]; /* CK' and IK' */
	uint8_t k_encr[16], k_aut[32], k_re[32];
	uint8_t msk[EAP_MSK], emsk[EAP_MSK];
};

/* All of the first two lines. `name` is what AT_KDF_INPUT says, at most 255
 * bytes; `sqn_xor_ak` the first six bytes of AUTN. ERROR_RANGE, ERROR_CRYPTO;
 * on failure everything is zero. */
MUST_CHECK int eap_keys_derive(struct eap_keys *keys, const uint8_t ck[static 16],
			       const uint8_t ik[static 16], struct span name,
			       const uint8_t sqn_xor_ak[static 6], struct span identity);

/* The third line. */
MUST_CHECK int eap_keys_forward(struct eap_keys *keys, const uint8_t shared[static 32], struct span identity);

#endif

/* algorithm.h - f1..f5*, A3 and A8 of whatever algorithm a key is for.
 *
 * The seam between those who authenticate (authenticate.c on the card, the
 * authentication centre on the host) and the algorithms behind it: Milenage,
 * TUAK, the test algorithms and COMP128 (keys/subscriber_key.h names them).
 *
 *     struct algorithm a;
 *     e = algorithm_start(&a, &key, rand);          `key` must outlive `a`
 *     e = algorithm_f2345(&a, &keys);  e = algorithm_f1(&a, mac, sqn, amf);  ...
 *     algorithm_stop(&a);
 *
 * What has a size has the size of key->sizes: MAC, RES, CK, IK. The functions
 * f1..f5* are for keys of which algorithm_has_3g() is true, algorithm_gsm()
 * for those of which algorithm_has_gsm() is; ERROR_VALUE otherwise. All return
 * OK, ERROR_VALUE or ERROR_CRYPTO. Never copy a struct algorithm. */
#ifndef SIMRITE_ALGORITHM_H
#define SIMRITE_ALGORITHM_H

#include "auth/aka.h"
#include "auth/milenage.h"
#include "auth/tuak.h"
#include "auth/xor.h"
#include "keys/subscriber_key.h"
#include "status.h"

enum {
	ALGORITHM_PARAMETERS = 6
};

/* Make `key` one for this algorithm: fills in everything but K and OPc.
 * `length` is 0 for the usual sizes (TUAK: K, CK, IK of 16 bytes, MAC and RES
 * of 8, one iteration; XOR: RES of 16), or ALGORITHM_PARAMETERS for K, MAC,
 * RES, CK, IK in bytes, and iterations. ERROR_VALUE: no such algorithm, or a
 * size it does not have. */
MUST_CHECK int algorithm_choose(struct subscriber_key *key, uint8_t algorithm, const uint8_t *parameters,
				size_t length);
/* The parameters of a key; how many: 0 when they are the usual ones. */
size_t algorithm_parameters(uint8_t parameters[static ALGORITHM_PARAMETERS],
			    const struct subscriber_key *key);

/* SRES and Kc: of GSM algorithms as they are, of 3G ones by c2 and c3 of TS
 * 33.102 6.8.1.2, which are for RES up to 16 bytes and CK and IK of 16. */
int algorithm_has_gsm(const struct subscriber_key *key);
int algorithm_has_3g(const struct subscriber_key *key);

struct algorithm {
	const struct subscriber_key *key;
	union {
		struct milenage milenage;
		struct tuak tuak;
		struct xor xor;
		uint8_t rand[AKA_RAND];
	} of;
};

struct algorithm_keys {
	uint8_t res[AKA_RES_MAX], ck[AKA_KEY_MAX], ik[AKA_KEY_MAX], ak[AKA_SQN];
};

MUST_CHECK int algorithm_start(struct algorithm *a, const struct subscriber_key *key,
			       const uint8_t rand[static AKA_RAND]);
MUST_CHECK int algorithm_f1(struct algorithm *a, uint8_t mac[static AKA_MAC_MAX],
			    const uint8_t sqn[static AKA_SQN], const uint8_t amf[static AKA_AMF]);
MUST_CHECK int algorithm_f2345(struct algorithm *a, struct algorithm_keys *keys);
/* AUTS (TS 33.102 6.3.3): SQN_MS concealed with f5*, signed with f1* and an
 * AMF of zero; 6 bytes and a MAC. */
MUST_CHECK int algorithm_auts(struct algorithm *a, uint8_t auts[static AKA_AUTS_MAX],
			      const uint8_t sqn[static AKA_SQN]);
MUST_CHECK int algorithm_gsm(struct algorithm *a, uint8_t sres[static GSM_SRES], uint8_t kc[static GSM_KC]);
/* Wipe. Allowed after a failed start. */
void algorithm_stop(struct algorithm *a);

/* c2 (6.8.1.2): RES of up to 16 bytes, filled up with zeros, folded to four. */
void algorithm_c2(uint8_t sres[static GSM_SRES], const uint8_t *res, size_t length);

/* ---- the network's side (TS 33.102 6.3.2, 6.3.5) ---- */

/* The authentication vector for one RAND and SQN. */
MUST_CHECK int algorithm_vector(struct aka_vector *vector, const struct subscriber_key *key,
				const uint8_t rand[static AKA_RAND], const uint8_t sqn[static AKA_SQN],
				const uint8_t amf[static AKA_AMF]);

/* SQN_MS out of an AUTS that answers `rand`; ERROR_CHECK when MAC-S is wrong,
 * and then `sqn` is zero. `auts` is as long as the key's MAC makes it. */
MUST_CHECK int algorithm_resync(uint8_t sqn[static AKA_SQN], const struct subscriber_key *key,
				const uint8_t rand[static AKA_RAND], const uint8_t *auts);

#endif

/* milenage.h - the algorithm set f1..f5* of 3GPP TS 35.206, and what is built from it.
 *
 * One key expansion and one block (TEMP) serve every function of one RAND:
 *
 *     struct milenage m;
 *     e = milenage_start(&m, k, opc, rand);
 *     e = milenage_f2_f5(&m, res, ak);  e = milenage_f1(&m, mac_a, sqn, amf);  ...
 *     milenage_stop(&m);
 *
 * The card and the authentication centre both use it. All values are byte
 * strings in the specification's order. Every function returns OK or
 * ERROR_CRYPTO; never copy a struct milenage; milenage_stop() wipes it and is
 * allowed after a failed start. */
#ifndef SIMRITE_MILENAGE_H
#define SIMRITE_MILENAGE_H

#include "auth/aka.h"
#include "crypto/aes.h"

struct milenage {
	uint32_t work[AES_BLOCK / 4]; /* the block that came last */
	uint32_t mixed[2 * AES_BLOCK /
		       4]; /* TEMP xor OPc, twice: rotated, it is there from a word further on */
	uint32_t opc[AKA_KEY / 4];
	struct aes aes;
};

/* OPc = E_K(OP) xor OP (TS 35.206 4.1). */
MUST_CHECK int milenage_opc(uint8_t opc[static AKA_KEY], const uint8_t k[static AKA_KEY],
			    const uint8_t op[static AKA_KEY]);

MUST_CHECK int milenage_start(struct milenage *m, const uint8_t k[static AKA_KEY],
			      const uint8_t opc[static AKA_KEY], const uint8_t rand[static AKA_RAND]);
/* f1 and f1*: network and resynchronisation authentication codes. */
MUST_CHECK int milenage_f1(struct milenage *m, uint8_t mac_a[static AKA_MAC],
			   const uint8_t sqn[static AKA_SQN], const uint8_t amf[static AKA_AMF]);
MUST_CHECK int milenage_f1_star(struct milenage *m, uint8_t mac_s[static AKA_MAC],
				const uint8_t sqn[static AKA_SQN], const uint8_t amf[static AKA_AMF]);
/* f2 and f5: response and anonymity key. */
MUST_CHECK int milenage_f2_f5(struct milenage *m, uint8_t res[static AKA_RES], uint8_t ak[static AKA_SQN]);
/* f3 and f4: cipher key and integrity key. */
MUST_CHECK int milenage_f3_f4(struct milenage *m, uint8_t ck[static AKA_KEY], uint8_t ik[static AKA_KEY]);
/* f5*: anonymity key of a resynchronisation. */
MUST_CHECK int milenage_f5_star(struct milenage *m, uint8_t ak[static AKA_SQN]);
void milenage_stop(struct milenage *m);

/* ---- GSM from 3G (TS 33.102 6.8.1.2; TS 55.205) ---- */

/* c2: SRES = RES[0..3] xor RES[4..7]. TS 55.205's other rule, SRES = RES[0..3],
 * is not used by this card. */
void milenage_c2(uint8_t sres[static GSM_SRES], const uint8_t res[static AKA_RES]);
/* c3: Kc = CK1 xor CK2 xor IK1 xor IK2. */
void milenage_c3(uint8_t kc[static GSM_KC], const uint8_t ck[static AKA_KEY],
		 const uint8_t ik[static AKA_KEY]);

/* ---- the network's side (TS 33.102 6.3.2, 6.3.5) ---- */

/* The authentication vector for one RAND and SQN. */
MUST_CHECK int milenage_vector(struct aka_vector *vector, const uint8_t k[static AKA_KEY],
			       const uint8_t opc[static AKA_KEY], const uint8_t rand[static AKA_RAND],
			       const uint8_t sqn[static AKA_SQN], const uint8_t amf[static AKA_AMF]);

/* SQN_MS out of an AUTS that answers `rand`; ERROR_CHECK when MAC-S is wrong,
 * and then `sqn` is zero. AMF* is 0000 (TS 33.102 6.3.3). */
MUST_CHECK int milenage_resync(uint8_t sqn[static AKA_SQN], const uint8_t k[static AKA_KEY],
			       const uint8_t opc[static AKA_KEY], const uint8_t rand[static AKA_RAND],
			       const uint8_t auts[static AKA_AUTS]);

/* ---- the card's side ---- */

/* AUTS for the RAND of `m`: conceals SQN_MS with f5*, signs with f1*. */
MUST_CHECK int milenage_auts(struct milenage *m, uint8_t auts[static AKA_AUTS],
			     const uint8_t sqn[static AKA_SQN]);

#endif

/* tuak.h - the algorithm set f1..f5* of 3GPP TS 35.231, on Keccak-f[1600].
 *
 *     struct tuak t;
 *     e = tuak_start(&t, &sizes, k, topc, rand);
 *     tuak_f2345(&t, res, ck, ik, ak);  tuak_f1(&t, mac, sqn, amf);  ...
 *     tuak_stop(&t);
 *
 * Sizes are the operator's choice and part of the key (in bytes): K 16 or 32;
 * MAC 8, 16 or 32; RES 4, 8, 16 or 32; CK and IK 16 or 32; Keccak iterations
 * 1..255. Every output array must hold the size chosen. All values are byte
 * strings in the specification's order. Nothing fails but a size that is not
 * allowed. The card and the authentication centre both use it. */
#ifndef SIMRITE_TUAK_H
#define SIMRITE_TUAK_H

#include "keys/subscriber_key.h"
#include "status.h"

enum {
	TUAK_TOPC = 32,
	TUAK_MAX = 32, /* longest of K, MAC, RES, CK, IK */
};

struct tuak {
	struct key_sizes sizes;
	uint8_t k[TUAK_MAX], topc[TUAK_TOPC], rand[16];
};

/* OK or ERROR_VALUE. */
MUST_CHECK int tuak_check(const struct key_sizes *sizes);

/* TOPc of a K and the operator's TOP (6.1). ERROR_VALUE. Of `sizes` only K and
 * the iterations matter, but all are checked. */
MUST_CHECK int tuak_topc(uint8_t topc[static TUAK_TOPC], const struct key_sizes *sizes, const uint8_t *k,
			 const uint8_t top[static TUAK_TOPC]);

/* K has sizes->k bytes. ERROR_VALUE. */
MUST_CHECK int tuak_start(struct tuak *t, const struct key_sizes *sizes, const uint8_t *k,
			  const uint8_t topc[static TUAK_TOPC], const uint8_t rand[static 16]);
/* 6.2 and 6.3: sizes->mac bytes. */
void tuak_f1(const struct tuak *t, uint8_t *mac, const uint8_t sqn[static 6], const uint8_t amf[static 2]);
void tuak_f1_star(const struct tuak *t, uint8_t *mac, const uint8_t sqn[static 6],
		  const uint8_t amf[static 2]);
/* 6.4: one run of Keccak gives all four; any of them may be NULL. */
void tuak_f2345(const struct tuak *t, uint8_t *res, uint8_t *ck, uint8_t *ik, uint8_t *ak);
/* 6.5: 6 bytes. */
void tuak_f5_star(const struct tuak *t, uint8_t ak[static 6]);
/* Wipe. Allowed after a failed start. */
void tuak_stop(struct tuak *t);

#endif

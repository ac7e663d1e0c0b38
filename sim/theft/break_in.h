/* break_in.h - try a key on a recorded session.
 *
 * RAND and AUTN went over the air in clear. Whoever guesses K and OPc can
 * check the guess alone: AUTN carries a MAC under them (TS 33.102 6.3.3). A
 * right guess gives CK and IK, those give every LTE key, and the MAC of the
 * recorded Security Mode Command confirms them before anything is deciphered.
 *
 * With EAP-AKA' they give K_aut, which the challenge's AT_MAC confirms, and
 * MSK and EMSK as they are without forward secrecy. Whether those open the
 * traffic is tried: what comes out must be IPv4 packets with right checksums. */
#ifndef SIMRITE_BREAK_IN_H
#define SIMRITE_BREAK_IN_H

#include <stdbool.h>

#include "theft/record.h"

struct stolen_key {
	char imsi[16];
	uint8_t k[16], opc[16];
};

/* Does the key fit this session? Does not look at the IMSI. */
bool break_in_fits(const struct session *session, const uint8_t k[static 16], const uint8_t opc[static 16]);

/* CK and IK that this key gives for that RAND. */
bool break_in_cipher_keys(uint8_t ck[static 16], uint8_t ik[static 16], const uint8_t rand[static 16],
			  const struct stolen_key *key);

/* Decipher every PDU of the session in place. False when the key does not
 * open it; then nothing was changed. */
bool break_in_open(struct session *session, const struct stolen_key *key);

#endif

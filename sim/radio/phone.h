/* phone.h - a phone: the USIM over PC/SC, and the phone's side of an attach.
 *
 * The card does what only it can (RES, CK and IK from RAND and AUTN); the
 * phone derives the LTE keys, checks the network's MAC, and enciphers what
 * its user says. K never gets here. */
#ifndef SIMRITE_PHONE_H
#define SIMRITE_PHONE_H

#include <stdbool.h>

#include "lib/reader.h"
#include "radio/nas.h"

struct phone {
	struct reader *reader;
	char imsi[16];
	uint8_t sn[3];        /* the home network, from the IMSI and EF.AD's MNC length */
	struct lte_keys keys; /* of the session at hand */
	uint8_t ck[16], ik[16], rand[16], res[16];
	size_t res_length;
	uint32_t nas_up, nas_down; /* NAS COUNTs: of the next message */
	bool attached;
	uint32_t address; /* given by the network, host order */
};

/* Connect to the card in this reader, select the USIM, read IMSI and EF.AD.
 * `pin` is presented when the card asks for PIN 1; NULL when it should not. */
int phone_start(struct phone *phone, const char *reader, const char *pin, struct fault *fault);
void phone_stop(struct phone *phone); /* wipes */

enum phone_card_says {
	PHONE_RES,  /* it accepts the network: res, ck, ik and rand of `phone` are set */
	PHONE_AUTS, /* it has seen a later SQN */
	PHONE_MAC,  /* AUTN was made with another key */
};

/* AUTHENTICATE (TS 31.102 7.1): one of those, or -1 when card or reader failed. */
int phone_authenticate(struct phone *phone, uint8_t auts[static 14], const uint8_t rand[static 16],
		       const uint8_t autn[static 16], struct fault *fault);

/* Begin a session: the Attach Request, and its length. */
int phone_attach(struct phone *phone, uint8_t out[static NAS_MAX]);

/* A message from the network came: the answer's length in `out`, 0 when there
 * is none, -1 when the phone gives up (and why). `in` is overwritten. */
int phone_hear(struct phone *phone, uint8_t out[static NAS_MAX], uint8_t *in, size_t length,
	       struct fault *fault);

#endif

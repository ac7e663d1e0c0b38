/* eap_peer.h - the phone's side of EAP-AKA' (RFC 9048, RFC 4187), with forward secrecy (RFC 9678).
 *
 * The card is asked for RES, CK and IK, or AUTS; K never gets here. Full
 * authentication only: pseudonyms and fast re-authentication (AT_ENCR_DATA)
 * are not taken up. What goes wrong is answered as RFC 4187 6.3 wants it
 * (Authentication-Reject, Synchronization-Failure, Client-Error) and told in
 * `trace`; the lower layer must deliver a packet once.
 *
 *     eap_peer_start(&peer, &setup);
 *     while a packet comes: n = eap_peer_hear(&peer, &answer, packet, length, &fault);
 *     eap_peer_stop(&peer);                                wipes
 *
 * The ephemeral key is made after the network's MAC was right, and wiped when
 * the shared secret is computed (RFC 9678 7.3, 7.1). */
#ifndef SIMRITE_EAP_PEER_H
#define SIMRITE_EAP_PEER_H

#include "eap/eap_run.h"
#include "lib/fault.h"

enum eap_card_says {
	EAP_CARD_RES,  /* the network is accepted: res, ck, ik */
	EAP_CARD_AUTS, /* its SQN is not fresh: auts */
	EAP_CARD_MAC,  /* AUTN was made with another key */
};

struct eap_card_answer {
	enum eap_card_says says;
	uint8_t res[16], ck[16], ik[16], auts[14];
	size_t res_length;
};

struct eap_peer_setup {
	const char *identity; /* "6IMSI@realm", below EAP_IDENTITY_MAX */
	const char *network;  /* the name AT_KDF_INPUT must have (RFC 9048 3.1); NULL: any */
	enum eap_policy policy;
	struct eap_groups groups;
	const struct p256_random *random;
	/* AUTHENTICATE: 0, or -1 when the card or its reader failed. */
	int (*authenticate)(void *context, struct eap_card_answer *answer, const uint8_t rand[static 16],
			    const uint8_t autn[static 16], struct fault *fault);
	void *context;
};

struct eap_peer {
	struct eap_peer_setup setup;
	struct eap_trace trace;
	struct eap_keys keys;        /* whole once the network's MAC was right */
	bool authenticated;          /* it was */
	struct eap_list kdf, kdf_fs; /* of the last challenge */
	unsigned asked_kdf, asked_fs;
	struct sha256 hash; /* of the AKA'-Identity messages */
	unsigned hashed;
};

void eap_peer_start(struct eap_peer *peer, const struct eap_peer_setup *setup);

/* A packet from the network: the answer's length, 0 when there is none, -1
 * when the card failed. trace.end tells when it is over. */
int eap_peer_hear(struct eap_peer *peer, struct eap_writer *answer, const uint8_t *in, size_t length,
		  struct fault *fault);

void eap_peer_stop(struct eap_peer *peer);

#endif

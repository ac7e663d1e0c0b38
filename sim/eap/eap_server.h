/* eap_server.h - the network's side of EAP-AKA' (RFC 9048, RFC 4187), with forward secrecy (RFC 9678).
 *
 * It knows no subscriber's key: vectors come from an authentication centre.
 * RES is compared first, then the MAC, and only then is anything computed on a
 * curve (RFC 9678 6.5.4, 7.3). A group the phone asks for instead is offered
 * once, with a fresh key. No pseudonyms, no fast re-authentication.
 *
 *     n = eap_server_start(&server, &setup, &out);         EAP-Request/Identity
 *     while a packet comes: n = eap_server_hear(&server, &out, packet, length);
 *     eap_server_stop(&server);                            wipes */
#ifndef SIMRITE_EAP_SERVER_H
#define SIMRITE_EAP_SERVER_H

#include "eap/eap_run.h"
#include "lib/fault.h"

struct eap_vector {
	uint8_t rand[16], autn[16], ck[16], ik[16], res[16];
	size_t res_length;
};

struct eap_server_setup {
	const char *network;      /* its name, for AT_KDF_INPUT */
	enum eap_policy policy;   /* EAP_FS_OFF: not offered */
	struct eap_groups groups; /* what is offered, in this order */
	const struct p256_random *random;
	/* 0, or -1: the run fails, and the fault's text is the reason. */
	int (*vector)(void *context, struct eap_vector *vector, const char *imsi, struct fault *fault);
	int (*resynchronise)(void *context, const char *imsi, const uint8_t auts[static 14],
			     const uint8_t rand[static 16], struct fault *fault);
	void *context;
};

struct eap_server {
	struct eap_server_setup setup;
	struct eap_trace trace;
	struct eap_keys keys;
	char identity[EAP_IDENTITY_MAX]; /* the last the phone gave */
	char imsi[16];                   /* out of it; empty: not known yet */
	uint8_t identifier;
	struct eap_vector vector;
	struct ecdhe own;      /* of the challenge that is out */
	struct eap_list offer; /* AT_KDF_FS of it */
	struct sha256 hash;
	unsigned hashed;
};

/* Both return the length of what is to be sent, 0 for nothing, or an error of the machinery. */
int eap_server_start(struct eap_server *server, const struct eap_server_setup *setup, struct eap_writer *out);
int eap_server_hear(struct eap_server *server, struct eap_writer *out, const uint8_t *in, size_t length);
void eap_server_stop(struct eap_server *server);

#endif

/* eap_access.h - a phone attaches by EAP-AKA', with or without forward secrecy.
 *
 * Phone (eap/eap_peer.h, with the card) and network (eap/eap_server.h, with an
 * authentication centre) exchange EAP packets, an antenna at the phone records
 * them, and both derive a 5G hierarchy from EMSK (nr_keys.h). A false base
 * station may stand between (station.h). What each side could write in a log,
 * it writes: a JSON object a line, see eap_access_log(). */
#ifndef SIMRITE_EAP_ACCESS_H
#define SIMRITE_EAP_ACCESS_H

#include <stdio.h>

#include "eap/eap_peer.h"
#include "eap/eap_server.h"
#include "radio/auc_client.h"
#include "radio/nr_keys.h"
#include "radio/phone.h"

struct eap_access {
	enum eap_policy phone_policy, network_policy;
	struct eap_groups phone_groups, network_groups;
};

/* One run at both ends. */
struct eap_ends {
	struct phone *phone;
	struct auc_client *auc;
	char network[NR_NAME];
	char identity[EAP_IDENTITY_MAX];
	struct eap_peer peer;
	struct eap_server server;
	struct nr_keys phone_keys, network_keys; /* set by eap_ends_derive() */
};

/* Set up both; `out` is what the network says first. Its length, or -1. */
int eap_ends_start(struct eap_ends *ends, const struct eap_access *access, struct phone *phone,
		   struct auc_client *auc, struct eap_writer *out, struct fault *fault);

/* The phone succeeded: derive what each end derives, from its own EMSK, the
 * network if it did, too. 1: both; 0: the phone alone, with whoever that is;
 * -1 and FAULT_NO: the phone did not, and why. */
int eap_ends_derive(struct eap_ends *ends, struct fault *fault);
void eap_ends_stop(struct eap_ends *ends); /* wipes */

/* For peers and servers that run elsewhere: ask this phone's card, and this centre. */
int eap_access_card(void *phone, struct eap_card_answer *answer, const uint8_t rand[static 16],
		    const uint8_t autn[static 16], struct fault *fault);
int eap_access_vector(void *centre, struct eap_vector *vector, const char *imsi, struct fault *fault);
int eap_access_resynchronise(void *centre, const char *imsi, const uint8_t auts[static 14],
			     const uint8_t rand[static 16], struct fault *fault);
/* "6IMSI@wlan.mncNNN.mccNNN.3gppnetwork.org" (TS 23.003 19.3.2). */
void eap_access_identity(char identity[static EAP_IDENTITY_MAX], const struct phone *phone);

/* One line: link, imsi, policy, end, why, forward (the group, 0: none),
 * offered, negotiated, resynchronised, sent, heard (AT_PUB_ECDHE), autn, garbled. */
void eap_access_log(FILE *log, unsigned link, const char *imsi, enum eap_policy policy,
		    const struct eap_trace *trace, unsigned garbled);

#endif

/* session.h - one phone attaches and talks; an antenna records it.
 *
 * The attach is LTE NAS (nas.h) or EAP-AKA' (eap_access.h); then the user says
 * and hears a few things, IPv4 packets in PDCP PDUs under 128-EEA2. Every
 * frame that the phone sends or hears goes to the record. What was said, and what the card answered, goes to
 * the truth: that file is sealed, only the judge reads it. */
#ifndef SIMRITE_SESSION_H
#define SIMRITE_SESSION_H

#include "radio/air.h"
#include "radio/eap_access.h"
#include "radio/network.h"
#include "radio/phone.h"
#include "radio/station.h"

enum {
	SESSION_PACKETS = 3, /* each way */
};

struct ether {
	struct capture *capture;
	FILE *truth;           /* one JSON object a line, see session.c */
	uint64_t microseconds; /* the time of the next frame */
	uint8_t seed[32];      /* what users say comes from it */
	uint16_t next_rnti;    /* each session gets its own */
	const char *phase;     /* "before" or "after" the theft, for the truth */
};

/* How phones get in. */
struct session_access {
	const struct eap_access *eap;  /* NULL: by LTE NAS */
	struct station *station;       /* between the two, with EAP only; may be NULL */
	FILE *phone_log, *network_log; /* with EAP: what each side can tell, eap_access_log() */
};

/* 1: attached and talked. 0: it could not attach while somebody stood between.
 * -1 and why: the card, the network, the disk, or it could not attach. */
int session_run(struct ether *ether, struct phone *phone, struct network *network,
		const struct session_access *access, struct fault *fault);

#endif

/* session.h - one phone attaches and talks; an antenna records it.
 *
 * The attach is real LTE NAS (nas.h); then the user says and hears a few
 * things, IPv4 packets in PDCP PDUs under 128-EEA2. Every frame goes to the
 * record. What was said, and what the card answered, goes to the truth: that
 * file is sealed, only the judge reads it. */
#ifndef SIMRITE_SESSION_H
#define SIMRITE_SESSION_H

#include "radio/air.h"
#include "radio/network.h"
#include "radio/phone.h"

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

/* 0, or -1 and why: the card, the network or the disk. */
int session_run(struct ether *ether, struct phone *phone, struct network *network, struct fault *fault);

#endif

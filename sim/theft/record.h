/* record.h - the radio record, put in order by somebody who only listened.
 *
 * A session is what went over one radio link from an Attach Request on. All
 * fields are read from the air; nothing here needs a key. */
#ifndef SIMRITE_RECORD_H
#define SIMRITE_RECORD_H

#include "radio/air.h"
#include "radio/nas.h"

struct pdu {
	enum direction direction;
	uint32_t count; /* COUNT: sequence number and how often it wrapped */
	uint8_t data[AIR_MAX];
	size_t length; /* ciphertext, without the PDCP header */
};

struct session {
	uint16_t rnti;
	char imsi[16];
	uint8_t rand[16], autn[16]; /* of the last Authentication Request */
	uint8_t command[NAS_MAX];   /* the Security Mode Command with its MAC */
	size_t command_length;
	struct pdu *pdus;
	size_t pdu_count;
};

struct record {
	struct session *sessions;
	size_t count;
};

/* Read the file; on -1 nothing needs freeing. */
int record_read(struct record *record, const char *path, struct fault *fault);
void record_free(struct record *record);

#endif

/* record.h - the radio record, put in order by somebody who only listened.
 *
 * A session is what went over one radio link from an Attach Request on, or
 * from the identity that a phone told by EAP. All fields are read from the
 * air; nothing here needs a key. */
#ifndef SIMRITE_RECORD_H
#define SIMRITE_RECORD_H

#include "eap/eap_packet.h"
#include "radio/air.h"
#include "radio/nas.h"

enum {
	RECORD_IDENTITY = 96
};

struct pdu {
	enum direction direction;
	uint32_t count; /* COUNT: sequence number and how often it wrapped */
	uint8_t data[AIR_MAX];
	size_t length; /* ciphertext, without the PDCP header */
};

struct session {
	uint16_t rnti;
	char imsi[16];
	uint8_t rand[16], autn[16]; /* of the last Authentication Request, or challenge */
	uint8_t command[NAS_MAX];   /* the Security Mode Command with its MAC */
	size_t command_length;
	bool by_eap;
	char identity[RECORD_IDENTITY]; /* as it was told by EAP */
	uint8_t challenge[EAP_MAX];     /* the last EAP-Request/AKA'-Challenge */
	size_t challenge_length;
	struct pdu *pdus;
	size_t pdu_count;
};

/* The IMSI in an EAP identity of EAP-AKA' ("6", digits, perhaps "@..."); false, and "": none. */
bool record_imsi(char imsi[static 16], struct span identity);

struct record {
	struct session *sessions;
	size_t count;
};

/* Read the file; on -1 nothing needs freeing. */
int record_read(struct record *record, const char *path, struct fault *fault);
void record_free(struct record *record);

#endif

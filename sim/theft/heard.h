/* heard.h - what an antenna heard of a whole fleet, in records of one length.
 *
 * Everything here went over the air in clear, or enciphered as it stands; it
 * is what theft/record.h has of a few subscribers, packed for a million.
 *
 *   heard.bin       struct heard, one a session
 *   challenges.bin  struct heard_challenge: RAND and AUTN that the network
 *                   sends to somebody who answers to a subscriber's name after
 *                   the theft; who answers rightly is taken for the card
 *
 * and what a thief leaves:
 *
 *   opened.bin      struct opened, for each session deciphered
 *   answers.bin     struct answered, for each challenge answered */
#ifndef SIMRITE_HEARD_H
#define SIMRITE_HEARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"
#include "radio/lte_keys.h"

enum {
	HEARD_IMSI = 8,     /* digits in pairs, F at the end, so that they sort as numbers */
	HEARD_COMMAND = 15, /* longest Security Mode Command, with its MAC */
	HEARD_DATA = 32,    /* bytes of the one packet of a session */
	HEARD_BEARER = 0,   /* of that packet, uplink, COUNT 0 */
};

struct heard {
	uint8_t imsi[HEARD_IMSI], rand[16], autn[16];
	uint8_t command_length, command[HEARD_COMMAND];
	uint8_t data[HEARD_DATA];
};

struct heard_challenge {
	uint8_t imsi[HEARD_IMSI], rand[16], autn[16];
};

struct opened {
	uint8_t session[4]; /* its place in heard.bin, from 0, big-endian */
	uint8_t data[HEARD_DATA];
};

struct answered {
	uint8_t challenge[4]; /* its place in challenges.bin */
	uint8_t res[8];
};

/* A file of such records in memory, to be read. `size` is one record's. */
struct heard_file {
	const uint8_t *at;
	size_t count, length;
};
/* An empty or absent file is one without records. FAULT_INPUT for another length. */
int heard_map(struct heard_file *file, const char *folder, const char *name, size_t size,
	      struct fault *fault);
void heard_unmap(struct heard_file *file);

uint32_t heard_number(const uint8_t bytes[static 4]);
void heard_set_number(uint8_t bytes[static 4], uint32_t number);

/* Fifteen digits to those bytes and back. */
void heard_imsi(uint8_t out[static HEARD_IMSI], const char *digits);
void heard_digits(char digits[static 16], const uint8_t imsi[static HEARD_IMSI]);

/* Does K with OPc fit this RAND and AUTN? When it does, RES. */
bool heard_fits(uint8_t res[static 8], const uint8_t rand[static 16], const uint8_t autn[static 16],
		const uint8_t k[static 16], const uint8_t opc[static 16]);

/* The session's packet in clear, the keys confirmed by the network's MAC: with
 * K and OPc that fit, or with CK and IK's KASME alone. */
bool heard_open(uint8_t data[static HEARD_DATA], const struct heard *session, const uint8_t k[static 16],
		const uint8_t opc[static 16]);
bool heard_open_kasme(uint8_t data[static HEARD_DATA], const struct heard *session,
		      const uint8_t kasme[static 32]);

#endif

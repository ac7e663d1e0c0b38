/* hoard.h - a thief's keys against what was heard of a fleet (heard.h).
 *
 *     hoard_begin(&hoard, captured, out, &fault)
 *     hoard_key(&hoard, imsi, k, opc)     any number of times, right or wrong
 *     hoard_end(&hoard, &fault)
 */
#ifndef SIMRITE_HOARD_H
#define SIMRITE_HOARD_H

#include <stdio.h>

#include "theft/heard.h"

struct hoard {
	struct heard_file sessions, challenges;
	uint32_t *by_imsi, *challenge_by_imsi; /* places, in order of IMSI */
	uint8_t *done;                         /* sessions opened already */
	FILE *opened, *answers;
	unsigned long tried, opened_count, answered_count;
	int error; /* of writing; sticks */
};

/* Read what was heard; ready to write OUT/opened.bin and OUT/answers.bin. */
int hoard_begin(struct hoard *hoard, const char *captured, const char *out, struct fault *fault);
int hoard_end(struct hoard *hoard, struct fault *fault);

/* Open every session of this subscriber that the keys fit, and answer the
 * challenge. Did any fit? */
bool hoard_key(struct hoard *hoard, const uint8_t imsi[static HEARD_IMSI], const uint8_t k[static 16],
	       const uint8_t opc[static 16]);
/* The same with one session's KASME. */
bool hoard_kasme(struct hoard *hoard, const uint8_t imsi[static HEARD_IMSI], const uint8_t rand[static 16],
		 const uint8_t kasme[static 32]);

/* Places in order of IMSI: the first one that is not before this IMSI. */
size_t hoard_find(const struct hoard *hoard, const uint8_t imsi[static HEARD_IMSI]);
const struct heard *hoard_session(const struct hoard *hoard, size_t place_in_order);

#endif

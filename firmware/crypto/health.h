/* health.h - is a source of entropy still one? NIST SP 800-90B clause 4.4.
 *
 * Both tests of the standard run over everything the source gives, for as long
 * as it gives: the repetition count test (4.4.1), which catches one that is
 * stuck, and the adaptive proportion test (4.4.2), which catches one that
 * leans to a value. They run twice, over the bits and over the bytes, so that
 * neither a bias of bits nor a favourite byte goes unseen.
 *
 * At least half a bit of entropy a bit is asked for, four bits a byte; a good
 * source fails a test once in 2^30 windows. A failure is for good, until
 * health_start(). */
#ifndef SIMRITE_HEALTH_H
#define SIMRITE_HEALTH_H

#include "status.h"

enum {
	HEALTH_START = 128 /* bytes to try before the first is used: 1,024 samples (4.3) */
};

/* The state of both tests over samples of one kind. */
struct health_test {
	uint16_t run;   /* equal samples in a row */
	uint16_t seen;  /* of the window: samples seen, ... */
	uint16_t equal; /* ... and those that are as the first was */
	uint8_t last, first;
};

struct health {
	struct health_test bits, bytes;
	uint8_t failed;
};

/* Nothing seen yet. */
void health_start(struct health *health);

/* Look at what the source gave, in its order. OK, or ERROR_RANDOM: it is none,
 * now or before. */
MUST_CHECK int health_add(struct health *health, const uint8_t *bytes, size_t length);

#endif

/* draw.h - every random byte of the laboratory's fleet, from one seed.
 *
 * A stream is named by its purpose and two numbers, so what a subscriber gets
 * does not depend on which thread makes it, or when. Stream: AES-128 in
 * counter mode under AES-256-CMAC(seed, purpose || 00 || a || b).
 * This is a laboratory: whoever knows the seed knows every key. */
#ifndef SIMRITE_FLEET_DRAW_H
#define SIMRITE_FLEET_DRAW_H

#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

enum {
	DRAW_SEED = 32
};

struct draw {
	uint8_t key[16];
	uint64_t block;
	uint8_t left[16]; /* of the block begun */
	unsigned used;    /* bytes of it, 16: none begun */
};

/* The 32 bytes that a seed's text stands for. */
int draw_seed(uint8_t seed[static DRAW_SEED], const char *text, struct fault *fault);

/* 0, or -1 when the cipher library refused; so the next. */
int draw_start(struct draw *draw, const uint8_t seed[static DRAW_SEED], const char *purpose, uint32_t a,
	       uint32_t b);
int draw_fill(struct draw *draw, void *out, size_t length);

/* Both: the first bytes of a stream. */
int draw_bytes(void *out, size_t length, const uint8_t seed[static DRAW_SEED], const char *purpose,
	       uint32_t a, uint32_t b);

/* draw_fill() in the shape of hal->random and `struct p256_random`. */
int draw_random(void *draw, void *out, size_t length);

#endif

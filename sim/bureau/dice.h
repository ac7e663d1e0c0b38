/* dice.h - what looks random and is the same for the same seed: HMAC-SHA-256 of a counter. */
#ifndef SIMRITE_DICE_H
#define SIMRITE_DICE_H

#include <stddef.h>
#include <stdint.h>

struct dice {
	uint8_t seed[32], block[32];
	uint64_t counter;
	size_t left; /* unused bytes of block */
};

void dice_start(struct dice *dice, const char *seed);
void dice_bytes(struct dice *dice, uint8_t *out, size_t length);
unsigned dice_below(struct dice *dice, unsigned limit); /* 0 to limit - 1 */

#endif

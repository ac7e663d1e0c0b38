#include "bureau/dice.h"

#include <string.h>

#include "crypto/hmac.h"

void dice_start(struct dice *dice, const char *seed)
{
	memset(dice, 0, sizeof(*dice));
	if (sha256(dice->seed, (struct span){(const uint8_t *)seed, strlen(seed)}) < 0)
		memset(dice->seed, 0, sizeof(dice->seed));
}

void dice_bytes(struct dice *dice, uint8_t *out, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (dice->left == 0) {
			uint8_t count[8];

			for (int b = 0; b < 8; b++)
				count[b] = (uint8_t)(dice->counter >> (8 * b));
			dice->counter++;
			if (hmac(dice->block, (struct span){dice->seed, 32}, (struct span){count, 8}) < 0)
				memset(dice->block, 0, sizeof(dice->block));
			dice->left = sizeof(dice->block);
		}
		out[i] = dice->block[--dice->left];
	}
}

unsigned dice_below(struct dice *dice, unsigned limit)
{
	uint8_t r[4];

	dice_bytes(dice, r, sizeof(r));
	return (unsigned)(((uint64_t)r[0] << 24 | (uint64_t)r[1] << 16 | (uint64_t)r[2] << 8 | r[3]) *
				  limit >>
			  32);
}

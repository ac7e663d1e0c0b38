/* chip.h - a whole card inside this process, in the place of a reader.
 *
 * chip_new() gives memory and a HAL of its own to one struct card. It stands
 * behind the functions of lib/reader.h, which this program has from here and
 * not from PC/SC: so the host's own code (SCP03, STORE DATA, AUTHENTICATE)
 * drives the card's own code, APDU by APDU, with nothing in between. The same
 * chip is made blank for one card after the other. */
#ifndef SIMRITE_FLEET_CHIP_H
#define SIMRITE_FLEET_CHIP_H

#include "fleet/draw.h"
#include "lib/reader.h"

/* Caller frees. NULL: no memory. */
struct reader *chip_new(void);
void chip_free(struct reader *chip); /* wipes; NULL is allowed */

/* A blank chip in the slot: every byte of its memory erased, the card's whole
 * start gone through, reset. All its entropy comes from `entropy`, which is copied. */
int chip_blank(struct reader *chip, const struct draw *entropy, struct fault *fault);

/* Commands that the card has answered since chip_new(). */
uint64_t chip_commands(const struct reader *chip);

#endif

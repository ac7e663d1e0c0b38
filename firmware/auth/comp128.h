/* comp128.h - COMP128 versions 1, 2 and 3: A3 and A8 of GSM networks.
 *
 * The first version became known in 1998 (Briceno, Goldberg and Wagner), and
 * lets K be found with some 200,000 chosen challenges; versions 2 and 3 became
 * known in 2013. Version 1 and 2 leave the last ten bits of Kc zero, version 3
 * does not. They are here for networks and cards that have them; there is no
 * specification of 3GPP. */
#ifndef SIMRITE_COMP128_H
#define SIMRITE_COMP128_H

#include <stdint.h>

enum comp128_version {
	COMP128_1 = 1,
	COMP128_2 = 2,
	COMP128_3 = 3,
};

void comp128(enum comp128_version version, uint8_t sres[static 4], uint8_t kc[static 8],
	     const uint8_t ki[static 16], const uint8_t rand[static 16]);

#endif

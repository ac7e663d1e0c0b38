/* iccid.h - card numbers beside one that is known: they are handed out in a row (ITU-T E.118). */
#ifndef SIMRITE_ICCID_H
#define SIMRITE_ICCID_H

#include <stdbool.h>

enum {
	ICCID_TEXT = 24,
};

/* Is it a card number? 18 to 20 digits. */
bool iccid_is(const char *text);

/* The card number `step` places after (before, when negative) `known`, its check digit made new. False: there
 * is none with as many digits. */
bool iccid_neighbour(char out[static ICCID_TEXT], const char *known, long step);

#endif

/* numbers.h - runs of ICCIDs and IMSIs.
 *
 * ICCID: ITU-T E.118, the last digit is a Luhn check digit; IMSI: TS 23.003.
 * Digit strings throughout (lib/digits.h: as files hold them). */
#ifndef SIMRITE_NUMBERS_H
#define SIMRITE_NUMBERS_H

#include <stdint.h>

#include "lib/fault.h"

/* The Luhn check digit ('0'..'9') that belongs behind these digits. */
char numbers_luhn(const char *digits);

/* The `index`th ICCID (0 is `first` itself) of a run: the digits before the
 * check digit count up. -1: `first` is no ICCID (18..20 digits, Luhn), or the
 * run leaves its number of digits. */
int numbers_iccid(char out[static 21], const char *first, uint32_t index, struct fault *fault);

/* The same for IMSIs; the first five digits (country and network) never change. */
int numbers_imsi(char out[static 16], const char *first, uint32_t index, struct fault *fault);

#endif

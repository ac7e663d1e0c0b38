/* digits.h - digit strings as the card's files hold them.
 *
 * Two digits a byte, the first in the low half. EF.ICCID (TS 102 221 13.2):
 * ten bytes, F in the unused halves. EF.IMSI (TS 31.102 4.2.2): a length
 * byte, then parity (9 odd, 1 even) in the first half-byte and the digits. */
#ifndef SIMRITE_DIGITS_H
#define SIMRITE_DIGITS_H

#include <stdbool.h>
#include <stdint.h>

/* `iccid` is 18 to 20 digits, `imsi` 6 to 15 (check first, profile.h); else the file is all FF. */
void digits_to_iccid(uint8_t file[static 10], const char *iccid);
void digits_to_imsi(uint8_t file[static 9], const char *imsi);

/* Back to text; false, and an empty string, when the bytes hold no such number. */
bool digits_from_iccid(char iccid[static 21], const uint8_t file[static 10]);
bool digits_from_imsi(char imsi[static 16], const uint8_t file[static 9]);

/* The Luhn check of ITU-T E.118: does the last digit fit the others? */
bool digits_luhn(const char *digits);

#endif

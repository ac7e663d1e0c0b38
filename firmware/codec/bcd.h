/* bcd.h - decimal digits two to a byte, low nibble first, as cards keep them.
 *
 * EF.ICCID (ETSI TS 102 221 13.2): up to 20 digits in 10 bytes, rest F.
 * EF.IMSI (3GPP TS 31.102 4.2.2): length byte, then parity nibble and digits. */
#ifndef SIMRITE_BCD_H
#define SIMRITE_BCD_H

#include "status.h"

enum {
	BCD_ICCID = 10,
	BCD_ICCID_DIGITS = 20,
	BCD_IMSI = 9,
	BCD_IMSI_DIGITS = 15
};

/* Pack digits low nibble first, filling `length` bytes up with F nibbles.
 * ERROR_VALUE for a character that is no digit, ERROR_RANGE when too long. */
MUST_CHECK int bcd_pack(uint8_t *out, size_t length, const char *digits);

/* Digits up to the first F nibble, NUL-terminated, into 2 * length + 1
 * characters. Returns how many; ERROR_FORMAT for a nibble A to E, or for a
 * digit after an F. */
MUST_CHECK int bcd_unpack(char *digits, const uint8_t *in, size_t length);

/* ICCID of 18 to 20 digits to and from EF.ICCID. As above; ERROR_RANGE also
 * when there are too few digits. No check digit is computed or checked. */
MUST_CHECK int bcd_iccid_pack(uint8_t out[static BCD_ICCID], const char *digits);
MUST_CHECK int bcd_iccid_unpack(char digits[static BCD_ICCID_DIGITS + 1], const uint8_t in[static BCD_ICCID]);

/* IMSI of 6 to 15 digits to and from EF.IMSI. ERROR_FORMAT also for a length
 * byte or parity nibble that does not fit (an EF never written). */
MUST_CHECK int bcd_imsi_pack(uint8_t out[static BCD_IMSI], const char *digits);
MUST_CHECK int bcd_imsi_unpack(char digits[static BCD_IMSI_DIGITS + 1], const uint8_t in[static BCD_IMSI]);

/* The Luhn check digit ('0'..'9') for `digits`, or ERROR_VALUE (ITU-T E.118). */
MUST_CHECK int bcd_luhn(const char *digits);

#endif

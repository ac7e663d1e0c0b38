/* The host's face of firmware/codec/bcd: numbers were checked when they came
 * in (lib/profile.h), so there is no error left to tell. */
#include "lib/digits.h"

#include <string.h>

#include "codec/bcd.h"

void digits_to_iccid(uint8_t file[static 10], const char *iccid)
{
	if (bcd_iccid_pack(file, iccid) < 0)
		memset(file, 0xFF, BCD_ICCID);
}

void digits_to_imsi(uint8_t file[static 9], const char *imsi)
{
	if (bcd_imsi_pack(file, imsi) < 0)
		memset(file, 0xFF, BCD_IMSI);
}

bool digits_from_iccid(char iccid[static 21], const uint8_t file[static 10])
{
	if (bcd_iccid_unpack(iccid, file) >= 0)
		return true;
	iccid[0] = 0;
	return false;
}

bool digits_from_imsi(char imsi[static 16], const uint8_t file[static 9])
{
	if (bcd_imsi_unpack(imsi, file) >= 0)
		return true;
	imsi[0] = 0;
	return false;
}

bool digits_luhn(const char *digits)
{
	char before[32];
	size_t length = strlen(digits);

	if (length < 2 || length > sizeof(before))
		return false;
	memcpy(before, digits, length - 1);
	before[length - 1] = 0;
	return bcd_luhn(before) == digits[length - 1];
}

#include "lib/digits.h"

#include <string.h>

/* Half-byte i of `text`: its digit, or F after the end. */
static uint8_t half(const char *text, size_t length, size_t i)
{
	return (uint8_t)(i < length ? text[i] - '0' : 0xF);
}

void digits_to_iccid(uint8_t file[static 10], const char *iccid)
{
	size_t i, length = strlen(iccid);

	for (i = 0; i < 10; i++)
		file[i] = (uint8_t)(half(iccid, length, 2 * i) | half(iccid, length, 2 * i + 1) << 4);
}

void digits_to_imsi(uint8_t file[static 9], const char *imsi)
{
	size_t i, length = strlen(imsi);

	file[0] = (uint8_t)(length / 2 + 1);
	file[1] = (uint8_t)((length % 2 ? 0x9 : 0x1) | half(imsi, length, 0) << 4);
	for (i = 2; i < 9; i++) /* digits 2i-3 and 2i-2 */
		file[i] = (uint8_t)(half(imsi, length, 2 * i - 3) | half(imsi, length, 2 * i - 2) << 4);
}

/* Append the digits of `halves` half-bytes from number `from` on; stops at F.
 * Returns how many, or 0 when something else than digits and trailing F is there. */
static size_t read_halves(char *text, const uint8_t *bytes, size_t from, size_t halves)
{
	size_t i, n = 0;
	bool ended = false;

	for (i = from; i < halves; i++) {
		uint8_t h = i % 2 ? bytes[i / 2] >> 4 : bytes[i / 2] & 0xF;

		if (h == 0xF)
			ended = true;
		else if (ended || h > 9)
			return 0;
		else
			text[n++] = (char)('0' + h);
	}
	text[n] = 0;
	return n;
}

bool digits_from_iccid(char iccid[static 21], const uint8_t file[static 10])
{
	if (read_halves(iccid, file, 0, 20) >= 10)
		return true;
	iccid[0] = 0;
	return false;
}

bool digits_from_imsi(char imsi[static 16], const uint8_t file[static 9])
{
	size_t n = 0;

	if (file[0] >= 4 && file[0] <= 8)
		n = read_halves(imsi, file + 1, 1, 2 * (size_t)file[0]);
	if (n >= 6 && (n % 2 ? 0x9 : 0x1) == (file[1] & 0xF))
		return true;
	imsi[0] = 0;
	return false;
}

bool digits_luhn(const char *digits)
{
	size_t i, length = strlen(digits);
	unsigned sum = 0;

	for (i = 0; i < length; i++) {
		unsigned d = (unsigned)(digits[length - 1 - i] - '0');

		if (i % 2)
			d = d > 4 ? 2 * d - 9 : 2 * d;
		sum += d;
	}
	return length > 0 && sum % 10 == 0;
}

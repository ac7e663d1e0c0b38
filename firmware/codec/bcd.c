#include "codec/bcd.h"

#include <string.h>

enum {
	NIBBLE_FILL = 0x0F,
	ICCID_LEAST = 18,
	IMSI_LEAST = 6
};

static uint8_t nibble(const uint8_t *in, size_t i)
{
	return i % 2 ? in[i / 2] >> 4 : in[i / 2] & 0x0F;
}

static void set_nibble(uint8_t *out, size_t i, uint8_t value)
{
	if (i % 2)
		out[i / 2] = (uint8_t)((out[i / 2] & 0x0F) | value << 4);
	else
		out[i / 2] = (uint8_t)((out[i / 2] & 0xF0) | value);
}

/* Pack from nibble `first` on; nibbles before it are left, those after the
 * digits become F. */
static int pack(uint8_t *out, size_t length, size_t first, const char *digits)
{
	size_t i, count = strlen(digits);

	for (i = 0; i < count; i++)
		if (digits[i] < '0' || digits[i] > '9')
			return ERROR_VALUE;
	if (first + count > 2 * length)
		return ERROR_RANGE;
	for (i = first; i < 2 * length; i++)
		set_nibble(out, i, i - first < count ? (uint8_t)(digits[i - first] - '0') : NIBBLE_FILL);
	return OK;
}

static int unpack(char *digits, const uint8_t *in, size_t length, size_t first)
{
	size_t i, count = 0;

	digits[0] = 0;
	for (i = first; i < 2 * length; i++) {
		uint8_t digit = nibble(in, i);

		if (digit == NIBBLE_FILL)
			continue;
		if (digit > 9 || count != i - first)
			return ERROR_FORMAT;
		digits[count++] = (char)('0' + digit);
		digits[count] = 0;
	}
	return (int)count;
}

int bcd_pack(uint8_t *out, size_t length, const char *digits)
{
	return pack(out, length, 0, digits);
}

int bcd_unpack(char *digits, const uint8_t *in, size_t length)
{
	return unpack(digits, in, length, 0);
}

/* SPEC: TS 102 221 13.2 */
int bcd_iccid_pack(uint8_t out[static BCD_ICCID], const char *digits)
{
	if (strlen(digits) < ICCID_LEAST)
		return ERROR_RANGE;
	return pack(out, BCD_ICCID, 0, digits);
}

int bcd_iccid_unpack(char digits[static BCD_ICCID_DIGITS + 1], const uint8_t in[static BCD_ICCID])
{
	int n = unpack(digits, in, BCD_ICCID, 0);

	return n >= 0 && n < ICCID_LEAST ? ERROR_RANGE : n;
}

/* SPEC: TS 31.102 4.2.2 */
int bcd_imsi_pack(uint8_t out[static BCD_IMSI], const char *digits)
{
	size_t count = strlen(digits);
	uint8_t packed[BCD_IMSI];
	int e;

	if (count < IMSI_LEAST || count > BCD_IMSI_DIGITS)
		return ERROR_RANGE;
	/* The parity nibble: 001 for "IMSI", below it 1 when the count is odd. */
	packed[0] = (uint8_t)(1 + count / 2);
	packed[1] = count % 2 ? 0x09 : 0x01;
	if ((e = pack(packed + 1, BCD_IMSI - 1, 1, digits)) < 0)
		return e;
	memcpy(out, packed, sizeof(packed));
	return OK;
}

int bcd_imsi_unpack(char digits[static BCD_IMSI_DIGITS + 1], const uint8_t in[static BCD_IMSI])
{
	size_t used = in[0];
	int n;

	digits[0] = 0;
	if (used < 1 + IMSI_LEAST / 2 || used > BCD_IMSI - 1 || (in[1] & 0x07) != 0x01)
		return ERROR_FORMAT;
	n = unpack(digits, in + 1, used, 1);
	if (n < 0)
		return n;
	if ((size_t)n != 2 * used - ((in[1] & 0x08) ? 1 : 2))
		return ERROR_FORMAT;
	return n;
}

int bcd_luhn(const char *digits)
{
	size_t i, count = strlen(digits);
	int sum = 0;

	for (i = 0; i < count; i++) {
		int digit = digits[count - 1 - i] - '0';

		if (digit < 0 || digit > 9)
			return ERROR_VALUE;
		if (i % 2 == 0)
			digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
		sum += digit;
	}
	return '0' + (10 - sum % 10) % 10;
}

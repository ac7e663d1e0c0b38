#include "lib/hex.h"

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int hex_read(uint8_t *out, size_t length, const char *text, size_t text_length)
{
	size_t i;

	if (text_length != 2 * length)
		return -1;
	for (i = 0; i < length; i++) {
		int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

static char digit(unsigned value)
{
	/* 'a' - '0' - 10 is added when value > 9, without a branch or a table. */
	return (char)('0' + value + (((9 - value) >> 8) & ('a' - '0' - 10)));
}

void hex_write(char *text, const uint8_t *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		text[2 * i] = digit(bytes[i] >> 4);
		text[2 * i + 1] = digit(bytes[i] & 15u);
	}
	text[2 * length] = 0;
}

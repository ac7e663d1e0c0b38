#include "lib/base64.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_write(char *text, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i += 3) {
		uint32_t group = (uint32_t)bytes[i] << 16;

		if (i + 1 < length)
			group |= (uint32_t)bytes[i + 1] << 8;
		if (i + 2 < length)
			group |= bytes[i + 2];
		*text++ = alphabet[group >> 18];
		*text++ = alphabet[group >> 12 & 63];
		*text++ = i + 1 < length ? alphabet[group >> 6 & 63] : '=';
		*text++ = i + 2 < length ? alphabet[group & 63] : '=';
	}
	*text = 0;
}

/* What is left over must be the padding of exactly these bytes. */
static int is_end(const char *rest, size_t characters, uint32_t bits_left)
{
	static const char *const padding[] = {"", NULL, "==", "="};

	return bits_left == 0 && padding[characters % 4] && strcmp(rest, padding[characters % 4]) == 0;
}

int base64_read(uint8_t *bytes, size_t size, const char *text)
{
	const char *from = text;
	uint32_t group = 0;
	unsigned bits = 0;
	size_t length = 0;

	for (; *text && *text != '='; text++) {
		const char *at = strchr(alphabet, *text);

		if (!at)
			return -1;
		group = (group << 6 | (uint32_t)(at - alphabet)) & 0xFFF;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		if (length == size)
			return -1;
		bytes[length++] = (uint8_t)(group >> bits & 0xFF);
	}
	return is_end(text, (size_t)(text - from), group & ((1U << bits) - 1)) ? (int)length : -1;
}

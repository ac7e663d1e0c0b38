#include "theft/base64.h"

#include <string.h>

size_t base64_bytes(uint8_t *out, size_t size, const char *text, size_t length)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, have = 0;
	size_t n = 0;
	const char *at;

	for (size_t i = 0; i < length && n < size; i++) {
		if (!text[i] || !(at = strchr(set, text[i])))
			continue;
		bits = bits << 6 | (unsigned)(at - set);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (uint8_t)(bits >> have);
		}
	}
	return n;
}

/* base64.h - RFC 4648 section 4, one text for one run of bytes. */
#ifndef SIMRITE_BASE64_H
#define SIMRITE_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* Characters of `length` bytes, with the final 0. */
#define BASE64_TEXT(length) (((length) + 2) / 3 * 4 + 1)

void base64_write(char *text, const uint8_t *bytes, size_t length);

/* Returns the length, at most `size`; -1 for what is not exactly what
 * base64_write() writes of some bytes, or of too many. */
int base64_read(uint8_t *bytes, size_t size, const char *text);

#endif

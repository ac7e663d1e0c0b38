/* hex.h - bytes as digits, both ways, for keys too: no lookup by value. */
#ifndef SIMRITE_HEX_H
#define SIMRITE_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Exactly 2 * length digits, either case: 0, or -1 and `out` undefined. */
int hex_read(uint8_t *out, size_t length, const char *text, size_t text_length);

/* Lower case; writes 2 * length digits and a final 0. */
void hex_write(char *text, const uint8_t *bytes, size_t length);

#endif

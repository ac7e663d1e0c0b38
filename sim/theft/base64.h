/* base64.h - RFC 4648, read as mail readers do: what is none of its characters is skipped. */
#ifndef SIMRITE_THEFT_BASE64_H
#define SIMRITE_THEFT_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* Of `length` characters at most `size` bytes; returns how many. */
size_t base64_bytes(uint8_t *out, size_t size, const char *text, size_t length);

#endif

/* inflate.h - what zip files hold (RFC 1951), for a thief who opens attachments. */
#ifndef SIMRITE_INFLATE_H
#define SIMRITE_INFLATE_H

#include <stddef.h>
#include <stdint.h>

/* At most `size` bytes to `out`; how many, or -1: not such data, or too much of it. */
long inflate(uint8_t *out, size_t size, const uint8_t *in, size_t length);

#endif

/* keywrap.h - open a wrapped key (AES Key Wrap, RFC 3394, NIST SP 800-38F KW). */
#ifndef SIMRITE_KEYWRAP_H
#define SIMRITE_KEYWRAP_H

#include "status.h"

/* `in` has out_length + 8 bytes; out_length is a multiple of 8, 16..64.
 * `key` has 16, 24 or 32 bytes. OK; ERROR_CHECK when `in` was not wrapped
 * under this key (`out` is wiped); ERROR_VALUE for a wrong length. */
MUST_CHECK int keywrap_open(uint8_t *out, size_t out_length, struct span key, const uint8_t *in);

#endif

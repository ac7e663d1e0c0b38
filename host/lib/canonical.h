/* canonical.h - one JSON value, one run of bytes (RFC 8785, the part we use).
 *
 * Objects, arrays, strings and whole numbers 0..2^53-1 only: no fractions,
 * no true, false or null, no characters that cannot be seen
 * (canonical_refused()), member names of a-z, 0-9 and _ only. Of these the compact form with sorted members
 * is RFC 8785's, and also what "jq -cS ." prints. */
#ifndef SIMRITE_CANONICAL_H
#define SIMRITE_CANONICAL_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"
#include "lib/hex.h"

/* The canonical text, to be freed; NULL and a fault when the value has
 * something that is not allowed. */
char *canonical_text(const json_t *value, struct fault *fault);

/* Parse text that must be canonical to the byte. NULL and a fault
 * (FAULT_INPUT) otherwise. The caller owns the result. */
json_t *canonical_parse(const char *text, size_t length, struct fault *fault);

/* What a text must not hold, because it would be printed as something else
 * than it is: controls (U+0000-001F, 007F-009F), what turns the direction of
 * writing, characters without width, line separators, tags, noncharacters.
 * Why the text is refused, or NULL. Look-alike letters cannot be told. */
const char *canonical_refused(const char *text);

/* SHA-256 of the canonical text. */
int canonical_digest(uint8_t digest[static 32], const json_t *value, struct fault *fault);

/* Exactly 2 * length lower-case digits, the only canonical form; -1 when not,
 * also for NULL. (hex_read() of hex.h takes upper case too.) */
int canonical_hex_read(uint8_t *bytes, size_t length, const char *hex);

#endif

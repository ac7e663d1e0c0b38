/* signing_key.h - a P-256 key that signs statements of firmware/keys/ticket.h.
 *
 *     file:KEY.pem              lib/key_file.h: for rehearsals and simulations
 *     pkcs11:...;object=LABEL   the pair of this label in a token (lib/hsm.h) */
#ifndef SIMRITE_SIGNING_KEY_H
#define SIMRITE_SIGNING_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

struct signing_key;

/* Open it; a token is logged in to once. Caller closes. */
int signing_key_open(struct signing_key **key, const char *source, struct fault *fault);
void signing_key_close(struct signing_key *key); /* NULL is allowed; wipes */

/* Its public half, 04 || X || Y. */
const uint8_t *signing_key_point(const struct signing_key *key);

/* Put the signature (r || s, s in the lower half) behind `length` bytes of a statement. */
int signing_key_sign(const struct signing_key *key, uint8_t *statement, size_t length, struct fault *fault);

#endif

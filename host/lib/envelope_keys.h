/* envelope_keys.h - the two keys of an envelope, from where people keep them.
 *
 * One's own private key is "file:KEY.pem" (lib/key_file.h, for rehearsals and simulations), or, with a
 * token's URI, the label of a pair in it that agrees (CKM_ECDH1_DERIVE); the other's public key is
 * SubjectPublicKeyInfo in base64, one line, as "openssl pkey -pubout -outform DER | base64 -w0" says it. */
#ifndef SIMRITE_ENVELOPE_KEYS_H
#define SIMRITE_ENVELOPE_KEYS_H

#include "lib/envelope.h"

struct envelope_ring;

/* `whose` names the other in faults. What is private is in locked memory. Caller closes. */
int envelope_keys_open(struct envelope_ring **ring, const char *own, const char *hsm, const char *other,
		       const char *whose, struct fault *fault);
void envelope_keys_close(struct envelope_ring *ring); /* NULL is allowed; wipes */
const struct envelope_keys *envelope_keys(const struct envelope_ring *ring);

#endif

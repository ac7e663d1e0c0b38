/* hsm.h - a PKCS#11 token, named by an RFC 7512 URI.
 *
 * Keys are AES-256, sensitive and not extractable; they are used here by
 * label and never seen. SoftHSM 2 is the default token; any module p11-kit or
 * the URI's module-path names works. The PIN comes from the URI's
 * pin-source (a file) or a prompt, never from argv or environment. */
#ifndef SIMRITE_HSM_H
#define SIMRITE_HSM_H

#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

struct hsm;
typedef unsigned long hsm_key; /* a PKCS#11 object handle of this session */

/* Load the module, find the token, log in. Caller closes. */
int hsm_open(struct hsm **hsm, const char *uri, struct fault *fault);
void hsm_close(struct hsm *hsm); /* NULL is allowed */

/* The one secret key with this label; none or several is a fault. */
int hsm_find(struct hsm *hsm, hsm_key *key, const char *label, struct fault *fault);

/* AES-CMAC under the key, inside the token. */
int hsm_cmac(struct hsm *hsm, uint8_t mac[static 16], hsm_key key, const uint8_t *message, size_t length,
	     struct fault *fault);

/* Random bytes from the token. */
int hsm_random(struct hsm *hsm, uint8_t *out, size_t length, struct fault *fault);

#endif

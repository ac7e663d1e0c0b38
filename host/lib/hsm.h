/* hsm.h - a PKCS#11 token, named by an RFC 7512 URI.
 *
 * Keys are AES-256, sensitive and not extractable; they are used here by
 * label and never seen. Two forms of name are understood:
 *
 *     pkcs11:token=NAME;serial=...?module-path=/x.so&pin-source=/pin
 *         any PKCS#11 module: by module-path, by module-name (as p11-kit is
 *         configured), or, with neither, SoftHSM 2
 *     softhsm:FOLDER
 *         the private SoftHSM 2 token kept in FOLDER (lib/softhsm.h)
 *
 * The PIN comes from the URI's pin-source (a file only its owner may read) or
 * a prompt; a URI with a pin-value is refused, because argv is public.
 * One `struct hsm` is one session: use it from one thread. Every fault of the
 * token is FAULT_HSM. */
#ifndef SIMRITE_HSM_H
#define SIMRITE_HSM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

struct hsm;
typedef unsigned long hsm_key; /* a PKCS#11 object handle of this session */

/* Load the module, find the token, log in. Caller closes. */
int hsm_open(struct hsm **hsm, const char *uri, struct fault *fault);
void hsm_close(struct hsm *hsm); /* NULL is allowed */

/* What the token says about itself, trailing blanks removed. */
struct hsm_identity {
	char label[33], manufacturer[33], model[17], serial[17], library[48]; /* library: name and version */
};
int hsm_identity(struct hsm *hsm, struct hsm_identity *identity, struct fault *fault);

/* The one secret key with this label; none or several is a fault. */
int hsm_find(struct hsm *hsm, hsm_key *key, const char *label, struct fault *fault);

/* AES-CMAC under the key, inside the token. */
int hsm_cmac(struct hsm *hsm, uint8_t mac[static 16], hsm_key key, const uint8_t *message, size_t length,
	     struct fault *fault);

/* Random bytes from the token. */
int hsm_random(struct hsm *hsm, uint8_t *out, size_t length, struct fault *fault);

#endif

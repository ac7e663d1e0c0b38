/* softhsm.h - a private SoftHSM 2 token in a folder of its own.
 *
 * FOLDER (0700) holds softhsm2.conf, tokens/, pin (0600, random) and
 * token.copy (a crash during a login can empty SoftHSM's own file; it is put
 * back from there when the token is opened by folder). Nothing
 * of the user's own SoftHSM is read or written: SOFTHSM2_CONF names our
 * configuration for this process and its children (it is a path, not a
 * secret). The security officer's PIN is drawn at random and thrown away, so
 * such a token cannot be re-initialised by anybody; delete the folder. */
#ifndef SIMRITE_SOFTHSM_H
#define SIMRITE_SOFTHSM_H

#include <stddef.h>

#include "lib/fault.h"

/* The module's path on this machine, or NULL when SoftHSM is not installed. */
const char *softhsm_module(void);

/* Make FOLDER and initialise a token with this label; a folder that already
 * is such a token is left as it is. `label` has 1..32 characters. */
int softhsm_make(const char *folder, const char *label, struct fault *fault);

/* Point SOFTHSM2_CONF at FOLDER and write the token's RFC 7512 URI. The
 * folder must have been made; its one token is the one that matches. A process can use one folder at a time.
 */
int softhsm_uri(char *uri, size_t size, const char *folder, struct fault *fault);

#endif

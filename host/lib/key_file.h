/* key_file.h - a P-256 private key in a file, as openssl writes it.
 *
 * PEM, not encrypted: "EC PRIVATE KEY" (RFC 5915) or "PRIVATE KEY" (RFC 5958).
 * A file that others may read is refused. For rehearsals and tests: a key in
 * a file can be copied unseen. */
#ifndef SIMRITE_KEY_FILE_H
#define SIMRITE_KEY_FILE_H

#include <stdint.h>

#include "lib/fault.h"

/* The caller wipes. FAULT_INPUT; FAULT_POLICY when others may read it. */
int key_file_read(uint8_t private_key[static 32], uint8_t point[static 65], const char *path,
		  struct fault *fault);

#endif

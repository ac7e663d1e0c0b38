/* kek.h - the key-encryption key of a subscriber database: where it is, and making one. */
#ifndef SIMRITE_KEK_H
#define SIMRITE_KEK_H

#include <stdint.h>

#include "lib/fault.h"
#include "lib/wrap.h"

enum {
	KEK_SOURCE = 512
};

/* The secret source (lib/secret.h) named, or "file:" database ".kek" for NULL. */
void kek_source(char out[static KEK_SOURCE], const char *kek, const char *database);

/* Make the KEK's file (random, 0600) when the source names one that is not there. */
int kek_make(const char *source, struct fault *fault);

/* How a database knows that it is given its own. */
int kek_check_value(uint8_t out[static 3], const uint8_t kek[static WRAP_KEK], struct fault *fault);

#endif

/* packed.h - an output file whose keys are encrypted under a transport key.
 *
 * The file as it was (lib/output.h, bulk-plain), with other values in the columns Ki and OPc and two columns
 * behind the others: Transport_key, the number by which both sides call the key, and Cipher. */
#ifndef SIMRITE_PACKED_H
#define SIMRITE_PACKED_H

#include <stdio.h>

#include "lib/fault.h"
#include "weak/transport.h"

struct packing {
	enum transport_cipher cipher; /* packed_read() finds it in the file */
	unsigned index;               /* of the key */
	uint8_t key[TRANSPORT_KEY_MAX];
	size_t key_length; /* what there is of it */
};

/* Write the file at `path` packed, or a packed one as it was, to `out`. Returns the number of cards or -1. */
long packed_write(FILE *out, const char *path, const struct packing *packing, struct fault *fault);
long packed_read(FILE *out, const char *path, const struct packing *packing, struct fault *fault);

#endif

/* sha1.h - SHA-1 (FIPS 180-4), where a specification still wants it: TS 33.220 5.3.2. */
#ifndef SIMRITE_SHA1_H
#define SIMRITE_SHA1_H

#include "status.h"

enum {
	SHA1_LENGTH = 20
};

/* Own and small: the library's costs five times the flash. Any length below 2^29 bytes. */
void sha1(uint8_t digest[static SHA1_LENGTH], struct span message);

#endif

/* md5.h - MD5 (RFC 1321) and HMAC-MD5 (RFC 2104), because RADIUS is made of them.
 *
 * Neither is good for anything else. Messages come as up to MD5_PARTS spans. */
#ifndef SIMRITE_MD5_H
#define SIMRITE_MD5_H

#include "status.h"

enum {
	MD5_LENGTH = 16,
	MD5_PARTS = 4
};

void md5(uint8_t digest[static MD5_LENGTH], const struct span *parts, size_t count);
/* Keys of at most 64 bytes; of a longer one the first 64 count. */
void md5_hmac(uint8_t mac[static MD5_LENGTH], struct span key, const struct span *parts, size_t count);

#endif

#include "crypto/x963.h"

#include <string.h>

#include "crypto/sha256.h"
#include "crypto/wipe.h"

int x963(uint8_t *out, size_t length, struct span z, struct span info)
{
	uint8_t block[SHA256_LENGTH];
	int e = OK;

	for (size_t done = 0; e == OK && done < length; done += sizeof(block)) {
		uint32_t i = (uint32_t)(done / sizeof(block)) + 1;
		uint8_t counter[4] = {(uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
		size_t n = length - done < sizeof(block) ? length - done : sizeof(block);
		struct sha256 h;

		sha256_start(&h);
		sha256_add(&h, z.at, z.length);
		sha256_add(&h, counter, sizeof(counter));
		sha256_add(&h, info.at, info.length);
		e = sha256_finish(&h, block);
		memcpy(out + done, block, n);
	}
	wipe(block, sizeof(block));
	if (e < 0)
		wipe(out, length);
	return e;
}

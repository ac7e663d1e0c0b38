/* Ones, not the zeros of the DES days: the zero block is CMAC's subkey, and
 * publishing its first bytes would give those away. */
#include "crypto/kcv.h"

#include <string.h>

#include "crypto/aes.h"
#include "crypto/wipe.h"

int kcv(uint8_t out[static KCV_LENGTH], struct span key)
{
	uint8_t block[AES_BLOCK];
	int e;

	memset(block, 0x01, sizeof(block));
	e = aes_block(block, key, block);
	if (e == OK)
		memcpy(out, block, KCV_LENGTH);
	wipe(block, sizeof(block));
	return e;
}

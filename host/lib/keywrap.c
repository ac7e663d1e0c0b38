#include "lib/keywrap.h"

#include <string.h>

#include "crypto/aes.h"
#include "crypto/compare.h"
#include "crypto/wipe.h"

/* RFC 3394 2.2.2, the index-based form. */
static int unwrap(uint8_t check[static 8], uint8_t *out, size_t blocks, struct aes *aes)
{
	uint8_t block[AES_BLOCK];
	int e = OK;

	for (unsigned j = 6; j-- > 0 && e == OK;)
		for (size_t i = blocks; i > 0 && e == OK; i--) {
			memcpy(block, check, 8);
			block[7] ^= (uint8_t)(blocks * j + i); /* at most 48: one byte */
			memcpy(block + 8, out + 8 * (i - 1), 8);
			e = aes_decrypt(aes, block, block);
			memcpy(check, block, 8);
			memcpy(out + 8 * (i - 1), block + 8, 8);
		}
	wipe(block, sizeof(block));
	return e;
}

int keywrap_open(uint8_t *out, size_t out_length, struct span key, const uint8_t *in)
{
	static const uint8_t initial[8] = {0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6};
	uint8_t check[8];
	struct aes aes;
	int e;

	if (out_length < 16 || out_length > 64 || out_length % 8 != 0)
		return ERROR_VALUE;
	memcpy(check, in, 8);
	memmove(out, in + 8, out_length);
	e = aes_start_decrypt(&aes, key.at, key.length);
	if (e == OK)
		e = unwrap(check, out, out_length / 8, &aes);
	aes_stop(&aes);
	if (e == OK && compare_equal(check, initial, sizeof(check)) != GRANTED)
		e = ERROR_CHECK;
	if (e != OK)
		wipe(out, out_length);
	return e;
}

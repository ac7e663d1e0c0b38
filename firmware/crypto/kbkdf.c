/* The key is expanded again for every block: outputs are one or two blocks
 * long here, and a second way through cmac.c would cost more than it saves. */
#include "crypto/kbkdf.h"

#include <string.h>

#include "crypto/cmac.h"
#include "crypto/wipe.h"

static int one_block(uint8_t mac[static AES_BLOCK], struct span key, struct span before,
		     const uint8_t *counter, unsigned counter_bytes, struct span after)
{
	struct cmac m;

	cmac_start(&m, key);
	cmac_add(&m, before.at, before.length);
	cmac_add(&m, counter, counter_bytes);
	cmac_add(&m, after.at, after.length);
	return cmac_finish(&m, mac);
}

/* SPEC: SP 800-108 4.1 */
int kbkdf_cmac(uint8_t *out, size_t length, struct span key, struct span before, unsigned counter_bytes,
	       struct span after)
{
	uint8_t mac[AES_BLOCK], counter[4];
	uint32_t i = 0, last;
	int e = OK;

	if (counter_bytes < 1 || counter_bytes > 4)
		return ERROR_VALUE;
	last = 0xFFFFFFFFu >> (32 - 8 * counter_bytes);
	if ((length + AES_BLOCK - 1) / AES_BLOCK > last)
		return ERROR_VALUE;
	for (size_t at = 0; e == OK && at < length; at += AES_BLOCK) {
		size_t n = length - at < AES_BLOCK ? length - at : AES_BLOCK;

		i++;
		for (unsigned b = 0; b < 4; b++)
			counter[b] = (uint8_t)(i >> (24 - 8 * b));
		e = one_block(mac, key, before, counter + 4 - counter_bytes, counter_bytes, after);
		if (e == OK)
			memcpy(out + at, mac, n);
	}
	wipe(mac, sizeof(mac));
	if (e < 0)
		wipe(out, length);
	return e;
}

#include "radio/eea2.h"

#include <string.h>

#include "crypto/aes.h"
#include "crypto/cmac.h"

static void start_block(uint8_t block[static AES_BLOCK], uint32_t count, uint8_t bearer,
			enum direction direction)
{
	memset(block, 0, AES_BLOCK);
	block[0] = (uint8_t)(count >> 24);
	block[1] = (uint8_t)(count >> 16);
	block[2] = (uint8_t)(count >> 8);
	block[3] = (uint8_t)count;
	block[4] = (uint8_t)((unsigned)bearer << 3 | (unsigned)direction << 2);
}

int eea2(uint8_t *data, size_t length, const uint8_t key[static 16], uint32_t count, uint8_t bearer,
	 enum direction direction)
{
	uint8_t counter[AES_BLOCK];

	start_block(counter, count, bearer, direction);
	return aes_ctr(data, (struct span){key, 16}, counter, data, length);
}

int eia2(uint8_t mac[static 4], const uint8_t *message, size_t length, const uint8_t key[static 16],
	 uint32_t count, uint8_t bearer, enum direction direction)
{
	uint8_t first[AES_BLOCK], tag[AES_BLOCK];
	struct cmac m;
	int e;

	start_block(first, count, bearer, direction);
	cmac_start(&m, (struct span){key, 16});
	cmac_add(&m, first, 8);
	cmac_add(&m, message, length);
	if ((e = cmac_finish(&m, tag)) == OK)
		memcpy(mac, tag, 4);
	return e;
}

/* Amendment D derives everything with one construction, SP 800-108 counter
 * mode with an 8-bit counter behind the label: 11 zero bytes, the constant,
 * 00, [L]_16, [i]_8, context. */
#include "gp/scp03_keys.h"

#include <string.h>

#include "crypto/cmac.h"
#include "crypto/kbkdf.h"
#include "crypto/wipe.h"

static int derive(uint8_t *out, size_t length, struct span key, enum scp03_constant constant,
		  struct span context)
{
	uint8_t before[15] = {0};

	before[11] = (uint8_t)constant;
	before[13] = (uint8_t)(length * 8 >> 8);
	before[14] = (uint8_t)(length * 8);
	return kbkdf_cmac(out, length, key, (struct span){before, sizeof(before)}, 1, context);
}

static void join(uint8_t context[static 2 * SCP03_S16], const uint8_t *host_challenge,
		 const uint8_t *card_challenge, size_t mode)
{
	memcpy(context, host_challenge, mode);
	memcpy(context + mode, card_challenge, mode);
}

static int valid_mode(size_t mode)
{
	return mode == SCP03_S8 || mode == SCP03_S16;
}

/* SPEC: GPC Amendment D 4.1.5, 6.2.1 */
int scp03_session_keys(struct scp03_session_keys *keys, struct span key_enc, struct span key_mac,
		       const uint8_t *host_challenge, const uint8_t *card_challenge, size_t mode)
{
	uint8_t both[2 * SCP03_S16];
	struct span context = {both, 2 * mode};
	int e;

	if (key_enc.length != key_mac.length || key_enc.length > sizeof(keys->enc) || !valid_mode(mode))
		return ERROR_VALUE;
	memset(keys, 0, sizeof(*keys));
	keys->length = key_enc.length;
	keys->mode = mode;
	join(both, host_challenge, card_challenge, mode);
	e = derive(keys->enc, keys->length, key_enc, SCP03_FOR_S_ENC, context);
	if (e == OK)
		e = derive(keys->mac, keys->length, key_mac, SCP03_FOR_S_MAC, context);
	if (e == OK)
		e = derive(keys->rmac, keys->length, key_mac, SCP03_FOR_S_RMAC, context);
	if (e < 0)
		wipe(keys, sizeof(*keys));
	return e;
}

/* SPEC: GPC Amendment D 6.2.2 */
int scp03_cryptogram(uint8_t *out, const struct scp03_session_keys *keys, enum scp03_constant whose,
		     const uint8_t *host_challenge, const uint8_t *card_challenge)
{
	uint8_t both[2 * SCP03_S16];

	if (!valid_mode(keys->mode))
		return ERROR_VALUE;
	join(both, host_challenge, card_challenge, keys->mode);
	return derive(out, keys->mode, (struct span){keys->mac, keys->length}, whose,
		      (struct span){both, 2 * keys->mode});
}

/* SPEC: GPC Amendment D 6.2.2.1 */
int scp03_card_challenge(uint8_t *out, struct span key_enc, const uint8_t sequence[static SCP03_SEQUENCE],
			 struct span aid, size_t mode)
{
	uint8_t context[SCP03_SEQUENCE + 16];

	if (aid.length > 16 || !valid_mode(mode))
		return ERROR_RANGE;
	memcpy(context, sequence, SCP03_SEQUENCE);
	memcpy(context + SCP03_SEQUENCE, aid.at, aid.length);
	return derive(out, mode, key_enc, SCP03_FOR_CARD_CHALLENGE,
		      (struct span){context, SCP03_SEQUENCE + aid.length});
}

/* SPEC: GPC Amendment D 6.2.4 */
int scp03_command_mac(uint8_t mac[static AES_BLOCK], const struct scp03_session_keys *keys,
		      const uint8_t chaining[static AES_BLOCK], const uint8_t header[static 5],
		      struct span data)
{
	struct cmac m;

	cmac_start(&m, (struct span){keys->mac, keys->length});
	cmac_add(&m, chaining, AES_BLOCK);
	cmac_add(&m, header, 5);
	cmac_add(&m, data.at, data.length);
	return cmac_finish(&m, mac);
}

/* SPEC: GPC Amendment D 6.2.5 */
int scp03_response_mac(uint8_t mac[static AES_BLOCK], const struct scp03_session_keys *keys,
		       const uint8_t chaining[static AES_BLOCK], struct span data, uint16_t sw)
{
	uint8_t status[2] = {(uint8_t)(sw >> 8), (uint8_t)sw};
	struct cmac m;

	cmac_start(&m, (struct span){keys->rmac, keys->length});
	cmac_add(&m, chaining, AES_BLOCK);
	cmac_add(&m, data.at, data.length);
	cmac_add(&m, status, sizeof(status));
	return cmac_finish(&m, mac);
}

/* The IV: the counter as a block, its top bit telling the direction, encrypted. */
static int iv(uint8_t out[static AES_BLOCK], const struct scp03_session_keys *keys, uint32_t counter,
	      uint8_t direction)
{
	uint8_t block[AES_BLOCK] = {direction};

	for (unsigned i = 0; i < 4; i++)
		block[AES_BLOCK - 1 - i] = (uint8_t)(counter >> (8 * i));
	return aes_block(out, (struct span){keys->enc, keys->length}, block);
}

static int encrypt(uint8_t *out, size_t size, const struct scp03_session_keys *keys, uint32_t counter,
		   uint8_t direction, struct span in)
{
	uint8_t first[AES_BLOCK];
	size_t length = in.length / AES_BLOCK * AES_BLOCK + AES_BLOCK;
	int e;

	if (length > size)
		return ERROR_RANGE;
	if (in.length > 0)
		memmove(out, in.at, in.length);
	memset(out + in.length, 0, length - in.length);
	out[in.length] = 0x80;
	e = iv(first, keys, counter, direction);
	if (e == OK)
		e = aes_cbc_encrypt(out, (struct span){keys->enc, keys->length}, first, out, length);
	return e == OK ? (int)length : e;
}

static int decrypt(uint8_t *out, size_t size, const struct scp03_session_keys *keys, uint32_t counter,
		   uint8_t direction, struct span in)
{
	uint8_t first[AES_BLOCK];
	size_t length = in.length;
	int e;

	if (length == 0 || length % AES_BLOCK)
		return ERROR_CHECK;
	if (length > size)
		return ERROR_RANGE;
	e = iv(first, keys, counter, direction);
	if (e == OK)
		e = aes_cbc_decrypt(out, (struct span){keys->enc, keys->length}, first, in.at, length);
	if (e < 0)
		return e;
	while (length > 0 && out[length - 1] == 0)
		length--;
	if (length == 0 || out[length - 1] != 0x80 || in.length - length >= AES_BLOCK) {
		wipe(out, in.length);
		return ERROR_CHECK;
	}
	return (int)(length - 1);
}

/* SPEC: GPC Amendment D 6.2.6 */
int scp03_encrypt(uint8_t *out, size_t size, const struct scp03_session_keys *keys, uint32_t counter,
		  struct span in)
{
	return encrypt(out, size, keys, counter, 0x00, in);
}

int scp03_decrypt(uint8_t *out, size_t size, const struct scp03_session_keys *keys, uint32_t counter,
		  struct span in)
{
	return decrypt(out, size, keys, counter, 0x00, in);
}

/* SPEC: GPC Amendment D 6.2.7 */
int scp03_encrypt_response(uint8_t *out, size_t size, const struct scp03_session_keys *keys, uint32_t counter,
			   struct span in)
{
	return encrypt(out, size, keys, counter, 0x80, in);
}

int scp03_decrypt_response(uint8_t *out, size_t size, const struct scp03_session_keys *keys, uint32_t counter,
			   struct span in)
{
	return decrypt(out, size, keys, counter, 0x80, in);
}

#include "gp/scp02_keys.h"

#include <string.h>

#include "crypto/wipe.h"

static const uint8_t zero[DES_BLOCK] = {0};

/* SPEC: GPC E.4.1: CBC over constant(2), sequence(2) and zeros. */
static int derive(uint8_t out[static DES3_KEY], const uint8_t key[static DES3_KEY], uint8_t constant,
		  const uint8_t sequence[static SCP02_SEQUENCE])
{
	const uint8_t data[DES3_KEY] = {0x01, constant, sequence[0], sequence[1]};

	return des3_cbc_encrypt(out, key, zero, data, sizeof(data));
}

int scp02_session_keys(struct scp02_session_keys *keys, const uint8_t key_enc[static DES3_KEY],
		       const uint8_t key_mac[static DES3_KEY], const uint8_t key_dek[static DES3_KEY],
		       const uint8_t sequence[static SCP02_SEQUENCE])
{
	int e = derive(keys->enc, key_enc, 0x82, sequence);

	if (e == OK)
		e = derive(keys->mac, key_mac, 0x01, sequence);
	if (e == OK)
		e = derive(keys->dek, key_dek, 0x81, sequence);
	if (e < 0)
		wipe(keys, sizeof(*keys));
	return e;
}

/* SPEC: GPC E.4.2.3 */
int scp02_card_challenge(uint8_t out[static SCP02_CARD_CHALLENGE], const struct scp02_session_keys *keys,
			 struct span aid)
{
	uint8_t mac[DES_BLOCK];
	int e = des_retail_mac(mac, keys->mac, zero, aid, (struct span){zero, 0});

	memcpy(out, mac, SCP02_CARD_CHALLENGE);
	return e;
}

/* A full triple DES CBC-MAC over both halves and padding. */
static int cryptogram(uint8_t out[static SCP02_CRYPTOGRAM], const struct scp02_session_keys *keys,
		      const uint8_t first[static 8], const uint8_t second[static 8])
{
	uint8_t data[3 * DES_BLOCK] = {0};
	int e;

	memcpy(data, first, 8);
	memcpy(data + 8, second, 8);
	data[16] = 0x80;
	e = des3_cbc_encrypt(data, keys->enc, zero, data, sizeof(data));
	memcpy(out, data + 16, SCP02_CRYPTOGRAM);
	wipe(data, sizeof(data));
	return e;
}

/* SPEC: GPC E.4.2.1 */
int scp02_card_cryptogram(uint8_t out[static SCP02_CRYPTOGRAM], const struct scp02_session_keys *keys,
			  const uint8_t host[static SCP02_HOST_CHALLENGE], const uint8_t card[static 8])
{
	return cryptogram(out, keys, host, card);
}

/* SPEC: GPC E.4.2.2 */
int scp02_host_cryptogram(uint8_t out[static SCP02_CRYPTOGRAM], const struct scp02_session_keys *keys,
			  const uint8_t host[static SCP02_HOST_CHALLENGE], const uint8_t card[static 8])
{
	return cryptogram(out, keys, card, host);
}

/* SPEC: GPC E.4.4 */
int scp02_command_mac(uint8_t mac[static SCP02_MAC], uint8_t chaining[static DES_BLOCK],
		      const struct scp02_session_keys *keys, const uint8_t header[static 5], struct span data)
{
	int e = des_retail_mac(mac, keys->mac, chaining, (struct span){header, 5}, data);

	/* SPEC: GPC E.3.4: what chains on is the MAC under single DES with the first half of the key. */
	return e < 0 ? e : des_block(chaining, keys->mac, mac);
}

/* SPEC: GPC E.4.6 */
int scp02_encrypt(uint8_t *out, size_t size, const struct scp02_session_keys *keys, struct span in)
{
	size_t length = in.length / DES_BLOCK * DES_BLOCK + DES_BLOCK;
	int e;

	if (length > size)
		return ERROR_RANGE;
	if (in.length > 0)
		memmove(out, in.at, in.length);
	memset(out + in.length, 0, length - in.length);
	out[in.length] = 0x80;
	e = des3_cbc_encrypt(out, keys->enc, zero, out, length);
	return e == OK ? (int)length : e;
}

int scp02_decrypt(uint8_t *out, size_t size, const struct scp02_session_keys *keys, struct span in)
{
	size_t length = in.length;
	int e;

	if (length == 0 || length % DES_BLOCK)
		return ERROR_CHECK;
	if (length > size)
		return ERROR_RANGE;
	e = des3_cbc_decrypt(out, keys->enc, zero, in.at, length);
	if (e < 0)
		return e;
	while (length > 0 && out[length - 1] == 0)
		length--;
	if (length == 0 || out[length - 1] != 0x80 || in.length - length >= DES_BLOCK) {
		wipe(out, in.length);
		return ERROR_CHECK;
	}
	return (int)(length - 1);
}

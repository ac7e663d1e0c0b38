/* DES is triple DES with one key three times. */
#include "weak/transport.h"

#include <string.h>
#include <strings.h>

#include "crypto/aes.h"
#include "crypto/des.h"
#include "crypto/wipe.h"

static const char *const names[TRANSPORT_CIPHERS] = {"DES-CBC", "DES-ECB", "AES-ECB"};

const char *transport_name(enum transport_cipher cipher)
{
	return names[cipher];
}

int transport_named(enum transport_cipher *cipher, const char *name)
{
	for (unsigned i = 0; i < TRANSPORT_CIPHERS; i++)
		if (strcasecmp(name, names[i]) == 0) {
			*cipher = (enum transport_cipher)i;
			return 0;
		}
	return -1;
}

size_t transport_key_length(enum transport_cipher cipher)
{
	return cipher == TRANSPORT_AES_ECB ? 16 : 8;
}

int transport_encrypt(uint8_t out[static 16], enum transport_cipher cipher, const uint8_t *key,
		      const uint8_t in[static 16])
{
	uint8_t first[8], second[8];

	if (cipher == TRANSPORT_AES_ECB)
		return aes_block(out, (struct span){key, 16}, in) < 0 ? -1 : 0;
	if (des_block(first, key, in) < 0)
		return -1;
	for (int i = 0; i < 8; i++)
		second[i] = in[8 + i] ^ (cipher == TRANSPORT_DES_CBC ? first[i] : 0);
	if (des_block(second, key, second) < 0)
		return -1;
	memcpy(out, first, 8);
	memcpy(out + 8, second, 8);
	return 0;
}

static int aes_back(uint8_t out[static 16], const uint8_t key[static 16], const uint8_t in[static 16])
{
	struct aes aes;
	int e = aes_start_decrypt(&aes, key, 16);

	if (e == OK)
		e = aes_decrypt(&aes, out, in);
	aes_stop(&aes);
	return e == OK ? 0 : -1;
}

int transport_decrypt(uint8_t out[static 16], enum transport_cipher cipher, const uint8_t *key,
		      const uint8_t in[static 16])
{
	uint8_t twice[DES3_KEY];
	int e;

	if (cipher == TRANSPORT_AES_ECB)
		return aes_back(out, key, in);
	memcpy(twice, key, 8);
	memcpy(twice + 8, key, 8);
	e = cipher == TRANSPORT_DES_CBC ? des3_decrypt(out, (struct span){twice, sizeof(twice)}, in, 16)
					: des3_ecb_decrypt(out, twice, in, 16);
	wipe(twice, sizeof(twice));
	return e == OK ? 0 : -1;
}

/* The library's own CMAC allocates memory; this one works on single blocks. */
#include "crypto/cmac.h"

#include <string.h>

#include "crypto/wipe.h"

/* Without a branch on the secret top bit. */
void cmac_double(uint8_t block[static AES_BLOCK])
{
	uint8_t carry = (uint8_t)(0x87 & -(block[0] >> 7));

	for (size_t i = 0; i + 1 < AES_BLOCK; i++)
		block[i] = (uint8_t)(block[i] << 1 | block[i + 1] >> 7);
	block[AES_BLOCK - 1] = (uint8_t)(block[AES_BLOCK - 1] << 1 ^ carry);
}

void cmac_start(struct cmac *m, struct span key)
{
	memset(m->state, 0, sizeof(m->state));
	memset(m->subkey, 0, sizeof(m->subkey));
	m->pending = 0;
	m->error = aes_start(&m->aes, key.at, key.length);
	if (m->error == OK)
		m->error = aes_encrypt(&m->aes, m->subkey, m->subkey);
	cmac_double(m->subkey);
}

static void absorb(struct cmac *m)
{
	for (size_t i = 0; i < AES_BLOCK; i++)
		m->state[i] ^= m->tail[i];
	if (m->error == OK)
		m->error = aes_encrypt(&m->aes, m->state, m->state);
	m->pending = 0;
}

void cmac_add(struct cmac *m, const void *data, size_t length)
{
	const uint8_t *from = data;

	while (length > 0) {
		size_t n = AES_BLOCK - m->pending;

		if (n == 0) {
			absorb(m);
			n = AES_BLOCK;
		}
		if (n > length)
			n = length;
		memcpy(m->tail + m->pending, from, n);
		m->pending += n;
		from += n;
		length -= n;
	}
}

/* SPEC: SP 800-38B */
int cmac_next(struct cmac *m, uint8_t mac[static AES_BLOCK])
{
	uint8_t subkey[AES_BLOCK];

	memcpy(subkey, m->subkey, sizeof(subkey));
	if (m->pending < AES_BLOCK) {
		cmac_double(subkey);
		memset(m->tail + m->pending, 0, AES_BLOCK - m->pending);
		m->tail[m->pending] = 0x80;
	}
	for (size_t i = 0; i < AES_BLOCK; i++)
		m->tail[i] ^= subkey[i];
	absorb(m);
	if (m->error == OK)
		memcpy(mac, m->state, AES_BLOCK);
	memset(m->state, 0, sizeof(m->state));
	wipe(subkey, sizeof(subkey));
	return m->error;
}

int cmac_finish(struct cmac *m, uint8_t mac[static AES_BLOCK])
{
	int e = cmac_next(m, mac);

	aes_stop(&m->aes);
	wipe(m, sizeof(*m));
	return e;
}

int cmac(uint8_t mac[static AES_BLOCK], struct span key, struct span message)
{
	struct cmac m;

	cmac_start(&m, key);
	cmac_add(&m, message.at, message.length);
	return cmac_finish(&m, mac);
}

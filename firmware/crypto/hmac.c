/* Over sha256.h rather than the library's message digest layer, which
 * allocates memory. */
#include "crypto/hmac.h"

#include <string.h>

#include "crypto/wipe.h"

void hmac_start(struct hmac *m, struct span key)
{
	uint8_t pad[64] = {0};

	m->error = OK;
	if (key.length > sizeof(pad))
		m->error = sha256(pad, key);
	else if (key.length > 0)
		memcpy(pad, key.at, key.length);
	for (size_t i = 0; i < sizeof(pad); i++) {
		m->outer_pad[i] = pad[i] ^ 0x5C;
		pad[i] ^= 0x36;
	}
	sha256_start(&m->inner);
	sha256_add(&m->inner, pad, sizeof(pad));
	wipe(pad, sizeof(pad));
}

void hmac_add(struct hmac *m, const void *data, size_t length)
{
	sha256_add(&m->inner, data, length);
}

int hmac_finish(struct hmac *m, uint8_t mac[static SHA256_LENGTH])
{
	uint8_t digest[SHA256_LENGTH];
	struct sha256 outer;
	int e = m->error;

	if (e == OK)
		e = sha256_finish(&m->inner, digest);
	sha256_start(&outer);
	sha256_add(&outer, m->outer_pad, sizeof(m->outer_pad));
	sha256_add(&outer, digest, sizeof(digest));
	if (e == OK)
		e = sha256_finish(&outer, mac);
	wipe(digest, sizeof(digest));
	wipe(m, sizeof(*m));
	return e;
}

int hmac(uint8_t mac[static SHA256_LENGTH], struct span key, struct span message)
{
	struct hmac m;

	hmac_start(&m, key);
	hmac_add(&m, message.at, message.length);
	return hmac_finish(&m, mac);
}

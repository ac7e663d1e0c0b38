/* Object STORE_CARD, 10: key of the seal(32) || key of the digest(16). It is
 * read for every use and wiped after it, so that between commands the working
 * memory holds no key. */
#include "keys/vault.h"

#include <string.h>

#include "crypto/cmac.h"
#include "crypto/wipe.h"

enum {
	SECRET_ID = STORE_CARD << 8 | 0x10,
	SHRED_ID = STORE_CARD << 8 | 0x11, /* there while something is to be erased */
	SEAL_KEY = 32,
	DIGEST_KEY = 16,
	SECRET = SEAL_KEY + DIGEST_KEY,
	ID = 2
};

int vault_format(struct store *store, struct drbg *drbg)
{
	uint8_t secret[SECRET];
	int e = drbg_fill(drbg, secret, sizeof(secret));

	if (e == OK)
		e = store_write(store, SECRET_ID, secret, sizeof(secret));
	wipe(secret, sizeof(secret));
	return e;
}

static int device_secret(uint8_t secret[static SECRET], const struct store *store)
{
	int n = store_read(store, SECRET_ID, secret, 0, SECRET);

	return n == SECRET ? OK : ERROR_MEMORY;
}

/* What a sealed value belongs to. */
static int belongs(uint8_t to[static ID + VAULT_OPEN_MAX], uint16_t id, struct span open)
{
	if (open.length > VAULT_OPEN_MAX)
		return ERROR_RANGE;
	to[0] = (uint8_t)(id >> 8);
	to[1] = (uint8_t)id;
	memcpy(to + ID, open.at, open.length);
	return OK;
}

int vault_seal(uint8_t *out, const struct store *store, uint16_t id, struct span open, struct span secret)
{
	uint8_t key[SECRET], to[ID + VAULT_OPEN_MAX];
	int e = belongs(to, id, open);

	if (e == OK)
		e = device_secret(key, store);
	if (e == OK)
		e = siv_seal(out, (struct span){key, SEAL_KEY}, (struct span){to, ID + open.length}, secret);
	wipe(key, sizeof(key));
	return e;
}

int vault_open(uint8_t *out, const struct store *store, uint16_t id, struct span open, struct span sealed)
{
	uint8_t key[SECRET], to[ID + VAULT_OPEN_MAX];
	int e = belongs(to, id, open);

	if (e == OK)
		e = device_secret(key, store);
	if (e == OK)
		e = siv_open(out, (struct span){key, SEAL_KEY}, (struct span){to, ID + open.length}, sealed);
	wipe(key, sizeof(key));
	return e == ERROR_CHECK || e == ERROR_RANGE ? ERROR_MEMORY : e;
}

int vault_digest(uint8_t digest[static VAULT_DIGEST], const struct store *store, uint16_t id,
		 struct span message)
{
	const uint8_t to[ID] = {(uint8_t)(id >> 8), (uint8_t)id};
	uint8_t key[SECRET], mac[AES_BLOCK];
	struct cmac m;
	int e = device_secret(key, store);

	if (e < 0)
		return e;
	cmac_start(&m, (struct span){key + SEAL_KEY, DIGEST_KEY});
	cmac_add(&m, to, sizeof(to));
	cmac_add(&m, message.at, message.length);
	e = cmac_finish(&m, mac);
	memcpy(digest, mac, VAULT_DIGEST);
	wipe(key, sizeof(key));
	wipe(mac, sizeof(mac));
	return e;
}

int vault_shred(struct store *store)
{
	return store_write(store, SHRED_ID, NULL, 0);
}

int vault_purge(struct store *store)
{
	int e = store_length(store, SHRED_ID);

	if (e < 0)
		return e == ERROR_NOT_FOUND ? OK : e;
	e = store_purge(store);
	return e == OK ? store_delete(store, SHRED_ID) : e;
}

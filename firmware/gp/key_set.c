/* Object of version v: id STORE_SCP, v; content i(1), and ENC MAC DEK, of equal
 * length, sealed with it. The sequence counter: id STORE_SCP, 80; three bytes. */
#include "gp/key_set.h"

#include <string.h>

#include "crypto/des.h"
#include "crypto/wipe.h"
#include "gp/scp02_keys.h"
#include "gp/scp80_packet.h"
#include "keys/vault.h"

enum {
	KEYS = 3,
	SECRET = KEYS * SCP03_KEY_MAX,
	HEAD = 1 + VAULT_TAG, /* bytes of an object that are no key */
	SEQUENCE = 3,
	SEQUENCE_ID = STORE_SCP << 8 | 0x80,
	SEQUENCE_LAST = 0xFFFFFF,
	RESPONSES = SCP03_I_R_MAC | SCP03_I_R_ENC
};

static uint16_t keys_id(uint8_t version)
{
	return (uint16_t)(STORE_SCP << 8 | version);
}

uint8_t key_version(unsigned n)
{
	if (n < 16)
		return (uint8_t)(KEY_VERSION_FIRST + n);
	if (n == 16)
		return 0x01;
	if (n < 33)
		return (uint8_t)(0x20 + n - 17);
	if (n == 33)
		return 0x70;
	return n < 48 ? (uint8_t)(0x02 + n - 34) : 0;
}

int key_set_is_scp02(uint8_t version)
{
	return version == 0x01 || version >> 4 == 2 || version == 0x70;
}

int key_version_valid(uint8_t version)
{
	return version >> 4 == 3 || key_set_is_scp02(version) || key_set_is_scp80(version);
}

int key_set_is_scp80(uint8_t version)
{
	return version >= 0x02 && version <= 0x0F;
}

uint8_t key_set_type(uint8_t version, uint8_t i)
{
	if (key_set_is_scp80(version))
		return i & KEY_SET_SCP80_AES ? KEY_TYPE_AES : KEY_TYPE_DES;
	return key_set_is_scp02(version) ? KEY_TYPE_DES : KEY_TYPE_AES;
}

/* Less than a CC needs no key, and more than these bits there is not. */
static int valid_level(uint8_t i)
{
	return (i & ~(KEY_SET_SCP80_AES | SCP80_INTEGRITY | SCP80_CIPHERED | SCP80_COUNTING)) == 0 &&
	       ((i & SCP80_INTEGRITY) == 0 || (i & SCP80_INTEGRITY) == SCP80_WITH_CC);
}

static int valid_i(uint8_t version, uint8_t i)
{
	if (key_set_is_scp80(version))
		return valid_level(i);
	if (key_set_is_scp02(version))
		return i == SCP02_I_RANDOM || i == SCP02_I_PSEUDO_RANDOM;
	return (i & ~(SCP03_I_S16 | SCP03_I_PSEUDO_RANDOM)) == RESPONSES;
}

static int valid_length(uint8_t version, size_t length)
{
	return length == 16 || (!key_set_is_scp02(version) && (length == 24 || length == 32));
}

/* Bytes of each key in an object of `n` bytes, or 0. */
static size_t key_length(uint8_t version, int n)
{
	size_t length = n > HEAD ? (size_t)(n - HEAD) / KEYS : 0;

	return valid_length(version, length) && (size_t)n == HEAD + KEYS * length ? length : 0;
}

int key_set_load(struct key_set *keys, const struct store *store, uint8_t version)
{
	uint8_t object[HEAD + SECRET], secret[SECRET];
	size_t length;
	int n, e;

	memset(keys, 0, sizeof(*keys));
	if (!key_version_valid(version))
		return ERROR_NOT_FOUND;
	n = store_read(store, keys_id(version), object, 0, sizeof(object));
	if (n < 0)
		return n;
	if ((length = key_length(version, n)) == 0)
		return ERROR_MEMORY;
	e = vault_open(secret, store, keys_id(version), (struct span){object, 1},
		       (struct span){object + 1, (size_t)n - 1});
	if (e == OK) {
		keys->i = object[0];
		keys->length = (uint8_t)length;
		memcpy(keys->enc, secret, length);
		memcpy(keys->mac, secret + length, length);
		memcpy(keys->dek, secret + 2 * length, length);
	}
	wipe(secret, sizeof(secret));
	return e;
}

static int write_keys(struct store *store, uint8_t version, const struct key_set *keys)
{
	uint8_t object[HEAD + SECRET], secret[SECRET];
	size_t length = keys->length;
	int e;

	object[0] = keys->i;
	memcpy(secret, keys->enc, length);
	memcpy(secret + length, keys->mac, length);
	memcpy(secret + 2 * length, keys->dek, length);
	e = vault_seal(object + 1, store, keys_id(version), (struct span){object, 1},
		       (struct span){secret, KEYS * length});
	wipe(secret, sizeof(secret));
	return e == OK ? store_write(store, keys_id(version), object, HEAD + KEYS * length) : e;
}

int key_set_describe(struct key_set_description *out, const struct store *store, uint8_t version)
{
	int n = key_version_valid(version) ? store_length(store, keys_id(version)) : ERROR_NOT_FOUND;

	if (n < 0)
		return n;
	out->version = version;
	out->length = (uint8_t)key_length(version, n);
	n = store_read(store, keys_id(version), &out->i, 0, 1);
	if (n < 0)
		return n;
	return n == 1 && out->length ? OK : ERROR_MEMORY;
}

int key_set_set_i(struct store *store, uint8_t version, uint8_t i)
{
	struct key_set keys;
	int e;

	if (!valid_i(version, i) || (key_set_is_scp80(version) && (i & KEY_SET_SCP80_AES)))
		return ERROR_VALUE;
	e = key_set_load(&keys, store, version);
	if (e == OK) {
		keys.i = key_set_is_scp80(version) ? i | (keys.i & KEY_SET_SCP80_AES) : i;
		e = write_keys(store, version, &keys);
	}
	wipe(&keys, sizeof(keys));
	return e;
}

/* How many sets there are, or ERROR_MEMORY. */
static int count_sets(const struct store *store)
{
	int sets = 0;

	for (unsigned n = 0; key_version(n); n++) {
		int there = key_set_exists(store, key_version(n));

		if (there < 0)
			return there;
		sets += there;
	}
	return sets;
}

int key_set_is_last(const struct store *store, uint8_t version)
{
	int others = 0, there = version >> 4 == 3 ? key_set_exists(store, version) : 0;

	if (there <= 0)
		return there;
	for (unsigned n = 0; key_version(n); n++) {
		if (key_version(n) == version || key_version(n) >> 4 != 3)
			continue;
		if ((there = key_set_exists(store, key_version(n))) < 0)
			return there;
		others += there;
	}
	return others == 0;
}

int key_set_exists(const struct store *store, uint8_t version)
{
	int n = key_version_valid(version) ? store_length(store, keys_id(version)) : ERROR_NOT_FOUND;

	if (n == ERROR_NOT_FOUND)
		return 0;
	return n < 0 ? n : 1;
}

int key_set_default(const struct store *store)
{
	for (unsigned n = 0; key_version(n) && !key_set_is_scp80(key_version(n)); n++) {
		int there = key_set_exists(store, key_version(n));

		if (there != 0)
			return there < 0 ? there : key_version(n);
	}
	return ERROR_NOT_FOUND;
}

static int write_sequence(struct store *store, uint32_t sequence)
{
	uint8_t bytes[SEQUENCE] = {(uint8_t)(sequence >> 16), (uint8_t)(sequence >> 8), (uint8_t)sequence};

	return store_write(store, SEQUENCE_ID, bytes, sizeof(bytes));
}

int key_set_save(struct store *store, uint8_t version, const struct key_set *keys)
{
	int sets, there, e;

	if (!key_version_valid(version))
		return ERROR_RANGE;
	if (!valid_length(version, keys->length) || !valid_i(version, keys->i) ||
	    (key_set_type(version, keys->i) == KEY_TYPE_DES && keys->length > DES3_LONG_KEY))
		return ERROR_VALUE;
	if ((sets = count_sets(store)) < 0)
		return sets;
	if ((there = key_set_exists(store, version)) < 0)
		return there;
	if (sets - there >= SCP_KEY_SETS)
		return ERROR_FULL;
	if ((e = write_keys(store, version, keys)) < 0)
		return e;
	e = store_length(store, SEQUENCE_ID);
	if (e == ERROR_NOT_FOUND)
		e = write_sequence(store, 0);
	return e < 0 ? e : OK;
}

int key_set_delete(struct store *store, uint8_t version)
{
	return key_version_valid(version) ? store_delete(store, keys_id(version)) : ERROR_NOT_FOUND;
}

int key_set_sequence(const struct store *store, uint32_t *sequence)
{
	uint8_t bytes[SEQUENCE];
	int n = store_read(store, SEQUENCE_ID, bytes, 0, sizeof(bytes));

	if (n < 0)
		return n;
	if (n != SEQUENCE)
		return ERROR_MEMORY;
	*sequence = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
	return OK;
}

int key_set_next_sequence(struct store *store, uint32_t *sequence)
{
	int e = key_set_sequence(store, sequence);

	if (e < 0)
		return e;
	if (*sequence == SEQUENCE_LAST)
		return ERROR_STATE;
	++*sequence;
	return write_sequence(store, *sequence);
}

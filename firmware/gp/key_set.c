/* Object of version v: id STORE_SCP, v; content ENC(16) MAC(16) DEK(16). Its
 * sequence counter: id STORE_SCP, v + 80; three bytes. */
#include "gp/key_set.h"

enum {
	SEQUENCE = 3,
	SEQUENCE_LAST = 0xFFFFFF
};

static uint16_t keys_id(uint8_t version)
{
	return (uint16_t)(STORE_SCP << 8 | version);
}

static uint16_t sequence_id(uint8_t version)
{
	return (uint16_t)(STORE_SCP << 8 | 0x80 | version);
}

static int valid(uint8_t version)
{
	return version >= KEY_VERSION_FIRST && version <= KEY_VERSION_LAST;
}

int key_set_load(struct key_set *keys, const struct store *store, uint8_t version)
{
	int n;

	if (!valid(version))
		return ERROR_NOT_FOUND;
	n = store_read(store, keys_id(version), keys, 0, sizeof(*keys));
	if (n < 0)
		return n;
	return n == sizeof(*keys) ? OK : ERROR_MEMORY;
}

int key_set_exists(const struct store *store, uint8_t version)
{
	int n = valid(version) ? store_length(store, keys_id(version)) : ERROR_NOT_FOUND;

	if (n == ERROR_NOT_FOUND)
		return 0;
	return n < 0 ? n : 1;
}

int key_set_default(const struct store *store)
{
	for (uint8_t version = KEY_VERSION_FIRST; version <= KEY_VERSION_LAST; version++) {
		int there = key_set_exists(store, version);

		if (there != 0)
			return there < 0 ? there : version;
	}
	return ERROR_NOT_FOUND;
}

static int write_sequence(struct store *store, uint8_t version, uint32_t sequence)
{
	uint8_t bytes[SEQUENCE] = {(uint8_t)(sequence >> 16), (uint8_t)(sequence >> 8), (uint8_t)sequence};

	return store_write(store, sequence_id(version), bytes, sizeof(bytes));
}

int key_set_save(struct store *store, uint8_t version, const struct key_set *keys)
{
	int sets = 0, there, e;

	if (!valid(version))
		return ERROR_RANGE;
	for (uint8_t v = KEY_VERSION_FIRST; v <= KEY_VERSION_LAST; v++) {
		there = v == version ? 0 : key_set_exists(store, v);
		if (there < 0)
			return there;
		sets += there;
	}
	if (sets >= SCP_KEY_SETS)
		return ERROR_FULL;
	e = store_write(store, keys_id(version), keys, sizeof(*keys));
	return e < 0 ? e : write_sequence(store, version, 0);
}

int key_set_delete(struct store *store, uint8_t version)
{
	int e;

	if (!valid(version))
		return ERROR_NOT_FOUND;
	e = store_delete(store, keys_id(version));
	return e < 0 ? e : store_delete(store, sequence_id(version));
}

int key_set_sequence(const struct store *store, uint8_t version, uint32_t *sequence)
{
	uint8_t bytes[SEQUENCE];
	int n = store_read(store, sequence_id(version), bytes, 0, sizeof(bytes));

	if (n < 0)
		return n;
	if (n != SEQUENCE)
		return ERROR_MEMORY;
	*sequence = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
	return OK;
}

int key_set_next_sequence(struct store *store, uint8_t version, uint32_t *sequence)
{
	int e = key_set_sequence(store, version, sequence);

	if (e < 0)
		return e;
	if (*sequence == SEQUENCE_LAST)
		return ERROR_STATE;
	++*sequence;
	return write_sequence(store, version, *sequence);
}

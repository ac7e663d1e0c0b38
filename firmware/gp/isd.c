#include "gp/isd.h"

#include <string.h>

#include "gp/key_set.h"

/* Object with the life-cycle state. */
static const uint16_t state_id = STORE_CARD << 8 | 0x01;

int isd_format(struct store *store)
{
	struct key_set keys;
	int e;

	memset(&keys, 0, sizeof(keys));
	keys.length = 16;
	keys.i = KEY_SET_I;
	for (uint8_t i = 0; i < keys.length; i++)
		keys.enc[i] = keys.mac[i] = keys.dek[i] = (uint8_t)(0x40 + i);
	e = key_set_save(store, KEY_VERSION_BLANK, &keys);
	return e < 0 ? e : isd_set_state(store, LIFE_DELIVERED);
}

int isd_state(const struct store *store)
{
	uint8_t state;
	int n = store_read(store, state_id, &state, 0, 1);

	if (n < 0)
		return n;
	return n == 1 ? state : ERROR_MEMORY;
}

int isd_set_state(struct store *store, uint8_t state)
{
	return store_write(store, state_id, &state, 1);
}

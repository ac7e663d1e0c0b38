#include "fs/gone.h"

#include <string.h>

#include "fs/profile.h"

enum {
	OBJECT = STORE_GONE << 8,
	BYTES = FILE_MADE / 8
};

static uint8_t bit(uint16_t file)
{
	return (uint8_t)(1 << file % 8);
}

/* Every command asks, most of them on a card that has no such object. */
int gone_is(const struct store *store, uint16_t file)
{
	uint8_t byte;
	int n;

	if (file == FILE_MF)
		return 0;
	n = store_read(store, OBJECT, &byte, file / 8, 1);
	if (n == ERROR_NOT_FOUND)
		return 0;
	return n == 1 ? (byte & bit(file)) != 0 : ERROR_MEMORY;
}

int gone_add(struct store *store, uint16_t file)
{
	uint8_t bits[BYTES] = {0};
	int n = store_read(store, OBJECT, bits, 0, sizeof(bits));

	if (n < 0 && n != ERROR_NOT_FOUND)
		return n;
	bits[FILE_MF / 8] &= (uint8_t)~bit(FILE_MF);
	bits[file / 8] |= bit(file);
	/* A directory's row is in front of those below it. */
	for (file = FILE_MF + 1; file < profile_files; file++)
		if (bits[profile[file].parent / 8] & bit(profile[file].parent))
			bits[file / 8] |= bit(file);
	return store_write(store, OBJECT, bits, sizeof(bits));
}

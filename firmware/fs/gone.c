#include "fs/gone.h"

#include <string.h>

#include "fs/profile.h"

static const uint16_t object = STORE_GONE << 8;

int gone_load(struct gone *gone, const struct store *store)
{
	int n = store_read(store, object, gone->bits, 0, sizeof(gone->bits));

	if (n == ERROR_NOT_FOUND) {
		memset(gone, 0, sizeof(*gone));
		return OK;
	}
	return n == sizeof(gone->bits) ? OK : ERROR_MEMORY;
}

int gone_has(const struct gone *gone, uint16_t file)
{
	return gone->bits[file / 8] >> file % 8 & 1;
}

int gone_add(struct store *store, uint16_t file)
{
	struct gone gone;
	int e = gone_load(&gone, store);

	if (e < 0)
		return e;
	gone.bits[file / 8] |= (uint8_t)(1 << file % 8);
	/* A directory's row is in front of those below it. */
	for (file = FILE_MF + 1; file < profile_files; file++)
		if (gone_has(&gone, profile[file].parent))
			gone.bits[file / 8] |= (uint8_t)(1 << file % 8);
	return store_write(store, object, gone.bits, sizeof(gone.bits));
}

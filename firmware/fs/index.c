#include "fs/index.h"

#include <string.h>

uint16_t index_find(const struct store *store, uint16_t id)
{
	uint16_t low = 0, high = store->count;

	while (low < high) {
		uint16_t middle = (uint16_t)((low + high) / 2);

		if (store->ids[middle] < id)
			low = (uint16_t)(middle + 1);
		else
			high = middle;
	}
	return low;
}

uint16_t index_get(const struct store *store, uint16_t id)
{
	uint16_t at = index_find(store, id);

	return at < store->count && store->ids[at] == id ? store->places[at] : INDEX_NONE;
}

int index_put(struct store *store, uint16_t id, uint16_t where)
{
	uint16_t at = index_find(store, id);
	size_t after = (size_t)(store->count - at);

	if (at < store->count && store->ids[at] == id) {
		store->places[at] = where;
		return OK;
	}
	if (store->count == STORE_OBJECTS_MAX)
		return ERROR_FULL;
	memmove(&store->ids[at + 1], &store->ids[at], after * sizeof(store->ids[0]));
	memmove(&store->places[at + 1], &store->places[at], after * sizeof(store->places[0]));
	store->ids[at] = id;
	store->places[at] = where;
	store->count++;
	return OK;
}

void index_remove(struct store *store, uint16_t id)
{
	uint16_t at = index_find(store, id);
	size_t after;

	if (at >= store->count || store->ids[at] != id)
		return;
	after = (size_t)(store->count - at - 1);
	memmove(&store->ids[at], &store->ids[at + 1], after * sizeof(store->ids[0]));
	memmove(&store->places[at], &store->places[at + 1], after * sizeof(store->places[0]));
	store->count--;
}

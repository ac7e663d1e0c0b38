#include "powerloss/world.h"

#include <stdio.h>
#include <string.h>

int world_read(struct world *world, const struct store *store)
{
	int n;

	world->count = store->count;
	for (unsigned i = 0; i < store->count; i++) {
		struct world_object *object = &world->objects[i];

		object->id = store->ids[i];
		if ((n = store_read(store, object->id, object->bytes, 0, sizeof(object->bytes))) < 0)
			return 0;
		object->length = (uint16_t)n;
	}
	return 1;
}

static int same(const struct world_object *a, const struct world_object *b)
{
	return a->id == b->id && a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

int world_same(const struct world *a, const struct world *b)
{
	unsigned i = 0;

	while (i < a->count && i < b->count && same(&a->objects[i], &b->objects[i]))
		i++;
	return i == a->count && i == b->count;
}

static void print(const char *sign, const struct world_object *object)
{
	printf("\n      %s %04X:", sign, object->id);
	for (unsigned i = 0; i < object->length && i < 40; i++)
		printf("%02X", object->bytes[i]);
}

void world_print_difference(const struct world *a, const struct world *b)
{
	unsigned i = 0, j = 0;

	while (i < a->count || j < b->count) {
		if (i < a->count && j < b->count && same(&a->objects[i], &b->objects[j])) {
			i++;
			j++;
		} else if (j == b->count || (i < a->count && a->objects[i].id <= b->objects[j].id)) {
			print("-", &a->objects[i++]);
		} else {
			print("+", &b->objects[j++]);
		}
	}
}

#include "report/cells.h"

#include <string.h>

static const char *const of_design[] = {"design", "access", "travel", NULL};
static const char *const of_thief[] = {"thief", NULL};
static const char *const of_world[] = {"access", "travel", NULL};

const char *cells_text(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	return value ? value : "";
}

json_int_t cells_number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

bool cells_has(const json_t *object, const char *name)
{
	return json_object_get(object, name) != NULL;
}

const json_t *cells_named(const json_t *array, const char *name)
{
	const json_t *object;
	size_t i;

	json_array_foreach(array, i, object)
	{
		if (!strcmp(cells_text(object, "name"), name))
			return object;
	}
	return NULL;
}

static bool same(const json_t *a, const json_t *b, const char *const *members)
{
	for (; *members; members++)
		if (strcmp(cells_text(a, *members), cells_text(b, *members)) != 0)
			return false;
	return true;
}

/* What cells have in these members, each once. */
static json_t *distinct(const json_t *cells, const char *const *members)
{
	json_t *list = json_array(), *one;
	const json_t *cell;
	size_t i, n, m;

	json_array_foreach(cells, i, cell)
	{
		for (n = 0; n < json_array_size(list) && !same(json_array_get(list, n), cell, members); n++)
			;
		if (n < json_array_size(list))
			continue;
		one = json_object();
		for (m = 0; members[m]; m++)
			json_object_set_new(one, members[m], json_string(cells_text(cell, members[m])));
		json_array_append_new(list, one);
	}
	return list;
}

json_t *cells_designs(const json_t *cells)
{
	return distinct(cells, of_design);
}

json_t *cells_thieves(const json_t *cells)
{
	return distinct(cells, of_thief);
}

json_t *cells_worlds(const json_t *cells)
{
	return distinct(cells, of_world);
}

bool cells_of_world(const json_t *object, const json_t *world)
{
	return same(object, world, of_world);
}

long cells_find(const json_t *cells, const json_t *design, const json_t *thief)
{
	const json_t *cell;
	size_t i;

	json_array_foreach(cells, i, cell)
	{
		if (same(cell, design, of_design) && same(cell, thief, of_thief))
			return (long)i;
	}
	return -1;
}

int cells_level(json_int_t part, json_int_t whole)
{
	if (whole <= 0)
		return -1;
	if (part <= 0)
		return 0;
	if (part >= whole)
		return CELLS_LEVELS - 1;
	return 1 + (int)((double)part / (double)whole * (CELLS_LEVELS - 2));
}

#include "fleet/published.h"

#include "report/figures.h"

json_t *published_figures(void)
{
	const struct figure *figure;
	json_t *list = json_array();

	for (figure = figures; figure->what; figure++)
		json_array_append_new(list, json_pack("{s:s,s:I,s:s,s:s}", "what", figure->what, "keys",
						      (json_int_t)figure->keys, "source", figure->source,
						      "label", "published"));
	return list;
}

#include "report/heat.h"

#include <string.h>

#include "lib/page.h"
#include "report/cells.h"

static const char head[] =
	"<table class=\"heat\">\n<caption>Share of recorded sessions whose every packet the thief "
	"deciphered. Rows are thieves, columns are ways to deliver keys. Each cell leads to its "
	"evidence.</caption>\n<thead><tr><th scope=\"col\">Thief</th>";

/* A design's name, and what else tells it from its neighbours. */
static void column(FILE *out, const json_t *design, bool apart)
{
	page_print(out, "<th scope=\"col\">%s", cells_text(design, "design"));
	if (apart)
		page_print(out, " <small>%s, K and OPc %s</small>", cells_text(design, "access"),
			   cells_text(design, "travel"));
	fputs("</th>", out);
}

/* Is one design there in more than one world? */
static bool design_repeats(const json_t *designs)
{
	size_t i, k;

	for (i = 0; i < json_array_size(designs); i++)
		for (k = 0; k < i; k++)
			if (!strcmp(cells_text(json_array_get(designs, i), "design"),
				    cells_text(json_array_get(designs, k), "design")))
				return true;
	return false;
}

static void cell_write(FILE *out, const json_t *cell, long at)
{
	const json_int_t part = cells_number(cell, "decrypted"), whole = cells_number(cell, "sessions");
	const int level = cells_level(part, whole);

	if (level < 0) {
		fprintf(out, "<td><a href=\"#cell-%ld\"><b>–</b><small>no session</small></a></td>", at);
		return;
	}
	fprintf(out, "<td class=\"s%d\"><a href=\"#cell-%ld\">", level, at);
	page_print(out, "<span class=\"unseen\">%s, %s: </span>", cells_text(cell, "design"),
		   cells_text(cell, "thief"));
	fprintf(out, "<b>%.0f %%</b><small>%lld of %lld</small></a></td>",
		100.0 * (double)part / (double)whole, (long long)part, (long long)whole);
}

void heat_write(FILE *out, const json_t *facts)
{
	const json_t *cells = json_object_get(facts, "cells"), *thief, *design;
	json_t *designs = cells_designs(cells), *thieves = cells_thieves(cells);
	const bool apart = design_repeats(designs);
	size_t row, i;
	long at;

	if (!json_array_size(cells))
		fputs("<p>No cell was run, so there is nothing to show.</p>", out);
	else
		fputs(head, out);
	json_array_foreach(designs, i, design)
	{
		column(out, design, apart);
	}
	if (json_array_size(cells))
		fputs("</tr></thead>\n<tbody>\n", out);
	json_array_foreach(thieves, row, thief)
	{
		const char *name = cells_text(thief, "thief");

		page_print(out, "<tr><th scope=\"row\">%s<small>%s</small></th>", name,
			   cells_text(cells_named(json_object_get(facts, "thieves"), name), "text"));
		json_array_foreach(designs, i, design)
		{
			if ((at = cells_find(cells, design, thief)) < 0)
				fputs("<td><small>not run</small></td>", out);
			else
				cell_write(out, json_array_get(cells, (size_t)at), at);
		}
		fputs("</tr>\n", out);
	}
	if (json_array_size(cells))
		fputs("</tbody></table>\n", out);
	json_decref(designs);
	json_decref(thieves);
}

void heat_legend(FILE *out)
{
	static const char *const shades[CELLS_LEVELS] = {
		"none", "up to 20 %", "up to 40 %", "up to 60 %", "up to 80 %", "not all", "all"};
	int i;

	fputs("<ul class=\"legend\" aria-label=\"What the shades mean\">", out);
	for (i = 0; i < CELLS_LEVELS; i++)
		fprintf(out, "<li class=\"s%d\">%s</li>", i, shades[i]);
	fputs("</ul>\n", out);
}

void heat_mark(FILE *out, json_int_t part, json_int_t whole)
{
	const double share = whole > 0 ? (double)part / (double)whole : 0;

	fprintf(out,
		"<svg class=\"mark\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect class=\"rim\" x=\"1\" y=\"1\" "
		"width=\"10\" height=\"10\"/><rect class=\"fill\" x=\"1\" y=\"%.1f\" width=\"10\" height=\"%.1f\"/></svg>",
		11 - 10 * share, 10 * share);
}

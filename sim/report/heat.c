#include "report/heat.h"

#include <stdbool.h>

#include "lib/page.h"
#include "report/cells.h"

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
	fprintf(out, "<b>%.0f %%</b><small>%lld of %lld</small>", 100.0 * (double)part / (double)whole,
		(long long)part, (long long)whole);
	if (!part && cells_number(cell, "recovered")) /* no session, and yet not nothing */
		fprintf(out, "<small>but %lld of %lld keys</small>",
			(long long)cells_number(cell, "recovered"), (long long)cells_number(cell, "keys"));
	fputs("</a></td>", out);
}

/* A thief's cells in worlds of one kind; nothing when it was in none. */
static void row(FILE *out, const json_t *facts, const json_t *designs, const json_t *world,
		const json_t *thief)
{
	const json_t *cells = json_object_get(facts, "cells"), *design;
	const char *name = cells_text(thief, "thief");
	bool any = false;
	size_t i;
	long at;

	json_array_foreach(designs, i, design)
	{
		any = any || (cells_of_world(design, world) && cells_find(cells, design, thief) >= 0);
	}
	if (!any)
		return;
	page_print(out, "<tr><th scope=\"row\">%s<small>%s</small></th>", name,
		   cells_text(cells_named(json_object_get(facts, "thieves"), name), "text"));
	json_array_foreach(designs, i, design)
	{
		if (!cells_of_world(design, world))
			continue;
		if ((at = cells_find(cells, design, thief)) < 0)
			fputs("<td><small>not run</small></td>", out);
		else
			cell_write(out, json_array_get(cells, (size_t)at), at);
	}
	fputs("</tr>\n", out);
}

/* One map: the designs in worlds of one kind. */
static void map(FILE *out, const json_t *facts, const json_t *world)
{
	const json_t *cells = json_object_get(facts, "cells"), *one;
	json_t *designs = cells_designs(cells), *thieves = cells_thieves(cells);
	size_t i;

	page_print(
		out,
		"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Map of %s, %s\">\n<table class=\"heat\">\n"
		"<caption>Phones attach by <b>%s</b>, K and OPc travel <b>%s</b></caption>\n<thead><tr><th "
		"scope=\"col\">Thief</th>",
		cells_text(world, "access"), cells_text(world, "travel"), cells_text(world, "access"),
		cells_text(world, "travel"));
	json_array_foreach(designs, i, one)
	{
		if (cells_of_world(one, world))
			page_print(out, "<th scope=\"col\">%s</th>", cells_text(one, "design"));
	}
	fputs("</tr></thead>\n<tbody>\n", out);
	json_array_foreach(thieves, i, one)
	{
		row(out, facts, designs, world, one);
	}
	fputs("</tbody></table>\n</div>\n", out);
	json_decref(designs);
	json_decref(thieves);
}

void heat_write(FILE *out, const void *facts)
{
	json_t *worlds = cells_worlds(json_object_get(facts, "cells"));
	const json_t *world;
	size_t i;

	fputs(json_array_size(worlds)
		      ? "<p class=\"note\">Share of recorded sessions whose every packet the thief deciphered. Rows are thieves, "
			"columns are ways to deliver keys. Each cell leads to its evidence.</p>\n"
		      : "<p>No cell was run, so there is nothing to show.</p>",
	      out);
	json_array_foreach(worlds, i, world)
	{
		map(out, facts, world);
	}
	json_decref(worlds);
}

void heat_legend(FILE *out, const void *facts)
{
	(void)facts;
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

#include "report/blast.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "lib/page.h"
#include "report/cells.h"
#include "report/figures.h"

enum {
	DECADES = 8, /* the axis ends at 10^8 */
};

static void grid(FILE *out)
{
	int i;

	for (i = 0; i <= DECADES; i++)
		fprintf(out, "<line x1=\"%d\" y1=\"0\" x2=\"%d\" y2=\"10\"/>", 100 * i / DECADES,
			100 * i / DECADES);
}

/* A number with a comma between thousands. */
static void number_write(FILE *out, json_int_t n)
{
	if (n >= 1000) {
		number_write(out, n / 1000);
		fprintf(out, ",%03lld", (long long)(n % 1000));
	} else
		fprintf(out, "%lld", (long long)n);
}

/* One subscriber is a tick wide, so that it differs from nobody. */
static void bar(FILE *out, json_int_t n, const char *class)
{
	const double length = n > 0 ? 100 * log10((double)n) / DECADES : 0;

	fputs("<td class=\"bar\"><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
	      out);
	grid(out);
	if (n > 0)
		fprintf(out, "<rect class=\"%s\" x=\"0\" y=\"2\" width=\"%.2f\" height=\"6\"/>", class,
			length > 0.8 ? length : 0.8);
	fputs("</svg></td><td class=\"value\">", out);
	if (n > 0)
		number_write(out, n);
	else
		fputs("nobody", out);
}

static void head(FILE *out, const char *what)
{
	static const char *const marks[] = {"1", "100", "10⁴", "10⁶", "10⁸"};
	size_t i;

	page_print(
		out,
		"<table class=\"blast\">\n<caption>%s</caption>\n<thead><tr><th scope=\"col\" class=\"what\">Loss</th>"
		"<th scope=\"col\" class=\"bar\"><span class=\"unseen\">On a log scale</span>"
		"<span class=\"axis\" aria-hidden=\"true\">",
		what);
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		fprintf(out, "<span>%s</span>", marks[i]);
	fputs("</span></th><th scope=\"col\" class=\"value\">Subscribers</th></tr></thead>\n", out);
}

/* The design, as a head of the rows below it. */
static void group(FILE *out, const char *design)
{
	page_print(out, "<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"3\">%s</th></tr>\n",
		   design);
}

static const char *of_share(json_int_t part, json_int_t whole)
{
	return part >= whole ? "stolen" : "partly";
}

static void row_end(FILE *out, json_int_t whole)
{
	fputs(" <small>of ", out);
	number_write(out, whole);
	fputs("</small></td></tr>\n", out);
}

/* A cell of the matrix: its world is small, and shows it. */
static void of_matrix(FILE *out, const json_t *facts)
{
	const json_t *cells = json_object_get(facts, "cells"), *cell;
	const char *last = "";
	size_t i;

	head(out,
	     "In the matrix: keys that each thief really had, of the few subscribers of its world. Thieves who had "
	     "none are left out. Measured.");
	json_array_foreach(cells, i, cell)
	{
		const json_int_t part = cells_number(cell, "recovered"), whole = cells_number(cell, "keys");

		if (!part)
			continue;
		if (strcmp(last, cells_text(cell, "design")) != 0) {
			fputs(*last ? "</tbody>\n" : "", out);
			last = cells_text(cell, "design");
			group(out, last);
		}
		page_print(out, "<tr><th scope=\"row\"><a href=\"#cell-%u\">%s</a></th>", (unsigned)i,
			   cells_text(cell, "thief"));
		bar(out, part, of_share(part, whole));
		row_end(out, whole);
	}
	fputs(*last ? "</tbody></table>\n" : "</table>\n", out);
}

/* A fleet's thefts. The thief of nothing is a control, and is told in words. */
static void of_fleet(FILE *out, const json_t *fleet)
{
	const json_t *thefts = json_object_get(fleet, "thefts"), *theft;
	const char *last = "";
	size_t i;

	head(out, "In a fleet: subscribers of whom a session was opened, counted one by one. Measured.");
	json_array_foreach(thefts, i, theft)
	{
		const json_int_t part = cells_number(theft, "opened"),
				 whole = cells_number(theft, "subscribers");

		if (!strcmp(cells_text(theft, "theft"), "nothing") && !part)
			continue;
		if (strcmp(last, cells_text(theft, "design")) != 0) {
			fputs(*last ? "</tbody>\n" : "", out);
			last = cells_text(theft, "design");
			group(out, last);
		}
		page_print(out, "<tr><th scope=\"row\">%s</th>", cells_text(theft, "what"));
		bar(out, part, of_share(part, whole));
		row_end(out, whole);
	}
	fputs(*last ? "</tbody></table>\n" : "</table>\n", out);
}

/* What the controls of a fleet gave: thieves of nothing, and of secrets with one bit wrong. */
static void controls(FILE *out, const json_t *fleet)
{
	json_int_t nothing = 0, spoilt = 0;
	const json_t *theft;
	unsigned thieves = 0;
	size_t i;

	json_array_foreach(json_object_get(fleet, "thefts"), i, theft)
	{
		if (!strcmp(cells_text(theft, "theft"), "nothing")) {
			thieves++;
			nothing += cells_number(theft, "opened");
		}
		spoilt += cells_number(json_object_get(theft, "one_bit_wrong"), "opened");
	}
	page_print(
		out,
		"Controls: %u thieves with no secret at all opened %u subscribers; all thieves again, with one bit of "
		"each secret wrong, opened %u.",
		thieves, (unsigned)nothing, (unsigned)spoilt);
}

static void published(FILE *out)
{
	const struct figure *figure;

	head(out, "What was published, for the eye to compare. Nothing on this page follows from these.");
	fputs("<tbody>\n", out);
	for (figure = figures; figure->what; figure++) {
		page_print(out,
			   "<tr><th scope=\"row\">%s <small><span class=\"label published\">published</span> "
			   "%s</small></th>",
			   figure->what, figure->source);
		bar(out, figure->keys, "accent");
		fputs("</td></tr>\n", out);
	}
	fputs("</tbody></table>\n", out);
}

void blast_write(FILE *out, const void *facts)
{
	const json_t *fleet = json_object_get(facts, "fleet");
	const bool ran = json_array_size(json_object_get(fleet, "thefts")) > 0;

	if (ran) {
		page_print(
			out,
			"<p><span class=\"label measured\">measured</span> by <code>simrite fleet run</code>, seed %s, version "
			"%s, in <code>fleet.json</code>. Every card ran; a design of fewer subscribers than the others is a "
			"sample, because each of its cards computes on a curve. ",
			cells_text(fleet, "seed"), cells_text(fleet, "version"));
		controls(out, fleet);
		fputs("</p>\n", out);
	} else {
		fputs("<p>No fleet was run into this folder (<code>make fleet</code>, then this again), so what is measured here "
		      "are the worlds of the matrix, a handful of subscribers each.</p>\n",
		      out);
	}
	fputs("<div class=\"blasts\">\n<div>\n", out);
	if (ran)
		of_fleet(out, fleet);
	else
		of_matrix(out, facts);
	fputs("</div>\n<div>\n", out);
	published(out);
	if (ran)
		of_matrix(out, facts);
	fputs("</div>\n</div>\n", out);
}

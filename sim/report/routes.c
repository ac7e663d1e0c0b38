/* Six boxes in two columns, narrow enough to be read on a phone:
 *
 *     ceremony -> bureau
 *                /  |
 *         card      mail
 *          |         |
 *        radio -- operator
 *
 * A box is as high as what is in it: what is held there, and every thief whose
 * loot came from there, with what the judge counted. */
#include "report/routes.h"

#include <string.h>

#include "lib/page.h"
#include "report/cells.h"

enum spot {
	CEREMONY,
	BUREAU,
	CARD,
	MAIL,
	RADIO,
	OPERATOR,
	SPOTS,
	ELSEWHERE, /* a place that the picture does not have */
};

enum {
	WIDTH = 420,
	BOX = 192,
	GAP = 24,
	LINE = 15,
	THIEF = 18,
	LETTERS = 25, /* that fit into a box */
	THIEVES = 32,
};

struct box {
	const char *title, *holds;
	long thieves[THIEVES]; /* places in the cells */
	unsigned count;
	int x, y, height;
};

static const char *const titles[SPOTS] = {"Ceremony", "Bureau", "Card and phone",
					  "Mail",     "Radio",  "Operator"};

/* Where a place is in the picture. */
static enum spot spot_of(const char *place)
{
	static const struct {
		const char *begins;
		enum spot spot;
	} rows[] = {
		{"radio", RADIO},       {"mail", MAIL},          {"desk", MAIL},     {"quorum", CEREMONY},
		{"author", CEREMONY},   {"batch-key", CEREMONY}, {"bureau", BUREAU}, {"operator", OPERATOR},
		{"card", CARD},         {"vendor", CARD},        {"support", MAIL},  {"escrow", CEREMONY},
		{"handover", OPERATOR}, {"station", RADIO},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strncmp(place, rows[i].begins, strlen(rows[i].begins)))
			return rows[i].spot;
	return ELSEWHERE;
}

/* A thief stands at the last place it robs that is neither the air, which all
 * hear, nor a shop, which is open to all. */
static enum spot stands(const json_t *facts, const char *name)
{
	const json_t *thief = cells_named(json_object_get(facts, "thieves"), name), *place;
	enum spot spot = RADIO;
	size_t i;

	if (!thief)
		return ELSEWHERE;
	if (*cells_text(thief, "plan")) /* stands between phones and network */
		return RADIO;
	json_array_foreach(json_object_get(thief, "places"), i, place)
	{
		const char *what = cells_text(place, "name");

		if (strcmp(what, "radio") != 0 && strcmp(what, "shop") != 0)
			spot = spot_of(what);
	}
	return spot;
}

/* What each holds, by where the cards' keys come from; design.h names the four. */
static const char *holds(enum spot spot, const json_t *design)
{
	static const struct {
		const char *keys, *ceremony, *bureau, *operator;
	} rows[] = {
		{"random", "none: there is no master key", "draws K and OPc of each card; has them all",
		 "every K and OPc, under one wrapping key"},
		{"one-master", "master key in a token, shares with custodians",
		 "token with the one key of all batches", "token with the same key; no K stored"},
		{"per-batch", "master key in a token, shares with custodians",
		 "token with the key of each batch", "token with the same keys; no K stored"},
		{"agreed", "master key in a token, shares with custodians", "never has K or OPc",
		 "every K and OPc, under one wrapping key"},
	};
	const char *keys = cells_text(design, "keys");
	size_t i;

	if (spot == MAIL)
		return cells_text(design, "travels");
	if (spot == RADIO)
		return "RAND and AUTN in the clear, the rest enciphered";
	if (spot == CARD)
		return "its own K and OPc";
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(keys, rows[i].keys))
			return spot == CEREMONY ? rows[i].ceremony
			       : spot == BUREAU ? rows[i].bureau
						: rows[i].operator;
	return "";
}

/* Text in lines of at most LETTERS, from `y` down; how many. `out` NULL: only counted. */
static int wrapped(FILE *out, const char *text, int x, int y)
{
	int lines = 0;

	while (*text) {
		size_t n = strlen(text), k;

		if (n > LETTERS) {
			for (k = LETTERS; k > 0 && text[k] != ' '; k--)
				;
			n = k ? k : LETTERS;
			while (((unsigned char)text[n] & 0xC0) ==
			       0x80) /* no letter of several bytes is cut */
				n++;
		}
		if (out) {
			fprintf(out, "<text class=\"soft\" x=\"%d\" y=\"%d\">", x, y + lines * LINE);
			page_print(out, "%s", strndupa(text, n));
			fputs("</text>", out);
		}
		lines++;
		text += n;
		while (*text == ' ')
			text++;
	}
	return lines;
}

static void lay_out(struct box boxes[static SPOTS])
{
	int spot, y = 2;

	for (spot = 0; spot < SPOTS; spot += 2) {
		int height = 0, k;

		for (k = spot; k < spot + 2; k++) {
			struct box *box = &boxes[k];

			box->x = k % 2 ? WIDTH - BOX - 2 : 2;
			box->y = y;
			box->height = 39 + wrapped(NULL, box->holds, 0, 0) * LINE + (int)box->count * THIEF;
			if (box->height > height)
				height = box->height;
		}
		boxes[spot].height = boxes[spot + 1].height = height;
		y += height + GAP;
	}
}

/* "courier: all 8" and a square filled as far, leading to the evidence. */
static void thief_write(FILE *out, const json_t *cell, long at, int x, int y)
{
	const json_int_t part = cells_number(cell, "decrypted"), whole = cells_number(cell, "sessions");
	const double share = whole > 0 ? (double)part / (double)whole : 0;

	fprintf(out,
		"<a href=\"#cell-%ld\"><rect class=\"rim\" x=\"%d\" y=\"%d\" width=\"11\" height=\"11\"/>",
		at, x, y - 10);
	fprintf(out, "<rect class=\"%s\" x=\"%d\" y=\"%.1f\" width=\"11\" height=\"%.1f\"/>",
		part ? "stolen" : "kept", x, y - 10 + 11 * (1 - share), 11 * share);
	fprintf(out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", part ? "took" : "soft", x + 17, y);
	page_escape(out, cells_text(cell, "thief"));
	if (!part)
		fputs(": nothing", out);
	else if (part == whole)
		fprintf(out, ": all %lld", (long long)whole);
	else
		fprintf(out, ": %lld of %lld", (long long)part, (long long)whole);
	fputs("</text></a>\n", out);
}

static void box_write(FILE *out, const struct box *box, const json_t *cells, bool absent)
{
	int y = box->y + 38;
	unsigned i;

	fprintf(out, "<rect class=\"box%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"7\"/>",
		absent ? " absent" : "", box->x, box->y, BOX, box->height);
	fprintf(out, "<text class=\"name\" x=\"%d\" y=\"%d\">%s</text>", box->x + 9, box->y + 20, box->title);
	y += wrapped(out, box->holds, box->x + 9, y) * LINE + 5;
	for (i = 0; i < box->count; i++, y += THIEF)
		thief_write(out, json_array_get(cells, (size_t)box->thieves[i]), box->thieves[i], box->x + 9,
			    y);
}

/* How keys and traffic go from box to box. */
static void paths_write(FILE *out, const struct box *b, bool ceremony)
{
	const int left = 2 + BOX, right = WIDTH - BOX - 2, one = b[BUREAU].y + b[BUREAU].height,
		  two = b[MAIL].y + b[MAIL].height;
	const char *const path = "<path class=\"path\" marker-end=\"url(#tip)\"";

	if (ceremony)
		fprintf(out, "%s d=\"M%d %dH%d\"/>", path, left, b[CEREMONY].y + 20, right - 3);
	fprintf(out, "%s d=\"M%d %dV%d\"/>", path, right + BOX / 2, one, b[MAIL].y - 3);
	fprintf(out, "%s d=\"M%d %dL%d %d\"/>", path, right + 14, one, left - 14, b[CARD].y - 3);
	fprintf(out, "%s d=\"M%d %dV%d\"/>", path, right + BOX / 2, two, b[OPERATOR].y - 3);
	fprintf(out, "%s marker-start=\"url(#tip)\" d=\"M%d %dV%d\"/>", path, 2 + BOX / 2, two + 3,
		b[RADIO].y - 3);
	fprintf(out, "%s marker-start=\"url(#tip)\" d=\"M%d %dH%d\"/>\n", path, left + 3, b[RADIO].y + 20,
		right - 3);
}

/* The cell of a thief in the first world of a design that it was in, or -1. */
static long first_cell(const json_t *cells, const char *design, const char *thief)
{
	const json_t *cell;
	size_t i;

	json_array_foreach(cells, i, cell)
	{
		if (!strcmp(cells_text(cell, "design"), design) && !strcmp(cells_text(cell, "thief"), thief))
			return (long)i;
	}
	return -1;
}

static void route(FILE *out, const json_t *facts, const json_t *row, size_t number)
{
	const json_t *cells = json_object_get(facts, "cells"), *cell;
	const json_t *design = cells_named(json_object_get(facts, "designs"), cells_text(row, "design"));
	const bool ceremony = json_is_true(json_object_get(design, "ceremony"));
	struct box boxes[SPOTS] = {0};
	json_t *thieves = cells_thieves(cells);
	enum spot spot;
	size_t i;
	long at;
	int k;

	for (k = 0; k < SPOTS; k++) {
		boxes[k].title = titles[k];
		boxes[k].holds = holds((enum spot)k, design);
	}
	json_array_foreach(thieves, i, cell)
	{
		spot = stands(facts, cells_text(cell, "thief"));
		if ((at = first_cell(cells, cells_text(row, "design"), cells_text(cell, "thief"))) >= 0 &&
		    spot < SPOTS && boxes[spot].count < THIEVES)
			boxes[spot].thieves[boxes[spot].count++] = at;
	}
	json_decref(thieves);
	lay_out(boxes);
	fputs("<figure class=\"route\">\n", out);
	page_print(out, "<figcaption><b>%s</b> %s</figcaption>\n", cells_text(row, "design"),
		   cells_text(design, "text"));
	fprintf(out,
		"<svg viewBox=\"0 0 %d %d\" role=\"group\" aria-labelledby=\"route-%zu\"><title id=\"route-%zu\">",
		WIDTH, boxes[RADIO].y + boxes[RADIO].height + 2, number, number);
	page_print(out, "How keys go with %s, who holds them, and what each thief opened</title>\n",
		   cells_text(row, "design"));
	paths_write(out, boxes, ceremony);
	for (k = 0; k < SPOTS; k++)
		box_write(out, &boxes[k], cells, k == CEREMONY && !ceremony);
	fputs("</svg>\n</figure>\n", out);
}

void routes_write(FILE *out, const void *facts)
{
	json_t *designs = cells_designs(json_object_get(facts, "cells"));
	const json_t *row;
	size_t i, k;

	fputs("<svg class=\"unseen\" aria-hidden=\"true\"><defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" "
	      "markerWidth=\"7\" markerHeight=\"7\" orient=\"auto-start-reverse\"><path d=\"M0 0 8 4 0 8z\" "
	      "class=\"tip\"/></marker></defs></svg>\n",
	      out);
	json_array_foreach(designs, i, row)
	{
		for (k = 0; k < i; k++)
			if (!strcmp(cells_text(row, "design"),
				    cells_text(json_array_get(designs, k), "design")))
				break;
		if (k == i)
			route(out, facts, row, i);
	}
	json_decref(designs);
}

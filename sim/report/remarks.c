#include "report/remarks.h"

#include <stdbool.h>
#include <string.h>

#include "lib/page.h"
#include "report/cells.h"

/* A sentence stands on the page when a thief who robs such a place, of a design
 * whose keys come from there, opened something; or opened nothing. */
static const struct remark {
	const char *keys;  /* design.keys; NULL: any */
	const char *place; /* what the name of a place robbed begins with */
	bool opened;
	const char *text;
} remarks[] = {
	{"random", "mail", true, "A file of keys in a mail is the keys: who reads it needs nothing else."},
	{"random", "bureau", true,
	 "Where the bureau draws the keys, its disk has them, whatever is done for the way to the "
	 "operator."},
	{"random", "operator", true,
	 "The operator's database is all keys in one place, and its wrapping key stands beside it."},
	{"one-master", "quorum", true,
	 "Deriving stopped the mail thief, and made one secret worth every card, of every batch, recorded or "
	 "yet to come. Custodians who give their shares away give all of it."},
	{"one-master", "batch-key", true,
	 "Where all batches have one key, the key of a batch is the key of all."},
	{"per-batch", "batch-key", true,
	 "A key for each batch makes the loss of one as large as its batch: no smaller, no larger."},
	{"per-batch", "quorum", true,
	 "Keys per batch are no help against the master that they are made from."},
	{"agreed", "operator", true,
	 "Agreeing on keys kept them from bureau and mail. The operator has every one of them still, and who has "
	 "its database has them too."},
	{"agreed", "vendor", true,
	 "Agreed keys are worth as much as the card's half of them: a vendor who chose or can compute that half has the keys, and the "
	 "transcript, the attestation and the file look as they should."},
	{"agreed", "bureau", true,
	 "The bureau should have had nothing of agreed keys, and a thief there opened sessions."},
	{"agreed", "mail", true,
	 "The mail should have had nothing of agreed keys, and a thief there opened sessions."},
	{"one-master", "authorit", true,
	 "Custodians whom one hand can reach are one custodian: they made a quorum."},
	{NULL, "card", true, "A card that is taken apart gives away its own key, and no other card's."},
	{"random", "quorum", false,
	 "Where keys are random there is no master: what custodians hold opens nothing."},
	{"one-master", "mail", false, "A file that holds no key cannot give one away."},
	{"agreed", "mail", false,
	 "What card and operator agree on cannot be read from what they send each other."},
	{"agreed", "bureau", false, "The bureau never had the agreed keys, so its disk gave none."},
	{"agreed", "quorum", false,
	 "The ceremony's master is behind no agreed key: a betrayed quorum opened nothing."},
	{"one-master", "operator", false,
	 "A database without keys, before a token that computes them: taken, it opened nothing. Its token was "
	 "not taken here."},
	{"one-master", "authority-", false,
	 "The custodians in one jurisdiction were no quorum: compelled, they opened nothing."},
};

static bool robs(const json_t *facts, const json_t *cell, const char *place)
{
	const json_t *thief = cells_named(json_object_get(facts, "thieves"), cells_text(cell, "thief")), *one;
	size_t i;

	if (*cells_text(thief, "plan")) /* what it has by standing between is no matter of the place */
		return false;
	json_array_foreach(json_object_get(thief, "places"), i, one)
	{
		if (!strncmp(cells_text(one, "name"), place, strlen(place)))
			return true;
	}
	return false;
}

/* Is this remark about this cell, and does the cell say so? */
static bool says(const json_t *facts, const json_t *cell, const struct remark *remark)
{
	const json_t *design = cells_named(json_object_get(facts, "designs"), cells_text(cell, "design"));

	return (!remark->keys || !strcmp(cells_text(design, "keys"), remark->keys)) &&
	       cells_number(cell, "sessions") > 0 &&
	       (cells_number(cell, "decrypted") > 0) == remark->opened && robs(facts, cell, remark->place);
}

static void remark_write(FILE *out, const json_t *cell, size_t at, const struct remark *remark)
{
	page_print(out, "<li>%s <a href=\"#cell-%u\">%s, %s</a>: ", remark->text, (unsigned)at,
		   cells_text(cell, "design"), cells_text(cell, "thief"));
	fprintf(out, "<b>%lld of %lld</b> sessions.</li>\n", (long long)cells_number(cell, "decrypted"),
		(long long)cells_number(cell, "sessions"));
}

static void list(FILE *out, const json_t *facts, bool opened)
{
	const json_t *cell;
	unsigned written = 0;
	size_t r, i;

	for (r = 0; r < sizeof(remarks) / sizeof(remarks[0]); r++) {
		if (remarks[r].opened != opened)
			continue;
		json_array_foreach(json_object_get(facts, "cells"), i, cell)
		{
			if (!says(facts, cell, &remarks[r]))
				continue;
			fputs(written++ ? "" : "<ul>\n", out);
			remark_write(out, cell, i, &remarks[r]);
			break; /* one cell is enough to show it; the map has the others */
		}
	}
	fputs(written ? "</ul>\n" : "<p>No cell of this run says so of anything.</p>\n", out);
}

/* Keys that opened no recorded session: what forward secrecy is worth, and what not. */
static void spared(FILE *out, const json_t *facts)
{
	const json_t *cell;
	size_t i;

	json_array_foreach(json_object_get(facts, "cells"), i, cell)
	{
		if (!cells_number(cell, "recovered") || cells_number(cell, "decrypted"))
			continue;
		page_print(
			out,
			"<p>No session is not no harm: <a href=\"#cell-%u\">%s, %s</a> opened none that was recorded, over "
			"%s, and has <b>%u of %u</b> keys all the same. What such keys are good for, clones and a station in "
			"between, its evidence and the thieves named for it say.</p>\n",
			(unsigned)i, cells_text(cell, "design"), cells_text(cell, "thief"),
			cells_text(cell, "access"), (unsigned)cells_number(cell, "recovered"),
			(unsigned)cells_number(cell, "keys"));
		return;
	}
}

void remarks_failed(FILE *out, const void *facts)
{
	list(out, facts, true);
	spared(out, facts);
}

void remarks_held(FILE *out, const void *facts)
{
	list(out, facts, false);
}

/* The thieves of one design whose level is from `least` to `most`. */
static void thieves_write(FILE *out, const json_t *facts, const json_t *design, int least, int most)
{
	const json_t *cells = json_object_get(facts, "cells"), *thief;
	json_t *thieves = cells_thieves(cells);
	unsigned written = 0;
	size_t i;
	long at;

	json_array_foreach(thieves, i, thief)
	{
		const json_t *cell;
		int level;

		if ((at = cells_find(cells, design, thief)) < 0)
			continue;
		cell = json_array_get(cells, (size_t)at);
		level = cells_level(cells_number(cell, "decrypted"), cells_number(cell, "sessions"));
		if (level < least || level > most)
			continue;
		page_print(out, "%s<a href=\"#cell-%u\">%s</a>", written++ ? ", " : "", (unsigned)at,
			   cells_text(cell, "thief"));
	}
	fputs(written ? "" : "nobody", out);
	json_decref(thieves);
}

void remarks_table(FILE *out, const void *facts)
{
	json_t *designs = cells_designs(json_object_get(facts, "cells"));
	const json_t *design, *row;
	size_t i;

	fputs("<table class=\"verdicts\">\n<thead><tr><th scope=\"col\">Keys delivered</th><th scope=\"col\">All sessions opened by</th>"
	      "<th scope=\"col\">A part by</th><th scope=\"col\">None by</th><th scope=\"col\">Secrets that open everything"
	      "</th></tr></thead>\n<tbody>\n",
	      out);
	json_array_foreach(designs, i, design)
	{
		row = cells_named(json_object_get(facts, "designs"), cells_text(design, "design"));
		page_print(out, "<tr><th scope=\"row\">%s <small>%s, %s</small></th><td>",
			   cells_text(design, "design"), cells_text(design, "access"),
			   cells_text(design, "travel"));
		thieves_write(out, facts, design, CELLS_LEVELS - 1, CELLS_LEVELS - 1);
		fputs("</td><td>", out);
		thieves_write(out, facts, design, 1, CELLS_LEVELS - 2);
		fputs("</td><td>", out);
		thieves_write(out, facts, design, 0, 0);
		page_print(out, "</td><td>%u: %s</td></tr>\n", (unsigned)cells_number(row, "secrets"),
			   cells_text(row, "secrets_which"));
	}
	fputs("</tbody></table>\n", out);
	json_decref(designs);
}

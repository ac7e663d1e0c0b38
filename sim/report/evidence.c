#include "report/evidence.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/page.h"
#include "report/cells.h"
#include "report/heat.h"

enum {
	FEW = 4, /* so many files of one folder are named one by one */
};

/* ---- what the thief was given ---- */

/* How long "mail/" is in "mail/001.eml". */
static size_t folder_of(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? (size_t)(slash - file) + 1 : 0;
}

/* How many files from `first` on are in the folder of `first`; they are in order of name. */
static size_t neighbours(const json_t *files, size_t first)
{
	const char *name = json_string_value(json_array_get(files, first)), *next;
	const size_t length = folder_of(name);
	size_t n = 1;

	while ((next = json_string_value(json_array_get(files, first + n))) && folder_of(next) == length &&
	       !strncmp(name, next, length))
		n++;
	return n;
}

static void files_write(FILE *out, const json_t *files)
{
	size_t i = 0, n;

	if (!json_array_size(files))
		fputs("nothing", out);
	while (json_string_value(json_array_get(files, i))) {
		const char *name = json_string_value(json_array_get(files, i));

		n = neighbours(files, i);
		if (i)
			fputs(", ", out);
		if (n > FEW && folder_of(name)) {
			page_print(out, "%u files: <code>%s</code> to <code>%s</code>", (unsigned)n, name,
				   json_string_value(json_array_get(files, i + n - 1)));
			i += n;
		} else {
			page_print(out, "<code>%s</code>", name);
			i++;
		}
	}
}

static void places_write(FILE *out, const json_t *facts, const json_t *cell)
{
	const json_t *thief = cells_named(json_object_get(facts, "thieves"), cells_text(cell, "thief"));
	const json_t *place;
	size_t i;

	json_array_foreach(json_object_get(thief, "places"), i, place)
	{
		page_print(out, i ? "; %s" : "%s", cells_text(place, "text"));
	}
}

/* ---- what was counted ---- */

static void row_open(FILE *out, const char *what)
{
	page_print(out, "<div><dt>%s</dt><dd>", what);
}

static void row_close(FILE *out)
{
	fputs("</dd></div>\n", out);
}

/* Is this number told already, as what another of the cell's is a part of? */
static bool is_whole(const json_t *facts, const json_t *cell, const json_t *number)
{
	const char *name = cells_text(number, "name");
	const json_t *measure;
	size_t i;

	if (cells_has(cell, cells_text(number, "whole")))
		return false;
	json_array_foreach(json_object_get(facts, "measures"), i, measure)
	{
		if (!strcmp(cells_text(measure, "whole"), name) &&
		    cells_has(cell, cells_text(measure, "name")))
			return true;
	}
	return false;
}

/* A number of nothing: it is none, and there was none to be it. */
static bool is_none(const json_t *cell, const json_t *measure)
{
	return !cells_number(cell, cells_text(measure, "name")) &&
	       !cells_number(cell, cells_text(measure, "whole"));
}

static void measure_write(FILE *out, const json_t *cell, const json_t *measure)
{
	const char *name = cells_text(measure, "name"), *whole = cells_text(measure, "whole");

	row_open(out, cells_text(measure, "text"));
	fprintf(out, "<b>%lld</b>", (long long)cells_number(cell, name));
	if (cells_has(cell, whole)) {
		fprintf(out, " of %lld ", (long long)cells_number(cell, whole));
		heat_mark(out, cells_number(cell, name), cells_number(cell, whole));
	}
	row_close(out);
}

/* Every number that the laboratory measures and this cell has; those of which there was none, in one row. */
static void measures_write(FILE *out, const json_t *facts, const json_t *cell)
{
	const json_t *measures = json_object_get(facts, "measures"), *measure;
	unsigned none = 0;
	size_t i;

	json_array_foreach(measures, i, measure)
	{
		const char *name = cells_text(measure, "name");

		if (json_is_integer(json_object_get(cell, name)) && !is_none(cell, measure) &&
		    !is_whole(facts, cell, measure))
			measure_write(out, cell, measure);
	}
	json_array_foreach(measures, i, measure)
	{
		if (!json_is_integer(json_object_get(cell, cells_text(measure, "name"))) ||
		    !is_none(cell, measure))
			continue;
		if (!none++)
			fputs("<div class=\"none\"><dt>Counted, and none:</dt><dd>", out);
		page_print(out, none > 1 ? "; %s" : "%s", cells_text(measure, "text"));
	}
	if (none)
		row_close(out);
}

static void share_write(FILE *out, const json_t *cell, const char *name, const char *what, const char *absent)
{
	const json_t *share = json_object_get(cell, name);

	if (!share)
		return;
	row_open(out, what);
	if (json_is_number(share))
		fprintf(out, "<b>%.0f %%</b>", 100 * json_number_value(share));
	else
		fputs(absent, out);
	row_close(out);
}

/* The authentication centre's counts, if the cell has them. */
static void log_write(FILE *out, const json_t *cell, const char *name, const char *what)
{
	const json_t *log = json_object_get(cell, name);

	if (!log)
		return;
	row_open(out, what);
	fprintf(out, "%lld vectors given, %lld resynchronised, %lld refused",
		(long long)cells_number(log, "vectors"), (long long)cells_number(log, "resynchronised"),
		(long long)cells_number(log, "refused"));
	row_close(out);
}

static void confined_write(FILE *out, const json_t *cell)
{
	const json_t *confined = json_object_get(cell, "confined");
	const bool files = json_is_true(json_object_get(confined, "files"));
	const bool sockets = json_is_true(json_object_get(confined, "sockets"));

	row_open(out, "Held by the kernel");
	if (!confined)
		fputs("not known", out);
	else
		fprintf(out, "files %s, sockets and signals %s",
			files ? "yes (Landlock)" : "<b>no: this kernel lacks Landlock</b>",
			sockets ? "yes (seccomp)" : "<b>no: this kernel lacks seccomp filters</b>");
	row_close(out);
}

/* ---- how to see it again ---- */

/* A word of a command line, in quotes when a shell would not leave it alone. */
static void word(FILE *out, const char *text)
{
	if (*text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-") ==
			     strlen(text)) {
		page_escape(out, text);
		return;
	}
	fputc('\'', out);
	for (; *text; text++) {
		char one[2] = {*text, 0};

		if (*text == '\'')
			fputs("'\\''", out);
		else
			page_escape(out, one);
	}
	fputc('\'', out);
}

/* The sizes of a run, as far as its facts have them. */
static void sizes_write(FILE *out, const json_t *facts)
{
	static const struct {
		const char *fact, *option;
	} sizes[] = {{"cards", "cards"},
		     {"sessions_per_card", "sessions"},
		     {"batches", "batches"},
		     {"before", "before"},
		     {"after", "after"}};
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (cells_has(facts, sizes[i].fact))
			fprintf(out, " --%s %lld", sizes[i].option,
				(long long)cells_number(facts, sizes[i].fact));
}

void evidence_command(FILE *out, const json_t *facts, const json_t *cell)
{
	if (cells_has(facts, "sessions_per_card")) { /* the demonstration, which has no parts */
		fputs("simrite heist demo", out);
	} else {
		fputs("simrite heist matrix --design ", out);
		word(out, cells_text(cell, "design"));
		fputs(" --thief ", out);
		word(out, cells_text(cell, "thief"));
		fputs(" --access ", out);
		word(out, cells_text(cell, "access"));
		fputs(" --travel ", out);
		word(out, cells_text(cell, "travel"));
	}
	sizes_write(out, facts);
	fputs(" --seed ", out);
	word(out, cells_text(facts, "seed"));
	fputs(" --out again", out);
}

static void given_write(FILE *out, const json_t *facts, const json_t *cell)
{
	row_open(out, "Robbed");
	places_write(out, facts, cell);
	row_close(out);
	row_open(out, "Was given");
	files_write(out, json_object_get(cell, "captured"));
	row_close(out);
	if (cells_has(cell, "refused")) {
		row_open(out, "A place gave nothing");
		page_escape(out, cells_text(cell, "refused"));
		row_close(out);
	}
}

static void article(FILE *out, const json_t *facts, const json_t *cell, size_t at)
{
	fprintf(out, "<article class=\"cell\" id=\"cell-%zu\">\n", at);
	page_print(out, "<h4>%s <small>robs %s; radio %s; K and OPc travel %s</small></h4>\n<dl>\n",
		   cells_text(cell, "thief"), cells_text(cell, "design"), cells_text(cell, "access"),
		   cells_text(cell, "travel"));
	given_write(out, facts, cell);
	measures_write(out, facts, cell);
	share_write(out, cell, "precision", "Precision: true of claimed", "no key was claimed");
	share_write(out, cell, "recall", "Recall: recovered of subscribers", "there was no subscriber");
	log_write(out, cell, "operator", "The operator's log");
	log_write(out, cell, "clone_log", "The same, while clones attached");
	confined_write(out, cell);
	fputs("</dl>\n<p class=\"again\">Again: <code>", out);
	evidence_command(out, facts, cell);
	page_print(out,
		   "</code> <a href=\"#matrix\">Back to the matrix<span class=\"unseen\"> from %s, %s</span>"
		   "</a></p>\n</article>\n",
		   cells_text(cell, "design"), cells_text(cell, "thief"));
}

void evidence_write(FILE *out, const void *facts)
{
	const json_t *cells = json_object_get(facts, "cells"), *cell;
	const char *last = NULL;
	size_t i;

	json_array_foreach(cells, i, cell)
	{
		const char *design = cells_text(cell, "design");

		if (!last || strcmp(last, design) != 0) {
			if (last)
				fputs("</div>\n", out);
			page_print(out, "<h3>%s</h3>\n<div class=\"cells\">\n", design);
			last = design;
		}
		article(out, facts, cell, i);
	}
	if (last)
		fputs("</div>\n", out);
}

#include "report/parameters.h"

#include <stdarg.h>

#include "lib/page.h"
#include "report/cells.h"

static void parameter(FILE *out, const char *what, const char *kind, const char *source, const char *value,
		      ...) __attribute__((format(printf, 5, 6)));

static void parameter(FILE *out, const char *what, const char *kind, const char *source, const char *value,
		      ...)
{
	char text[64];
	va_list arguments;

	va_start(arguments, value);
	(void)vsnprintf(text, sizeof(text), value, arguments);
	va_end(arguments);
	page_print(
		out,
		"<tr><th scope=\"row\">%s</th><td class=\"value\">%s</td><td><span class=\"label %s\">%s</span></td><td>%s</td></tr>\n",
		what, text, kind, kind, source);
}

static long number(const json_t *facts, const char *name)
{
	return (long)cells_number(facts, name);
}

/* What the search through mails and the plausibility of our corpus rest on. */
static void published(FILE *out)
{
	parameter(out, "Search rule: Ki near IMSI", "published",
		  "report on the harvesting of SIM keys, April 2010, appendix 1, published 2015", "60 words");
	parameter(out, "Header of the output file", "published",
		  "the same report, appendix 3; OPc and ADM1 added, because Milenage needs OPc", "15 fields");
	parameter(out, "IMSI with Ki found, Jan to Mar 2010", "published",
		  "sum of the same report's table 1, six fortnights; nothing here follows from it",
		  "106,329");
	parameter(out, "Mail partners who were SIM suppliers", "published",
		  "its table 2: most leaks were at operators and their equipment vendors", "38 of 1,719");
}

void parameters_demo(FILE *out, const void *facts)
{
	parameter(out, "Cards", "assumed", "option --cards", "%ld per design", number(facts, "cards"));
	parameter(out, "Attaches per card", "assumed", "enough to show that one key opens them all", "%ld",
		  number(facts, "sessions_per_card"));
	parameter(out, "Mails in the corpus", "assumed", "ours: two output files, orders, and noise", "%ld",
		  number(facts, "mails"));
	published(out);
	parameter(out, "Custodians needed", "assumed", "the ceremony's plan", "%ld of %ld",
		  number(facts, "threshold"), number(facts, "shares"));
	parameter(out, "Card numbers tried on either side", "assumed",
		  "card numbers are handed out in a row (ITU-T E.118)", "2,000");
	parameter(out, "False claims, keys + packets", "measured", "by the judge", "%ld + %ld",
		  number(facts, "false_keys"), number(facts, "false_packets"));
	parameter(out, "Guesses the courier tried", "measured",
		  "each checked against AUTN of the radio record", "%ld", number(facts, "guesses"));
	parameter(out, "Time, all of it", "measured", "this run", "%.1f s",
		  json_real_value(json_object_get(facts, "seconds")));
}

void parameters_lab(FILE *out, const void *facts)
{
	parameter(out, "Cards of each batch", "assumed",
		  "option --cards of simrite heist matrix; \"cards\" under [world] in a scenario", "%ld",
		  number(facts, "cards"));
	parameter(out, "Batches of each world", "assumed",
		  "option --batches; two are the least that show what one batch's key is worth", "%ld",
		  number(facts, "batches"));
	if (cells_has(facts, "before"))
		parameter(out, "Sessions of each card, before and after the theft", "assumed",
			  "options --before and --after", "%ld and %ld", number(facts, "before"),
			  number(facts, "after"));
	parameter(out, "Seed", "assumed",
		  "option --seed: what users say and the mails around depend on it; keys are random", "%s",
		  cells_text(facts, "seed"));
	parameter(out, "Card numbers tried on either side", "assumed",
		  "card numbers are handed out in a row (ITU-T E.118)", "2,000");
	published(out);
	parameter(
		out, "Every number of a cell", "measured",
		"by the judge, the authentication centre and the laboratory; the command is at the end of its evidence",
		"%zu cells", json_array_size(json_object_get(facts, "cells")));
	parameter(out, "Time, all of it", "measured",
		  "make matrix, or simrite heist matrix --out DIR: this run", "%.1f s",
		  json_real_value(json_object_get(facts, "seconds")));
}

#include "report/report.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/page.h"
#include "lib/whole_file.h"
#include "report/evidence.h"
#include "report/heat.h"
#include "report/parameters.h"
#include "report/routes.h"

/* The page itself, sim/report/page.html, put into the program by the assembler. */
__asm__(".section .rodata\n"
	"report_page:\n"
	".incbin \"sim/report/page.html\"\n"
	".byte 0\n"
	".previous\n");
extern const char report_page[];

/* How both pages look beyond the house's style sheet. */
__asm__(".section .rodata\n"
	".globl report_looks\n"
	"report_looks:\n"
	".incbin \"sim/report/look.css\"\n"
	".byte 0\n"
	".previous\n");

static const char *text(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	return value ? value : "";
}

static long number(const json_t *object, const char *name)
{
	return (long)json_integer_value(json_object_get(object, name));
}

const json_t *report_cell(const json_t *facts, const char *design, const char *thief)
{
	const json_t *cell;
	size_t i;

	json_array_foreach(json_object_get(facts, "cells"), i, cell)
	{
		if (!strcmp(text(cell, "design"), design) && !strcmp(text(cell, "thief"), thief))
			return cell;
	}
	return NULL;
}

long report_count(const json_t *facts, const char *design, const char *thief, const char *what)
{
	return number(report_cell(facts, design, thief), what);
}

int report_matrix(const char *path, const json_t *facts, struct fault *fault)
{
	struct whole_file file;
	json_t *matrix;

	if (whole_file_open(&file, path, fault) < 0)
		return -1;
	matrix = json_pack("{s:i,s:O,s:O,s:O}", "schema", 1, "seed", json_object_get(facts, "seed"), "cards",
			   json_object_get(facts, "cards"), "cells", json_object_get(facts, "cells"));
	if (matrix)
		json_dumpf(matrix, file.out, JSON_INDENT(1));
	fputc('\n', file.out);
	json_decref(matrix);
	return whole_file_keep(&file, path, fault);
}

static void example(FILE *out, const void *facts)
{
	const json_t *packet = json_object_get(facts, "example");

	if (!json_is_object(packet)) {
		fputs("<p>The courier opened nothing in this run, so there is no packet to show.</p>", out);
		return;
	}
	fputs("<h3>On the air, what the antenna recorded</h3><pre>", out);
	page_escape(out, text(packet, "cipher"));
	fputs("</pre><h3>In the courier's loot</h3><pre>", out);
	page_escape(out, text(packet, "plain"));
	fputs("</pre><h3>What it says</h3><pre>", out);
	page_escape(out, text(packet, "message"));
	fprintf(out, "</pre><p>From subscriber <code>%s</code>; its key stood in a mail.</p>",
		text(packet, "imsi"));
}

static void lede(FILE *out, const void *facts)
{
	fprintf(out,
		"The courier, who read the mail, decrypted <b>%ld of %ld</b> recorded sessions where keys travelled in a file, "
		"and <b>%ld of %ld</b> where they were derived. The thief of the one key behind the derived batch decrypted "
		"<b>%ld of %ld</b> of that batch.",
		report_count(facts, "bulk-plain", "courier", "decrypted"),
		report_count(facts, "bulk-plain", "courier", "sessions"),
		report_count(facts, "derived", "courier", "decrypted"),
		report_count(facts, "derived", "courier", "sessions"),
		report_count(facts, "derived", "master", "decrypted"),
		report_count(facts, "derived", "master", "sessions"));
}

/* Above everything else when the run did not come to its end, or not to a good one. */
static void failure(FILE *out, const void *facts)
{
	if (!json_object_get(facts, "failure"))
		return;
	fputs("<p class=\"failed\"><b>This run FAILED:</b> ", out);
	page_escape(out, text(facts, "failure"));
	fputs(". What stands below is not confirmed.</p>", out);
}

static void headline(FILE *out, const void *facts)
{
	const json_t *cell = report_cell(facts, "bulk-plain", "courier");
	bool all = number(cell, "decrypted") == number(cell, "sessions") && number(cell, "sessions") > 0;
	bool none = report_count(facts, "derived", "courier", "decrypted") == 0;

	fputs(all ? "One stolen mail opened every conversation" : "A stolen mail, and what it opened", out);
	fputs(all && none ? "; with derived keys, it opened none" : "", out);
}

static void confinement(FILE *out, const void *facts)
{
	bool files = json_is_true(json_object_get(facts, "confined_files"));
	bool sockets = json_is_true(json_object_get(facts, "confined_sockets"));

	fprintf(out,
		"the kernel %s it to its captured folder and its loot folder (Landlock) and %s it sockets (seccomp).",
		files ? "held" : "<b>could not hold</b>", sockets ? "denied" : "<b>did not deny</b>");
}

int report_html(const char *path, const json_t *facts, struct fault *fault)
{
	json_t *values = json_copy((json_t *)(uintptr_t)facts);
	struct whole_file file;
	int e;

	if (!values || whole_file_open(&file, path, fault) < 0) {
		json_decref(values);
		return -1;
	}
	page_part(values, "heat", heat_write, facts);
	page_part(values, "legend", heat_legend, facts);
	page_part(values, "routes", routes_write, facts);
	page_part(values, "evidence", evidence_write, facts);
	page_part(values, "parameters", parameters_demo, facts);
	page_part(values, "example", example, facts);
	page_part(values, "failed", failure, facts);
	page_part(values, "headline", headline, facts);
	page_part(values, "lede", lede, facts);
	page_part(values, "confinement", confinement, facts);
	json_object_set(values, "derived_courier",
			json_object_get(report_cell(facts, "derived", "courier"), "decrypted"));
	json_object_set(values, "derived_sessions",
			json_object_get(report_cell(facts, "derived", "master"), "sessions"));
	json_object_set(values, "derived_master",
			json_object_get(report_cell(facts, "derived", "master"), "decrypted"));
	json_object_set(values, "plain_master",
			json_object_get(report_cell(facts, "bulk-plain", "master"), "decrypted"));
	json_object_set(values, "plain_sessions",
			json_object_get(report_cell(facts, "bulk-plain", "master"), "sessions"));
	json_object_set_new(values, "looks", json_string(report_looks));
	e = page_fill(file.out, report_page, values, fault);
	json_decref(values);
	if (e < 0) {
		whole_file_drop(&file);
		return -1;
	}
	return whole_file_keep(&file, path, fault);
}

/* PROVES: a matrix's page has every cell, also an empty matrix has a page, and nothing that a fact says
 * becomes markup. */
#include "report/lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "heist/tables.h"
#include "lib/page.h"
#include "report/cells.h"
#include "report/evidence.h"
#include "unit/unit.h"

/* A matrix of two designs and two thieves, of which one cell was not run. */
static json_t *facts_of(const char *seed)
{
	json_t *facts = json_pack(
		"{s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:i,s:f,s:[{s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:i,s:i,s:n,s:f},{s:s,s:s,s:s,s:s,s:i,s:i},"
		"{s:s,s:s,s:s,s:s,s:i,s:i}]}",
		"seed", seed, "version", "0", "when", "2026-01-01", "out", "build/lab", "cards", 2, "batches",
		2, "before", 1, "after", 1, "seconds", 1.5, "cells", "design", "bulk-plain", "access", "lte",
		"travel", "together", "thief", "courier", "sessions", 8, "decrypted", 8, "keys", 4,
		"recovered", 3, "false_keys", 5, "precision", "recall", 0.75, "design", "bulk-plain",
		"access", "lte", "travel", "together", "thief", "recorder", "sessions", 8, "decrypted", 0,
		"design", "derived", "access", "lte", "travel", "together", "thief", "courier", "sessions", 0,
		"decrypted", 0);

	CU_ASSERT_PTR_NOT_NULL_FATAL(facts);
	tables_put(facts);
	return facts;
}

/* The page of these facts, as text. */
static char *page_of(const json_t *facts)
{
	char path[] = "/tmp/test_lab.XXXXXX", *text = NULL;
	struct fault fault = {0};
	FILE *file;
	size_t n;

	close(mkstemp(path));
	CU_ASSERT_EQUAL_FATAL(lab_html(path, facts, &fault), 0);
	file = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	text = calloc(1, 1 << 20);
	n = fread(text, 1, (1 << 20) - 1, file);
	CU_ASSERT(n > 1000 && n < (1 << 20) - 1);
	fclose(file);
	unlink(path);
	return text;
}

static unsigned count_of(const char *text, const char *what)
{
	unsigned n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

static void test_cells(void)
{
	json_t *facts = facts_of("1");
	char *page = page_of(facts);

	CU_ASSERT_EQUAL(count_of(page, "<article class=\"cell\""), 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "id=\"cell-2\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "<td class=\"s6\"><a href=\"#cell-0\">"));
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "<td class=\"s0\"><a href=\"#cell-1\">"));
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "<td><a href=\"#cell-2\"><b>–</b><small>no session</small>"));
	CU_ASSERT_EQUAL(count_of(page, "<td><small>not run</small></td>"), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "no key was claimed"));
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "<b>75 %</b>"));
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "<b>3</b> of 4"));
	CU_ASSERT_PTR_NOT_NULL(strstr(page, ": 5 keys and 0 packets"));
	CU_ASSERT_PTR_NOT_NULL(strstr(
		page,
		"Of <b>3</b> thefts, <b>1</b> opened every session, <b>0</b> a part, and <b>1</b> none"));
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "Not all were held by the kernel"));
	CU_ASSERT_PTR_NULL(strstr(page, "fleet run"));
	free(page);
	json_decref(facts);
}

/* A sentence about a theft is there because a cell says so. */
static void test_remarks(void)
{
	static const char said[] = "A file of keys in a mail is the keys";
	json_t *facts = facts_of("1");
	char *page = page_of(facts);

	CU_ASSERT_PTR_NOT_NULL(strstr(page, said));
	free(page);
	json_object_set_new(json_array_get(json_object_get(facts, "cells"), 0), "decrypted", json_integer(0));
	page = page_of(facts);
	CU_ASSERT_PTR_NULL(strstr(page, said));
	free(page);
	json_decref(facts);
}

static void test_empty(void)
{
	json_t *facts = facts_of("1");
	char *page;

	json_object_set_new(facts, "cells", json_array());
	page = page_of(facts);
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "No cell was run"));
	CU_ASSERT_PTR_NULL(strstr(page, "<article"));
	free(page);
	json_decref(facts);
}

/* Names and texts of everybody else, as somebody would write who wants to be obeyed. */
static void test_hostile(void)
{
	static const char hostile[] = "\"><script>alert('&')</script>{{seed}}";
	static const char *const members[] = {"design", "thief", "access", "travel", "refused"};
	json_t *facts = facts_of(hostile), *cell = json_array_get(json_object_get(facts, "cells"), 0), *name;
	char *page;
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		json_object_set_new(cell, members[i], json_string(hostile));
	json_object_set_new(cell, "captured", json_pack("[s,s]", hostile, "mail/<b>"));
	name = json_pack("{s:s,s:s,s:s,s:s,s:s,s:b,s:i,s:s}", "name", hostile, "text", hostile, "travels",
			 hostile, "keys", hostile, "secrets_which", hostile, "ceremony", 1, "secrets", 1,
			 "more", hostile);
	json_array_append_new(json_object_get(facts, "designs"), name);
	name = json_pack("{s:s,s:s,s:[{s:s,s:s}]}", "name", hostile, "text", hostile, "places", "name",
			 "mail", "text", hostile);
	json_array_append_new(json_object_get(facts, "thieves"), name);
	json_object_set_new(facts, "fleet",
			    json_pack("{s:s,s:s,s:[{s:s,s:s,s:s,s:i,s:i}]}", "seed", hostile, "version",
				      hostile, "thefts", "design", hostile, "theft", hostile, "what", hostile,
				      "opened", 1, "subscribers", 2));
	page = page_of(facts);
	CU_ASSERT_PTR_NULL(strstr(page, "<script"));
	CU_ASSERT_PTR_NULL(strstr(page, "<b>}"));
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "&quot;&gt;&lt;script&gt;"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(page, "{{seed}}")); /* what looks like a hole of the template is filled by nobody */
	free(page);
	json_decref(facts);
}

static void test_command(void)
{
	json_t *facts = facts_of("it's <1>");
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	evidence_command(out, facts, json_array_get(json_object_get(facts, "cells"), 0));
	fclose(out);
	CU_ASSERT_STRING_EQUAL(
		text,
		"simrite heist matrix --design bulk-plain --thief courier --access lte --travel together --cards 2 --batches 2 --before 1 "
		"--after 1 --seed 'it'\\''s &lt;1&gt;' --out again");
	free(text);
	json_decref(facts);
}

static void test_levels(void)
{
	CU_ASSERT_EQUAL(cells_level(0, 0), -1);
	CU_ASSERT_EQUAL(cells_level(0, 8), 0);
	CU_ASSERT_EQUAL(cells_level(1, 1000000), 1);
	CU_ASSERT_EQUAL(cells_level(999999, 1000000), CELLS_LEVELS - 2);
	CU_ASSERT_EQUAL(cells_level(8, 8), CELLS_LEVELS - 1);
}

/* A page that cannot be written leaves none. */
static void test_nowhere(void)
{
	json_t *facts = facts_of("1");
	struct fault fault = {0};

	CU_ASSERT_EQUAL(lab_html("/nonexistent/report.html", facts, &fault), -1);
	CU_ASSERT(fault.text[0] != 0);
	json_decref(facts);
}

UNIT_SUITE("lab", UNIT(test_cells), UNIT(test_remarks), UNIT(test_empty), UNIT(test_hostile),
	   UNIT(test_command), UNIT(test_levels), UNIT(test_nowhere))

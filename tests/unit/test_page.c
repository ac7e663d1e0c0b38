/* PROVES: a page is filled in completely or not at all, and text cannot become markup. */
#include "lib/page.h"

#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"

static int fill(const char *page, const char *want)
{
	json_t *values = json_pack("{s:s,s:i,s:f}", "text", "<b>&\"", "count", 7, "share", 0.25);
	char *got = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&got, &length);
	int e = page_fill(out, page, values, NULL);

	fclose(out);
	if (e == 0)
		CU_ASSERT_STRING_EQUAL(got, want);
	free(got);
	json_decref(values);
	return e;
}

static void test_values(void)
{
	CU_ASSERT_EQUAL(
		fill("a {{text}} {{{text}}} {{count}} {{share}} z", "a &lt;b&gt;&amp;&quot; <b>&\" 7 0.2 z"),
		0);
	CU_ASSERT_EQUAL(fill("nothing { to } fill", "nothing { to } fill"), 0);
}

static void test_faults(void)
{
	CU_ASSERT_EQUAL(fill("{{absent}}", ""), -1);
	CU_ASSERT_EQUAL(fill("{{text", ""), -1);
	CU_ASSERT_EQUAL(fill("{{{text}}", ""), -1);
}

UNIT_SUITE("page", UNIT(test_values), UNIT(test_faults))

#include "unit/unit.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <string.h>

int unit_run(const char *suite, const struct unit_test *tests, size_t count)
{
	unsigned failed, run;
	CU_pSuite s;
	size_t i;

	if (CU_initialize_registry() != CUE_SUCCESS || !(s = CU_add_suite(suite, NULL, NULL)))
		return 1;
	for (i = 0; i < count; i++)
		if (!CU_add_test(s, tests[i].name, tests[i].run))
			return 1;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	(void)CU_basic_run_tests();
	run = CU_get_number_of_tests_run();
	failed = CU_get_number_of_tests_failed();
	CU_cleanup_registry();
	printf("\n# %s: %u passed, %u failed\n", suite, run - failed, failed);
	return failed != 0 || run != count;
}

void unit_bytes(const void *got, const void *want, size_t length, int line)
{
	const unsigned char *g = got, *w = want;
	int same = memcmp(got, want, length) == 0;
	size_t i;

	CU_assertImplementation(same, (unsigned)line, "bytes equal", "", "", CU_FALSE);
	if (same)
		return;
	printf("\n    line %d\n    got  ", line);
	for (i = 0; i < length; i++)
		printf("%02x", g[i]);
	printf("\n    want ");
	for (i = 0; i < length; i++)
		printf("%02x", w[i]);
	printf("\n");
}

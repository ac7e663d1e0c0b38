/* unit.h - CUnit, one suite per process.
 *
 *     static void test_this(void) { CU_ASSERT_EQUAL(...); }
 *     UNIT_SUITE("tlv", UNIT(test_this), UNIT(test_that))
 *
 * The last line printed is "# tlv: N passed, N failed", counted in tests. */
#ifndef UNIT_H
#define UNIT_H

#include <CUnit/CUnit.h>
#include <stddef.h>

struct unit_test {
	const char *name;
	void (*run)(void);
};

int unit_run(const char *suite, const struct unit_test *tests, size_t count);

#define UNIT_SUITE(suite, ...)                                                                               \
	int main(void)                                                                                       \
	{                                                                                                    \
		static const struct unit_test tests[] = {__VA_ARGS__};                                       \
		return unit_run((suite), tests, sizeof(tests) / sizeof(tests[0]));                           \
	}
#define UNIT(function)                                                                                       \
	{                                                                                                    \
#function, function                                                                          \
	}

/* Assert that two byte runs are equal, and print both when they are not. */
#define ASSERT_BYTES(got, want, length) unit_bytes((got), (want), (length), __LINE__)
void unit_bytes(const void *got, const void *want, size_t length, int line);

#endif

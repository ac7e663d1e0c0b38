/* ctime.h - does anything depend on a secret? For tests that run themselves
 * under valgrind's memcheck.
 *
 *     hide(key, 16);              memcheck is told that these bytes are undefined
 *     ... what uses them ...
 *     publish(&verdict, 2);       a result that may be acted upon
 *     CU_ASSERT_EQUAL(decisions(), 0);
 *
 * Memcheck reports each branch taken on, and each address made from, undefined
 * bytes. AES must be the processor's: the library's tables are looked up by
 * secret bytes, which this would rightly report. */
#ifndef CTIME_H
#define CTIME_H

#include "unit/unit.h"

void hide(void *at, size_t length);
void publish(void *at, size_t length);

/* How many decisions on secrets were seen since the last call. */
unsigned decisions(void);

/* main() of such a test. Says "skipped" and why where memcheck cannot be had. */
int ctime_main(const char *suite, const struct unit_test *tests, size_t count, int argc, char **argv);

#define CTIME_SUITE(suite, ...)                                                                              \
	int main(int argc, char **argv)                                                                      \
	{                                                                                                    \
		static const struct unit_test tests[] = {__VA_ARGS__};                                       \
		return ctime_main((suite), tests, sizeof(tests) / sizeof(tests[0]), argc, argv);             \
	}

#endif

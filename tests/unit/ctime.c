#include "unit/ctime.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <valgrind/memcheck.h>

void hide(void *at, size_t length)
{
	(void)VALGRIND_MAKE_MEM_UNDEFINED(at, length);
}

void publish(void *at, size_t length)
{
	(void)VALGRIND_MAKE_MEM_DEFINED(at, length);
}

unsigned decisions(void)
{
	static unsigned before;
	unsigned now = (unsigned)VALGRIND_COUNT_ERRORS, since = now - before;

	before = now;
	return since;
}

static int processor_has_aes(void)
{
	char line[4096];
	FILE *f = fopen("/proc/cpuinfo", "r");
	int found = 0;

	while (f && !found && fgets(line, sizeof(line), f))
		found = !strncmp(line, "flags", 5) && strstr(line, " aes ");
	if (f)
		fclose(f);
	return found;
}

static int leave_out(const char *suite, const char *why)
{
	printf("skipped %s: %s\n# %s: 0 passed, 0 failed, 1 skipped\n", suite, why, suite);
	return 0;
}

/* valgrind 3.19 gives up on the debug information clang 14 writes: ask first. */
static int valgrind_can_read(const char *program)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		execlp("valgrind", "valgrind", "--quiet", "--log-file=/dev/null", program, "probe",
		       (char *)NULL);
		_exit(127);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

int ctime_main(const char *suite, const struct unit_test *tests, size_t count, int argc, char **argv)
{
	if (argc > 1)
		return 0; /* the probe */
#ifdef __SANITIZE_ADDRESS__
	return leave_out(suite, "this build has another checker in it");
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
	return leave_out(suite, "this build has another checker in it");
#endif
#endif
	if (!processor_has_aes())
		return leave_out(suite, "this processor has no AES instructions");
	if (!RUNNING_ON_VALGRIND) {
		if (!valgrind_can_read(argv[0]))
			return leave_out(suite, "valgrind is absent or cannot read this program");
		execlp("valgrind", "valgrind", "--quiet", "--log-file=/dev/null", argv[0], (char *)NULL);
		return leave_out(suite, "valgrind did not start");
	}
	return unit_run(suite, tests, count);
}

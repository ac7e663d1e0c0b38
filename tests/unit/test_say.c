/* PROVES: results go to stdout and the rest to stderr, JSON is one object a
 * line, and what the exit status is. Each case runs in a child process, with
 * both streams in files. */
#include "lib/say.h"
#include "unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char out[1024], err[1024];

static void read_back(char *text, size_t size, const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, text, size - 1);

	text[n > 0 ? n : 0] = 0;
	close(fd);
	(void)unlink(path);
}

/* Run `body` with its streams caught; its exit status. */
static int caught(void (*body)(void), const char *out_path)
{
	char a[] = "/tmp/simrite-say-out.XXXXXX", b[] = "/tmp/simrite-say-err.XXXXXX";
	int status, fd_a = mkstemp(a), fd_b = mkstemp(b);
	pid_t pid;

	CU_ASSERT_FATAL(fd_a >= 0 && fd_b >= 0);
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0) {
		int fd = out_path ? open(out_path, O_WRONLY) : fd_a;

		(void)dup2(fd, 1);
		(void)dup2(fd_b, 2);
		body();
		exit(0);
	}
	close(fd_a);
	close(fd_b);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	read_back(out, sizeof(out), a);
	read_back(err, sizeof(err), b);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void everything(void)
{
	struct fault fault;

	say("result %d", 1);
	say_note("remark");
	say_result(json_pack("{s:s}", "key", "value"));
	progress_start("work", 2);
	progress_at(1, "half");
	progress_end();
	fault_set(&fault, FAULT_CARD, "do this", "what went %s", "wrong");
	exit(say_fault(&fault));
}

static void as_text(void)
{
	say_start("simrite test", false, true);
	everything();
}

static void as_json(void)
{
	say_start("simrite test", true, true);
	everything();
}

static void test_text(void)
{
	CU_ASSERT_EQUAL(caught(as_text, NULL), FAULT_CARD);
	CU_ASSERT_STRING_EQUAL(out, "result 1\n");
	CU_ASSERT_STRING_EQUAL(
		err, "simrite test: remark\nsimrite test: what went wrong\n              do this\n");
}

static void test_json(void)
{
	CU_ASSERT_EQUAL(caught(as_json, NULL), FAULT_CARD);
	CU_ASSERT_STRING_EQUAL(out,
			       "{\"type\":\"result\",\"schema\":1,\"key\":\"value\"}\n"
			       "{\"type\":\"fault\",\"schema\":1,\"code\":3,\"text\":\"what went wrong\","
			       "\"hint\":\"do this\"}\n");
	CU_ASSERT_STRING_EQUAL(err, "");
}

static void only_a_result(void)
{
	say_start("simrite test", false, true);
	say("result");
}

static void a_json_result(void)
{
	say_start("simrite test", true, false);
	say_result(json_pack("{s:i}", "number", 1));
	errno = 0; /* what else happens until the end */
}

static void only_help(void)
{
	say_guard("simrite test");
	puts("Usage: test");
}

static void not_utf8(void)
{
	struct fault fault;

	say_start("simrite test", true, true);
	say_result(json_pack("{s:s}", "key", "\xff"));
	fault_set(&fault, FAULT_INPUT, NULL, "odd \xc3");
	exit(say_fault(&fault));
}

static void test_text_of_any_bytes(void)
{
	CU_ASSERT_EQUAL(caught(not_utf8, NULL), FAULT_INPUT);
	CU_ASSERT_STRING_EQUAL(
		out, "{\"type\":\"fault\",\"schema\":1,\"code\":70,\"text\":\"the result cannot "
		     "be put into JSON\",\"hint\":\"\"}\n"
		     "{\"type\":\"fault\",\"schema\":1,\"code\":5,\"text\":\"odd ?\",\"hint\":\"\"}\n");
}

static void test_full_disk(void)
{
	CU_ASSERT_EQUAL(caught(only_a_result, NULL), 0);
	CU_ASSERT_EQUAL(caught(only_a_result, "/dev/full"), FAULT_SYSTEM);
	CU_ASSERT_STRING_EQUAL(err, "simrite test: cannot write the result: No space left on device\n");
	CU_ASSERT_EQUAL(caught(a_json_result, "/dev/full"), FAULT_SYSTEM);
	CU_ASSERT_STRING_EQUAL(err, "simrite test: cannot write the result: No space left on device\n");
	CU_ASSERT_EQUAL(caught(only_help, "/dev/full"), FAULT_SYSTEM);
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "simrite test: cannot write the result: "));
}

static void no_core(void)
{
	struct rlimit limit;

	say_start("simrite test", false, true);
	(void)getrlimit(RLIMIT_CORE, &limit);
	exit(limit.rlim_max <= 1 ? 0 : 1);
}

static void stops(void)
{
	say_start("simrite test", false, true);
	stop_catch();
	(void)raise(SIGINT);
	if (!stop_asked())
		exit(1);
	(void)raise(SIGINT); /* the second one ends at once */
	exit(2);
}

static void test_no_core_dump_and_stop(void)
{
	CU_ASSERT_EQUAL(caught(no_core, NULL), 0);
	CU_ASSERT_EQUAL(caught(stops, NULL), 128 + SIGINT);
}

UNIT_SUITE("say", UNIT(test_text), UNIT(test_json), UNIT(test_text_of_any_bytes), UNIT(test_full_disk),
	   UNIT(test_no_core_dump_and_stop))

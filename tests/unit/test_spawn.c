/* PROVES: a child is started or reported, waited for, ended, and never left. */
#include "lib/spawn.h"
#include "unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct fault fault;

static int run(const char *script)
{
	const char *argv[] = {"sh", "-c", script, NULL};
	struct spawn_order order = {.argv = argv};

	return spawn_run(&order, 10000, &fault);
}

static void test_status(void)
{
	CU_ASSERT_EQUAL(run("exit 0"), 0);
	CU_ASSERT_EQUAL(run("exit 42"), 42);
	CU_ASSERT_EQUAL(run("kill -TERM $$"), 128 + SIGTERM);
}

static void test_no_such_program(void)
{
	const char *argv[] = {"simrite-no-such-program", NULL};
	struct spawn_order order = {.argv = argv};
	pid_t pid;

	CU_ASSERT_EQUAL(spawn_start(&pid, &order, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_SYSTEM);
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "simrite-no-such-program"));
	CU_ASSERT_EQUAL(waitpid(-1, NULL, WNOHANG), -1); /* no child was left */
	CU_ASSERT_EQUAL(errno, ECHILD);
}

static void test_streams(void)
{
	char path[] = "/tmp/simrite-spawn.XXXXXX", got[64] = "", text[32] = "";
	const char *argv[] = {"sh", "-c", "read x; echo out $x $Y; echo err >&2", NULL},
		   *more[] = {"Y=z", NULL};
	int fd = mkstemp(path), in, out;
	struct spawn_order order = {
		.argv = argv, .environment = more, .in_pipe = &in, .out = path, .err = "&1"};
	pid_t pid;
	int status;

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL_FATAL(spawn_start(&pid, &order, &fault), 0);
	CU_ASSERT_EQUAL(write(in, "word\n", 5), 5);
	close(in);
	CU_ASSERT_EQUAL(spawn_wait(pid, 10000, &status), 1);
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT(read(fd, got, sizeof(got) - 1) > 0);
	CU_ASSERT_STRING_EQUAL(got, "out word z\nerr\n");
	close(fd);
	argv[2] = "echo piped";
	order = (struct spawn_order){.argv = argv, .out_pipe = &out};
	CU_ASSERT_EQUAL_FATAL(spawn_start(&pid, &order, &fault), 0);
	CU_ASSERT_EQUAL(read(out, text, sizeof(text) - 1), 6);
	CU_ASSERT_STRING_EQUAL(text, "piped\n");
	close(out);
	CU_ASSERT_EQUAL(spawn_wait(pid, -1, &status), 1);
	order = (struct spawn_order){.argv = argv, .in = "/nonexistent/file"};
	CU_ASSERT_EQUAL(spawn_start(&pid, &order, &fault), -1);
	CU_ASSERT_EQUAL(unlink(path), 0);
}

static void test_timeout_and_end(void)
{
	const char *argv[] = {"sleep", "60", NULL},
		   *stubborn[] = {"sh", "-c", "trap '' TERM; echo; sleep 60", NULL};
	struct spawn_order order = {.argv = argv};
	char c;
	pid_t pid;
	int status, out;

	CU_ASSERT_EQUAL(spawn_run(&order, 50, &fault), -1);
	CU_ASSERT_EQUAL_FATAL(spawn_start(&pid, &order, &fault), 0);
	CU_ASSERT_EQUAL(spawn_wait(pid, 10, &status), 0);
	CU_ASSERT_EQUAL(spawn_end(pid, 5000), 128 + SIGTERM);
	CU_ASSERT_EQUAL(kill(pid, 0), -1);
	order = (struct spawn_order){.argv = stubborn, .out_pipe = &out};
	CU_ASSERT_EQUAL_FATAL(spawn_start(&pid, &order, &fault), 0);
	CU_ASSERT_EQUAL(read(out, &c, 1), 1); /* its trap is set */
	close(out);
	CU_ASSERT_EQUAL(spawn_end(pid, 50), 128 + SIGKILL);
}

/* A grandchild that outlives its parent unless the kernel ends it. */
static void test_child_dies_with_parent(void)
{
	const char *argv[] = {"sleep", "60", NULL};
	struct spawn_order order = {.argv = argv};
	int pair[2], i;
	pid_t middle, pid = 0;

	CU_ASSERT_EQUAL_FATAL(pipe(pair), 0);
	middle = fork();
	CU_ASSERT_FATAL(middle >= 0);
	if (middle == 0) {
		(void)spawn_start(&pid, &order, &fault);
		(void)!write(pair[1], &pid, sizeof(pid));
		_exit(0);
	}
	CU_ASSERT_EQUAL(read(pair[0], &pid, sizeof(pid)), (ssize_t)sizeof(pid));
	CU_ASSERT_EQUAL(waitpid(middle, NULL, 0), middle);
	for (i = 0; i < 200; i++) {
		char path[40], state[64] = "";
		FILE *file;

		(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
		file = fopen(path, "r");
		if (!file)
			break;
		(void)fgets(state, sizeof(state), file);
		(void)fclose(file);
		if (strstr(state, ") Z ")) /* dead, waiting for init */
			break;
		(void)nanosleep(&(struct timespec){0, 10 * 1000 * 1000}, NULL);
	}
	CU_ASSERT(i < 200);
	close(pair[0]);
	close(pair[1]);
}

static void test_no_descriptor_leaks(void)
{
	int fd = open("/dev/null", O_RDONLY); /* without O_CLOEXEC, on purpose */

	CU_ASSERT_EQUAL(run("[ \"$(ls /proc/$$/fd | tr '\\n' ' ')\" = \"0 1 2 \" ] || "
			    "[ \"$(ls /proc/$$/fd | tr '\\n' ' ')\" = \"0 1 2 3 \" ]"),
			0);
	CU_ASSERT(fd >= 3);
	{
		char script[80];

		(void)snprintf(script, sizeof(script), "[ ! -e /proc/$$/fd/%d ]", fd);
		CU_ASSERT_EQUAL(run(script), 0);
	}
	close(fd);
}

UNIT_SUITE("spawn", UNIT(test_status), UNIT(test_no_such_program), UNIT(test_streams),
	   UNIT(test_timeout_and_end), UNIT(test_child_dies_with_parent), UNIT(test_no_descriptor_leaks))

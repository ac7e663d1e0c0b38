/* fork and exec rather than posix_spawn, which cannot set the parent-death
 * signal. A close-on-exec pipe carries errno back when exec fails, so that
 * "started" means the program itself runs. */
#include "lib/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- in the child: only calls that are safe after fork ---- */

static int redirect(int target, const char *path, int flags)
{
	int fd = open(path, flags | O_NOCTTY, 0600);

	if (fd < 0 || fd == target)
		return fd < 0 ? -1 : 0;
	if (dup2(fd, target) < 0)
		return -1;
	close(fd);
	return 0;
}

static int arrange_streams(const struct spawn_order *order, int in, int out)
{
	if (in >= 0 && dup2(in, 0) < 0)
		return -1;
	if (out >= 0 && dup2(out, 1) < 0)
		return -1;
	if (order->in && redirect(0, order->in, O_RDONLY) != 0)
		return -1;
	if (order->out && redirect(1, order->out, O_WRONLY | O_CREAT | O_TRUNC) != 0)
		return -1;
	if (order->err && strcmp(order->err, "&1") == 0)
		return dup2(1, 2) < 0 ? -1 : 0;
	if (order->err && redirect(2, order->err, O_WRONLY | O_CREAT | O_TRUNC) != 0)
		return -1;
	return 0;
}

static void reset_signals(void)
{
	sigset_t none;
	int n;

	for (n = 1; n < 32; n++)
		(void)signal(n, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Everything above the standard streams but `keep`, which exec closes. */
static void close_others(int keep)
{
	(void)syscall(SYS_close_range, 3U, (unsigned)keep - 1U, 0U);
	(void)syscall(SYS_close_range, (unsigned)keep + 1U, ~0U, 0U);
}

static void child(const struct spawn_order *order, pid_t parent, int in, int out, int report)
{
	union {
		const char *const *from;
		char *const *to;
	} argv = {order->argv}; /* execvp's prototype predates const */
	const char *const *line;
	int error;

	if (!order->survives &&
	    (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)) /* parent may be gone already */
		_exit(127);
	if (order->own_group)
		(void)setpgid(0, 0);
	reset_signals();
	if (arrange_streams(order, in, out) == 0 && (!order->folder || chdir(order->folder) == 0)) {
		/* putenv keeps the pointer and never writes; the process ends in exec */
		for (line = order->environment; line && *line; line++) {
			union {
				const char *from;
				char *to;
			} entry = {*line};

			(void)putenv(entry.to);
		}
		if (report > 3)
			close_others(report);
		(void)execvp(order->argv[0], argv.to);
	}
	error = errno;
	(void)!write(report, &error, sizeof(error));
	_exit(127);
}

/* ---- in the parent ---- */

static void close_pair(int pair[2])
{
	if (pair[0] >= 0)
		close(pair[0]);
	if (pair[1] >= 0)
		close(pair[1]);
	pair[0] = pair[1] = -1;
}

/* The report pipe ends without a word when exec succeeded. */
static int await_exec(pid_t pid, int report, const char *program, struct fault *fault)
{
	int error = 0;
	ssize_t n;

	do
		n = read(report, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(error))
		return 0;
	(void)waitpid(pid, NULL, 0);
	return fault_set(fault, FAULT_SYSTEM, NULL, "cannot start \"%s\": %s", program, strerror(error));
}

int spawn_start(pid_t *pid, const struct spawn_order *order, struct fault *fault)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1}, report[2] = {-1, -1}, result = -1;
	pid_t parent = getpid();

	if ((order->in_pipe && pipe2(in, O_CLOEXEC) != 0) ||
	    (order->out_pipe && pipe2(out, O_CLOEXEC) != 0) || pipe2(report, O_CLOEXEC) != 0 ||
	    (*pid = fork()) < 0) {
		fault_set(fault, FAULT_SYSTEM, NULL, "cannot start \"%s\": %s", order->argv[0],
			  strerror(errno));
		goto done;
	}
	if (*pid == 0)
		child(order, parent, in[0], out[1], report[1]);
	close(report[1]);
	report[1] = -1;
	result = await_exec(*pid, report[0], order->argv[0], fault);
	if (result != 0)
		goto done;
	if (order->in_pipe) {
		*order->in_pipe = in[1];
		in[1] = -1;
	}
	if (order->out_pipe) {
		*order->out_pipe = out[0];
		out[0] = -1;
	}
done:
	close_pair(in);
	close_pair(out);
	close_pair(report);
	return result;
}

static long long now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Sleep until the child ends or `ms` pass. Without pidfd (old kernels,
 * strict sandboxes): a short nap, and the caller asks again. */
static void nap(pid_t pid, long long ms)
{
	struct pollfd p = {.events = POLLIN};
	struct timespec short_nap = {0, 5000000L};

	p.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (p.fd < 0) {
		(void)nanosleep(&short_nap, NULL);
		return;
	}
	(void)poll(&p, 1, ms > 60000 ? 60000 : (int)ms);
	close(p.fd);
}

int spawn_wait(pid_t pid, int timeout_ms, int *status)
{
	long long until = now_ms() + timeout_ms, left;
	int raw;

	for (;;) {
		pid_t ended = waitpid(pid, &raw, WNOHANG);

		if (ended == pid) {
			*status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
			return 1;
		}
		if (ended < 0 && errno != EINTR) {
			*status = 128; /* not our child, or waited for elsewhere */
			return 1;
		}
		left = timeout_ms < 0 ? 60000 : until - now_ms();
		if (left <= 0)
			return 0;
		nap(pid, left);
	}
}

int spawn_end(pid_t pid, int grace_ms)
{
	int status;

	if (spawn_wait(pid, 0, &status))
		return status;
	(void)kill(pid, SIGTERM);
	if (spawn_wait(pid, grace_ms, &status))
		return status;
	(void)kill(pid, SIGKILL);
	(void)spawn_wait(pid, -1, &status);
	return status;
}

int spawn_run(const struct spawn_order *order, int timeout_ms, struct fault *fault)
{
	int status;
	pid_t pid;

	if (spawn_start(&pid, order, fault) != 0)
		return -1;
	if (spawn_wait(pid, timeout_ms, &status))
		return status;
	(void)spawn_end(pid, 1000);
	return fault_set(fault, FAULT_SYSTEM, NULL, "\"%s\" did not end within %d ms", order->argv[0],
			 timeout_ms);
}

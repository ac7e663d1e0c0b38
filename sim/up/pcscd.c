/* Everything that differs between versions of pcscd is asked of pcscd itself:
 * whether it takes a socket ("systemd" or "libsystemd" among its features) and whether it
 * must be told not to ask polkit, which knows nothing of our clients. */
#include "up/pcscd.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/spawn.h"

struct launch {
	char program[SIMULATION_PATH];
	bool takes_socket;
	bool knows_polkit;
	int listener;
};

/* What the child could not do: the step's name and errno, through a pipe. */
struct trouble {
	char step[64];
	int error;
};

/* pcscd is in /usr/sbin, which is not in an ordinary user's PATH. */
static int find_pcscd(char out[static SIMULATION_PATH])
{
	const char *path = getenv("PATH");
	char places[SIMULATION_PATH], *place, *rest = places;

	(void)snprintf(places, sizeof(places), "%.3000s:/usr/sbin:/usr/local/sbin:/sbin", path ? path : "");
	while ((place = strsep(&rest, ":")) != NULL) {
		(void)snprintf(out, SIMULATION_PATH, "%.4000s/pcscd", place);
		if (*place == '/' && access(out, X_OK) == 0)
			return 0;
	}
	return -1;
}

/* Does `pcscd OPTION` print `word`? */
static bool mentions(const struct simulation *simulation, const char *pcscd, const char *option,
		     const char *word)
{
	char path[SIMULATION_PATH], text[8192];
	const char *argv[] = {pcscd, option, NULL};
	struct spawn_order order = {.argv = argv, .in = "/dev/null", .out = path, .err = "&1"};
	ssize_t n = 0;
	int file;

	simulation_path(simulation, path, "answer");
	(void)spawn_run(&order, 10000, NULL);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file >= 0) {
		n = read(file, text, sizeof(text) - 1);
		close(file);
	}
	(void)unlink(path);
	text[n > 0 ? n : 0] = 0;
	return strstr(text, word) != NULL;
}

static int listen_at(const struct simulation *simulation, struct fault *fault)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/run/pcscd.comm", simulation->folder);
	if (listener < 0 || fchmod(listener, 0600) < 0 ||
	    bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, 32) < 0) {
		fault_set(fault, FAULT_SYSTEM, NULL, "cannot listen on \"%s\": %s", address.sun_path,
			  strerror(errno));
		if (listener >= 0)
			close(listener);
		return -1;
	}
	return listener;
}

/* ---- in the child ---- */

static int write_once(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (file < 0)
		return -1;
	n = write(file, text, strlen(text));
	close(file);
	return n < 0 ? -1 : 0;
}

/* Root makes mounts in a mount namespace; anybody else first needs a user
 * namespace, in which they stay who they are. */
static int new_namespace(const char **step)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char map[64];

	if (uid == 0) {
		*step = "a mount namespace";
		if (unshare(CLONE_NEWNS) < 0)
			return -1;
	} else {
		*step = "a user namespace";
		if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
			return -1;
		(void)write_once("/proc/self/setgroups", "deny");
		(void)snprintf(map, sizeof(map), "%u %u 1", (unsigned)uid, (unsigned)uid);
		if (write_once("/proc/self/uid_map", map) < 0)
			return -1;
		(void)snprintf(map, sizeof(map), "%u %u 1", (unsigned)gid, (unsigned)gid);
		if (write_once("/proc/self/gid_map", map) < 0)
			return -1;
	}
	*step = "private mounts";
	return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static int bind_run(const struct simulation *simulation, const char **step)
{
	char run[SIMULATION_PATH];

	simulation_path(simulation, run, "run");
	if (access("/run/pcscd", F_OK) != 0) {
		*step = "a /run of its own";
		if (mount("simrite", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") < 0 ||
		    mkdir("/run/pcscd", 0755) < 0)
			return -1;
	}
	*step = "a private /run/pcscd";
	return mount(run, "/run/pcscd", NULL, MS_BIND, NULL);
}

/* With its socket given, pcscd needs no more of /run/pcscd than that it exists.
 * Root's pcscd would also leave its process id there, which is only right
 * where no other pcscd is at home. */
static bool can_share_run(void)
{
	if (geteuid() == 0)
		return access("/run/pcscd/pcscd.comm", F_OK) != 0;
	return access("/run/pcscd", F_OK) == 0;
}

static void set_environment(const struct simulation *simulation, const struct launch *launch)
{
	char text[SIMULATION_PATH];

	simulation_path(simulation, text, "none");
	(void)setenv("PCSCLITE_HP_DROPDIR", text, 1); /* no USB drivers */
	(void)unsetenv("PCSCLITE_CSOCK_NAME");
	if (!launch->takes_socket)
		return;
	(void)dup2(launch->listener, 3); /* SD_LISTEN_FDS_START; clears close-on-exec */
	if (launch->listener == 3)
		(void)fcntl(3, F_SETFD, 0);
	(void)snprintf(text, sizeof(text), "%d", (int)getpid());
	(void)setenv("LISTEN_PID", text, 1);
	(void)setenv("LISTEN_FDS", "1", 1);
}

static int redirect(const struct simulation *simulation)
{
	char path[SIMULATION_PATH];
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), log;

	simulation_path(simulation, path, "log");
	log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (null < 0 || log < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
		return -1;
	return 0;
}

static void become_pcscd(const struct simulation *simulation, const struct launch *launch, pid_t parent,
			 int report)
{
	const char *argv[] = {launch->program, "--foreground", "--error", "--config", NULL, NULL, NULL};
	char conf[SIMULATION_PATH];
	struct trouble trouble = {0};
	const char *step = "";
	sigset_t none;
	union {
		const char *const *from;
		char *const *to;
	} arguments = {argv}; /* execv's prototype predates const */

	report = fcntl(report, F_DUPFD_CLOEXEC, 10); /* out of the way of descriptor 3 */
	simulation_path(simulation, conf, "reader.conf");
	argv[4] = conf;
	argv[5] = launch->knows_polkit ? "--disable-polkit" : NULL;
	if (new_namespace(&step) < 0 || bind_run(simulation, &step) < 0) {
		int why = errno;

		if (!launch->takes_socket || !can_share_run()) {
			errno = why;
			goto failed;
		}
	}
	step = "its log";
	if (redirect(simulation) < 0)
		goto failed;
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	set_environment(simulation, launch);
	/* Set last: new namespaces clear it. */
	step = "a tie to its keeper";
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		goto failed;
	step = "exec";
	(void)execv(launch->program, arguments.to);
failed:
	trouble.error = errno;
	(void)snprintf(trouble.step, sizeof(trouble.step), "%s", step);
	(void)!write(report, &trouble, sizeof(trouble));
	_exit(127);
}

/* ---- in the parent ---- */

static int explain(const struct trouble *trouble, struct fault *fault)
{
	if (strcmp(trouble->step, "exec") == 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot run pcscd: %s", strerror(trouble->error));
	return fault_set(fault, FAULT_SYSTEM,
			 geteuid() == 0
				 ? "stop the system's pcscd, which is at home in /run/pcscd, or allow "
				   "mounts (CAP_SYS_ADMIN), or be an ordinary user"
				 : "allow user namespaces to ordinary users (in a chroot they never are), or "
				   "have an administrator make the folder /run/pcscd, or be root",
			 "the kernel refused pcscd %s: %s", trouble->step, strerror(trouble->error));
}

pid_t pcscd_start(const struct simulation *simulation, struct fault *fault)
{
	struct launch launch = {.listener = -1};
	struct trouble trouble;
	int report[2];
	pid_t pid, parent = getpid();
	ssize_t n;

	if (find_pcscd(launch.program) < 0)
		return fault_set(fault, FAULT_SYSTEM, "install the package pcscd", "there is no pcscd here");
	launch.takes_socket = mentions(simulation, launch.program, "--version", "systemd");
	launch.knows_polkit = mentions(simulation, launch.program, "--help", "--disable-polkit");
	if (launch.takes_socket && (launch.listener = listen_at(simulation, fault)) < 0)
		return -1;
	if (pipe2(report, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot start pcscd: %s", strerror(errno));
	if (pid == 0)
		become_pcscd(simulation, &launch, parent, report[1]);
	close(report[1]);
	if (launch.listener >= 0)
		close(launch.listener);
	do
		n = read(report[0], &trouble, sizeof(trouble));
	while (n < 0 && errno == EINTR);
	close(report[0]);
	if (n == (ssize_t)sizeof(trouble)) {
		(void)waitpid(pid, NULL, 0);
		return explain(&trouble, fault);
	}
	return pid;
}

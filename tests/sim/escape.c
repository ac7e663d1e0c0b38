/* What a thief would try to get out of `simrite heist confine`: every attempt
 * in a process of its own, "ESCAPED: what" for one that works, "held: what" else. */
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int stream_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static int pair(void)
{
	int fd[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0;
}

static int signal_parent(void)
{
	return kill(getppid(), 0) == 0;
}

static int signal_thread(void)
{
	return syscall(SYS_tgkill, getppid(), getppid(), 0) == 0;
}

#if defined(__x86_64__)
/* socket(AF_INET, SOCK_STREAM, 0) in i386's numbers */
static int socket_of_i386(void)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(359), "b"(2), "c"(1), "d"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	return result >= 0;
}

/* getpid in x32's: any call will do */
static int call_of_x32(void)
{
	return syscall(0x40000000L + SYS_getpid) > 0;
}
#endif

int main(void)
{
	static const struct {
		const char *what;
		int (*works)(void);
	} attempts[] = {
		{"a socket", stream_socket},
		{"a socket pair", pair},
		{"a signal to the parent", signal_parent},
		{"a signal to the parent's thread", signal_thread},
#if defined(__x86_64__)
		{"a socket by i386's call", socket_of_i386},
		{"a call of x32", call_of_x32},
#endif
	};
	size_t i;
	int status;
	pid_t pid;

	for (i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		(void)fflush(stdout);
		if ((pid = fork()) < 0)
			return 2;
		if (pid == 0)
			_exit(attempts[i].works() ? 42 : 0);
		if (waitpid(pid, &status, 0) != pid)
			return 2;
		printf("%s: %s\n", WIFEXITED(status) && WEXITSTATUS(status) == 42 ? "ESCAPED" : "held",
		       attempts[i].what);
	}
	return 0;
}

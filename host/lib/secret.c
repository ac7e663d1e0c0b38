/* Bytes are read one at a time with read(2), so that no stdio buffer keeps a
 * copy of a secret and a descriptor can serve several secrets in turn. */
#include "lib/secret.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "lib/hex.h"

enum {
	LINE_SIZE = 1024
};

void secret_wipe(void *at, size_t length)
{
	explicit_bzero(at, length);
}

/* One line without its newline; -1 with errno set (0: too long). */
static int read_line(char line[static LINE_SIZE], int fd)
{
	size_t length = 0;
	char c = 0;

	for (;;) {
		ssize_t n = read(fd, &c, 1);

		if (n < 0)
			return -1;
		if (n == 0 || c == '\n')
			break;
		if (length + 1 >= LINE_SIZE) {
			errno = 0;
			return -1;
		}
		line[length++] = c;
	}
	if (length > 0 && line[length - 1] == '\r')
		length--;
	line[length] = 0;
	return 0;
}

/* What read_line() ran into. */
static int read_fault(struct fault *fault, const char *what)
{
	if (errno == EINTR)
		return fault_set(fault, FAULT_STOPPED, "run the same command again",
				 "stopped while waiting for %s", what);
	return fault_set(fault, FAULT_INPUT, NULL, "cannot read %s: %s", what,
			 errno ? strerror(errno) : "the line is too long");
}

static int cannot_open(const char *path, const char *what, struct fault *fault)
{
	return fault_set(fault, FAULT_INPUT, NULL, "cannot open \"%s\" for %s: %s", path, what,
			 strerror(errno));
}

static int check_status(const struct stat *status, const char *path, const char *what, struct fault *fault)
{
	char hint[200];

	if (S_ISDIR(status->st_mode))
		return fault_set(fault, FAULT_INPUT, NULL, "\"%s\" for %s is not a file", path, what);
	if (!(status->st_mode & (S_IRWXG | S_IRWXO)))
		return 0;
	(void)snprintf(hint, sizeof(hint), "chmod 600 %s, and think about who has read it", path);
	return fault_set(fault, FAULT_POLICY, hint, "\"%s\" for %s is open to other users", path, what);
}

static int from_file(char *line, const char *path, const char *what, struct fault *fault)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), result;

	if (fd < 0)
		return cannot_open(path, what, fault);
	if (fstat(fd, &status) != 0)
		result = cannot_open(path, what, fault);
	else
		result = check_status(&status, path, what, fault);
	if (result == 0 && read_line(line, fd) != 0)
		result = read_fault(fault, what);
	close(fd);
	return result;
}

/* Its number; -1 and a fault. */
static int descriptor(const char *number, const char *what, struct fault *fault)
{
	char *end;
	long fd = strtol(number, &end, 10);

	if (*number == 0 || *end != 0 || fd < 0 || fd > 65535)
		return fault_set(fault, FAULT_USAGE, "fd:3 reads descriptor 3",
				 "the descriptor for %s is not a number", what);
	return (int)fd;
}

static int from_descriptor(char *line, const char *number, const char *what, struct fault *fault)
{
	int fd = descriptor(number, what, fault);

	if (fd < 0)
		return -1;
	return read_line(line, fd) != 0 ? read_fault(fault, what) : 0;
}

/* ---- prompt ---- */

static volatile sig_atomic_t interrupted_by;

static void on_interrupt(int signal_number)
{
	interrupted_by = signal_number;
}

static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum {
	WATCHED = sizeof(watched) / sizeof(watched[0])
};

/* A whole line is there, or a signal came, if only in the moment before the
 * wait: the signals are blocked but for this wait. */
static int await_line(int tty, const sigset_t *open_to)
{
	struct pollfd wait = {.fd = tty, .events = POLLIN};

	while (ppoll(&wait, 1, NULL, open_to) < 0)
		if (errno != EINTR || interrupted_by)
			return -1;
	return 0;
}

static int no_terminal(const char *what, struct fault *fault)
{
	return fault_set(fault, FAULT_INPUT, "give file:PATH or fd:N instead", "no terminal to ask for %s",
			 what);
}

/* The terminal's echo comes back whatever happens: signals are noted while
 * the line is read, and delivered again once the terminal is as it was. */
static int from_terminal(char *line, const char *what, struct fault *fault)
{
	struct sigaction action = {.sa_handler = on_interrupt}, before[WATCHED];
	struct termios normal, quiet;
	sigset_t blocked, unblocked;
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY), result;
	size_t i;

	if (tty < 0 || tcgetattr(tty, &normal) != 0) {
		if (tty >= 0)
			close(tty);
		return no_terminal(what, fault);
	}
	interrupted_by = 0;
	(void)sigemptyset(&blocked);
	for (i = 0; i < WATCHED; i++)
		(void)sigaddset(&blocked, watched[i]);
	(void)pthread_sigmask(SIG_BLOCK, &blocked, &unblocked);
	for (i = 0; i < WATCHED; i++)
		(void)sigaction(watched[i], &action, &before[i]);
	quiet = normal;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	(void)tcsetattr(tty, TCSAFLUSH, &quiet);
	(void)dprintf(tty, "%s (not shown; Ctrl-C leaves): ", what);
	result = await_line(tty, &unblocked) < 0 ? -1 : read_line(line, tty);
	(void)dprintf(tty, "\n");
	(void)tcsetattr(tty, TCSAFLUSH, &normal);
	(void)pthread_sigmask(SIG_SETMASK, &unblocked, NULL);
	for (i = 0; i < WATCHED; i++)
		(void)sigaction(watched[i], &before[i], NULL);
	close(tty);
	if (interrupted_by) {
		(void)raise(interrupted_by);
		return fault_set(fault, FAULT_STOPPED, "run the same command again",
				 "stopped while asking for %s", what);
	}
	if (result != 0)
		return fault_set(fault, FAULT_INPUT, NULL, "cannot read %s from the terminal", what);
	return 0;
}

static int no_source(const char *what, struct fault *fault)
{
	/* not repeated: it may be the secret itself */
	return fault_set(fault, FAULT_USAGE, "a secret itself never goes on the command line",
			 "%s comes from file:PATH, fd:N or prompt", what);
}

int secret_check(const char *source, const char *what, struct fault *fault)
{
	const char *path = source + strlen("file:");
	struct stat status;
	int fd;

	if (strncmp(source, "file:", 5) == 0)
		return stat(path, &status) < 0 || access(path, R_OK) < 0
			       ? cannot_open(path, what, fault)
			       : check_status(&status, path, what, fault);
	if (strncmp(source, "fd:", 3) == 0) {
		fd = descriptor(source + 3, what, fault);
		if (fd >= 0 && fcntl(fd, F_GETFD) < 0)
			return read_fault(fault, what);
		return fd < 0 ? -1 : 0;
	}
	if (strcmp(source, "prompt") != 0)
		return no_source(what, fault);
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return no_terminal(what, fault);
	close(fd);
	return 0;
}

static int read_source(char line[static LINE_SIZE], const char *source, const char *what, struct fault *fault)
{
	if (strncmp(source, "file:", 5) == 0)
		return from_file(line, source + 5, what, fault);
	if (strncmp(source, "fd:", 3) == 0)
		return from_descriptor(line, source + 3, what, fault);
	if (strcmp(source, "prompt") == 0)
		return from_terminal(line, what, fault);
	return no_source(what, fault);
}

/* Exactly 2 * length hex digits between white space. */
static int parse_hex(uint8_t *out, size_t length, const char *text)
{
	size_t n;

	while (isspace((unsigned char)*text))
		text++;
	n = strlen(text);
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		n--;
	return hex_read(out, length, text, n);
}

int secret_hex(uint8_t *out, size_t length, const char *source, const char *what, struct fault *fault)
{
	char line[LINE_SIZE] = "";
	int result = read_source(line, source, what, fault);

	if (result == 0 && parse_hex(out, length, line) != 0) {
		secret_wipe(out, length);
		result = fault_set(fault, FAULT_INPUT, NULL, "%s is not %zu hex digits", what, 2 * length);
	}
	secret_wipe(line, sizeof(line));
	return result;
}

int secret_text(char *out, size_t size, const char *source, const char *what, struct fault *fault)
{
	char line[LINE_SIZE] = "";
	int result = read_source(line, source, what, fault);

	if (result == 0) {
		size_t length = strlen(line);

		if (length >= size)
			result = fault_set(fault, FAULT_INPUT, NULL, "%s is longer than %zu characters", what,
					   size - 1);
		else
			memcpy(out, line, length + 1);
	}
	secret_wipe(line, sizeof(line));
	return result;
}

int secret_line(char *out, size_t size, const char *source, const char *what, struct fault *fault)
{
	if (secret_text(out, size, source, what, fault) < 0)
		return -1;
	return *out ? 0 : fault_set(fault, FAULT_INPUT, NULL, "%s is empty", what);
}

/* t0_talk - talk to a card at the level of bytes, without pcscd.
 *
 *     t0_talk DEVICE              as backend.h names it: unix:PATH, tty:PATH
 *     t0_talk -- PROGRAM ARG...   a card that is a process with its contact on
 *                                 stdin and stdout; started at every reset
 *
 * Reads lines from stdin: "reset REGEX", or "HEX REGEX": send, and match the
 * answer (hex, upper case) as a whole. A * in HEX is the last byte of the
 * answer before (what 61xx and 6Cxx announce). Empty lines and # are remarks.
 * Stops at the first answer that does not match (exit status 1). */
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bounds.h"
#include "reader/backend.h"

static void *slot;
static uint8_t last; /* byte of the answer before */

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(2);
}

/* Listen on `path` and start `program` for every connection, until killed. */
static pid_t serve(const char *path, char **program)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t server;

	strcpy(address.sun_path, path);
	if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(listener, 4) < 0 || (server = fork()) < 0)
		die(path);
	if (server > 0) {
		close(listener);
		return server;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		const int contact = accept(listener, NULL, NULL);

		if (contact >= 0 && fork() == 0) {
			dup2(contact, 0);
			dup2(contact, 1);
			close(contact);
			execv(program[0], program);
			_exit(127);
		}
		close(contact);
	}
}

static size_t from_hex(uint8_t *out, size_t size, const char *hex)
{
	size_t length = 0;
	unsigned byte;

	while (length < size && (*hex == '*' || sscanf(hex, "%2x", &byte) == 1)) {
		out[length++] = *hex == '*' ? last : (uint8_t)byte;
		hex += *hex == '*' ? 1 : 2;
	}
	return length;
}

static int matches(const char *text, const char *pattern)
{
	char whole[1024 + 8];
	regex_t regex;
	int result;

	snprintf(whole, sizeof(whole), "^(%s)$", pattern);
	if (regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB) != 0)
		return 0;
	result = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return result;
}

/* One line of the script; 0 when the card answered as it says. */
static int exchange(const char *line, const char *what, const char *pattern)
{
	uint8_t command[5 + 255 + 1], response[RESPONSE_MAX];
	char hex[2 * RESPONSE_MAX + 1] = "nothing";
	struct timespec before, after;
	int length, i;

	clock_gettime(CLOCK_MONOTONIC, &before);
	if (strcmp(what, "reset") == 0)
		length = backend_t0.reset(slot, response);
	else
		length = backend_t0.transmit(slot, response, command,
					     from_hex(command, sizeof(command), what));
	clock_gettime(CLOCK_MONOTONIC, &after);
	last = length > 0 ? response[length - 1] : 0;
	for (i = 0; i < length; i++)
		snprintf(hex + 2 * i, 3, "%02X", response[i]);
	printf("%.40s%s -> %.60s (%.1f ms)\n", what, strlen(what) > 40 ? "..." : "", hex,
	       (double)(after.tv_sec - before.tv_sec) * 1e3 + (double)(after.tv_nsec - before.tv_nsec) / 1e6);
	if (matches(hex, pattern))
		return 0;
	printf("that is wrong: %s answer was %s\n", line, hex);
	return 1;
}

static int talk(void)
{
	char line[2048], what[1024], pattern[1024];
	int wrong = 0, talked = 0;

	while (!wrong && fgets(line, sizeof(line), stdin)) {
		if (line[0] == '#' || sscanf(line, "%1023s %1023s", what, pattern) != 2)
			continue;
		wrong = exchange(line, what, pattern);
		talked++;
	}
	return wrong || !talked;
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/simrite-talk.XXXXXX", path[64], device[80];
	pid_t server = 0;
	int result;

	if (argc < 2 || (strcmp(argv[1], "--") == 0 && argc < 3))
		return 2;
	snprintf(device, sizeof(device), "%s", argv[1]);
	if (strcmp(argv[1], "--") == 0) {
		if (!mkdtemp(folder))
			die(folder);
		snprintf(path, sizeof(path), "%s/contact", folder);
		snprintf(device, sizeof(device), "unix:%s", path);
		server = serve(path, argv + 2);
	}
	if (backend_t0.open(&slot, device) < 0)
		die(device);
	result = talk();
	backend_t0.close(slot);
	if (server > 0) {
		kill(server, SIGTERM);
		waitpid(server, NULL, 0);
		unlink(path);
		rmdir(folder);
	}
	return result;
}

/* A simulation is found by its socket, not by process ids, which another
 * process may have by the time one looks. */
#include "up/control.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	ANSWER_SECONDS = 30
};

static int connect_to(const char *folder)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = ANSWER_SECONDS};
	int keeper;

	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s/control", folder) >=
	    (int)sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	keeper = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (keeper < 0)
		return -1;
	(void)setsockopt(keeper, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(keeper, (struct sockaddr *)&address, sizeof(address)) < 0) {
		int why = errno;

		close(keeper);
		errno = why;
		return -1;
	}
	return keeper;
}

static size_t list_in(const char *place, char (*folders)[SIMULATION_FOLDER], size_t size)
{
	char pattern[SIMULATION_PATH];
	struct stat status;
	size_t found = 0, i;
	glob_t names;

	(void)snprintf(pattern, sizeof(pattern), "%s/simrite-??????", place);
	if (glob(pattern, GLOB_NOSORT, NULL, &names) != 0)
		return 0;
	for (i = 0; i < names.gl_pathc && found < size; i++) {
		int keeper;

		if (strlen(names.gl_pathv[i]) >= SIMULATION_FOLDER || lstat(names.gl_pathv[i], &status) < 0 ||
		    status.st_uid != geteuid())
			continue;
		keeper = connect_to(names.gl_pathv[i]);
		if (keeper < 0)
			continue;
		close(keeper);
		(void)snprintf(folders[found++], SIMULATION_FOLDER, "%s", names.gl_pathv[i]);
	}
	globfree(&names);
	return found;
}

size_t control_list(char (*folders)[SIMULATION_FOLDER], size_t size)
{
	const char *own = getenv("XDG_RUNTIME_DIR");
	size_t found = own && *own == '/' && strcmp(own, "/tmp") != 0 ? list_in(own, folders, size) : 0;

	return found + list_in("/tmp", folders + found, size - found);
}

int control_find(char out[static SIMULATION_FOLDER], const char *folder, struct fault *fault)
{
	static const char tail[] = "/run/pcscd.comm";
	const char *client = getenv("PCSCLITE_CSOCK_NAME");
	char folders[64][SIMULATION_FOLDER];
	size_t length, n;

	if (folder) {
		length = strlen(folder);
		while (length > 1 && folder[length - 1] == '/')
			length--;
		if (length >= SIMULATION_FOLDER)
			return fault_set(fault, FAULT_USAGE, NULL, "no simulation is in \"%s\"", folder);
		(void)snprintf(out, SIMULATION_FOLDER, "%.*s", (int)length, folder);
		return 0;
	}
	length = client ? strlen(client) : 0;
	if (length > sizeof(tail) && strcmp(client + length - (sizeof(tail) - 1), tail) == 0 &&
	    length - (sizeof(tail) - 1) < SIMULATION_FOLDER) {
		(void)snprintf(out, SIMULATION_FOLDER, "%.*s", (int)(length - (sizeof(tail) - 1)), client);
		return 0;
	}
	n = control_list(folders, sizeof(folders) / sizeof(folders[0]));
	if (n == 1) {
		memcpy(out, folders[0], SIMULATION_FOLDER);
		return 0;
	}
	if (n == 0)
		return fault_set(fault, FAULT_CARD, "start one with \"simrite sim up\"",
				 "no simulation is running");
	return fault_set(fault, FAULT_USAGE, "name one with --sim FOLDER (\"simrite sim status\" lists them)",
			 "%zu simulations are running", n);
}

int control_ask(const char *folder, const char *request, struct control_reply *reply, struct fault *fault)
{
	int keeper = connect_to(folder);
	char end;

	if (keeper < 0)
		return fault_set(fault, FAULT_CARD, "\"simrite sim status\" lists those that run",
				 "no simulation answers in \"%s\": %s", folder, strerror(errno));
	if (send(keeper, request, strlen(request), MSG_NOSIGNAL) < 0 ||
	    recv(keeper, reply, sizeof(*reply), 0) != (ssize_t)sizeof(*reply)) {
		close(keeper);
		return fault_set(fault, FAULT_SYSTEM, NULL, "the simulation in \"%s\" did not answer \"%s\"",
				 folder, request);
	}
	/* A keeper that goes down keeps the line until it has gone. */
	while (recv(keeper, &end, 1, 0) > 0)
		;
	close(keeper);
	reply->fault.text[sizeof(reply->fault.text) - 1] = 0;
	reply->fault.hint[sizeof(reply->fault.hint) - 1] = 0;
	reply->text[sizeof(reply->text) - 1] = 0;
	if (reply->fault.code == FAULT_NONE)
		return 0;
	return fault_set(fault, reply->fault.code, reply->fault.hint, "%s", reply->fault.text);
}

int control_listen(const struct simulation *simulation, struct fault *fault)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/control", simulation->folder);
	if (listener < 0 || fchmod(listener, 0600) < 0 ||
	    bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, 16) < 0) {
		fault_set(fault, FAULT_SYSTEM, NULL, "cannot listen on \"%s\": %s", address.sun_path,
			  strerror(errno));
		if (listener >= 0)
			close(listener);
		return -1;
	}
	return listener;
}

int control_accept(int listener, char *request, size_t size)
{
	struct timeval patience = {.tv_sec = 2}; /* nobody may hold the keeper up */
	int caller = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ssize_t n;

	if (caller < 0)
		return -1;
	(void)setsockopt(caller, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)setsockopt(caller, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	n = recv(caller, request, size - 1, 0);
	if (n <= 0) {
		close(caller);
		return -1;
	}
	request[n] = 0;
	return caller;
}

void control_answer(int caller, const struct control_reply *reply)
{
	(void)send(caller, reply, sizeof(*reply), MSG_NOSIGNAL);
}

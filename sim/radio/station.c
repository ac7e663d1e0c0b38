#include "radio/station.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	AWAIT_MS = 30000,
};

static int address_of(struct sockaddr_un *address, const char *path, struct fault *fault)
{
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(address->sun_path))
		return fault_set(fault, FAULT_USAGE, NULL,
				 "the path of the false station's socket is too long");
	memcpy(address->sun_path, path, strlen(path) + 1);
	return 0;
}

int station_await(struct station *station, const char *path, struct fault *fault)
{
	struct sockaddr_un address;
	struct pollfd waiting = {.events = POLLIN};
	int ready;

	station->socket = -1;
	if (address_of(&address, path, fault) < 0)
		return -1;
	waiting.fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (waiting.fd < 0 || bind(waiting.fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(waiting.fd, 1) < 0) {
		fault_set(fault, FAULT_SYSTEM, "is it there from an earlier run?", "cannot listen at %s: %s",
			  path, strerror(errno));
		goto out;
	}
	ready = poll(&waiting, 1, AWAIT_MS);
	if (ready > 0)
		station->socket = accept4(waiting.fd, NULL, NULL, SOCK_CLOEXEC);
	(void)unlink(path);
	if (station->socket < 0)
		fault_set(fault, FAULT_SYSTEM, "start it: simrite radio between SOCKET -- PROGRAM",
			  "no false base station came to %s", path);
out:
	if (waiting.fd >= 0)
		close(waiting.fd);
	return station->socket < 0 ? -1 : 0;
}

void station_end(struct station *station)
{
	if (station->socket >= 0)
		close(station->socket);
	station->socket = -1;
}

static int gone(struct fault *fault)
{
	return fault_set(fault, FAULT_SYSTEM, "see what it said", "the false base station is gone");
}

int station_pass(struct station *station, enum station_side *to, struct frame *frame, enum station_side from,
		 struct fault *fault)
{
	uint8_t message[STATION_MAX + 1] = {(uint8_t)from, (uint8_t)frame->kind, (uint8_t)(frame->rnti >> 8),
					    (uint8_t)frame->rnti};
	struct pollfd waiting = {.fd = station->socket, .events = POLLIN};
	ssize_t n;

	memcpy(message + STATION_HEADER, frame->data, frame->length);
	if (send(station->socket, message, STATION_HEADER + frame->length, MSG_NOSIGNAL) < 0)
		return gone(fault);
	if (poll(&waiting, 1, STATION_PATIENCE_MS) <= 0)
		return 0;
	n = recv(station->socket, message, sizeof(message), 0);
	if (n <= 0)
		return gone(fault);
	if (n <= STATION_HEADER || n > STATION_MAX || message[0] > STATION_NETWORK ||
	    message[1] != (uint8_t)frame->kind || (message[2] << 8 | message[3]) != frame->rnti)
		return fault_set(fault, FAULT_INPUT, NULL, "the false base station sent what is no frame");
	*to = (enum station_side)message[0];
	frame->length = (size_t)n - STATION_HEADER;
	memcpy(frame->data, message + STATION_HEADER, frame->length);
	return 1;
}

int station_become(const char *path, char **argv, struct fault *fault)
{
	struct sockaddr_un address;
	int fd, tries;

	if (address_of(&address, path, fault) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	for (tries = 0; fd >= 0 && tries < AWAIT_MS / 50; tries++) {
		if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0) {
			(void)dup2(fd, STDIN_FILENO);
			close(fd);
			(void)execvp(argv[0], argv);
			return fault_set(fault, FAULT_SYSTEM, NULL, "cannot run %s: %s", argv[0],
					 strerror(errno));
		}
		(void)poll(NULL, 0, 50); /* the radio may still be starting */
	}
	return fault_set(fault, FAULT_SYSTEM, "start it: simrite radio attach --false-station SOCKET",
			 "no radio listens at %s: %s", path, strerror(errno));
}

/* The card in a process of its own, on the other end of a socket (socket.h).
 *
 * Only present() opens and closes the connection; anything else that finds
 * the card gone shuts the connection down, which wakes the event thread. A
 * card that stops answering is taken for gone, so that it cannot hold up the
 * reader for ever. Only processes of our own user, or root's, are cards. */
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "bounds.h"
#include "reader/backend.h"
#include "reader/socket.h"

enum {
	ANSWER_MS = 20000
};

struct socket_slot {
	int listener;
	atomic_int card; /* the connection, or -1; wait() looks at it beside the others */
	int event;       /* eventfd for wake() */
	struct sockaddr_un address;
};

static void close_slot(void *state)
{
	struct socket_slot *slot = state;

	if (slot->card >= 0)
		close(slot->card);
	if (slot->listener >= 0) {
		close(slot->listener);
		(void)unlink(slot->address.sun_path);
	}
	if (slot->event >= 0)
		close(slot->event);
	free(slot);
}

/* A socket file nobody listens on was left behind; one somebody does is theirs. */
static int clear_stale(const struct sockaddr_un *address)
{
	int probe = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), answer;

	if (probe < 0)
		return -1;
	answer = connect(probe, (const struct sockaddr *)address, sizeof(*address));
	if (answer < 0 && errno == ECONNREFUSED)
		(void)unlink(address->sun_path);
	close(probe);
	return 0;
}

static int open_slot(void **state, const char *argument)
{
	struct socket_slot *slot = calloc(1, sizeof(*slot));
	int why;

	if (!slot)
		return -1;
	*slot = (struct socket_slot){.listener = -1, .card = -1, .event = -1};
	slot->address.sun_family = AF_UNIX;
	errno = ENAMETOOLONG;
	if (strlen(argument) >= sizeof(slot->address.sun_path))
		goto failed;
	(void)snprintf(slot->address.sun_path, sizeof(slot->address.sun_path), "%s", argument);
	slot->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	slot->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (slot->event < 0 || slot->listener < 0 || clear_stale(&slot->address) < 0)
		goto failed;
	/* Linux gives the socket file the mode of its descriptor, so there is
	 * no moment at which others could connect. */
	if (fchmod(slot->listener, 0600) < 0 ||
	    bind(slot->listener, (struct sockaddr *)&slot->address, sizeof(slot->address)) < 0) {
		why = errno;
		close(slot->listener);
		slot->listener = -1; /* the file is not ours to unlink */
		errno = why;
		goto failed;
	}
	if (listen(slot->listener, 4) < 0)
		goto failed;
	*state = slot;
	return 0;
failed:
	why = errno;
	close_slot(slot);
	errno = why;
	return -1;
}

static int trusted(int connection)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);

	return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
	       (peer.uid == geteuid() || peer.uid == 0);
}

static int hung_up(int connection)
{
	struct pollfd card = {.fd = connection, .events = POLLRDHUP};

	return poll(&card, 1, 0) > 0;
}

static int present(void *state)
{
	struct socket_slot *slot = state;

	if (slot->card >= 0 && hung_up(slot->card)) {
		close(slot->card);
		slot->card = -1;
		return 0;
	}
	while (slot->card < 0) {
		int connection = accept4(slot->listener, NULL, NULL, SOCK_CLOEXEC);

		if (connection < 0)
			break;
		if (trusted(connection) && !hung_up(connection))
			slot->card = connection;
		else
			close(connection);
	}
	return slot->card >= 0;
}

static void wait_change(void *state, int timeout_ms)
{
	struct socket_slot *slot = state;
	int card = slot->card;
	struct pollfd watched[2] = {
		{.fd = slot->event, .events = POLLIN},
		{.fd = card >= 0 ? card : slot->listener, .events = card >= 0 ? POLLRDHUP : POLLIN}};
	uint64_t woken;

	(void)poll(watched, 2, timeout_ms);
	if (read(slot->event, &woken, sizeof(woken)) < 0)
		return; /* it was the card */
}

static void wake(void *state)
{
	const struct socket_slot *slot = state;
	uint64_t one = 1;

	if (write(slot->event, &one, sizeof(one)) < 0)
		return; /* already full, so the waiter wakes anyway */
}

static int lost(const struct socket_slot *slot)
{
	(void)shutdown(slot->card, SHUT_RDWR);
	return -1;
}

/* Send one message; when `answer` is a type, wait for it. Returns its length. */
static int exchange(const struct socket_slot *slot, enum socket_message type, const uint8_t *bytes,
		    size_t length, int answer, uint8_t *out, size_t size)
{
	uint8_t message[SOCKET_MESSAGE_MAX];
	struct pollfd card = {.fd = slot->card, .events = POLLIN};
	ssize_t n;

	if (slot->card < 0)
		return -1;
	if (length > sizeof(message) - 1)
		length = sizeof(message) - 1;
	message[0] = (uint8_t)type;
	if (length > 0)
		memcpy(message + 1, bytes, length);
	if (send(slot->card, message, length + 1, MSG_NOSIGNAL) < 0)
		return lost(slot);
	if (!answer)
		return 0;
	if (poll(&card, 1, ANSWER_MS) != 1)
		return lost(slot);
	n = recv(slot->card, message, sizeof(message), MSG_TRUNC);
	if (n < 2 || (size_t)n > size + 1 || message[0] != answer)
		return lost(slot);
	memcpy(out, message + 1, (size_t)n - 1);
	return (int)n - 1;
}

static int reset(void *state, uint8_t *atr)
{
	return exchange(state, SOCKET_RESET, NULL, 0, SOCKET_ATR, atr, ATR_MAX);
}

static void power_off(void *state)
{
	(void)exchange(state, SOCKET_OFF, NULL, 0, 0, NULL, 0);
}

static int transmit(void *state, uint8_t *response, const uint8_t *command, size_t length)
{
	return exchange(state, SOCKET_COMMAND, command, length, SOCKET_DATA, response, RESPONSE_MAX);
}

const struct backend backend_socket = {.scheme = "socket",
				       .open = open_slot,
				       .close = close_slot,
				       .present = present,
				       .wait = wait_change,
				       .wake = wake,
				       .reset = reset,
				       .power_off = power_off,
				       .transmit = transmit};

/* simrite-vcard: one card as a process, in the slot of a reader that listens
 * on a Unix socket (sim/reader/socket.h).
 *
 * Alone in its process, a card cannot read another's memory, and killing the
 * process is pulling the card. Core dumps and ptrace are off and new
 * privileges out of reach, because the process holds subscriber keys. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "card.h"
#include "lib/fault.h"
#include "native.h"
#include "reader/socket.h"

struct request {
	const char *memory;
	const char *socket;
};

static const struct argp_option options[] = {
	{"nvm", 'n', "FILE", 0, "The card's memory, made when absent (default: forgotten at the end)", 0},
	{0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case 'n':
		request->memory = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (request->socket)
			argp_error(state, "one SOCKET only");
		request->socket = argument;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which reader? give its SOCKET");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int complain(enum fault_code code, const char *what, const char *why, const char *hint)
{
	(void)fprintf(stderr, "simrite-vcard: %s: %s\n", what, why);
	if (hint)
		(void)fprintf(stderr, "simrite-vcard: %s\n", hint);
	return (int)code;
}

static int enter(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int reader;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	reader = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (reader < 0)
		return -1;
	if (connect(reader, (struct sockaddr *)&address, sizeof(address)) < 0) {
		int why = errno;

		close(reader);
		errno = why;
		return -1;
	}
	return reader;
}

/* One message from the reader; returns the length of the answer, 0 for none. */
static size_t answer(struct card *card, const struct hal *hal, int *powered,
		     uint8_t out[static 1 + RESPONSE_MAX], const uint8_t *message, size_t length)
{
	switch (message[0]) {
	case SOCKET_RESET:
		if (!*powered && card_start(card, hal) < 0)
			return 0;
		*powered = 1;
		out[0] = SOCKET_ATR;
		return 1 + card_reset(card, out + 1);
	case SOCKET_COMMAND:
		if (!*powered)
			return 0;
		out[0] = SOCKET_DATA;
		return 1 + card_transmit(card, out + 1, message + 1, length - 1);
	case SOCKET_OFF:
		explicit_bzero(card, sizeof(*card));
		*powered = 0;
		return 0;
	default:
		return 0;
	}
}

/* Live in the slot until the reader closes it, or the card will not answer. */
static void live(int reader, const struct hal *hal)
{
	uint8_t message[SOCKET_MESSAGE_MAX], out[1 + RESPONSE_MAX];
	struct card card;
	int powered = 0;
	ssize_t n;

	for (;;) {
		size_t length;

		n = recv(reader, message, sizeof(message), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 1)
			break;
		length = answer(&card, hal, &powered, out, message, (size_t)n);
		if (length == 0 && message[0] != SOCKET_OFF)
			break;
		if (length > 0 && send(reader, out, length, MSG_NOSIGNAL) < 0)
			break;
	}
	explicit_bzero(&card, sizeof(card));
	explicit_bzero(message, sizeof(message));
	explicit_bzero(out, sizeof(out));
}

int main(int argc, char **argv)
{
	static const struct argp argp = {options,
					 parse,
					 "SOCKET",
					 "Put a card into the reader that listens on SOCKET. The card "
					 "leaves when this program ends.",
					 NULL,
					 NULL,
					 NULL};
	struct request request = {0};
	struct hal hal;
	int reader;

	argp_err_exit_status = FAULT_USAGE;
	if (argp_parse(&argp, argc, argv, 0, NULL, &request) != 0)
		return FAULT_USAGE;
	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	if (native_open(&hal, request.memory) < 0)
		return complain(FAULT_SYSTEM, request.memory ? request.memory : "card memory",
				errno == EINVAL ? "not the memory of a card" : strerror(errno),
				errno == EWOULDBLOCK ? "another card has this memory: end it first" : NULL);
	reader = enter(request.socket);
	if (reader < 0) {
		int code = complain(FAULT_CARD, request.socket, strerror(errno),
				    "is a simrite reader listening there?");

		native_close(&hal);
		return code;
	}
	live(reader, &hal);
	close(reader);
	native_close(&hal);
	return FAULT_NONE;
}

/* backend_t0.c - the terminal's side of T=0 on a byte stream, SPEC: ISO/IEC
 * 7816-3 clauses 8 (ATR) and 10 (T=0).
 *
 * The stream is all there is, so the card is in the slot while the stream is
 * open, and a stream that ends is a card pulled out. Resetting it:
 *
 *  tty     BREAK, after what is under way either way is thrown away; a board's
 *          USB bridge holds the part in reset meanwhile, or the board resets
 *          itself. A pty knows no BREAK; who plays a card on one goes by the
 *          flush (TIOCPKT_FLUSHREAD)
 *  unix    when PATH.qmp exists, QEMU is behind it and is told to send BREAK on
 *          the chardev "uart"; else the connection is made anew, and whoever
 *          listens starts a card for each
 *
 * A command that is too short or too long for its P3 is answered 6700, as the
 * card itself does where it sees the whole command at once. On the line it
 * cannot: the terminal has to know which way the data goes, and a card that
 * waits for data that is not there only says nothing. So the terminal waits
 * until the card has given up (a second without a byte), also after any
 * exchange that broke off, and both begin again with a header.
 *
 * wait() may run beside any call, so it polls a duplicate of the descriptor,
 * and only for the end of the stream: bytes are for the others. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "bounds.h"
#include "reader/backend.h"

enum {
	ATR_FIRST_MS = 5000, /* a board may format its memory first */
	BYTE_MS = 3000,      /* between bytes the card sends in a row */
	FORGET_MS = 1500,    /* a card forgets half a command after 1000 (9600 etu at 9600 baud) */
	WORK_MS = 10000,     /* until a procedure byte; NULL starts it again */
	NULLS_MAX = 300,     /* so a card that says nothing else is mute */
	QMP_MS = 10000,      /* QEMU may still be starting */
	LOOK_MS = 20,        /* how often to look whether a stream has appeared, */
	GONE_MS = 200,       /* and whether a serial line is still there: no event tells */
	PROCEDURE_NULL = 0x60,
};

enum {
	MONITOR_MAX = sizeof(((struct sockaddr_un *)0)->sun_path)
};

struct slot {
	char *path;
	bool tty;
	int fd;               /* -1: no stream */
	bool fresh;           /* nothing was asked of it yet: a card just powered up */
	bool lost;            /* it ended; present() has not said so yet */
	long forgotten;       /* when the card has given up what broke off; 0: nothing did */
	int wake;             /* an eventfd */
	pthread_mutex_t lock; /* fd, against wait() */
};

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- The stream ---- */

static int connect_unix(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* 115200 8N1, raw. Somebody else on the line would eat our bytes, so nobody
 * else may open it (root may; it is not asked to). */
static int open_tty(const char *path)
{
	struct termios line;
	int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (tcgetattr(fd, &line) == 0) {
		cfmakeraw(&line);
		line.c_cflag &= ~(tcflag_t)(CSTOPB | HUPCL | CRTSCTS);
		line.c_cflag |= CLOCAL | CREAD;
		cfsetspeed(&line, B115200);
		if (tcsetattr(fd, TCSANOW, &line) == 0 && ioctl(fd, TIOCEXCL) == 0)
			return fd;
	}
	close(fd);
	return -1;
}

static void stream_set(struct slot *slot, int fd)
{
	pthread_mutex_lock(&slot->lock);
	if (slot->fd >= 0)
		close(slot->fd);
	slot->fd = fd;
	pthread_mutex_unlock(&slot->lock);
}

static int stream_open(struct slot *slot)
{
	int fd = slot->tty ? open_tty(slot->path) : connect_unix(slot->path);

	if (fd < 0)
		return -1;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	stream_set(slot, fd);
	slot->fresh = true;
	slot->lost = false;
	slot->forgotten = 0;
	return 0;
}

/* One byte before `deadline`; -1 when none came or the stream ended. */
static int get_byte(struct slot *slot, uint8_t *byte, long deadline)
{
	for (;;) {
		struct pollfd in = {.fd = slot->fd, .events = POLLIN};
		const ssize_t n = read(slot->fd, byte, 1);
		const long left = deadline - now_ms();

		if (n == 1)
			return 0;
		if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
			slot->lost = true;
			return -1;
		}
		if (left <= 0)
			return -1;
		poll(&in, 1, (int)left);
	}
}

static int get_bytes(struct slot *slot, uint8_t *bytes, size_t length)
{
	while (length--)
		if (get_byte(slot, bytes++, now_ms() + BYTE_MS) < 0)
			return -1;
	return 0;
}

static int put_bytes(struct slot *slot, const uint8_t *bytes, size_t length)
{
	const long deadline = now_ms() + WORK_MS;

	while (length) {
		struct pollfd out = {.fd = slot->fd, .events = POLLOUT};
		const ssize_t n = slot->tty ? write(slot->fd, bytes, length)
					    : send(slot->fd, bytes, length, MSG_NOSIGNAL);

		if (n > 0) {
			bytes += n;
			length -= (size_t)n;
		} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
			slot->lost = true;
			return -1;
		} else if (now_ms() >= deadline || poll(&out, 1, WORK_MS) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Bytes nobody asked for: the rest of an exchange that was given up. */
static void drain(struct slot *slot)
{
	uint8_t rest[64];
	ssize_t n;

	while ((n = read(slot->fd, rest, sizeof(rest))) > 0)
		;
	if (n == 0)
		slot->lost = true;
}

/* ---- Reset ---- */

/* Wait for the answer to the `nth` command on QEMU's monitor: each has one
 * "return". */
static int qmp_returned(int fd, int nth)
{
	char text[4096];
	size_t length = 0;

	for (;;) {
		const ssize_t n = read(fd, text + length, sizeof(text) - 1 - length);
		const char *at = text;
		int seen = 0;

		if (n <= 0)
			return -1;
		length += (size_t)n;
		text[length] = 0;
		while ((at = strstr(at, "\"return\"")) != NULL) {
			at++;
			seen++;
		}
		if (seen >= nth)
			return 0;
		if (strstr(text, "\"error\"") || length == sizeof(text) - 1)
			return -1;
	}
}

static int qmp_break(const char *monitor)
{
	static const char command[] = "{\"execute\":\"qmp_capabilities\"}"
				      "{\"execute\":\"chardev-send-break\",\"arguments\":{\"id\":\"uart\"}}";
	const struct timeval limit = {.tv_sec = QMP_MS / 1000};
	const int fd = connect_unix(monitor);
	int result = -1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (send(fd, command, sizeof(command) - 1, MSG_NOSIGNAL) == (ssize_t)sizeof(command) - 1)
		result = qmp_returned(fd, 2);
	close(fd);
	return result;
}

/* PATH.qmp in `monitor`, if that is there. */
static bool has_monitor(const struct slot *slot, char monitor[static MONITOR_MAX])
{
	const size_t length = strlen(slot->path);

	if (slot->tty || length + sizeof(".qmp") > MONITOR_MAX)
		return false;
	memcpy(monitor, slot->path, length);
	memcpy(monitor + length, ".qmp", sizeof(".qmp"));
	return access(monitor, F_OK) == 0;
}

static int send_break(struct slot *slot)
{
	char monitor[MONITOR_MAX];

	drain(slot);
	if (slot->lost)
		return -1;
	if (slot->tty)
		return tcflush(slot->fd, TCIOFLUSH) < 0 ? -1 : tcsendbreak(slot->fd, 0);
	return has_monitor(slot, monitor) ? qmp_break(monitor) : -1;
}

/* SPEC: ISO/IEC 7816-3 8.2: every T/TD byte says which of four follow it and
 * how many historical bytes end it; TCK is there when any protocol but 0 is. */
static int read_atr(struct slot *slot, uint8_t *atr)
{
	size_t length = 2, historical, i;
	uint8_t follow, check = 0;
	bool tck = false;

	if (get_byte(slot, atr, now_ms() + ATR_FIRST_MS) < 0 || get_bytes(slot, atr + 1, 1) < 0 ||
	    (atr[0] != 0x3B && atr[0] != 0x3F))
		return -1;
	historical = atr[1] & 0x0F;
	follow = atr[1];
	while (follow & 0xF0) {
		size_t count = 0;

		for (i = 4; i < 8; i++)
			count += (size_t)(follow >> i & 1);
		if (length + count > ATR_MAX || get_bytes(slot, atr + length, count) < 0)
			return -1;
		length += count;
		follow = (follow & 0x80) ? atr[length - 1] : 0;
		tck = tck || (follow & 0x0F) != 0;
	}
	historical += tck;
	if (length + historical > ATR_MAX || get_bytes(slot, atr + length, historical) < 0)
		return -1;
	length += historical;
	for (i = 1; i < length; i++)
		check ^= atr[i];
	return tck && check != 0 ? -1 : (int)length;
}

/* ---- struct backend ---- */

static int slot_open(void **out, const char *argument)
{
	const bool tty = strncmp(argument, "tty:", 4) == 0;
	struct slot *slot;

	if (!tty && strncmp(argument, "unix:", 5) != 0) {
		errno = EINVAL;
		return -1;
	}
	slot = calloc(1, sizeof(*slot));
	if (!slot)
		return -1;
	slot->tty = tty;
	slot->fd = -1;
	slot->path = strdup(argument + (tty ? 4 : 5));
	slot->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!slot->path || slot->wake < 0) {
		free(slot->path);
		free(slot);
		return -1;
	}
	pthread_mutex_init(&slot->lock, NULL);
	*out = slot;
	return 0;
}

static void slot_close(void *p)
{
	struct slot *slot = p;

	stream_set(slot, -1);
	close(slot->wake);
	pthread_mutex_destroy(&slot->lock);
	free(slot->path);
	free(slot);
}

static int slot_present(void *p)
{
	struct slot *slot = p;
	struct pollfd end = {.fd = slot->fd, .events = POLLRDHUP};

	if (slot->fd < 0)
		return stream_open(slot) == 0;
	if (poll(&end, 1, 0) > 0 || (slot->tty && access(slot->path, F_OK) != 0))
		slot->lost = true;
	if (!slot->lost)
		return 1;
	slot->lost = false;
	stream_set(slot, -1);
	return 0;
}

static void slot_wait(void *p, int timeout_ms)
{
	struct slot *slot = p;
	struct pollfd events[2] = {{.fd = slot->wake, .events = POLLIN}, {.events = POLLRDHUP}};
	uint64_t count;

	pthread_mutex_lock(&slot->lock);
	events[1].fd = slot->fd < 0 ? -1 : dup(slot->fd);
	pthread_mutex_unlock(&slot->lock);
	if (events[1].fd < 0 && timeout_ms > LOOK_MS)
		timeout_ms = LOOK_MS;
	else if (slot->tty && timeout_ms > GONE_MS)
		timeout_ms = GONE_MS;
	poll(events, 2, timeout_ms);
	if (events[1].fd >= 0)
		close(events[1].fd);
	if (read(slot->wake, &count, sizeof(count)) < 0)
		return; /* nobody called wake() */
}

static void slot_wake(void *p)
{
	const uint64_t one = 1;

	if (write(((struct slot *)p)->wake, &one, sizeof(one)) < 0)
		return; /* full: it is awake */
}

/* A board that was just starting when BREAK came has sent half an ATR before
 * the whole one, so an ATR that makes no sense gets a second chance. */
static int slot_reset(void *p, uint8_t *atr)
{
	struct slot *slot = p;
	char monitor[MONITOR_MAX];
	int length = -1, tries;

	if (slot->fd < 0 && stream_open(slot) < 0)
		return -1;
	slot->forgotten = 0;
	if (!slot->tty && !has_monitor(slot, monitor)) {
		if (!slot->fresh && stream_open(slot) < 0)
			return -1;
		slot->fresh = false;
		return read_atr(slot, atr);
	}
	for (tries = 0; length < 0 && tries < 2; tries++) {
		if (send_break(slot) < 0)
			return -1;
		length = read_atr(slot, atr);
	}
	return length;
}

/* The stream has no power switch; the card idles until the next reset. */
static void slot_power_off(void *p)
{
	(void)p;
}

/* Move `count` bytes of the command's data, whichever way it goes. Returns 0;
 * 1 when the card, asked to go on, sent nothing at all; or -1. */
static int move(struct slot *slot, const uint8_t *out, uint8_t *in, size_t count)
{
	if (out)
		return put_bytes(slot, out, count);
	if (get_byte(slot, in, now_ms() + BYTE_MS) < 0)
		return slot->lost ? -1 : 1;
	return get_bytes(slot, in + 1, count - 1);
}

/* 6700 in the card's name. */
static int wrong_length(uint8_t *response)
{
	response[0] = 0x67;
	response[1] = 0x00;
	return 2;
}

/* After something broke off: wait until the card listens for a header again. */
static void fall_in_step(struct slot *slot)
{
	const long left = slot->forgotten ? slot->forgotten - now_ms() : 0;

	if (left > 0)
		poll(NULL, 0, (int)left);
	slot->forgotten = 0;
	drain(slot);
}

/* SPEC: ISO/IEC 7816-3 10.3.3. `out` is the data to send, or NULL when `size`
 * bytes are to be received to `response`; returns the response's length. A
 * card that has the floor and does not use it before it sent anything has
 * waited for data: the command had too little. */
static int procedure(struct slot *slot, uint8_t *response, uint8_t ins, const uint8_t *out, size_t size)
{
	size_t done = 0;
	int nulls = 0, e;

	for (;;) {
		size_t count = size - done;
		uint8_t byte;

		if (get_byte(slot, &byte, now_ms() + WORK_MS) < 0)
			return -1;
		if (byte == PROCEDURE_NULL) {
			if (++nulls > NULLS_MAX)
				return -1;
			continue;
		}
		if ((byte & 0xF0) == 0x60 || (byte & 0xF0) == 0x90) {
			uint8_t *const sw = response + (out ? 0 : done);

			sw[0] = byte;
			return get_bytes(slot, sw + 1, 1) < 0 ? -1 : (int)(sw - response) + 2;
		}
		if ((uint8_t)(byte ^ ins) == 0xFF)
			count = 1;
		else if (byte != ins)
			return -1;
		if (done == size)
			return -1;
		e = move(slot, out ? out + done : NULL, response + done, count);
		if (e != 0)
			return e > 0 && done == 0 ? wrong_length(response) : -1;
		done += count;
	}
}

static int slot_transmit(void *p, uint8_t *response, const uint8_t *command, size_t length)
{
	struct slot *slot = p;
	uint8_t header[5] = {0};
	const uint8_t *data = NULL;
	size_t size;
	int n;

	if (slot->fd < 0)
		return -1;
	if (length < 4)
		return wrong_length(response);
	memcpy(header, command, length < 5 ? 4 : 5);
	size = header[4] ? header[4] : 256;
	if (length > 5) {
		data = command + 5;
		size = header[4];
		if (length != 5 + size && length != 5 + size + 1)
			return wrong_length(response);
	}
	fall_in_step(slot);
	if (slot->lost || put_bytes(slot, header, sizeof(header)) < 0)
		return -1;
	n = procedure(slot, response, header[1], data, size);
	if (n < 0)
		slot->forgotten = now_ms() + FORGET_MS;
	return n;
}

const struct backend backend_t0 = {
	.scheme = "t0",
	.open = slot_open,
	.close = slot_close,
	.present = slot_present,
	.wait = slot_wait,
	.wake = slot_wake,
	.reset = slot_reset,
	.power_off = slot_power_off,
	.transmit = slot_transmit,
};

/* The card inside the driver: a function call away, on a file for its memory.
 *
 * The file's name is the slot. inotify tells when the name comes, goes or
 * means another file; where the kernel has no inotify instance left for this
 * user, looking every few milliseconds does the same. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "card.h"
#include "native.h"
#include "reader/backend.h"

enum {
	LOOK_EVERY_MS = 4
};

struct linked {
	char path[PATH_MAX];
	const char *name; /* the last part of path */
	int notify;       /* inotify, or -1 */
	int event;        /* eventfd for wake() */
	int open;         /* hal is open */
	int powered;      /* card is alive */
	struct stat file; /* the memory that is in the slot; st_ino 0: none */
	struct stat seen; /* what wait() last saw */
	struct hal hal;
	struct card card;
};

static void look(const struct linked *slot, struct stat *file)
{
	if (stat(slot->path, file) < 0)
		memset(file, 0, sizeof(*file));
}

static int same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

static void power_off(void *state)
{
	struct linked *slot = state;

	explicit_bzero(&slot->card, sizeof(slot->card));
	slot->powered = 0;
}

static void take_out(struct linked *slot)
{
	power_off(slot);
	if (slot->open)
		native_close(&slot->hal);
	slot->open = 0;
	slot->file.st_ino = 0;
}

static void close_slot(void *state)
{
	struct linked *slot = state;

	take_out(slot);
	if (slot->notify >= 0)
		close(slot->notify);
	if (slot->event >= 0)
		close(slot->event);
	free(slot);
}

static int open_slot(void **state, const char *argument)
{
	struct linked *slot = calloc(1, sizeof(*slot));
	char *slash;

	if (!slot)
		return -1;
	slot->notify = -1;
	slot->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	slash = strrchr(argument, '/');
	if (slot->event < 0 || *argument != '/' || strlen(argument) >= sizeof(slot->path)) {
		close_slot(slot);
		errno = EINVAL;
		return -1;
	}
	(void)snprintf(slot->path, sizeof(slot->path), "%s", argument);
	slot->name = slot->path + (slash - argument) + 1;
	slot->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (slot->notify >= 0) {
		char folder[PATH_MAX];

		(void)snprintf(folder, sizeof(folder), "%.*s", (int)(slash - argument) + 1, argument);
		if (inotify_add_watch(slot->notify, folder,
				      IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO) < 0) {
			close(slot->notify);
			slot->notify = -1;
		}
	}
	look(slot, &slot->seen);
	*state = slot;
	return 0;
}

static int present(void *state)
{
	struct linked *slot = state;
	struct stat now;

	look(slot, &now);
	if (same(&now, &slot->file))
		return now.st_ino != 0;
	if (slot->file.st_ino != 0) {
		take_out(slot);
		return 0;
	}
	slot->file = now;
	return now.st_ino != 0;
}

/* Read away what inotify has to tell; 1 when it names this slot. */
static int told(struct linked *slot)
{
	_Alignas(struct inotify_event) char buffer[4096];
	ssize_t n, at;
	int mine = 0;

	while ((n = read(slot->notify, buffer, sizeof(buffer))) > 0) {
		for (at = 0; at < n;) {
			const struct inotify_event *event = (const void *)(buffer + at);

			if ((event->mask & IN_Q_OVERFLOW) ||
			    (event->len > 0 && strcmp(event->name, slot->name) == 0))
				mine = 1;
			at += (ssize_t)(sizeof(*event) + event->len);
		}
	}
	return mine;
}

static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wait_change(void *state, int timeout_ms)
{
	struct linked *slot = state;
	struct pollfd watched[2] = {{.fd = slot->event, .events = POLLIN},
				    {.fd = slot->notify, .events = POLLIN}};
	int64_t end = now_ms() + timeout_ms, left;
	struct stat now;
	uint64_t woken;

	for (;;) {
		look(slot, &now);
		if (!same(&now, &slot->seen)) {
			slot->seen = now;
			return;
		}
		left = end - now_ms();
		if (left <= 0)
			return;
		if (slot->notify < 0 && left > LOOK_EVERY_MS)
			left = LOOK_EVERY_MS;
		if (poll(watched, 2, (int)left) < 0)
			return;
		if (read(slot->event, &woken, sizeof(woken)) > 0)
			return;
		if (slot->notify >= 0 && told(slot))
			return;
	}
}

static void wake(void *state)
{
	const struct linked *slot = state;
	uint64_t one = 1;

	if (write(slot->event, &one, sizeof(one)) < 0)
		return; /* already full, so the waiter wakes anyway */
}

static int reset(void *state, uint8_t *atr)
{
	struct linked *slot = state;

	if (!slot->open) {
		if (access(slot->path, F_OK) < 0)
			return -1; /* opening would make one */
		if (native_open(&slot->hal, slot->path) < 0) {
			(void)fprintf(stderr, "simrite reader: card memory %s: %s\n", slot->path,
				      errno == EINVAL ? "not the memory of a card" : strerror(errno));
			return -1;
		}
		slot->open = 1;
	}
	if (!slot->powered) {
		int error = card_start(&slot->card, &slot->hal);

		if (error < 0) {
			(void)fprintf(stderr, "simrite reader: card %s does not start: error %d\n",
				      slot->path, error);
			return -1;
		}
		slot->powered = 1;
	}
	return (int)card_reset(&slot->card, atr);
}

static int transmit(void *state, uint8_t *response, const uint8_t *command, size_t length)
{
	struct linked *slot = state;

	if (!slot->powered)
		return -1;
	return (int)card_transmit(&slot->card, response, command, length);
}

const struct backend backend_linked = {.scheme = "linked",
				       .open = open_slot,
				       .close = close_slot,
				       .present = present,
				       .wait = wait_change,
				       .wake = wake,
				       .reset = reset,
				       .power_off = power_off,
				       .transmit = transmit};

/* The floor: a "card" that answers 9000 to everything at once, so that what
 * is left is PC/SC itself. Only the bench has it: tests/bench/floor.c and
 * sim/reader/ifd.c together are a driver whose only scheme is "floor". */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "reader/backends.h"

static int open_slot(void **slot, const char *argument)
{
	int *event = malloc(sizeof(*event));

	(void)argument;
	if (!event)
		return -1;
	*event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	*slot = event;
	return *event < 0 ? -1 : 0;
}

static void close_slot(void *slot)
{
	close(*(int *)slot);
	free(slot);
}

static int present(void *slot)
{
	(void)slot;
	return 1;
}

static void wait_change(void *slot, int timeout_ms)
{
	struct pollfd event = {.fd = *(int *)slot, .events = POLLIN};
	uint64_t woken;

	(void)poll(&event, 1, timeout_ms);
	(void)!read(event.fd, &woken, sizeof(woken));
}

static void wake(void *slot)
{
	uint64_t one = 1;

	(void)!write(*(int *)slot, &one, sizeof(one));
}

static int reset(void *slot, uint8_t *atr)
{
	static const uint8_t plain[] = {0x3B, 0x00};

	(void)slot;
	memcpy(atr, plain, sizeof(plain));
	return sizeof(plain);
}

static void power_off(void *slot)
{
	(void)slot;
}

static int transmit(void *slot, uint8_t *response, const uint8_t *command, size_t length)
{
	(void)slot;
	(void)command;
	(void)length;
	response[0] = 0x90;
	response[1] = 0x00;
	return 2;
}

static const struct backend backend_floor = {.scheme = "floor",
					     .open = open_slot,
					     .close = close_slot,
					     .present = present,
					     .wait = wait_change,
					     .wake = wake,
					     .reset = reset,
					     .power_off = power_off,
					     .transmit = transmit};

const struct backend *const backends[] = {&backend_floor, NULL};

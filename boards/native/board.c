/* A card on this machine: its memory is a file or private pages, its entropy
 * the kernel's, its contact (when it has one) standard input and output.
 *
 * The memory is mapped shared, so what a card wrote is in the file even when
 * the process is killed, and locked, because two cards on one memory would
 * destroy each other's log. It is as strict as flash: writing a unit that is
 * not erased is a fault, so a mistake shows here and not on silicon. */
#include "native.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	PAGE = 1024,
	PAGES = 96,
	UNIT = 4,
	MEMORY = PAGE * PAGES
};

struct native {
	uint8_t *memory;
	int file;    /* -1: private memory */
	int halted;  /* the card stopped itself: nothing works any more */
	int process; /* the card is the process: halting ends it */
};

static int out_of_range(uint32_t address, size_t length)
{
	return address > MEMORY || length > MEMORY - address;
}

static int nvm_read(void *board, uint32_t address, void *out, size_t length)
{
	const struct native *native = board;

	if (out_of_range(address, length))
		return HAL_RANGE;
	if (native->halted)
		return HAL_FAULT;
	memcpy(out, native->memory + address, length);
	return HAL_OK;
}

static int nvm_write(void *board, uint32_t address, const void *in, size_t length)
{
	struct native *native = board;
	size_t i;

	if (out_of_range(address, length) || address % UNIT || length % UNIT)
		return HAL_RANGE;
	if (native->halted)
		return HAL_FAULT;
	for (i = 0; i < length; i++) {
		if (native->memory[address + i] != 0xFF)
			return HAL_FAULT;
	}
	memcpy(native->memory + address, in, length);
	return HAL_OK;
}

static int nvm_erase(void *board, uint32_t page)
{
	struct native *native = board;

	if (page >= PAGES)
		return HAL_RANGE;
	if (native->halted)
		return HAL_FAULT;
	memset(native->memory + (size_t)page * PAGE, 0xFF, PAGE);
	return HAL_OK;
}

static int entropy(void *board, void *out, size_t length)
{
	const struct native *native = board;
	uint8_t *at = out;

	if (native->halted)
		return HAL_FAULT;
	while (length > 0) {
		ssize_t n = getrandom(at, length, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return HAL_FAULT;
		at += n;
		length -= (size_t)n;
	}
	return HAL_OK;
}

static uint32_t millis(void *board)
{
	struct timespec now;

	(void)board;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint32_t)((uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u);
}

/* A card that is linked in must not take its process with it. */
static void halt(void *board)
{
	struct native *native = board;

	native->halted = 1;
	if (native->process)
		_exit(1);
}

static int receive(void *board, uint8_t *byte, uint32_t timeout_ms)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	ssize_t n;

	(void)board;
	if (poll(&in, 1, timeout_ms > INT32_MAX ? -1 : (int)timeout_ms) <= 0)
		return HAL_TIMEOUT;
	do
		n = read(STDIN_FILENO, byte, 1);
	while (n < 0 && errno == EINTR);
	return n == 1 ? HAL_OK : HAL_FAULT;
}

static int send_bytes(void *board, const uint8_t *bytes, size_t length)
{
	(void)board;
	while (length > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return HAL_FAULT;
		bytes += n;
		length -= (size_t)n;
	}
	return HAL_OK;
}

/* Bring a file to full length with erased bytes; one that was being made when
 * its process died is finished the same way. */
static int fill_file(int file)
{
	uint8_t erased[PAGE];
	struct stat status;
	off_t at;

	if (fstat(file, &status) < 0)
		return -1;
	if (!S_ISREG(status.st_mode) || status.st_size > MEMORY) {
		errno = EINVAL;
		return -1;
	}
	memset(erased, 0xFF, sizeof(erased));
	for (at = status.st_size; at < MEMORY;) {
		size_t want = MEMORY - (size_t)at;
		ssize_t n = pwrite(file, erased, want < PAGE ? want : PAGE, at);

		if (n < 0)
			return -1;
		at += n;
	}
	return 0;
}

static int open_file(const char *path)
{
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), why;

	if (file < 0)
		return -1;
	if (flock(file, LOCK_EX | LOCK_NB) == 0 && fill_file(file) == 0)
		return file;
	why = errno;
	close(file);
	errno = why;
	return -1;
}

int native_open(struct hal *hal, const char *path)
{
	struct native *native = calloc(1, sizeof(*native));
	int why;

	if (!native)
		return HAL_FAULT;
	native->file = path ? open_file(path) : -1;
	if (path && native->file < 0)
		goto failed;
	native->memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE,
			      path ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, native->file, 0);
	if (native->memory == MAP_FAILED)
		goto failed;
	if (!path)
		memset(native->memory, 0xFF, MEMORY);
	*hal = (struct hal){.board = native,
			    .nvm_page_size = PAGE,
			    .nvm_page_count = PAGES,
			    .nvm_write_unit = UNIT,
			    .nvm_read = nvm_read,
			    .nvm_write = nvm_write,
			    .nvm_erase = nvm_erase,
			    .random = entropy,
			    .millis = millis,
			    .halt = halt,
			    .busy = NULL}; /* this machine never works for half a second */
	return HAL_OK;
failed:
	why = errno;
	if (native->file >= 0)
		close(native->file);
	free(native);
	errno = why;
	return HAL_FAULT;
}

void native_close(struct hal *hal)
{
	struct native *native = hal->board;

	if (!native)
		return;
	if (native->file < 0)
		explicit_bzero(native->memory, MEMORY);
	(void)munmap(native->memory, MEMORY);
	if (native->file >= 0)
		close(native->file);
	free(native);
	*hal = (struct hal){0};
}

int board_start(struct hal *hal)
{
	int error = native_open(hal, getenv("SIMRITE_NVM"));

	if (error < 0)
		return error;
	((struct native *)hal->board)->process = 1;
	hal->receive = receive;
	hal->send = send_bytes;
	return HAL_OK;
}

/* moment.c - preloaded into a program: at a chosen moment of it something happens, and what it wipes is kept.
 *
 *     MOMENT_WRITE=N   the moment is just before the N-th write to a file (from 1)
 *     MOMENT_APDU=N    or when the card has done command N
 *     MOMENT_DO=kill   the power is cut: half of what was to be written is, and the program is gone
 *              =int    Ctrl-C
 *              =full   from here on nothing can be written to a file
 *              =...    else a command for the shell
 *     MOMENT_WIPED=FILE  what explicit_bzero() is given goes there first, if it may hold a secret of 32
 * bytes: a line of hex each, after "locked" or "open" (may the page go to swap?) MOMENT_PLANT=FILE  its first
 * bytes are left in memory MOMENT_MEMORY=FILE all that the program can still read and write when it ends
 *     MOMENT_STATUS=FILE VmLck of /proc/self/status and the core limit, at each write to a file */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <winscard.h>

static ssize_t real_write(int fd, const void *bytes, size_t length)
{
	static ssize_t (*next)(int, const void *, size_t);

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "write");
	return next(fd, bytes, length);
}

static void put(const char *name, const void *bytes, size_t length)
{
	const char *path = getenv(name);
	int fd = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return;
	if (real_write(fd, bytes, length) != (ssize_t)length)
		abort();
	(void)close(fd);
}

/* Does the moment come now? The command inherits nothing of it. */
static bool comes(const char *name, long *count)
{
	const char *at = getenv(name);

	return at && ++*count == strtol(at, NULL, 10);
}

static bool full;

static void happen(void)
{
	const char *what = getenv("MOMENT_DO");

	if (!what)
		return;
	if (strcmp(what, "kill") == 0) {
		(void)kill(getpid(), SIGKILL);
	} else if (strcmp(what, "int") == 0) {
		(void)raise(SIGINT);
	} else if (strcmp(what, "full") == 0) {
		full = true;
	} else {
		char *preload = strdup(getenv("LD_PRELOAD"));

		(void)unsetenv("LD_PRELOAD");
		if (!preload || system(what) != 0)
			abort();
		(void)setenv("LD_PRELOAD", preload, 1);
		free(preload);
	}
}

/* ---- moments ---- */

static void tell_status(void)
{
	char line[256], out[400];
	struct rlimit core = {0};
	FILE *f = getenv("MOMENT_STATUS") ? fopen("/proc/self/status", "r") : NULL;

	(void)getrlimit(RLIMIT_CORE, &core);
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "VmLck:", 6) == 0) {
			(void)snprintf(out, sizeof(out), "core %lu dumpable %d %s",
				       (unsigned long)core.rlim_max, prctl(PR_GET_DUMPABLE), line);
			put("MOMENT_STATUS", out, strlen(out));
		}
	if (f)
		(void)fclose(f);
}

static bool is_file(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/* May come before this write to a file. */
static bool before(int fd)
{
	static long count;

	if (!is_file(fd))
		return false;
	tell_status();
	return comes("MOMENT_WRITE", &count);
}

static bool no_room(int fd)
{
	if (full && is_file(fd))
		errno = ENOSPC;
	return full && is_file(fd);
}

/* The power goes when half of it is written. */
static size_t half(size_t length)
{
	const char *what = getenv("MOMENT_DO");

	return what && strcmp(what, "kill") == 0 ? length / 2 : 0;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
	if (before(fd)) {
		(void)!real_write(fd, bytes, half(length));
		happen();
	}
	return no_room(fd) ? -1 : real_write(fd, bytes, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at)
{
	static ssize_t (*next)(int, const void *, size_t, off_t);

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "pwrite");
	if (before(fd)) {
		(void)!next(fd, bytes, half(length), at);
		happen();
	}
	return no_room(fd) ? -1 : next(fd, bytes, length, at);
}

LONG SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *send, LPCBYTE command, DWORD command_length,
		   SCARD_IO_REQUEST *receive, LPBYTE answer, LPDWORD length)
{
	static LONG (*next)(SCARDHANDLE, const SCARD_IO_REQUEST *, LPCBYTE, DWORD, SCARD_IO_REQUEST *, LPBYTE,
			    LPDWORD);
	static long count;
	LONG result;

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "SCardTransmit");
	result = next(card, send, command, command_length, receive, answer, length);
	if (comes("MOMENT_APDU", &count))
		happen();
	return result;
}

/* ---- secrets ---- */

/* Do the flags of the mapping that holds this address say that it stays in memory? */
static bool flags_locked(const void *at)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char line[512];
	bool here = false, found = false;

	while (f && fgets(line, sizeof(line), f)) {
		unsigned long from, to;

		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = (uintptr_t)at >= from && (uintptr_t)at < to;
		else if (here && strncmp(line, "VmFlags:", 8) == 0)
			found = strstr(line, " lo") != NULL;
	}
	if (f)
		(void)fclose(f);
	return found;
}

/* Asked once for each page: the system is slow to tell. */
static bool locked(const void *at)
{
	static struct {
		uintptr_t page;
		bool locked;
	} known[4096];
	uintptr_t page = (uintptr_t)at >> 12, slot = page % 4096;

	if (known[slot].page != page) {
		known[slot].page = page;
		known[slot].locked = flags_locked(at);
	}
	return known[slot].locked;
}

/* May it be a secret of 32 bytes? Text, and what a loop wipes at the same place again and again, is not. */
static bool interesting(const uint8_t *at, size_t length)
{
	static struct {
		const uint8_t *at;
		size_t length;
		unsigned times;
	} seen[4096];
	uintptr_t slot = ((uintptr_t)at ^ length * 64) % 4096;
	bool is[256] = {false};
	unsigned different = 0, high = 0;

	for (size_t i = 0; i < length; i++) {
		different += !is[at[i]];
		is[at[i]] = true;
		high += at[i] >= 0x80;
	}
	if (length < 32 || different < 20 || high < 8)
		return false;
	if (seen[slot].at != at || seen[slot].length != length)
		seen[slot].times = 0;
	seen[slot].at = at;
	seen[slot].length = length;
	return ++seen[slot].times <= 40;
}

void explicit_bzero(void *at, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	volatile uint8_t *bytes = at;
	static bool busy;

	if (getenv("MOMENT_WIPED") && !busy && interesting(at, length)) {
		char line[2 * 4096 + 16];
		size_t n;

		busy = true;
		n = (size_t)snprintf(line, sizeof(line), "%s ", locked(at) ? "locked" : "open");
		for (size_t i = 0; i < length && i < 4096; i++) {
			line[n++] = digits[bytes[i] >> 4];
			line[n++] = digits[bytes[i] & 15];
		}
		line[n++] = '\n';
		put("MOMENT_WIPED", line, n);
		for (size_t i = 0; i < sizeof(line); i++)
			((volatile char *)line)[i] = 0;
		busy = false;
	}
	for (size_t i = 0; i < length; i++)
		bytes[i] = 0;
}

/* A secret that is left in memory, to see that it is found. */
__attribute__((constructor)) static void plant(void)
{
	static char *left;
	int fd = getenv("MOMENT_PLANT") ? open(getenv("MOMENT_PLANT"), O_RDONLY | O_CLOEXEC) : -1;

	if (fd >= 0 && (left = malloc(256)))
		(void)!read(fd, left, 256);
	(void)close(fd);
}

/* What fortified programs call instead. */
void __explicit_bzero_chk(void *at, size_t length, size_t room);
void __explicit_bzero_chk(void *at, size_t length, size_t room)
{
	(void)room;
	explicit_bzero(at, length);
}

__attribute__((destructor)) static void dump(void)
{
	FILE *f = getenv("MOMENT_MEMORY") ? fopen("/proc/self/maps", "r") : NULL;
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	static uint8_t page[4096];
	char line[512];

	while (f && fgets(line, sizeof(line), f)) {
		unsigned long from, to;

		if (sscanf(line, "%lx-%lx rw", &from, &to) != 2 || !strstr(line, " rw"))
			continue;
		for (; from < to; from += sizeof(page))
			if ((uintptr_t)page / 4096 != from / 4096 &&
			    pread(memory, page, sizeof(page), (off_t)from) == (ssize_t)sizeof(page))
				put("MOMENT_MEMORY", page, sizeof(page));
	}
	if (f)
		(void)fclose(f);
	(void)close(memory);
}

#include "lib/growing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int failed(const char *path, const char *doing, struct fault *fault)
{
	return fault_set(fault, FAULT_SYSTEM,
			 errno == ENOSPC ? "make room and run it again; every verified card is kept" : NULL,
			 "%s: %s: %s", path, doing, strerror(errno));
}

int growing_begin(struct growing *growing, const char *folder, const char *name, struct fault *fault)
{
	growing->fd = -1;
	growing->end = 0;
	if (snprintf(growing->folder, GROWING_PATH, "%s", folder) >= GROWING_PATH ||
	    snprintf(growing->final, GROWING_PATH, "%s/%s", folder, name) >= GROWING_PATH ||
	    snprintf(growing->part, GROWING_PATH, "%s/%s.part", folder, name) >= GROWING_PATH ||
	    snprintf(growing->fresh, GROWING_PATH, "%s/%s.new", folder, name) >= GROWING_PATH)
		return fault_set(fault, FAULT_INPUT, NULL, "the folder's name is too long");
	(void)unlink(growing->fresh);
	growing->fd = open(growing->fresh, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return growing->fd < 0 ? failed(growing->fresh, "make", fault) : 0;
}

int growing_add(struct growing *growing, const char *line, size_t length, struct fault *fault)
{
	ssize_t n = write(growing->fd, line, length);

	if (n == (ssize_t)length && fdatasync(growing->fd) == 0) {
		growing->end += n;
		return 0;
	}
	if (n >= 0 && (size_t)n < length)
		errno = ENOSPC;
	failed(growing->part, "write", fault);
	if (ftruncate(growing->fd, growing->end) < 0)
		return fault_prefix(fault, "and half a line stays behind");
	(void)lseek(growing->fd, growing->end, SEEK_SET);
	return -1;
}

static int sync_folder(const struct growing *growing, struct fault *fault)
{
	int fd = open(growing->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0) {
		failed(growing->folder, "sync", fault);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	close(fd);
	return 0;
}

int growing_replace(struct growing *growing, struct fault *fault)
{
	if (rename(growing->fresh, growing->part) < 0)
		return failed(growing->part, "rename", fault);
	return sync_folder(growing, fault);
}

void growing_drop(struct growing *growing)
{
	if (growing->fd >= 0)
		(void)unlink(growing->fresh);
}

int growing_finish(struct growing *growing, struct fault *fault)
{
	if (renameat2(AT_FDCWD, growing->part, AT_FDCWD, growing->final, RENAME_NOREPLACE) < 0)
		return failed(growing->final, "give the finished file its name", fault);
	return sync_folder(growing, fault);
}

bool growing_finished(const char *folder, const char *name)
{
	char path[GROWING_PATH];

	return snprintf(path, sizeof(path), "%s/%s", folder, name) < GROWING_PATH && access(path, F_OK) == 0;
}

void growing_end(struct growing *growing)
{
	if (growing->fd >= 0)
		(void)close(growing->fd);
	growing->fd = -1;
}

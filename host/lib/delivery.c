#include "lib/delivery.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/secret.h"

enum {
	PATH_SIZE = 512
};

struct delivery {
	int fd;
	enum design design;
	off_t end; /* behind the last whole line */
	char folder[PATH_SIZE], part[PATH_SIZE], final[PATH_SIZE], fresh[PATH_SIZE];
};

static int failed(const char *path, const char *doing, struct fault *fault)
{
	return fault_set(fault, FAULT_SYSTEM,
			 errno == ENOSPC ? "make room and run it again; every verified card is kept" : NULL,
			 "%s: %s: %s", path, doing, strerror(errno));
}

/* All of it on the disk, or none of it in the file. */
static int append(struct delivery *delivery, const char *path, const char *line, size_t length,
		  struct fault *fault)
{
	ssize_t n = write(delivery->fd, line, length);

	if (n == (ssize_t)length && fdatasync(delivery->fd) == 0) {
		delivery->end += n;
		return 0;
	}
	if (n >= 0 && (size_t)n < length)
		errno = ENOSPC;
	failed(path, "write", fault);
	if (ftruncate(delivery->fd, delivery->end) < 0)
		return fault_prefix(fault, "and half a line stays behind");
	(void)lseek(delivery->fd, delivery->end, SEEK_SET);
	return -1;
}

static int sync_folder(const struct delivery *delivery, struct fault *fault)
{
	int fd = open(delivery->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0) {
		failed(delivery->folder, "sync", fault);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	close(fd);
	return 0;
}

/* Copy the lines worth keeping; a last line that was cut off ends the copy. */
static int copy_kept(struct delivery *delivery, struct output_reader *reader,
		     bool (*keep)(void *context, const struct output_record *record), void *context,
		     struct fault *fault)
{
	struct output_record record;
	char line[OUTPUT_LINE];
	int kept = 0, bad = 0;

	while (!bad && output_next(reader, &record, NULL) == 1) {
		if (keep(context, &record)) {
			bad = append(delivery, delivery->fresh, line,
				     output_line(line, delivery->design, &record), fault);
			kept++;
		}
	}
	secret_wipe(&record, sizeof(record));
	secret_wipe(line, sizeof(line));
	return bad ? -1 : kept;
}

/* The old file's lines into a new one beside it, which then takes its name. */
static int renew(struct delivery *delivery, bool (*keep)(void *context, const struct output_record *record),
		 void *context, struct fault *fault)
{
	struct output_reader *old = NULL;
	char header[OUTPUT_LINE];
	int kept = 0;

	if (access(delivery->part, F_OK) == 0 && output_open(&old, delivery->part, fault) < 0 &&
	    fault->code == FAULT_POLICY)
		return -1; /* open to others; a file cut off in its first line is simply begun again */
	(void)unlink(delivery->fresh);
	delivery->fd = open(delivery->fresh, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (delivery->fd < 0) {
		output_close(old);
		return failed(delivery->fresh, "make", fault);
	}
	if (append(delivery, delivery->fresh, header, output_header(header, delivery->design), fault) < 0)
		kept = -1;
	if (kept == 0 && old && output_design(old) == delivery->design)
		kept = copy_kept(delivery, old, keep, context, fault);
	output_close(old);
	if (kept >= 0 && rename(delivery->fresh, delivery->part) < 0)
		kept = failed(delivery->part, "rename", fault);
	if (kept >= 0 && sync_folder(delivery, fault) < 0)
		kept = -1;
	if (kept < 0)
		(void)unlink(delivery->fresh);
	return kept;
}

int delivery_open(struct delivery **delivery, const char *folder, const char *batch, enum design design,
		  bool (*keep)(void *context, const struct output_record *record), void *context,
		  struct fault *fault)
{
	struct delivery *made = calloc(1, sizeof(*made));
	int kept;

	*delivery = NULL;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	made->fd = -1;
	made->design = design;
	if (snprintf(made->folder, PATH_SIZE, "%s", folder) >= PATH_SIZE ||
	    snprintf(made->final, PATH_SIZE, "%s/%s.csv", folder, batch) >= PATH_SIZE ||
	    snprintf(made->part, PATH_SIZE, "%s/%s.csv.part", folder, batch) >= PATH_SIZE ||
	    snprintf(made->fresh, PATH_SIZE, "%s/%s.csv.new", folder, batch) >= PATH_SIZE) {
		delivery_close(made);
		return fault_set(fault, FAULT_INPUT, NULL, "the folder's name is too long");
	}
	kept = renew(made, keep, context, fault);
	if (kept < 0) {
		delivery_close(made);
		return -1;
	}
	*delivery = made;
	return kept;
}

void delivery_close(struct delivery *delivery)
{
	if (!delivery)
		return;
	if (delivery->fd >= 0)
		close(delivery->fd);
	free(delivery);
}

int delivery_add(struct delivery *delivery, char line[static OUTPUT_LINE], const struct output_record *record,
		 struct fault *fault)
{
	size_t length = output_line(line, delivery->design, record);
	int result = append(delivery, delivery->part, line, length, fault);

	secret_wipe(line, length);
	return result;
}

int delivery_finish(struct delivery *delivery, struct fault *fault)
{
	/* never over an older file */
	if (renameat2(AT_FDCWD, delivery->part, AT_FDCWD, delivery->final, RENAME_NOREPLACE) < 0)
		return failed(delivery->final, "give the finished file its name", fault);
	return sync_folder(delivery, fault);
}

bool delivery_finished(const char *folder, const char *batch)
{
	char path[PATH_SIZE];

	return snprintf(path, sizeof(path), "%s/%s.csv", folder, batch) < PATH_SIZE &&
	       access(path, F_OK) == 0;
}

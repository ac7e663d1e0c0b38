#include "lib/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/secret.h"

int lines_open(struct lines *lines, const char *path, int *open_to_others, struct fault *fault)
{
	struct stat status;

	memset(lines, 0, sizeof(*lines));
	(void)snprintf(lines->path, sizeof(lines->path), "%s", path);
	lines->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (lines->fd < 0 || fstat(lines->fd, &status) < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "%s: %s", path, strerror(errno));
	if (open_to_others)
		*open_to_others = (status.st_mode & 077) != 0;
	return 0;
}

void lines_close(struct lines *lines)
{
	if (lines->fd >= 0)
		close(lines->fd);
	secret_wipe(lines, sizeof(*lines));
	lines->fd = -1;
}

int lines_fault(const struct lines *lines, struct fault *fault, const char *why)
{
	return fault_set(fault, FAULT_INPUT, "see simrite-batch(5); nothing was imported", "%s: line %u: %s",
			 lines->path, lines->number, why);
}

int lines_next(struct lines *lines, struct fault *fault)
{
	size_t length = 0;

	lines->number++;
	for (;;) {
		char c;

		if (lines->start == lines->end) {
			ssize_t n = read(lines->fd, lines->buffer, sizeof(lines->buffer));

			if (n < 0)
				return fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", lines->path,
						 strerror(errno));
			if (n == 0 && length == 0)
				return 0;
			if (n == 0)
				return lines_fault(lines, fault, "cut off: it does not end with a newline");
			lines->start = 0;
			lines->end = (size_t)n;
		}
		c = lines->buffer[lines->start++];
		if (c == '\n')
			break;
		if (c == 0 || length + 1 >= sizeof(lines->text))
			return lines_fault(lines, fault, "too long, or not text");
		lines->text[length++] = c;
	}
	if (length > 0 && lines->text[length - 1] == '\r')
		length--;
	lines->text[length] = 0;
	return 1;
}

int lines_split(char *text, char **field, int size)
{
	int count = 0;

	for (;;) {
		if (count == size)
			return -1;
		field[count++] = text;
		text = strchr(text, ';');
		if (!text)
			return count;
		*text++ = 0;
	}
}

/* lines.h - a text file that may hold keys, a line at a time.
 *
 * Read with read(2) into a buffer of ours, not stdio: every copy of a line is one we can wipe. */
#ifndef SIMRITE_LINES_H
#define SIMRITE_LINES_H

#include <stddef.h>

#include "lib/fault.h"

enum {
	LINES_MAX = 512, /* the longest line, with its newline and a final 0 */
	LINES_BUFFER = 4096,
};

struct lines {
	char path[512];
	int fd;
	unsigned number; /* of the line last read, from 1 */
	char buffer[LINES_BUFFER];
	size_t start, end;    /* unread part of buffer */
	char text[LINES_MAX]; /* the line, without its end */
};

/* `open_to_others` (NULL is allowed) says whether other users may read the file. */
int lines_open(struct lines *lines, const char *path, int *open_to_others, struct fault *fault);
void lines_close(struct lines *lines); /* wipes; allowed after a failed open */

/* The next line into lines->text: 1, 0 at the end, or -1. A last line without a newline was cut off. */
int lines_next(struct lines *lines, struct fault *fault);

/* "FILE: line N: why"; returns -1. */
int lines_fault(const struct lines *lines, struct fault *fault, const char *why);

/* Cut a line at its ';'. Returns how many fields, or -1: more than `size`. */
int lines_split(char *text, char **field, int size);

#endif

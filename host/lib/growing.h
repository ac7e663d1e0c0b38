/* growing.h - a text file while a batch is made: FOLDER/NAME.part, 0600.
 *
 * Every line that growing_add() returned 0 for is on the disk, whole; a line
 * that did not fit (disk full) leaves nothing behind. A run begins with a new
 * file into which it copies what it keeps of an earlier one. When the last
 * card is done the file gets its final name, FOLDER/NAME, so that half a batch
 * cannot be taken for one. */
#ifndef SIMRITE_GROWING_H
#define SIMRITE_GROWING_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/fault.h"

enum {
	GROWING_PATH = 512
};

struct growing {
	int fd;
	off_t end; /* behind the last whole line */
	char folder[GROWING_PATH], part[GROWING_PATH], final[GROWING_PATH], fresh[GROWING_PATH];
};

/* Name it, and begin the new file, FOLDER/NAME.new. */
int growing_begin(struct growing *growing, const char *folder, const char *name, struct fault *fault);

/* Append a line: on the disk, or not in the file. */
int growing_add(struct growing *growing, const char *line, size_t length, struct fault *fault);

/* The new file takes the place of the earlier one's .part; or goes. */
int growing_replace(struct growing *growing, struct fault *fault);
void growing_drop(struct growing *growing);

/* The final name; never over an older file. */
int growing_finish(struct growing *growing, struct fault *fault);
bool growing_finished(const char *folder, const char *name);

void growing_end(struct growing *growing); /* closes; once begun */

#endif

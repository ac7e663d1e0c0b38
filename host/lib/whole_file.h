/* whole_file.h - a file that is there as a whole or not at all.
 *
 * It is written beside its place, under its name and ".new", and then put
 * there in one step: who reads it meanwhile has the old one or the new one. */
#ifndef SIMRITE_WHOLE_FILE_H
#define SIMRITE_WHOLE_FILE_H

#include <limits.h>
#include <stdio.h>

#include "lib/fault.h"

struct whole_file {
	FILE *out;
	char temporary[PATH_MAX];
};

/* Ended by one of the two others. */
int whole_file_open(struct whole_file *file, const char *path, struct fault *fault);
/* Put it in its place; a failure leaves nothing of it. */
int whole_file_keep(struct whole_file *file, const char *path, struct fault *fault);
void whole_file_drop(struct whole_file *file);

#endif

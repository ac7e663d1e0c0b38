/* files.h - what is in a folder. */
#ifndef SIMRITE_FILES_H
#define SIMRITE_FILES_H

#include <jansson.h>

/* The names of all files below it, as an array in order; folders' own files as "folder/name". */
json_t *files_below(const char *folder);

#endif

/* private_file.h - a new file for its owner only: there are keys in it. */
#ifndef SIMRITE_PRIVATE_FILE_H
#define SIMRITE_PRIVATE_FILE_H

#include <stdio.h>

/* Made or emptied, mode 0600; NULL and errno. */
FILE *private_file(const char *path);

#endif

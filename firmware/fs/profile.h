/* profile.h - the table behind file.h: which files a card has and what a blank one holds.
 *
 * Nothing but file.c, select.c, fcp.c and service.c looks at it. */
#ifndef SIMRITE_PROFILE_H
#define SIMRITE_PROFILE_H

#include "fs/file.h"

/* Row 0 is the MF; a directory comes before its files. */
extern const struct file profile[];
extern const uint8_t profile_files;

/* The rows of the applications. */
extern const uint8_t profile_usim, profile_isim, profile_isd;

#endif

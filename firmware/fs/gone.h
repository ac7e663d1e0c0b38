/* gone.h - which files of the constant table are there no more.
 *
 * One store object with a bit for each row of the table (profile.h), set by
 * DELETE FILE and never cleared; no object while all are there. A directory
 * takes with it what is below it, so a row's own bit is all there is to ask,
 * and one store write removes a whole tree. ETSI TS 102 222 clause 6.4. */
#ifndef SIMRITE_GONE_H
#define SIMRITE_GONE_H

#include "fs/file.h"

/* Is this row gone? 1, 0 or ERROR_MEMORY. The MF never is. */
MUST_CHECK int gone_is(const struct store *store, uint16_t file);

/* Remove a row, and all rows below it: one store write. ERROR_FULL, ERROR_MEMORY. */
MUST_CHECK int gone_add(struct store *store, uint16_t file);

#endif

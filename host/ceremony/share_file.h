/* share_file.h - one custodian's share as a file.
 *
 * One line of canonical JSON, mode 0600: ceremony, checksum, custodian,
 * index (1..total), mode, salt, schema, set, threshold, total, type
 * ("simrite share"), value. `checksum` is the SHA-256 of the canonical object
 * without it; because the salt is random it gives nothing away, and it is
 * also the commitment that the transcript publishes. `set` names the attempt
 * the share was made in: shares of two sets never fit together. */
#ifndef SIMRITE_SHARE_FILE_H
#define SIMRITE_SHARE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "ceremony/plan.h"
#include "lib/fault.h"
#include "lib/share.h"

struct share_file {
	char ceremony[PLAN_ID + 1], set[17], custodian[PLAN_TEXT + 1];
	bool rehearsal;
	unsigned index, threshold, total;
	uint8_t salt[32];
	uint8_t commitment[32];
	struct share share; /* secret; x = index - 1 */
};

/* Write PATH, whole or not at all, and fill in the commitment. */
int share_file_write(struct share_file *file, const char *path, struct fault *fault);

/* Read and check PATH. A file that was changed is FAULT_INPUT. */
int share_file_read(struct share_file *file, const char *path, struct fault *fault);

#endif

/* share_file.h - one custodian's share as a file, and as SLIP-0039 sees it.
 *
 * One line of canonical JSON, mode 0600: ceremony, checksum, custodian,
 * index (1..total), mode, passphrase ("no" or "yes": one is needed), salt,
 * schema (2), set, threshold, total, type ("simrite share"), value. `checksum` is the SHA-256 of the
 * canonical object without it. The commitment that the transcript publishes is hierarchy.h's, the same for
 * every kind of share; the salt is random, so it gives nothing away. `set` names the attempt the share was
 * made in: shares of two sets never fit together.
 *
 * `value` is a member share of SLIP-0039: what is split is the master
 * encrypted with the passphrase (or the empty one). The set's identifier is
 * the first 15 bits of `set`; it is extendable, its exponent 0, its only group
 * needs `threshold` shares, and a share's index there is `index` - 1. So file
 * and mnemonic hold one value, and any tool that has SLIP-0039 restores it. */
#ifndef SIMRITE_SHARE_FILE_H
#define SIMRITE_SHARE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "ceremony/plan.h"
#include "lib/fault.h"
#include "lib/slip39.h"

struct share_file {
	char ceremony[PLAN_ID + 1], set[17], custodian[PLAN_TEXT + 1];
	bool rehearsal, passphrase;
	unsigned index, threshold, total;
	uint8_t salt[32];
	uint8_t commitment[32];
	struct share share; /* secret; x = index - 1 */
};

/* Write PATH, whole or not at all, and fill in the commitment. */
int share_file_write(struct share_file *file, const char *path, struct fault *fault);

/* Read and check PATH. A file that was changed is FAULT_INPUT. */
int share_file_read(struct share_file *file, const char *path, struct fault *fault);

/* What all shares of `set` (16 hex digits) have in common. */
void share_file_set(struct slip39_set *out, const char *set);
/* The share with its place, for slip39_encode(). */
void share_file_slip39(struct slip39_share *out, const struct share_file *file);

#endif

/* fcp.h - the file control parameters a SELECT or STATUS answers.
 *
 * Template 62 with tags 82, 83, 84, A5, 8A, 8B, C6, 80, 88 as far as they
 * apply, at most FCP_MAX bytes, below 98: some terminals have room for no more. The
 * longest is that of an application with FILE_SECURITY_MAX bytes of rule and AID,
 * a FID and all PINs.
 * ETSI TS 102 221 clauses 11.1.1.3 and 11.1.1.4. */
#ifndef SIMRITE_FCP_H
#define SIMRITE_FCP_H

#include "apdu/command.h"

enum {
	FCP_MAX = 97
};

/* Append the FCP of `file` to `reply`. ERROR_NOT_FOUND, ERROR_RANGE, ERROR_MEMORY. */
MUST_CHECK int fcp_fill(const struct card *card, uint16_t file, struct reply *reply);

/* Append the FCI (6F) of an application, as GlobalPlatform 11.9.3.1 has it. */
MUST_CHECK int fcp_fill_fci(const struct card *card, uint16_t file, struct reply *reply);

#endif

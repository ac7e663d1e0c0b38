/* sheet.h - what the pages of a ceremony have in common: the script before, the report after. */
#ifndef SIMRITE_SHEET_H
#define SIMRITE_SHEET_H

#include <stdint.h>

#include "ceremony/plan.h"
#include "lib/page.h"

enum {
	SHEET_ROLE = 2 * PLAN_TEXT + 64
};

/* 32 bytes to be read aloud and compared: eight rows of hex and words. */
void sheet_digest(FILE *out, const char *caption, const uint8_t bytes[static 32]);
/* The same with room to write both by hand. */
void sheet_blank_digest(FILE *out, const char *caption);
/* "REHEARSAL", so large that nobody takes it for the other; nothing in production. */
void sheet_stamp(FILE *out, const struct plan *plan);
/* A row of a table of facts, when there is such a text. */
void sheet_fact(FILE *out, const char *name, const char *text);
/* What party i is: "administrator", "custodian 2: audit, FR", "witness: notary". */
void sheet_role(char out[static SHEET_ROLE], const struct plan *plan, unsigned i);

/* Fill in a page and write it to a file that is not there yet; NULL and "-" are standard output. */
int sheet_put(const char *path, const char *page, const json_t *values, struct fault *fault);

#endif

/* search.h - is any secret of the run where it should not be?
 *
 * Secrets are added by name; each is looked for as raw bytes, as hex digits
 * of either case, and as base64 at every alignment, also across line ends,
 * blanks and colons. Short codes are looked for as text beside their card's
 * number. What was found is told by name and file, never by value. */
#ifndef SIMRITE_SEARCH_H
#define SIMRITE_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

struct search;

struct search *search_new(void);         /* NULL: no memory */
void search_free(struct search *search); /* wipes */

/* At least 8 bytes, so that chance does not find it; the name and bytes are
 * copied. Adding a value twice is harmless. */
int search_add(struct search *search, const char *name, const void *bytes, size_t length,
	       struct fault *fault);
/* The same for hex digits. */
int search_add_hex(struct search *search, const char *name, const char *hex, struct fault *fault);
/* 4 to 8 digits, too few to look for alone: found where they stand as a word on
 * one line with `near`, the number of their card. */
int search_add_code(struct search *search, const char *name, const char *digits, const char *near,
		    struct fault *fault);
unsigned search_secrets(const struct search *search);

/* Look through bytes in memory that go by `name`. 0: clean. -1: FAULT_NO names
 * the secret and the place, or FAULT_SYSTEM. */
int search_bytes(struct search *search, const char *name, const void *bytes, size_t length,
		 struct fault *fault);
/* Every file below the folder but `skip` (paths below it, ends with NULL) and
 * what is below those. Links are followed. Adds to *files. */
int search_folder(struct search *search, const char *folder, const char *const *skip, unsigned *files,
		  struct fault *fault);
/* A log of card answers (SIMRITE_ANSWERS): hex lines; also what they hold
 * joined together without status words. Adds to *answers. */
int search_answers(struct search *search, const char *path, unsigned *answers, struct fault *fault);

#endif

/* closing.h - whose signatures the closing note of a ceremony should have. */
#ifndef SIMRITE_CLOSING_H
#define SIMRITE_CLOSING_H

#include <limits.h>

#include "ceremony/plan.h"
#include "lib/note.h"

enum {
	CLOSING_KEYS = 1 + PLAN_PARTIES
};

/* The ceremony's key first, then every party with one, in the plan's order. Returns how many. */
size_t closing_keys(struct note_key keys[static CLOSING_KEYS], const struct plan *plan,
		    const uint8_t point[static 65]);

/* Check the note in file `path` against a transcript. */
int closing_check(struct note_key keys[static CLOSING_KEYS], size_t *count, const struct plan *plan,
		  const uint8_t point[static 65], const char *path, const char *transcript, size_t length,
		  struct fault *fault);

/* transcript.jsonl has transcript.note beside it: is there one, and where? */
bool closing_note_beside(char path[static PATH_MAX], const char *transcript);

#endif

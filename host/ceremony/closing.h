/* closing.h - whose signatures the closing note of a ceremony should have. */
#ifndef SIMRITE_CLOSING_H
#define SIMRITE_CLOSING_H

#include <limits.h>

#include "ceremony/plan.h"
#include "lib/note_policy.h"

enum {
	CLOSING_KEYS = 1 + PLAN_PARTIES,
	CLOSING_NAMES = PLAN_PARTIES * (PLAN_TEXT + 2) /* of all of them, told */
};

/* The ceremony's key first, then every party with one, in the plan's order. Returns how many. */
size_t closing_keys(struct note_key keys[static CLOSING_KEYS], const struct plan *plan,
		    const uint8_t point[static 65]);

/* Check the note in file `path` against a transcript, and by `policy` (NULL: by none). */
int closing_check(struct note_key keys[static CLOSING_KEYS], size_t *count, const struct plan *plan,
		  const uint8_t point[static 65], const char *path, const char *transcript, size_t length,
		  struct note_policy *policy, struct fault *fault);

/* The parties whose signature was found, or was not: a list, and in `line` with commas between. */
json_t *closing_names(char line[static CLOSING_NAMES], const struct note_key *keys, const struct plan *plan,
		      bool found);

/* Say how a policy was met, and by whom: the member "policy" of a result. */
json_t *closing_tell_policy(const struct note_policy *policy, const char *path);

/* transcript.jsonl has transcript.note beside it: is there one, and where? */
bool closing_note_beside(char path[static PATH_MAX], const char *transcript);

#endif

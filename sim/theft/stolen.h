/* stolen.h - keys that somebody stole earlier: a keys.jsonl as thieves leave it (loot.h). */
#ifndef SIMRITE_STOLEN_H
#define SIMRITE_STOLEN_H

#include "theft/break_in.h"

struct stolen {
	struct stolen_key *keys;
	size_t count;
};

/* Every line of FOLDER/keys.jsonl that has imsi, k and opc; others are passed
 * over. An absent file is no key. On -1 nothing needs freeing. */
int stolen_read(struct stolen *stolen, const char *folder, struct fault *fault);
void stolen_free(struct stolen *stolen); /* wipes */

/* The key of this subscriber, or NULL. */
const struct stolen_key *stolen_of(const struct stolen *stolen, const char *imsi);

#endif

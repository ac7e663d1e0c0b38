/* judge.h - was anything really stolen?
 *
 * The judge alone reads the sealed truth: what users said and heard, and what
 * each card answered (RES, CK, IK). It knows no keys. A key a thief claims
 * counts when Milenage with it gives what that subscriber's own card answered
 * in every recorded session; a session counts as decrypted when every packet
 * of it is in the loot, byte for byte. Claims that are not true are counted too.
 * A session was before the theft unless the truth says "phase":"after". */
#ifndef SIMRITE_JUDGE_H
#define SIMRITE_JUDGE_H

#include <jansson.h>

#include "lib/fault.h"

enum {
	JUDGE_DESIGNS_MAX = 8
};

struct judge_cell {
	char design[32];
	/* recorded, and truly deciphered; before the theft and after it */
	unsigned sessions[2], decrypted[2];
	unsigned keys, recovered; /* subscribers, and keys truly known */
	unsigned false_keys;      /* claimed for one of these subscribers, or for nobody; not true */
};

struct verdicts {
	struct judge_cell cells[JUDGE_DESIGNS_MAX];
	unsigned count;
	unsigned false_keys, false_packets; /* claimed and not true, over all designs */
	json_t *truths[JUDGE_DESIGNS_MAX];
};

/* Add a design's truth folder (sessions.jsonl, simrite-radio's). */
int judge_truth(struct verdicts *verdicts, const char *design, const char *folder, struct fault *fault);

/* Read the loot folder (theft/loot.h) and fill in the counts. */
int judge_loot(struct verdicts *verdicts, const char *folder, struct fault *fault);

void judge_free(struct verdicts *verdicts);

#endif

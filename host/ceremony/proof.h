/* proof.h - that one card was loaded in a ceremony, once, told by one file.
 *
 * A proof is an object of canonical JSON: the closing note, four lines of
 * the transcript and the card's statements, each with its audit path
 * (docs/ceremony/protocol.md, "A proof for one card"). Who has it needs
 * neither the transcript nor the other cards' receipts. The last line is among
 * the four: its hash is the fingerprint, and its root is over all the others,
 * so that the fingerprint alone says whose ceremony it was. */
#ifndef SIMRITE_PROOF_H
#define SIMRITE_PROOF_H

#include "ceremony/closing.h"
#include "ceremony/receipt_set.h"

/* ---- making one ---- */

struct proof_source {
	const char *iccid;             /* of the card */
	const char *transcript, *note; /* paths */
	const char *const *receipts;   /* paths, */
	unsigned receipts_count;       /* so many */
};

/* The proof's text, with its newline, to be freed. Everything it is taken
 * from is checked. FAULT_NO, FAULT_INPUT. */
int proof_make(char **text, const struct proof_source *source, struct fault *fault);

/* ---- checking one ---- */

/* What a proof says. */
struct proof {
	struct audit audit;                /* of its lines: plan, and the batch's */
	struct transcript_summary summary; /* with key, count, root and fingerprint of the whole */
	struct note_facts note;
	struct note_key keys[CLOSING_KEYS];
	size_t key_count;
	unsigned batch;
	struct receipt_line line;
	struct receipt_facts card;
};

/* Is it sound, and does its note meet `policy` (NULL: none)? FAULT_NO says what is wrong. Nothing is known of
 * who made it but summary.key and summary.fingerprint, for the caller to compare: either is enough. `proof`
 * is zeroed before, and freed after, also when it is refused. */
int proof_check(struct proof *proof, const char *text, size_t length, struct note_policy *policy,
		struct fault *fault);
void proof_free(struct proof *proof);

#endif

/* quorum.h - shares brought together, from files and as words: do they fit, and what do they restore?
 *
 * A share in words knows less than its file: not its ceremony, custodian and
 * commitment, and of its set the first 15 bits only. What it lacks is taken
 * from the transcript, and a wrong one is still found: by the words' checksum,
 * by the digest of the quorum, and by the others when there are more than
 * needed. All of this is secret: the caller has it in locked memory. */
#ifndef SIMRITE_QUORUM_H
#define SIMRITE_QUORUM_H

#include "ceremony/audit.h"
#include "ceremony/mnemonic.h"
#include "ceremony/share_file.h"
#include "ceremony/signer.h"

enum {
	QUORUM_NAME = 128
};

struct quorum_share {
	char name[QUORUM_NAME]; /* in faults: share "PATH", or mnemonic N */
	bool words;
	struct share_file file; /* of words: index, threshold and value only */
	struct slip39_share share;
};

/* Zeroed to begin with. */
struct quorum {
	struct quorum_share of[SHARE_MAX];
	unsigned count, words;
	struct share chosen[SHARE_MAX];
	struct mnemonic_room room;
	struct custodian_share held; /* just released by a card */
};

/* FAULT_USAGE for more than SHARE_MAX, else what share_file_read() and mnemonic_read() say. */
int quorum_add_file(struct quorum *quorum, const char *path, struct fault *fault);
int quorum_add_words(struct quorum *quorum, const char *source, struct fault *fault);
/* Of the last one that was added in words: is it of this transcript's set (an
 * audit, or NULL), and is it not there already? FAULT_INPUT. It stays until it is dropped. */
int quorum_check_last(const struct quorum *quorum, const struct audit *audit, struct fault *fault);
void quorum_drop_last(struct quorum *quorum);
/* Which custodian of the plan, from 0, keeps a share on a card and has this name?
 * FAULT_USAGE for nobody's name, FAULT_INPUT when the share is not on a card. */
int quorum_holder(unsigned *found, const struct plan *plan, const char *name, struct fault *fault);
/* From the card of custodian holder->name of the audit's plan, who has been
 * asked: whether a passphrase is over it, the card does not know. */
int quorum_add_card(struct quorum *quorum, const struct audit *audit, const struct signer *holder,
		    bool passphrase, struct fault *fault);

/* Are they of one set, no two the same, and enough? With an audit also: are
 * they those of its transcript (files by their commitment, words by set,
 * threshold and index)? The one that is not is named. */
int quorum_check(const struct quorum *quorum, const struct audit *audit, struct fault *fault);

/* The transcript to check against, signatures and all, as far as a master that
 * was kept: a disaster may come before the close. The caller has zeroed
 * `audit` and ends with audit_free(). */
int quorum_transcript(struct audit *audit, const char *path, struct fault *fault);

/* Has the transcript's ceremony such a share: its set, threshold, index? FAULT_INPUT names it by `name`. */
int quorum_place(const struct audit *audit, const struct slip39_share *share, const char *name,
		 struct fault *fault);

/* What was split (32 bytes), after quorum_check(). FAULT_INPUT when they do not
 * fit together: with more than are needed, the wrong one is named. */
int quorum_combine(uint8_t ems[static SHARE_LENGTH], struct quorum *quorum, struct fault *fault);

/* A share that came as a file, or NULL. */
const struct share_file *quorum_file(const struct quorum *quorum);

#endif

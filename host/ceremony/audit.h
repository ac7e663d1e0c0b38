/* audit.h - does a transcript tell of a ceremony that followed its plan?
 *
 * lib/transcript.h checks that nothing was changed; this checks that what was
 * signed makes sense: the steps, in their order, for every custodian and
 * batch of the plan, once each. The verifier and a ceremony that goes on
 * after a crash read a transcript with the same eyes.
 *
 * Entries, in order (docs/ceremony/protocol.md gives their members; those in
 * brackets only when the plan has such parties or things):
 *
 *     begin  inventory  [present*p]
 *     attempt  commit*n  base  reveal*n  master  share*n  restore  keep
 *     batch*b  [loaded*t]  [retired*a]  [destroyed*d]  inventory  [signoff*p]  close
 *
 * `exception` may stand anywhere before close, and so may `resume`; `time` wherever
 * a `loaded` has to come. Before
 * `keep` a resume abandons the attempt, and a new `attempt` must follow; a
 * share of an abandoned attempt is worth nothing.
 *
 * audit.c has the table of the steps; what an entry of each must be is in
 * audit_begin.c, audit_attempt.c, audit_batch.c and audit_people.c. */
#ifndef SIMRITE_AUDIT_H
#define SIMRITE_AUDIT_H

#include "ceremony/plan.h"
#include "lib/hsm.h"
#include "lib/transcript.h"

enum {
	AUDIT_CUT = 128 << 10, /* bytes: no line is longer, so no crash leaves more of one */
	AUDIT_TEXT = 1000,     /* bytes of an exception, at most */
	AUDIT_MISSING =
		10000 /* cards of a batch without a receipt, at most: their numbers fill no longer line */
};

/* What has to come next. */
enum audit_stage {
	AUDIT_BEGIN,
	AUDIT_INVENTORY,
	AUDIT_PRESENT,
	AUDIT_ATTEMPT,
	AUDIT_COMMIT,
	AUDIT_BASE,
	AUDIT_REVEAL,
	AUDIT_MASTER,
	AUDIT_SHARE,
	AUDIT_RESTORE,
	AUDIT_KEEP,
	AUDIT_BATCH,
	AUDIT_LOADED,
	AUDIT_RETIRED,
	AUDIT_DESTROYED,
	AUDIT_AFTER,
	AUDIT_SIGNOFF,
	AUDIT_CLOSE,
	AUDIT_CLOSED
};

/* What the transcript says of a batch. */
struct audit_batch {
	uint8_t check[16];
	int64_t at;          /* when its tickets were signed, Unix seconds; */
	uint8_t tickets[32]; /* their root, */
	uint8_t agree[65];   /* and with SLOT_AGREED the key in them */
	bool loaded;         /* the receipts came back: */
	unsigned count;      /* so many, */
	json_t *missing;     /* none of these tickets, */
	uint8_t root[32];    /* and their root */
};

struct audit {
	enum audit_stage stage;
	struct plan plan; /* from the first entry, like these four */
	struct hsm_identity hsm;
	char software[64];
	uint8_t program[32]; /* its SHA-256 */
	uint8_t object_id[16];
	json_t *before;               /* the token's objects, from the first inventory */
	unsigned done;                /* of the repeated entries of this stage */
	unsigned attempt;             /* number of the last one, 0 before */
	unsigned resumed, exceptions; /* how many times */
	char head[65];                /* `previous` of the entry at hand, */
	int64_t at, since;            /* and its time, and that of the one before, Unix seconds */
	uint32_t told;                /* the last time that was signed for cards */
	uint8_t point[65];            /* the key that signs */
	int64_t begun;                /* time of line 1, and */
	uint8_t first_line[32];       /* its SHA-256, from line 2 on */
	char set[17];                 /* of the last attempt, 16 hex digits */
	uint8_t nonce[16], base_check[16], master_check[16]; /* of the last attempt */
	uint8_t contribution[PLAN_CUSTODIANS][32];           /* commitments */
	uint8_t share[PLAN_CUSTODIANS][32];                  /* commitments */
	json_t *sets;                                        /* an object: one member for every attempt's */
	bool passphrase;                                     /* the shares need one */
	struct audit_batch batches[PLAN_BATCHES];
};

/* A transcript_visit; the context is a struct audit, zeroed before the first line. */
int audit_visit(void *audit, unsigned line, const json_t *entry, struct fault *fault);

/* Are these objects what the token has to hold at this stage, before or after?
 * A ceremony asks before it records them: a token can be put in order, a
 * transcript cannot. */
int audit_check_inventory(const struct audit *audit, const json_t *objects, struct fault *fault);

/* What is known of how well such a token keeps keys: the `assurance` of the
 * first entry, which nobody may word otherwise. */
const char *audit_assurance(const struct hsm_identity *hsm);

/* Rehearsal and production never share a token: the one that a ceremony makes for itself is called by its
 * mode, and another is not called by the other mode. FAULT_POLICY. */
int audit_check_token(const struct plan *plan, const struct hsm_identity *hsm, struct fault *fault);

void audit_free(struct audit *audit);

#endif

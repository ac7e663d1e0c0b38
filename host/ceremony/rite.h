/* rite.h - a ceremony under way: what its steps share.
 *
 * The transcript is the state. A step does its work, then writes its entry;
 * what a crash leaves without an entry is destroyed when the ceremony goes
 * on, and never used. Secrets are in locked memory, and only from the reveal
 * to the restore gate. */
#ifndef SIMRITE_RITE_H
#define SIMRITE_RITE_H

#include <limits.h>

#include "ceremony/audit.h"
#include "ceremony/mnemonic.h"
#include "ceremony/paper.h"
#include "ceremony/plan.h"
#include "ceremony/share_file.h"
#include "ceremony/signer.h"
#include "ceremony/walk.h"
#include "lib/hsm.h"
#include "lib/transcript.h"

/* All that must never reach a disk, in one locked piece. */
struct rite_secrets {
	uint8_t contribution[PLAN_CUSTODIANS][32];
	uint8_t wrapping[32], wrapped[40];
	uint8_t master[32], ems[32], restored[32]; /* ems: the master under the passphrase, what is split */
	char passphrase[SLIP39_PASSPHRASE + 1];    /* "": none */
	uint8_t random[PLAN_CUSTODIANS * 32];
	uint8_t data[32]; /* what the master is derived with */
	struct share share[PLAN_CUSTODIANS];
	struct share_file file[PLAN_CUSTODIANS];
	struct share quorum[PLAN_CUSTODIANS];
	uint8_t salt[PLAN_CUSTODIANS][32]; /* of shares on paper */
	struct paper paper;
	struct slip39_share typed;
	struct mnemonic_room room;
	struct custodian_share held; /* on its way to or from a card */
	char line[1024];             /* typed by a custodian */
};

/* --entropy NAME=SOURCE, --words NAME=SOURCE */
struct rite_entropy {
	const char *name, *source;
};

/* What a ceremony that did not end waits for; it goes on when the same command is run again. */
struct rite_waiting {
	char what[16]; /* "person", "receipts", "import" or "destruction"; "": for nothing */
	char who[PLAN_TEXT + 1];
	char how[240]; /* what to do about it */
};

struct rite {
	const struct plan *plan;
	char folder[PATH_MAX], path[PATH_MAX]; /* output folder; its transcript */
	char uri[PATH_MAX + 16];               /* of the HSM, as other programs can use it */
	struct rite_entropy entropy[PLAN_CUSTODIANS];
	unsigned entropy_count;
	struct signer signers[PLAN_PARTIES];
	unsigned signer_count;
	bool affirm_destroyed;                      /* --affirm-destroyed */
	const char *print;                          /* --print COMMAND, or NULL */
	struct rite_entropy words[PLAN_CUSTODIANS]; /* --words: where a custodian's sheet is read from */
	unsigned words_count;
	const char *passphrase; /* --passphrase SOURCE, or NULL */
	bool software_token;    /* --software-token: SoftHSM may hold a production ceremony */

	int lock;        /* the output folder, held open and locked; 0: not yet */
	bool fresh;      /* the folder has no transcript */
	bool was_closed; /* its transcript is closed already: only the note may lack something */
	bool marked;     /* but a run that was cut began to make the pair from here */

	struct hsm *hsm;
	struct transcript *transcript;
	struct audit audit;                /* what the transcript says so far */
	struct transcript_summary summary; /* of a transcript that is closed */
	struct rite_secrets *secret;
	hsm_key pair; /* private half of the ceremony's key */
	uint8_t object_id[16];
	char set[17];
	hsm_key base, master; /* of this attempt, this session */
	unsigned steps_done, steps;
	struct rite_waiting waiting;
	struct walk *walk; /* NULL: unattended */
	struct {
		uint8_t commitment[32], signature[64];
	} card;            /* what a custodian's card said last */
	const char *blame; /* whose card ended the attempt */
	json_t *early;     /* exceptions from before there is a transcript: [by, text] each */
};

/* Write an entry (data is taken over) and let the audit see it. */
int rite_record(struct rite *rite, const char *type, json_t *data, struct fault *fault);

/* SHA-256 of the last line, which the next one has as its `previous`: 64 hex digits. */
void rite_head(const struct rite *rite, char head[static 65]);

/* May the next step begin? -1 with FAULT_STOPPED after Ctrl-C. Moves the bar. */
int rite_next(struct rite *rite, const char *what, struct fault *fault);

/* Random bytes of this machine and of the token, xored: either suffices. */
int rite_random(struct rite *rite, uint8_t *out, size_t length, struct fault *fault);

/* The signer of this name that was given, or NULL. */
const struct signer *rite_signer(const struct rite *rite, const char *name);

/* ---- rite_folder.c: the output folder ---- */

/* Make or take `out`, for us alone, with nothing strange in it and room enough. Fills in folder and path. */
int rite_folder(struct rite *rite, const char *out, struct fault *fault);
/* An empty file says that the pair is being made from this folder, until line 1 is written. */
int rite_mark(const struct rite *rite, struct fault *fault);
int rite_unmark(const struct rite *rite, struct fault *fault);
/* What the transcript says, into rite->audit: 0, or 1 when it does not even have a whole first line. */
int rite_read_state(struct rite *rite, struct fault *fault);
/* The plan of the ceremony in folder `out`: only read from it, rite_open() checks. Caller frees it. */
int rite_plan(struct plan *plan, const char *out, struct fault *fault);
void rite_share_path(const struct rite *rite, char path[static PATH_MAX], unsigned index);
void rite_remove_shares(const struct rite *rite);

/* ---- rite_token.c: what is in the token ---- */

/* A name for an object of this ceremony; `label` must outlive it. */
struct hsm_name rite_name(const struct rite *rite, const char *label);
/* Every object is ours or known to the plan, else FAULT_POLICY. Ours that
 * the transcript does not tell of are destroyed: a crash left them. Without a
 * transcript they may be another folder's, in use: FAULT_POLICY, but for a
 * pair when this folder is marked. */
int rite_clean(struct rite *rite, struct fault *fault);
/* The inventory as an entry's data. */
json_t *rite_inventory(struct rite *rite, const char *when, struct fault *fault);
/* Is the ceremony's private key in the token? 1, 0 or -1. */
int rite_has_pair(struct rite *rite, struct fault *fault);
/* After the closing note: the ceremony's key goes. */
int rite_destroy_pair(struct rite *rite, struct fault *fault);

/* ---- rite_master.c: from contributions to a kept master ---- */

int rite_attempt(struct rite *rite, struct fault *fault);

/* ---- rite_batch.c: keys and tickets of batches, and what comes back. The next entry of each,
 * or rite->waiting says what has to be done outside ---- */

/* Before anything is made: do all tickets expire later than now (FAULT_POLICY), and is there room for them?
 */
int rite_tickets_check(const struct rite *rite, struct fault *fault);
int rite_batch(struct rite *rite, struct fault *fault);
int rite_wait_loaded(struct rite *rite, struct fault *fault);
int rite_wait_retired(struct rite *rite, struct fault *fault);
/* While receipts are awaited: sign the time, record it, and write it to `path` for the bureau. */
int rite_time(struct rite *rite, char path[static PATH_MAX], struct fault *fault);
/* The receipts of batch `id` came back, in file `path`; `missing` cards are known to have none. */
int rite_loaded(struct rite *rite, const char *id, const char *path, unsigned missing, struct fault *fault);
/* The keys of batch `id` are with the operator: what they were agreed with is destroyed. */
int rite_retired(struct rite *rite, const char *id, struct fault *fault);

/* ---- rite_people.c: who is here, what was destroyed, who signs it off. The next entry of each, or
 * rite->waiting says who or what is missing ---- */

int rite_present(struct rite *rite, struct fault *fault);
int rite_destroyed(struct rite *rite, struct fault *fault);
int rite_signoff(struct rite *rite, struct fault *fault);
/* Something did not go as planned: `by` is a party of the plan, `text` 1 to AUDIT_TEXT bytes, or FAULT_USAGE.
 */
int rite_exception_check(const struct plan *plan, const char *by, const char *text, struct fault *fault);
int rite_exception(struct rite *rite, const char *by, const char *text, struct fault *fault);

/* The party's signature: 0; 1 when its card is not here, and rite->waiting says so; -1. */
int rite_sign(struct rite *rite, uint8_t raw[static 64], const struct plan_party *party,
	      const struct signer_text *text, struct fault *fault);

/* ---- rite_note.c: of a closed transcript ---- */

/* Write the note, destroy the ceremony's key, and have every party sign that
 * has not; rite->waiting says who is missing. FAULT_POLICY when all was done before. */
int rite_note(struct rite *rite, struct fault *fault);

/* ---- rite_paper.c: the share of custodian i on a sheet of paper ---- */

/* rite->secret->file[i] to the printer; fills in its commitment. */
int rite_paper_print(struct rite *rite, unsigned i, struct fault *fault);
/* Value and commitment back into it, from the words on the sheet. */
int rite_paper_read(struct rite *rite, unsigned i, struct fault *fault);

/* At a terminal: wait until `who` is ready for what is said. -1 and FAULT_STOPPED when they leave. */
int rite_ask(struct rite *rite, const char *who, struct fault *fault, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* At a terminal: say what went wrong, to be tried again. false: it is not to be. */
bool rite_again(struct rite *rite, struct fault *fault);
/* Unattended: rite->waiting for this party. */
void rite_wait(struct rite *rite, const struct plan_party *party, const struct fault *why);

/* ---- rite_walk.c: what people at a terminal are told and asked besides; nothing without a walk ---- */

/* Who is needed and what will be done; the plan's digest read aloud; the numbers on the bags. */
int rite_welcome(struct rite *rite, struct fault *fault);
/* Before an attempt: what it does. After one that kept a master: who takes which share. */
int rite_tell_attempt(struct rite *rite, struct fault *fault);
int rite_hand_over(struct rite *rite, struct fault *fault);
/* After close: the check values and the fingerprint, read aloud, and the latter written down. */
int rite_farewell(struct rite *rite, struct fault *fault);

/* ---- rite_card.c: with the card of custodian i, found by its key, asked for again at a terminal ---- */

/* rite->card has the commitment to a contribution drawn on the card, and its signature. */
int rite_card_commit(struct rite *rite, unsigned i, struct fault *fault);
/* That contribution, into rite->secret. */
int rite_card_reveal(struct rite *rite, unsigned i, struct fault *fault);
/* rite->secret->file[i] onto the card; its commitment is filled in, rite->card has the signature. */
int rite_card_store(struct rite *rite, unsigned i, struct fault *fault);
/* And back into it. */
int rite_card_release(struct rite *rite, unsigned i, struct fault *fault);
/* Unattended: is a card not here that the attempt needs? 1: rite->waiting names it; 0, -1. */
int rite_card_missing(struct rite *rite, struct fault *fault);
/* Put rite->card.signature into an entry's data, which is taken over. */
json_t *rite_card_signed(struct rite *rite, json_t *data);

/* ---- rite_run.c ---- */

/* Open folder `out` or go on in it. Two at a time in one folder: the second is
 * FAULT_POLICY. The caller has set plan, entropy and the other options and
 * zeroed the rest, and calls rite_end() in any case. */
int rite_open(struct rite *rite, const char *out, struct fault *fault);
/* That, and every step that is left, or until rite->waiting says for what. */
int rite_run(struct rite *rite, const char *out, struct fault *fault);
void rite_end(struct rite *rite);

#endif

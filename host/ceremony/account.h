/* account.h - the report of a ceremony: what its transcript says, for people who read pages.
 *
 * Made from a transcript that was checked, and nothing else: account_read()
 * takes only one that verifies. account.c reads, account_parts.c and
 * account_lines.c write. */
#ifndef SIMRITE_ACCOUNT_H
#define SIMRITE_ACCOUNT_H

#include <stdbool.h>
#include <stdio.h>

#include "ceremony/audit.h"
#include "ceremony/closing.h"
#include "ceremony/receipt_set.h"

/* What has to be so, or there is no report; NULL: not asked. */
struct account_wish {
	const char *fingerprint, *key;      /* hex, of 32 bytes */
	const char *note;                   /* unless given, the one beside the transcript, if there is one */
	const char *receipts[PLAN_BATCHES]; /* files of them; they have to fit */
	unsigned receipts_count;
	bool unfinished; /* one that is not closed will do, too */
};

struct account {
	json_t *entries;
	struct transcript_summary summary;
	struct audit audit;
	struct note_key keys[CLOSING_KEYS]; /* of the note, when there is one */
	size_t key_count;
	struct receipt_set receipts; /* those in hand */
	bool pinned;                 /* fingerprint or key was asked for, and is that */
};

/* FAULT_NO: the transcript is not sound, or not the one that was wished for. Caller ends with account_free().
 */
int account_read(struct account *account, const char *path, const struct account_wish *wish,
		 struct fault *fault);
void account_free(struct account *account);
/* "sound", "self-consistent, signer unknown" or "unfinished" */
const char *account_verdict(const struct account *account);

/* To a file that is not there yet; NULL and "-" are standard output. */
int account_put(const char *path, const struct account *account, struct fault *fault);

/* ---- for the writers ---- */

/* The next entry of this type from number *at on, which becomes the number
 * after it; NULL: there is none. A line's number is then *at. */
const json_t *account_next(const struct account *account, const char *type, size_t *at);
/* A text or number of an entry's data; "" and 0 when there is none. */
const char *account_text(const json_t *entry, const char *name);
unsigned account_number(const json_t *entry, const char *name);
/* When, as it stands there, and in Unix seconds. */
const char *account_at(const json_t *entry);
long long account_seconds(const json_t *entry);
/* "2 h 3 min 4 s" */
void account_duration(char *out, size_t size, long long seconds);

/* The rows of the account line by line; the context is a struct account. */
void account_lines(FILE *out, const void *account);

#endif

/* told.h - a ceremony told entry by entry, so that a test can tell it falsely.
 *
 * Entries are JSON with ' for ", without what every entry has (at, previous,
 * schema, seq, signature) and without key, plan_digest, count and root: those
 * are filled in, unless the entry says them itself. */
#ifndef SIMRITE_TOLD_H
#define SIMRITE_TOLD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "ceremony/audit.h"
#include "crypto/p256.h"

#define B8(d)  d d d d d d d d
#define B16(d) B8(d) B8(d)
#define B32(d) B16(d) B16(d)
#define ID                                                                                                   \
	"4d26456fdf6068c6229b176a96560e4f" /* printf 'simrite objects v1\nrehearsal\nrehearsal-a' |          \
					      sha256sum */

enum {
	TOLD_LENGTH = 64 << 10 /* of a transcript, at most */
};

#define SET(d)                 "'set': '" B8(d) "'"
#define WHO(index, name)       "'index': " index ", 'custodian': '" name "', "
#define OBJECT(kind, label, x) "{'kind': '" kind "', 'label': '" label "', 'id': " x "}"
#define KEPT                   "'" ID "', 'sensitive': 1, 'extractable': 0"
#define OTHER                  "'07', 'sensitive': 0, 'extractable': 1"
#define PAIR_PRIVATE           OBJECT("private", "simrite ceremony rehearsal-a", KEPT)
#define PAIR                                                                                                 \
	PAIR_PRIVATE                                                                                         \
	", " OBJECT("public", "simrite ceremony rehearsal-a", "'" ID "', 'sensitive': 0, 'extractable': 0")

extern struct fault told_fault; /* of the last audit */
extern const struct p256_random told_random;
/* Called for each entry once `previous` is in it: a test's own placeholders. May be NULL. */
extern void (*told_completes)(json_t *entry);

json_t *told_json(const char *text);
/* All of them, in an array. */
json_t *told_entries(const char *const *texts, size_t count);

/* Through the audit alone: the number of the line it refuses, from 0, or `count`. */
size_t told_audit(const json_t *entries, size_t count);
/* Signed and through transcript_check(), too: 0 or -1. */
int told_check_signed(const json_t *entries, bool with_audit);
/* As a transcript, signed; its length. The same entries give the same bytes. */
size_t told_transcript(char out[static TOLD_LENGTH], const json_t *entries);
/* The key that signs: a signature of its own, with the lower s, and its public half. */
void told_sign(uint8_t raw[static 64], const uint8_t digest[static 32]);
const uint8_t *told_point(void);

/* The first `count` are accepted; the last of `count` is refused, for this reason. */
void told_accept(const json_t *entries, size_t count);
void told_refuse(const json_t *entries, size_t count, const char *path, const char *why);

/* Set "data.objects.2.kind" to a value; NULL takes it out; ".+" appends to an array. */
void told_bend(json_t *entry, const char *path, const char *value);

struct told_row {
	unsigned entry;
	const char *path, *value; /* NULL: taken out */
	const char *why;
};
/* Each row bends a ceremony of its own, which is refused there. */
void told_refuse_rows(json_t *(*ceremony)(void), const struct told_row *rows, size_t count);

#define TOLD_ROWS(rows) told_refuse_rows(ceremony, (rows), sizeof(rows) / sizeof((rows)[0]))

#endif

/* transcript.h - what was done, so that nobody can change it afterwards.
 *
 * A file of lines. Each line is one entry: a JSON object in canonical form
 * (lib/canonical.h) ended by a newline, with exactly these members:
 *
 *     at         UTC, "2026-01-31T12:00:00Z", a time that there is; never earlier than the line before
 *     data       object; depends on `type`
 *     previous   SHA-256 of the line before, newline included, in hex; for
 *                line 1 the fingerprint of an earlier transcript, or 64 zeros
 *     schema     1
 *     seq        1 for line 1, 2 for line 2, ...
 *     signature  ECDSA P-256 over the SHA-256 of the canonical entry without
 *                this member: DER, base64; s in the lower half of the order
 *     type       "begin" for line 1, "close" for the last, else a lower-case word
 *
 * Line 1's data has `key`, the signer's public key (SubjectPublicKeyInfo,
 * DER, base64). "close" has `count`, the number of lines before it, and
 * `root`, their Merkle tree hash (RFC 6962; a leaf is a line without its
 * newline). The file's fingerprint is the SHA-256 of its last line, newline
 * included; through `previous` it covers everything.
 *
 * Documented for others in simrite-transcript(5). */
#ifndef SIMRITE_TRANSCRIPT_H
#define SIMRITE_TRANSCRIPT_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

/* Who signs: r || s over a digest, s in the lower half (as hsm_sign() does). */
struct transcript_signer {
	int (*sign)(void *context, uint8_t signature[static 64], const uint8_t digest[static 32],
		    struct fault *fault);
	void *context;
	uint8_t point[65]; /* 04 || X || Y */
};

/* ---- checking ---- */

/* What a whole or unfinished transcript says about itself. */
struct transcript_summary {
	unsigned count;          /* lines */
	int closed;              /* is the last line "close"? */
	uint8_t point[65];       /* the signer's key */
	uint8_t key[32];         /* SHA-256 of its SubjectPublicKeyInfo */
	uint8_t previous[32];    /* of line 1 */
	uint8_t fingerprint[32]; /* of the last line */
	uint8_t root[32]; /* Merkle root over the lines before the last one, if closed, else over all */
	char at[21];      /* time of the last line */
};

/* Is it "2026-01-31T12:00:00Z", a time that there is? */
int transcript_is_time(const char *text);
/* In Unix seconds; -1: it is none. */
int64_t transcript_seconds(const char *text);

/* Called for every line that is sound: line number from 1, and the entry
 * (borrowed). -1 with a fault stops the check. */
typedef int transcript_visit(void *context, unsigned line, const json_t *entry, struct fault *fault);

/* Check every line of a transcript in memory. Returns 0, or -1 and a fault
 * (FAULT_NO) that names the line and the reason. A transcript that is not
 * closed is sound when `unfinished` is not 0, and refused otherwise. `visit`
 * may be NULL. */
int transcript_check(struct transcript_summary *summary, const char *text, size_t length, int unfinished,
		     transcript_visit *visit, void *context, struct fault *fault);

/* Check one line (without its newline) that was taken out of a transcript:
 * form, signature, and that its time is not before summary->at. Line 1 comes
 * first, with a zeroed summary, and gives the key; what others are chained to
 * cannot be told. FAULT_NO. */
int transcript_check_one(struct transcript_summary *summary, unsigned seq, const char *line, size_t length,
			 transcript_visit *visit, void *context, struct fault *fault);

/* ---- writing ---- */

struct transcript;

/* Begin a new file (which must not exist, mode 0600) and write line 1: data
 * gets `key` added. `data` is taken over by each of these calls, also when
 * they fail. `previous` may be NULL (none). */
int transcript_create(struct transcript **transcript, const char *path,
		      const struct transcript_signer *signer, const uint8_t *previous, json_t *data,
		      struct fault *fault);

/* Check an unfinished file and go on after its last whole line; what a crash
 * left of a half-written line is cut off, and *cut its length. The signer
 * must be the one of line 1. A closed transcript is refused (FAULT_POLICY). */
int transcript_resume(struct transcript **transcript, const char *path,
		      const struct transcript_signer *signer, transcript_visit *visit, void *context,
		      size_t *cut, struct fault *fault);

/* Append one entry and wait until it is on the disk. On failure the file ends
 * where it ended before. */
int transcript_append(struct transcript *transcript, const char *type, json_t *data, struct fault *fault);

/* Append "close" with count and root added to data. Nothing can follow. */
int transcript_finish(struct transcript *transcript, json_t *data, struct fault *fault);

/* Of what is on the disk by now. */
const struct transcript_summary *transcript_summary(const struct transcript *transcript);
void transcript_free(struct transcript *transcript); /* NULL is allowed */

/* Read a whole file or pipe of at most 64 MiB, or standard input for "-"; to be freed. */
int transcript_load(char **text, size_t *length, const char *path, struct fault *fault);

#endif

/* note.h - the signed note that closes a ceremony: what a witness takes home.
 *
 * A note of C2SP signed-note (c2sp.org/signed-note), its text a checkpoint
 * (c2sp.org/tlog-checkpoint): who has the note can say later whether a
 * transcript that is shown is the one that was signed, and two people with
 * notes see whether they were shown two transcripts.
 *
 *     simrite/ceremony/ID            origin
 *     21                             lines of the transcript, "close" included
 *     q83Fa...=                      their Merkle tree hash (RFC 6962), base64
 *     mode production                or "mode rehearsal"
 *     fingerprint 3f1c...            SHA-256 of the last line, hex
 *
 *     (an empty line)
 *     — NAME BASE64                  one line for each signature
 *
 * A signature is the key id, 4 bytes of SHA-256 of the key's
 * SubjectPublicKeyInfo, and an ECDSA P-256 signature (type 02; DER, with the lower s) over
 * the SHA-256 of the text, its last newline included. The ceremony's key
 * signs under the name of the origin, a party under its own, in which a
 * blank is %20, a plus %2B and a percent sign %25. */
#ifndef SIMRITE_NOTE_H
#define SIMRITE_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

enum {
	NOTE_TEXT = 255,         /* bytes of the text, at most: what a custodian's card signs */
	NOTE_NAME = 3 * 128 + 1, /* of a name in a signature line, and its final 0 */
	NOTE_LINE = NOTE_NAME + 120,
	NOTE_SIZE = 64 << 10 /* of a whole note */
};

/* What a note says of a transcript. */
struct note_facts {
	unsigned count; /* lines */
	uint8_t root[32];
	char fingerprint[65];
};

/* The text of a note that says so. */
int note_compose(char text[static NOTE_TEXT + 1], const struct note_facts *facts, const char *ceremony,
		 const char *mode, struct fault *fault);
/* What a note says, wherever it is; note_check() with the text of that tells
 * whether it says nothing else. -1: it is none. */
int note_read(struct note_facts *facts, const char *note);

/* The text of a note about a transcript, which is taken as sound. */
int note_text(char text[static NOTE_TEXT + 1], const char *transcript, size_t length, const char *ceremony,
	      const char *mode, struct fault *fault);

/* "simrite/ceremony/ID", or a party's name as it stands in a signature line. */
void note_origin(char name[static NOTE_NAME], const char *ceremony);
void note_name(char name[static NOTE_NAME], const char *party);

/* A signature line with its newline, of r || s over the SHA-256 of the text. */
int note_line(char line[static NOTE_LINE], const char *name, const uint8_t point[static 65],
	      const uint8_t signature[static 64], struct fault *fault);

/* Somebody who may have signed. */
struct note_key {
	char name[NOTE_NAME];
	uint8_t point[65];
	bool found; /* filled in: there is a signature, and it is good */
};

/* Is `note` about exactly this text, and is each signature by one of `keys`
 * good? Those of others are passed over. FAULT_NO says what is wrong; a
 * signature that is not there is not wrong. */
int note_check(const char *note, size_t length, const char *text, struct note_key *keys, size_t count,
	       struct fault *fault);

#endif

/* note_policy.h - which signatures make a closing note good enough: a policy file.
 *
 * The format is C2SP tlog-policy (c2sp.org/tlog-policy), as sigsum has it,
 * too; simrite-policy(5) describes it. Lines of words:
 *
 *     log VKEY [URL]                      a ceremony's key, under the name of its origin
 *     witness NAME VKEY [URL]             somebody who may sign
 *     group NAME all|any|K NAME...        K of these, witnesses or groups of lines before
 *     quorum NAME|none                    what has to be met; once
 *
 * VKEY is NAME+ID+BASE64: the name as it stands in a signature line, the key
 * id in 8 hex digits, and 02 and the SubjectPublicKeyInfo (signed-note, type
 * 02: ECDSA; P-256 only). The keys are the file's own: what the plan in a
 * transcript says of its witnesses is not asked.
 *
 * A name is a member of one group at most, and members stand before their
 * group: so a group is a tree, and one pass through the file's order counts
 * it. No witness counts twice. */
#ifndef SIMRITE_NOTE_POLICY_H
#define SIMRITE_NOTE_POLICY_H

#include "lib/note.h"

enum {
	NOTE_POLICY_LOGS = 64, /* the format asks for 32 of each, at least */
	NOTE_POLICY_WITNESSES = 64,
	NOTE_POLICY_GROUPS = 64,
	NOTE_POLICY_RULES = NOTE_POLICY_WITNESSES + NOTE_POLICY_GROUPS,
	NOTE_POLICY_SIZE = 256 << 10 /* bytes of a file */
};

/* A witness or a group. */
struct note_policy_rule {
	char name[NOTE_NAME];
	int witness;       /* its place in keys; -1: a group */
	int group;         /* that it is a member of, a place in rules; -1: none */
	unsigned of, want; /* of a group: members, and how many of them it takes */
	unsigned has;      /* filled in by a check: members that are met */
	bool met;          /* likewise */
};

struct note_policy {
	struct note_key logs[NOTE_POLICY_LOGS];
	struct note_key keys[NOTE_POLICY_WITNESSES];
	struct note_policy_rule rules[NOTE_POLICY_RULES]; /* in the file's order */
	size_t log_count, key_count, rule_count;
	int quorum; /* a place in rules; -1: none is asked for */
};

/* From a file's text; *policy is zeroed. FAULT_INPUT names the line. */
int note_policy_read(struct note_policy *policy, const char *text, size_t length, struct fault *fault);
/* The same from a file, to be freed; NULL. */
struct note_policy *note_policy_load(const char *path, struct fault *fault);

/* Does this note of `text`, in which the key `point` signs as `origin`, meet
 * it? FAULT_NO: a witness's signature is bad, the log is none of those that
 * are listed, or the quorum is not met. Who calls has checked the note's
 * signature by `point`. */
int note_policy_check(struct note_policy *policy, const char *note, size_t length, const char *text,
		      const char *origin, const uint8_t point[static 65], struct fault *fault);

/* Does a note that meets it have to be by somebody it names? */
bool note_policy_pins(const struct note_policy *policy);

#endif

/* rite_note.c - after the last line: the note that everybody signs, and the end of the ceremony's key.
 *
 * The note is written under the ceremony's key before that key is destroyed;
 * the parties' signatures follow, and whose is missing can come later. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ceremony/closing.h"
#include "ceremony/hierarchy.h"
#include "ceremony/rite.h"
#include "crypto/sha256.h"
#include "lib/say.h"

/* What is written, or to be. */
struct work {
	char text[NOTE_TEXT + 1];
	char *note; /* of NOTE_SIZE bytes */
	struct note_key keys[CLOSING_KEYS];
	size_t count;
	bool worked; /* something was done in this run */
};

static int write_note(struct rite *rite, const struct work *work, struct fault *fault)
{
	size_t length = strlen(work->note);
	int fd = openat(rite->lock, "transcript.note.new",
			O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	int saved;

	errno = fd < 0 ? errno : ENOSPC; /* what a short write means */
	if (fd >= 0 && write(fd, work->note, length) == (ssize_t)length && fsync(fd) == 0 && close(fd) == 0 &&
	    renameat(rite->lock, "transcript.note.new", rite->lock, "transcript.note") == 0 &&
	    fsync(rite->lock) == 0)
		return 0;
	saved = errno;
	(void)unlinkat(rite->lock, "transcript.note.new", 0);
	return fault_set(fault, FAULT_SYSTEM, "free some space, then run the same command again",
			 "cannot write the note in %.200s: %s", rite->folder, strerror(saved));
}

static int add_line(struct rite *rite, struct work *work, size_t key, const uint8_t raw[static 64],
		    struct fault *fault)
{
	char line[NOTE_LINE];

	if (note_line(line, work->keys[key].name, work->keys[key].point, raw, fault) < 0)
		return -1;
	if (strlen(work->note) + strlen(line) >= NOTE_SIZE)
		return fault_set(fault, FAULT_INPUT, NULL, "the note in %.200s is too long", rite->folder);
	memcpy(work->note + strlen(work->note), line, strlen(line) + 1);
	work->worked = true;
	return write_note(rite, work, fault);
}

/* The note as it is, or its text alone when there is none; 1 when there is one. */
static int read_note(struct rite *rite, struct work *work, struct fault *fault)
{
	int fd = openat(rite->lock, "transcript.note", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	if (fd < 0 && errno == ENOENT) {
		(void)snprintf(work->note, NOTE_SIZE, "%s\n", work->text);
		return 0;
	}
	n = fd < 0 ? -1 : read(fd, work->note, NOTE_SIZE - 1);
	if (fd >= 0)
		(void)close(fd);
	if (n < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot read the note in %.200s: %s",
				 rite->folder, strerror(errno));
	work->note[n] = 0;
	return note_check(work->note, (size_t)n, work->text, work->keys, work->count, fault) < 0 ? -1 : 1;
}

static int sign_with_pair(struct rite *rite, struct work *work, struct fault *fault)
{
	char label[HIERARCHY_LABEL];
	uint8_t digest[32], raw[64], point[65];
	hsm_key pair;

	hierarchy_label_pair(label, rite->plan->id);
	if (hsm_find_pair(rite->hsm, &pair, point, label, fault) < 0)
		return -1;
	if (sha256(digest, (struct span){(const uint8_t *)work->text, strlen(work->text)}) != OK)
		return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
	if (hsm_sign(rite->hsm, raw, pair, digest, fault) < 0 || add_line(rite, work, 0, raw, fault) < 0)
		return -1;
	work->keys[0].found = true;
	return 0;
}

/* Everybody whose signature is not in it yet. */
static int cosign(struct rite *rite, struct work *work, struct fault *fault)
{
	for (unsigned i = 0; i < plan_signers(rite->plan); i++) {
		const struct plan_party *party = plan_signer(rite->plan, i);
		struct signer_text text = {.what = SIGNER_NOTE,
					   .ceremony = rite->plan->id,
					   .name = party->name,
					   .note = work->text};
		uint8_t raw[64];
		int signed_;

		if (work->keys[i + 1].found)
			continue;
		if (rite_next(rite, "note", fault) < 0)
			return -1;
		signed_ = rite_sign(rite, raw, party, &text, fault);
		if (signed_ != 0)
			return signed_ < 0 ? -1 : 0;
		if (add_line(rite, work, i + 1, raw, fault) < 0)
			return -1;
	}
	return 0;
}

static int finish(struct rite *rite, struct work *work, struct fault *fault)
{
	char *text;
	size_t length;
	int there = -1;

	if (transcript_load(&text, &length, rite->path, fault) < 0)
		return -1;
	if (note_text(work->text, text, length, rite->plan->id, plan_mode(rite->plan), fault) == 0) {
		work->count = closing_keys(work->keys, rite->plan, rite->summary.point);
		there = read_note(rite, work, fault);
	}
	free(text);
	if (there < 0)
		return -1;
	if (!work->keys[0].found) {
		there = rite->was_closed ? rite_has_pair(rite, fault) : 1;
		if (there < 0)
			return -1;
		if (there == 0) /* closed by a program that wrote no note, or the note was removed */
			return 0;
		if (sign_with_pair(rite, work, fault) < 0)
			return -1;
	}
	if (rite_destroy_pair(rite, fault) < 0 || rite_farewell(rite, fault) < 0)
		return -1;
	return cosign(rite, work, fault);
}

int rite_note(struct rite *rite, struct fault *fault)
{
	struct work *work = calloc(1, sizeof(*work));
	int result;

	if (work)
		work->note = calloc(1, NOTE_SIZE);
	if (!work || !work->note) {
		free(work);
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	}
	result = finish(rite, work, fault);
	if (result == 0 && rite->was_closed && !work->worked && !rite->waiting.what[0])
		result = fault_set(fault, FAULT_POLICY,
				   "a new ceremony needs a plan with a new id, and a new folder",
				   "this ceremony is closed: %.200s", rite->path);
	free(work->note);
	free(work);
	return result;
}

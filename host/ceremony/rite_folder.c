/* rite_folder.c - the folder a ceremony is held in: what may be in it, who has it, and how far it got. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "ceremony/rite.h"
#include "lib/canonical.h"
#include "lib/say.h"

enum {
	ROOM_BYTES = 4 << 20 /* for transcript, shares and a SoftHSM token */
};

void rite_share_path(const struct rite *rite, char path[static PATH_MAX], unsigned index)
{
	(void)snprintf(path, PATH_MAX, "%.*s/shares/share-%u.json", PATH_MAX - 32, rite->folder, index);
}

static int folder_holds_only_ours(const struct rite *rite, struct fault *fault)
{
	static const char *const ours[] = {".",
					   "..",
					   "batches",
					   "beginning",
					   "hsm",
					   "shares",
					   "transcript.jsonl",
					   "transcript.note",
					   "transcript.note.new",
					   NULL};
	DIR *folder = opendir(rite->folder);
	const struct dirent *entry;
	int result = 0;

	if (!folder)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot open folder %s: %s", rite->folder,
				 strerror(errno));
	while (result == 0 && (entry = readdir(folder))) {
		const char *const *name = ours;

		while (*name && strcmp(*name, entry->d_name) != 0)
			name++;
		if (!*name)
			result = fault_set(fault, FAULT_POLICY, "choose an empty folder, or one to go on in",
					   "folder %s holds \"%s\", which is not of a ceremony", rite->folder,
					   entry->d_name);
	}
	(void)closedir(folder);
	return result;
}

/* Before anything in it is looked at, and until rite_end(): a second run would
 * take what the first makes for what a crash left, and destroy it. */
static int lock_folder(struct rite *rite, struct fault *fault)
{
	int fd = open(rite->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot open folder %s: %s", rite->folder,
				 strerror(errno));
	rite->lock = fd;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		return fault_set(fault, FAULT_POLICY, "wait until it is done; nothing was touched",
				 "another ceremony is under way in folder %s", rite->folder);
	return fault_set(fault, FAULT_SYSTEM, NULL, "cannot lock folder %s: %s", rite->folder,
			 strerror(errno));
}

int rite_folder(struct rite *rite, const char *out, struct fault *fault)
{
	char shares[PATH_MAX];
	struct statvfs room;

	if (mkdir(out, 0700) < 0 && errno != EEXIST)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot make folder %s: %s", out,
				 strerror(errno));
	if (!realpath(out, rite->folder) || strlen(rite->folder) > PATH_MAX - 64)
		return fault_set(fault, FAULT_SYSTEM, NULL, "folder %s: %s", out, strerror(errno));
	if (lock_folder(rite, fault) < 0 || folder_holds_only_ours(rite, fault) < 0)
		return -1;
	if (statvfs(rite->folder, &room) == 0 &&
	    (unsigned long long)room.f_bavail * room.f_frsize < ROOM_BYTES)
		return fault_set(fault, FAULT_SYSTEM, "free 4 MiB before a key is made",
				 "there is too little room in %s", rite->folder);
	(void)snprintf(rite->path, sizeof(rite->path), "%.*s/transcript.jsonl", PATH_MAX - 32, rite->folder);
	(void)snprintf(shares, sizeof(shares), "%.*s/shares", PATH_MAX - 32, rite->folder);
	if (mkdir(shares, 0700) < 0 && errno != EEXIST)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot make folder %s: %s", shares,
				 strerror(errno));
	return 0;
}

/* An empty file says that the pair is being made from this folder: without it,
 * nobody could tell what a crash left before line 1 from another folder's pair. */
int rite_mark(const struct rite *rite, struct fault *fault)
{
	int fd = openat(rite->lock, "beginning", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || close(fd) < 0 || fsync(rite->lock) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot mark folder %s: %s", rite->folder,
				 strerror(errno));
	return 0;
}

/* Line 1 is written: it is the mark from now on. */
int rite_unmark(const struct rite *rite, struct fault *fault)
{
	if (unlinkat(rite->lock, "beginning", 0) < 0 && errno != ENOENT)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot clear folder %s: %s", rite->folder,
				 strerror(errno));
	return 0;
}

/* Shares of an attempt that is not in force are only a danger. */
void rite_remove_shares(const struct rite *rite)
{
	char path[PATH_MAX];

	for (unsigned i = 1; i <= rite->plan->total; i++) {
		rite_share_path(rite, path, i);
		if (unlink(path) == 0)
			say_note("removed %s: it belongs to an abandoned attempt", path);
	}
}

/* What the file says, before anything in the token is touched. */
int rite_read_state(struct rite *rite, struct fault *fault)
{
	char *text, *last;
	size_t length, rest;
	int result;

	if (transcript_load(&text, &length, rite->path, fault) < 0)
		return -1;
	last = memrchr(text, '\n', length);
	if (!last) { /* not even the first line is whole: nothing was begun */
		free(text);
		return unlink(rite->path) == 0
			       ? 1
			       : fault_set(fault, FAULT_SYSTEM, NULL, "cannot remove %.200s: %s", rite->path,
					   strerror(errno));
	}
	rest = length - (size_t)(last + 1 - text);
	result = transcript_check(&rite->summary, text, length - rest, 1, audit_visit, &rite->audit, fault);
	free(text);
	if (result == 0 && rest > AUDIT_CUT)
		result = fault_set(fault, FAULT_INPUT, "restore the file from a copy",
				   "the transcript ends with %zu bytes that are no line", rest);
	if (result < 0)
		return fault_prefix(fault, "%.100s", rite->path);
	if (memcmp(rite->audit.plan.digest, rite->plan->digest, 32) != 0)
		return fault_set(fault, FAULT_POLICY, "use the plan it was begun with, or another folder",
				 "the ceremony in this folder was begun with another plan (id \"%s\", %s)",
				 rite->audit.plan.id, plan_mode(&rite->audit.plan));
	return 0;
}

int rite_plan(struct plan *plan, const char *out, struct fault *fault)
{
	char path[PATH_MAX], *text = NULL;
	const char *newline;
	size_t length;
	json_t *line;
	int result = -1;

	memset(plan, 0, sizeof(*plan));
	if (snprintf(path, sizeof(path), "%s/transcript.jsonl", out) >= (int)sizeof(path))
		return fault_set(fault, FAULT_INPUT, NULL, "folder %.100s...: its name is too long", out);
	if (transcript_load(&text, &length, path, fault) < 0)
		return -1;
	newline = memchr(text, '\n', length);
	line = newline ? canonical_parse(text, (size_t)(newline - text), NULL) : NULL;
	if (line)
		result = plan_take(plan, json_object_get(json_object_get(line, "data"), "plan"), fault);
	else
		fault_set(fault, FAULT_INPUT, NULL, "%.200s begins with no entry: nothing was begun", path);
	json_decref(line);
	free(text);
	return result;
}

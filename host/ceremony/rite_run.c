/* rite_run.c - opening a ceremony, going on with one, and closing it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "ceremony/hierarchy.h"
#include "ceremony/locked.h"
#include "ceremony/rite.h"
#include "crypto/sha256.h"
#include "lib/canonical.h"
#include "lib/say.h"
#include "lib/softhsm.h"

enum {
	ROOM_BYTES = 4 << 20 /* for transcript, shares and a SoftHSM token */
};

int rite_record(struct rite *rite, const char *type, json_t *data, struct fault *fault)
{
	json_t *entry = json_pack("{s:s, s:O*}", "type", type, "data", data);
	int result;

	if (!data || !entry) {
		json_decref(entry);
		json_decref(data);
		return fault && fault->code != FAULT_NONE ? -1
							  : fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	}
	result = transcript_append(rite->transcript, type, data, fault);
	if (result == 0 &&
	    audit_visit(&rite->audit, transcript_summary(rite->transcript)->count, entry, fault) < 0) {
		fault->code = FAULT_BUG;
		result = -1;
	}
	json_decref(entry);
	return result;
}

int rite_next(struct rite *rite, const char *what, struct fault *fault)
{
	if (stop_asked())
		return fault_set(fault, FAULT_STOPPED,
				 "run the same command again: it goes on, or says what it begins anew",
				 "stopped before: %s", what);
	progress_at(++rite->steps_done, what);
	return 0;
}

int rite_random(struct rite *rite, uint8_t *out, size_t length, struct fault *fault)
{
	uint8_t own[64];
	int result = hsm_random(rite->hsm, out, length, fault);

	for (size_t done = 0; done < length && result == 0; done += sizeof(own)) {
		size_t part = length - done < sizeof(own) ? length - done : sizeof(own);

		if (getrandom(own, part, 0) != (ssize_t)part)
			result = fault_set(fault, FAULT_SYSTEM, NULL, "the system gives no random bytes: %s",
					   strerror(errno));
		for (size_t i = 0; i < part; i++)
			out[done + i] ^= own[i];
	}
	explicit_bzero(own, sizeof(own));
	return result;
}

void rite_share_path(const struct rite *rite, char path[static PATH_MAX], unsigned index)
{
	(void)snprintf(path, PATH_MAX, "%.*s/shares/share-%u.json", PATH_MAX - 32, rite->folder, index);
}

/* ---- the output folder ---- */

static int folder_holds_only_ours(const struct rite *rite, struct fault *fault)
{
	static const char *const ours[] = {".", "..", "beginning", "hsm", "shares", "transcript.jsonl", NULL};
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

static int prepare_folder(struct rite *rite, const char *out, struct fault *fault)
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

static int open_hsm(struct rite *rite, struct fault *fault)
{
	char label[33];

	if (strcmp(rite->plan->hsm, "softhsm") == 0) {
		(void)snprintf(rite->uri, sizeof(rite->uri), "softhsm:%s/hsm", rite->folder);
		(void)snprintf(label, sizeof(label), "simrite %s", plan_mode(rite->plan));
		if (softhsm_make(rite->uri + strlen("softhsm:"), label, fault) < 0)
			return -1;
	} else {
		(void)snprintf(rite->uri, sizeof(rite->uri), "%s", rite->plan->hsm);
	}
	return hsm_open(&rite->hsm, rite->uri, fault);
}

/* Production keys on a software token are said to be meant, or it is a mistake. */
static int allow_software(const struct rite *rite, struct fault *fault)
{
	if (rite->plan->rehearsal)
		return 0;
	if (!rite->software_token)
		return fault_set(
			fault, FAULT_POLICY,
			"use an HSM, make it a rehearsal, or say that it is meant with --software-token",
			"ceremony %s is production, but its token is SoftHSM, a program: whoever copies "
			"its files has every key",
			rite->plan->id);
	say_note(
		"WARNING: production ceremony %s is held on SoftHSM, a program: whoever copies its files has "
		"every key",
		rite->plan->id);
	return 0;
}

/* ---- signing ---- */

static int sign(void *context, uint8_t signature[static 64], const uint8_t digest[static 32],
		struct fault *fault)
{
	struct rite *rite = context;

	return hsm_sign(rite->hsm, signature, rite->pair, digest, fault);
}

/* ---- beginning ---- */

/* The program that runs, as bytes: what it is called proves nothing. */
static int digest_of_program(uint8_t digest[static 32], struct fault *fault)
{
	uint8_t block[65536];
	struct sha256 h;
	ssize_t n;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot read this program's own file: %s",
				 strerror(errno));
	sha256_start(&h);
	while ((n = read(fd, block, sizeof(block))) > 0)
		sha256_add(&h, block, (size_t)n);
	(void)close(fd);
	if (sha256_finish(&h, digest) != OK || n < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot read this program's own file");
	return 0;
}

/* Before anything is made: is it the program that was reviewed? */
static int check_program(const struct rite *rite, struct fault *fault)
{
	uint8_t digest[32];
	char hex[65];

	if (digest_of_program(digest, fault) < 0)
		return -1;
	if (plan_allows_program(rite->plan, digest))
		return 0;
	hex_write(hex, digest, 32);
	return fault_set(fault, FAULT_POLICY, "use a program that the plan lists, or have this one reviewed",
			 "this program's SHA-256 is %s, which is of no program of the plan", hex);
}

static json_t *describe_hsm(struct rite *rite, struct fault *fault)
{
	struct hsm_identity id;

	if (hsm_identity(rite->hsm, &id, fault) < 0)
		return NULL;
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "assurance", audit_assurance(&id), "label",
			 id.label, "library", id.library, "manufacturer", id.manufacturer, "model", id.model,
			 "serial", id.serial);
}

/* What a plan can ask for and this program cannot do is said before anything is made. */
static int check_able(const struct plan *plan, struct fault *fault)
{
	for (unsigned i = 0; i < plan->batch_count; i++)
		if (plan->batches[i].method)
			return fault_set(fault, FAULT_POLICY,
					 "leave out its method: a batch key alone is made",
					 "batch %s wants load tickets, which this version does not issue",
					 plan->batches[i].id);
	for (unsigned i = 0; i < plan->total; i++)
		if (plan->custodians[i].share != PLAN_FILE)
			return fault_set(
				fault, FAULT_POLICY, "let the share be a file",
				"the share of %s is to be kept on %s, which this version does not do",
				plan->custodians[i].name, plan_share_name(plan->custodians[i].share));
	return 0;
}

static int write_begin(struct rite *rite, const struct transcript_signer *signer, struct fault *fault)
{
	char software[65], digest[65];
	uint8_t program[32];
	json_t *hsm, *data, *entry;
	int result;

	if (digest_of_program(program, fault) < 0)
		return -1;
	hex_write(software, program, 32);
	hsm = describe_hsm(rite, fault);
	if (!hsm)
		return -1;
	hex_write(digest, rite->plan->digest, 32);
	data = json_pack("{s:o, s:O, s:s, s:{s:s, s:s}}", "hsm", hsm, "plan", rite->plan->json, "plan_digest",
			 digest, "software", "name", "simrite " VERSION, "sha256", software);
	entry = json_pack("{s:s, s:O*}", "type", "begin", "data", data);
	result = transcript_create(&rite->transcript, rite->path, signer,
				   rite->plan->has_previous ? rite->plan->previous : NULL, data, fault);
	if (result == 0) {
		char previous[65];

		hex_write(previous, rite->plan->previous, 32);
		(void)json_object_set_new(entry, "previous", json_string(previous));
		result = audit_visit(&rite->audit, 1, entry, fault);
	}
	json_decref(entry);
	return result;
}

/* An empty file says that the pair is being made from this folder: without it,
 * nobody could tell what a crash left before line 1 from another folder's pair. */
static int mark(const struct rite *rite, struct fault *fault)
{
	int fd = openat(rite->lock, "beginning", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || close(fd) < 0 || fsync(rite->lock) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot mark folder %s: %s", rite->folder,
				 strerror(errno));
	return 0;
}

/* Line 1 is written: it is the mark from now on. */
static int unmark(const struct rite *rite, struct fault *fault)
{
	if (unlinkat(rite->lock, "beginning", 0) < 0 && errno != ENOENT)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot clear folder %s: %s", rite->folder,
				 strerror(errno));
	return 0;
}

static int begin(struct rite *rite, struct fault *fault)
{
	struct transcript_signer signer = {.sign = sign, .context = rite};
	char label[HIERARCHY_LABEL];
	struct hsm_name name;

	if (rite_clean(rite, fault) < 0)
		return -1;
	hierarchy_label_pair(label, rite->plan->id);
	name = rite_name(rite, label);
	if (rite_next(rite, "ceremony key in the HSM", fault) < 0 || mark(rite, fault) < 0 ||
	    hsm_pair(rite->hsm, &rite->pair, signer.point, &name, fault) < 0)
		return -1;
	return write_begin(rite, &signer, fault) < 0 ? -1 : unmark(rite, fault);
}

/* ---- going on ---- */

/* Shares of an attempt that is not in force are only a danger. */
static void remove_shares(const struct rite *rite)
{
	char path[PATH_MAX];

	for (unsigned i = 1; i <= rite->plan->total; i++) {
		rite_share_path(rite, path, i);
		if (unlink(path) == 0)
			say_note("removed %s: it belongs to an abandoned attempt", path);
	}
}

static int already_closed(struct rite *rite, struct fault *fault)
{
	char path[sizeof(rite->path)];

	memcpy(path, rite->path, sizeof(path));
	if (rite_destroy_pair(rite, fault) < 0)
		return -1;
	return fault_set(fault, FAULT_POLICY, "a new ceremony needs a plan with a new id, and a new folder",
			 "this ceremony is closed: %.200s", path);
}

/* What the file says, before anything in the token is touched. */
static int read_state(struct rite *rite, struct fault *fault)
{
	struct transcript_summary summary;
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
	result = transcript_check(&summary, text, length - rest, 1, audit_visit, &rite->audit, fault);
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

static int go_on(struct rite *rite, struct fault *fault)
{
	struct transcript_signer signer = {.sign = sign, .context = rite};
	bool lost = rite->audit.stage > AUDIT_ATTEMPT && rite->audit.stage <= AUDIT_KEEP;
	char label[HIERARCHY_LABEL];
	size_t cut;

	if (unmark(rite, fault) < 0)
		return -1;
	if (rite->audit.stage == AUDIT_CLOSED)
		return already_closed(rite, fault);
	hierarchy_label_pair(label, rite->plan->id);
	if (hsm_find_pair(rite->hsm, &rite->pair, signer.point, label, fault) < 0 ||
	    transcript_resume(&rite->transcript, rite->path, &signer, NULL, NULL, &cut, fault) < 0 ||
	    rite_clean(rite, fault) < 0)
		return -1;
	say_note("going on with ceremony %s%s", rite->plan->id,
		 lost ? ": the last attempt was not finished, so it is abandoned and nothing of it is used"
		      : "");
	if (lost)
		remove_shares(rite);
	return rite_record(
		rite, "resume",
		json_pack("{s:s, s:I}", "abandoned", lost ? rite->audit.set : "none", "cut", (json_int_t)cut),
		fault);
}

/* ---- after the master is kept ---- */

static int derive_batch(struct rite *rite, unsigned i, struct fault *fault)
{
	const struct plan_batch *batch = &rite->plan->batches[i];
	char master_label[HIERARCHY_LABEL], label[HIERARCHY_LABEL], hex[33];
	uint8_t data[32], check[16];
	struct hsm_name name;
	hsm_key master, key;

	hierarchy_label_master(master_label, rite->plan->id);
	hierarchy_label_batch(label, batch->id);
	name = rite_name(rite, label);
	if (rite_next(rite, "batch key in the HSM", fault) < 0 ||
	    hsm_find(rite->hsm, &master, master_label, fault) < 0 ||
	    hierarchy_batch(data, rite->plan->id, batch->id, fault) < 0 ||
	    hsm_derive(rite->hsm, &key, &name, HSM_CMAC | HSM_KEPT, master, data, fault) < 0 ||
	    hierarchy_hsm_batch_check(rite->hsm, check, key, fault) < 0)
		return -1;
	hex_write(hex, check, sizeof(check));
	return rite_record(rite, "batch",
			   json_pack("{s:s, s:i, s:s, s:s}", "check", hex, "count", (int)batch->count, "id",
				     batch->id, "label", label),
			   fault);
}

static int record_inventory(struct rite *rite, const char *when, struct fault *fault)
{
	if (rite_next(rite, "inventory", fault) < 0)
		return -1;
	return rite_record(rite, "inventory", rite_inventory(rite, when, fault), fault);
}

static int finish(struct rite *rite, struct fault *fault)
{
	while (rite->audit.stage == AUDIT_BATCH)
		if (derive_batch(rite, rite->audit.done, fault) < 0)
			return -1;
	if (rite->audit.stage == AUDIT_AFTER && record_inventory(rite, "after", fault) < 0)
		return -1;
	if (rite_next(rite, "closing", fault) < 0 ||
	    transcript_finish(rite->transcript, json_object(), fault) < 0)
		return -1;
	return rite_destroy_pair(rite, fault);
}

static int start(struct rite *rite, const char *out, struct fault *fault)
{
	bool named = strncmp(rite->plan->hsm, "softhsm", 7) == 0;
	struct hsm_identity id;
	struct stat status;
	int fresh = 1;

	if ((named && allow_software(rite, fault) < 0) || check_program(rite, fault) < 0 ||
	    check_able(rite->plan, fault) < 0) /* nothing is made yet */
		return -1;
	rite->secret = locked_new(sizeof(*rite->secret), fault);
	if (!rite->secret ||
	    hierarchy_object_id(rite->object_id, plan_mode(rite->plan), rite->plan->id, fault) < 0 ||
	    prepare_folder(rite, out, fault) < 0)
		return -1;
	if (lstat(rite->path, &status) == 0 && !S_ISREG(status.st_mode))
		return fault_set(fault, FAULT_INPUT, NULL, "%.200s is not a file", rite->path);
	if (access(rite->path, F_OK) == 0 && (fresh = read_state(rite, fault)) < 0)
		return -1;
	rite->fresh = fresh != 0;
	rite->marked = faccessat(rite->lock, "beginning", F_OK, 0) == 0;
	if (open_hsm(rite, fault) < 0 || hsm_identity(rite->hsm, &id, fault) < 0)
		return -1;
	if (hsm_is_software(&id) && !named && allow_software(rite, fault) < 0)
		return -1;
	if (!plan_allows_hsm(rite->plan, id.serial))
		return fault_set(
			fault, FAULT_POLICY, "connect the HSM of the plan, or have the plan changed",
			"the token's serial number is %s, which is of no HSM among the plan's devices",
			id.serial);
	return fresh ? begin(rite, fault) : go_on(rite, fault);
}

int rite_run(struct rite *rite, const char *out, struct fault *fault)
{
	rite->steps = 8 + 3 * rite->plan->total + rite->plan->batch_count;
	progress_start("ceremony", rite->steps);
	if (start(rite, out, fault) < 0)
		return -1;
	if (rite->audit.stage == AUDIT_INVENTORY && record_inventory(rite, "before", fault) < 0)
		return -1;
	if (rite->audit.stage == AUDIT_ATTEMPT && rite_attempt(rite, fault) < 0)
		return -1;
	return finish(rite, fault);
}

void rite_end(struct rite *rite)
{
	progress_end();
	transcript_free(rite->transcript);
	hsm_close(rite->hsm);
	audit_free(&rite->audit);
	locked_free(rite->secret, sizeof(*rite->secret));
	if (rite->lock > 0)
		(void)close(rite->lock);
}

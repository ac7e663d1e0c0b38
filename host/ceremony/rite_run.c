/* rite_run.c - opening a ceremony, going on with one, and closing it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ceremony/hierarchy.h"
#include "ceremony/locked.h"
#include "ceremony/rite.h"
#include "crypto/sha256.h"
#include "lib/canonical.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "lib/softhsm.h"

void rite_head(const struct rite *rite, char head[static 65])
{
	hex_write(head, transcript_summary(rite->transcript)->fingerprint, 32);
}

/* Let the audit see what was written; it has the time only now. */
static int visit(struct rite *rite, json_t *entry, struct fault *fault)
{
	const struct transcript_summary *summary = transcript_summary(rite->transcript);

	if (json_object_set_new(entry, "at", json_string(summary->at)) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	return audit_visit(&rite->audit, summary->count, entry, fault);
}

int rite_record(struct rite *rite, const char *type, json_t *data, struct fault *fault)
{
	char head[65];
	json_t *entry;
	int result;

	rite_head(rite, head);
	entry = json_pack("{s:s, s:O*, s:s}", "type", type, "data", data, "previous", head);
	if (!data || !entry) {
		json_decref(entry);
		json_decref(data);
		return fault && fault->code != FAULT_NONE ? -1
							  : fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	}
	result = transcript_append(rite->transcript, type, data, fault);
	if (result == 0 && visit(rite, entry, fault) < 0) {
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
	if (!rite->walk)
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

static int open_hsm(struct rite *rite, struct fault *fault)
{
	char label[HIERARCHY_LABEL];

	if (strcmp(rite->plan->hsm, "softhsm") == 0) {
		(void)snprintf(rite->uri, sizeof(rite->uri), "softhsm:%s/hsm", rite->folder);
		hierarchy_label_token(label, plan_mode(rite->plan));
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
static int check_able(const struct rite *rite, struct fault *fault)
{
	const struct plan *plan = rite->plan;

	for (unsigned i = 0; i < plan->total; i++)
		if (plan->custodians[i].share == PLAN_PAPER && !rite->print)
			return fault_set(fault, FAULT_USAGE, "give --print COMMAND",
					 "the share of %s is to be kept on paper, and there is no printer",
					 plan->custodians[i].name);
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
		result = visit(rite, entry, fault);
	}
	json_decref(entry);
	return result;
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
	if (rite_tickets_check(rite, fault) < 0 || rite_next(rite, "ceremony key in the HSM", fault) < 0 ||
	    rite_mark(rite, fault) < 0 || hsm_pair(rite->hsm, &rite->pair, signer.point, &name, fault) < 0)
		return -1;
	return write_begin(rite, &signer, fault) < 0 ? -1 : rite_unmark(rite, fault);
}

/* ---- going on ---- */

static int go_on(struct rite *rite, struct fault *fault)
{
	struct transcript_signer signer = {.sign = sign, .context = rite};
	bool lost = rite->audit.stage > AUDIT_ATTEMPT && rite->audit.stage <= AUDIT_KEEP;
	char label[HIERARCHY_LABEL];
	size_t cut;

	if (rite_unmark(rite, fault) < 0)
		return -1;
	rite->was_closed = rite->audit.stage == AUDIT_CLOSED;
	if (rite->was_closed)
		return 0;
	hierarchy_label_pair(label, rite->plan->id);
	if (hsm_find_pair(rite->hsm, &rite->pair, signer.point, label, fault) < 0 ||
	    transcript_resume(&rite->transcript, rite->path, &signer, NULL, NULL, &cut, fault) < 0 ||
	    rite_clean(rite, fault) < 0)
		return -1;
	say_note("going on with ceremony %s%s", rite->plan->id,
		 lost ? ": the last attempt was not finished, so it is abandoned and nothing of it is used"
		      : "");
	if (lost)
		rite_remove_shares(rite);
	return rite_record(
		rite, "resume",
		json_pack("{s:s, s:I}", "abandoned", lost ? rite->audit.set : "none", "cut", (json_int_t)cut),
		fault);
}

/* ---- after the master is kept ---- */

static int record_inventory(struct rite *rite, const char *when, struct fault *fault)
{
	struct fault why = {0};
	json_t *data;

	if (rite_next(rite, "inventory", fault) < 0)
		return -1;
	data = rite_inventory(rite, when, fault);
	if (data && audit_check_inventory(&rite->audit, json_object_get(data, "objects"), &why) < 0) {
		json_decref(data);
		return fault_set(fault, FAULT_POLICY,
				 "put the token in order, and run the same command again",
				 "the token does not hold what it should: %s", why.text);
	}
	return rite_record(rite, "inventory", data, fault);
}

static int close_transcript(struct rite *rite, struct fault *fault)
{
	json_t *entry = json_pack("{s:s, s:{s:i, s:s}}", "type", "close", "data", "count", 0, "root", "");
	char head[65];
	int result = -1;

	rite_head(rite, head);
	if (entry && json_object_set_new(entry, "previous", json_string(head)) == 0 &&
	    rite_next(rite, "closing", fault) == 0 &&
	    transcript_finish(rite->transcript, json_object(), fault) == 0)
		result = visit(rite, entry, fault);
	rite->summary = *transcript_summary(rite->transcript);
	json_decref(entry);
	return result;
}

static int before(struct rite *rite, struct fault *fault)
{
	return record_inventory(rite, "before", fault);
}

static int after(struct rite *rite, struct fault *fault)
{
	return record_inventory(rite, "after", fault);
}

/* What does the next step of each stage; an attempt goes all the way to a kept master. */
static int (*const steps[AUDIT_CLOSED])(struct rite *rite, struct fault *fault) = {
	[AUDIT_INVENTORY] = before,         [AUDIT_PRESENT] = rite_present,
	[AUDIT_ATTEMPT] = rite_attempt,     [AUDIT_BATCH] = rite_batch,
	[AUDIT_LOADED] = rite_wait_loaded,  [AUDIT_RETIRED] = rite_wait_retired,
	[AUDIT_DESTROYED] = rite_destroyed, [AUDIT_AFTER] = after,
	[AUDIT_SIGNOFF] = rite_signoff,     [AUDIT_CLOSE] = close_transcript,
};

/* Who brings what, later: is it there? Before any key is. (Words are not: their sheet is not printed yet.) */
static int check_sources(const struct rite *rite, struct fault *fault)
{
	if (rite->passphrase && secret_check(rite->passphrase, "the passphrase of the shares", fault) < 0)
		return -1;
	for (unsigned i = 0; i < rite->entropy_count; i++)
		if (secret_check(rite->entropy[i].source, "random characters", fault) < 0)
			return fault_prefix(fault, "%.64s", rite->entropy[i].name);
	for (unsigned i = 0; i < rite->signer_count; i++)
		if (rite->signers[i].pin && secret_check(rite->signers[i].pin, "the PIN", fault) < 0)
			return fault_prefix(fault, "%.64s", rite->signers[i].name);
	return 0;
}

static int start(struct rite *rite, const char *out, struct fault *fault)
{
	bool named = strncmp(rite->plan->hsm, "softhsm", 7) == 0;
	struct hsm_identity id;
	struct stat status;
	int fresh = 1;

	if ((named && allow_software(rite, fault) < 0) || check_program(rite, fault) < 0 ||
	    check_able(rite, fault) < 0) /* nothing is made yet */
		return -1;
	rite->secret = locked_new(sizeof(*rite->secret), fault);
	if (!rite->secret ||
	    hierarchy_object_id(rite->object_id, plan_mode(rite->plan), rite->plan->id, fault) < 0 ||
	    rite_folder(rite, out, fault) < 0)
		return -1;
	if (lstat(rite->path, &status) == 0 && !S_ISREG(status.st_mode))
		return fault_set(fault, FAULT_INPUT, NULL, "%.200s is not a file", rite->path);
	if (access(rite->path, F_OK) == 0 && (fresh = rite_read_state(rite, fault)) < 0)
		return -1;
	rite->fresh = fresh != 0;
	rite->marked = faccessat(rite->lock, "beginning", F_OK, 0) == 0;
	if (rite->audit.stage <= AUDIT_KEEP && check_sources(rite, fault) < 0)
		return -1;
	if (open_hsm(rite, fault) < 0 || hsm_identity(rite->hsm, &id, fault) < 0)
		return -1;
	if (hsm_is_software(&id) && !named && allow_software(rite, fault) < 0)
		return -1;
	if (audit_check_token(rite->plan, &id, fault) < 0)
		return -1;
	if (!plan_allows_hsm(rite->plan, id.serial))
		return fault_set(
			fault, FAULT_POLICY, "connect the HSM of the plan, or have the plan changed",
			"the token's serial number is %s, which is of no HSM among the plan's devices",
			id.serial);
	return fresh ? begin(rite, fault) : go_on(rite, fault);
}

int rite_open(struct rite *rite, const char *out, struct fault *fault)
{
	rite->steps = 8 + 3 * rite->plan->total + rite->plan->batch_count + plan_batches_with(rite->plan, 0) +
		      plan_batches_with(rite->plan, SLOT_AGREED) + 3 * plan_signers(rite->plan) +
		      rite->plan->destruction_count;
	if (!rite->walk)
		progress_start("ceremony", rite->steps);
	if (start(rite, out, fault) < 0)
		return -1;
	for (size_t i = 0; !rite->was_closed && i < json_array_size(rite->early); i++) {
		const json_t *one = json_array_get(rite->early, i);

		if (rite_exception(rite, json_string_value(json_array_get(one, 0)),
				   json_string_value(json_array_get(one, 1)), fault) < 0)
			return -1;
	}
	return 0;
}

int rite_run(struct rite *rite, const char *out, struct fault *fault)
{
	if (rite_open(rite, out, fault) < 0)
		return -1;
	while (rite->audit.stage != AUDIT_CLOSED && !rite->waiting.what[0]) {
		if (!steps[rite->audit.stage])
			return fault_set(fault, FAULT_BUG, NULL, "no step %d", (int)rite->audit.stage);
		rite->blame = NULL;
		if (steps[rite->audit.stage](rite, fault) < 0)
			return -1;
	}
	return rite->waiting.what[0] ? 0 : rite_note(rite, fault);
}

void rite_end(struct rite *rite)
{
	progress_end();
	transcript_free(rite->transcript);
	hsm_close(rite->hsm);
	audit_free(&rite->audit);
	json_decref(rite->early);
	locked_free(rite->secret, sizeof(*rite->secret));
	if (rite->lock > 0)
		(void)close(rite->lock);
}

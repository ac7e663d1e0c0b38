#include "ceremony/audit.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ceremony/hierarchy.h"
#include "lib/canonical.h"

static int no(struct fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int no(struct fault *fault, const char *format, ...)
{
	char why[200];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(why, sizeof(why), format, arguments);
	va_end(arguments);
	return fault_set(fault, FAULT_NO, NULL, "%s", why);
}

/* The members of data that an entry has, and no others. */
static int members(const json_t *data, size_t count, struct fault *fault)
{
	if (json_object_size(data) != count)
		return no(fault, "data has %zu members, not %zu", json_object_size(data), count);
	return 0;
}

static int is_text(const json_t *data, const char *name, const char *want, struct fault *fault)
{
	const char *text = json_string_value(json_object_get(data, name));

	if (!text || strcmp(text, want) != 0)
		return no(fault, "%s is not \"%.80s\"", name, want);
	return 0;
}

static int is_number(const json_t *data, const char *name, unsigned want, struct fault *fault)
{
	const json_t *value = json_object_get(data, name);

	if (!json_is_integer(value) || json_integer_value(value) != (json_int_t)want)
		return no(fault, "%s is not %u", name, want);
	return 0;
}

static int take_bytes(uint8_t *out, size_t length, const json_t *data, const char *name, struct fault *fault)
{
	unsigned any = 0;

	if (canonical_hex_read(out, length, json_string_value(json_object_get(data, name))) < 0)
		return no(fault, "%s is not %zu bytes in hex", name, length);
	for (size_t i = 0; i < length; i++)
		any |= out[i];
	return any ? 0 : no(fault, "%s is zero", name);
}

/* ---- begin and inventory ---- */

const char *audit_assurance(const struct hsm_identity *hsm)
{
	return hsm_is_software(hsm)
		       ? "software token: no quorum, no attestation, keys on the disk of this machine"
		       : "as its maker states; simrite checked no attestation";
}

/* A text of at most size - 1 bytes. */
static int take_text(char *out, size_t size, const json_t *data, const char *name, struct fault *fault)
{
	const char *text = json_string_value(json_object_get(data, name));

	if (!text || strlen(text) >= size)
		return no(fault, "%s is not a text of at most %zu bytes", name, size - 1);
	memcpy(out, text, strlen(text) + 1);
	return 0;
}

/* The token is the plan's, and nothing better is said of it than is known. */
static int visit_hsm(struct audit *audit, const json_t *data, struct fault *fault)
{
	struct hsm_identity *hsm = &audit->hsm;

	if (members(data, 6, fault) < 0 ||
	    take_text(hsm->label, sizeof(hsm->label), data, "label", fault) < 0 ||
	    take_text(hsm->manufacturer, sizeof(hsm->manufacturer), data, "manufacturer", fault) < 0 ||
	    take_text(hsm->model, sizeof(hsm->model), data, "model", fault) < 0 ||
	    take_text(hsm->serial, sizeof(hsm->serial), data, "serial", fault) < 0 ||
	    take_text(hsm->library, sizeof(hsm->library), data, "library", fault) < 0 ||
	    is_text(data, "assurance", audit_assurance(hsm), fault) < 0)
		return fault_prefix(fault, "hsm");
	return hsm_uri_fits(audit->plan.hsm, hsm, fault);
}

static int visit_software(struct audit *audit, const json_t *data, struct fault *fault)
{
	if (members(data, 2, fault) < 0 ||
	    take_text(audit->software, sizeof(audit->software), data, "name", fault) < 0 ||
	    take_bytes(audit->program, 32, data, "sha256", fault) < 0)
		return fault_prefix(fault, "software");
	return 0;
}

static int visit_begin(struct audit *audit, const json_t *entry, struct fault *fault)
{
	const json_t *data = json_object_get(entry, "data");
	uint8_t digest[32], previous[32];

	if (members(data, 5, fault) < 0 || plan_take(&audit->plan, json_object_get(data, "plan"), fault) < 0)
		return -1;
	if (take_bytes(digest, 32, data, "plan_digest", fault) < 0)
		return -1;
	if (memcmp(digest, audit->plan.digest, 32) != 0)
		return no(fault, "plan_digest is not the SHA-256 of the plan");
	if (visit_hsm(audit, json_object_get(data, "hsm"), fault) < 0 ||
	    visit_software(audit, json_object_get(data, "software"), fault) < 0)
		return -1;
	if (!plan_allows_program(&audit->plan, audit->program))
		return no(fault, "software: sha256 is of no program of the plan");
	if (!plan_allows_hsm(&audit->plan, audit->hsm.serial))
		return no(fault, "hsm: serial %s is of no HSM among the plan's devices", audit->hsm.serial);
	(void)canonical_hex_read(previous, 32, json_string_value(json_object_get(entry, "previous")));
	if (memcmp(previous, audit->plan.previous, 32) != 0)
		return no(fault, "previous is not the plan's previous transcript");
	audit->stage = AUDIT_INVENTORY;
	return hierarchy_object_id(audit->object_id, plan_mode(&audit->plan), audit->plan.id, fault);
}

/* The objects of the ceremony, by number: the pair's two halves, the master, the batch keys. */
enum {
	OBJECT_PRIVATE,
	OBJECT_PUBLIC,
	OBJECT_MASTER,
	OBJECT_BATCH,
	OBJECTS = OBJECT_BATCH + PLAN_BATCHES
};

static const char *wanted(char label[static HIERARCHY_LABEL], const struct audit *audit, unsigned number)
{
	if (number >= OBJECT_BATCH)
		hierarchy_label_batch(label, audit->plan.batches[number - OBJECT_BATCH].id);
	else if (number == OBJECT_MASTER)
		hierarchy_label_master(label, audit->plan.id);
	else
		hierarchy_label_pair(label, audit->plan.id);
	return number == OBJECT_PRIVATE ? "private" : number == OBJECT_PUBLIC ? "public" : "secret";
}

/* Which of the first `count` it is, or `count`. */
static unsigned object_number(const struct audit *audit, const char *label, const char *kind, unsigned count)
{
	char ours[HIERARCHY_LABEL];
	unsigned i = 0;

	while (i < count && (strcmp(wanted(ours, audit, i), kind) != 0 || strcmp(ours, label) != 0))
		i++;
	return i;
}

static int is_flag(const json_t *data, const char *name, struct fault *fault)
{
	const json_t *value = json_object_get(data, name);

	if (!json_is_integer(value) || json_integer_value(value) > 1)
		return no(fault, "%s is neither 0 nor 1", name);
	return 0;
}

/* One that the ceremony made: once, of its kind, with its id, and kept inside. */
static int check_ours(const struct audit *audit, const json_t *object, bool seen[static OBJECTS],
		      unsigned count, struct fault *fault)
{
	const char *label = json_string_value(json_object_get(object, "label"));
	const char *kind = json_string_value(json_object_get(object, "kind"));
	const char *id = json_string_value(json_object_get(object, "id"));
	unsigned number = object_number(audit, label, kind, count);
	char ours[33];

	hex_write(ours, audit->object_id, sizeof(audit->object_id));
	if (number == count)
		return no(fault, "\"%.80s\" cannot be there as a %.12s object", label, kind);
	if (seen[number])
		return no(fault, "\"%.80s\" (%s) is there twice", label, kind);
	if (strcmp(id, ours) != 0)
		return no(fault, "\"%.80s\" has not this ceremony's id, %s", label, ours);
	if (number != OBJECT_PUBLIC &&
	    (is_number(object, "sensitive", 1, fault) < 0 || is_number(object, "extractable", 0, fault) < 0))
		return fault_prefix(fault, "\"%.80s\"", label);
	seen[number] = true;
	return 0;
}

static int check_object(const struct audit *audit, const json_t *object, bool seen[static OBJECTS],
			unsigned count, struct fault *fault)
{
	const char *label = json_string_value(json_object_get(object, "label"));
	const char *id = json_string_value(json_object_get(object, "id"));
	uint8_t bytes[16];

	if (json_object_size(object) != 5 || !label || !id ||
	    !json_is_string(json_object_get(object, "kind")))
		return no(fault, "an object has not the members extractable, id, kind, label and sensitive");
	if (is_flag(object, "sensitive", fault) < 0 || is_flag(object, "extractable", fault) < 0)
		return fault_prefix(fault, "\"%.80s\"", label);
	if (strlen(id) > 32 || canonical_hex_read(bytes, strlen(id) / 2, id) < 0)
		return no(fault, "\"%.80s\": id is not at most 16 bytes in hex", label);
	if (plan_makes(&audit->plan, label))
		return check_ours(audit, object, seen, count, fault);
	if (strlen(id) == 32 && memcmp(bytes, audit->object_id, 16) == 0)
		return no(fault, "\"%.80s\" has this ceremony's id, which makes no such object", label);
	if (!plan_knows(&audit->plan, label))
		return no(fault, "object \"%.80s\" is not known to the plan", label);
	return 0;
}

static int visit_inventory(struct audit *audit, const json_t *data, struct fault *fault)
{
	bool after = audit->stage == AUDIT_AFTER, seen[OBJECTS] = {false};
	const json_t *objects = json_object_get(data, "objects");
	unsigned count = after ? OBJECT_BATCH + audit->plan.batch_count : OBJECT_MASTER;

	if (members(data, 2, fault) < 0 || is_text(data, "when", after ? "after" : "before", fault) < 0)
		return -1;
	if (!json_is_array(objects))
		return no(fault, "objects is not an array");
	for (size_t i = 0; i < json_array_size(objects); i++)
		if (check_object(audit, json_array_get(objects, i), seen, count, fault) < 0)
			return -1;
	for (unsigned i = 0; i < count; i++) {
		char label[HIERARCHY_LABEL];
		const char *kind = wanted(label, audit, i);

		if (!seen[i])
			return no(fault, "\"%s\" (%s) is not in the token", label, kind);
	}
	audit->stage = after ? AUDIT_CLOSE : AUDIT_ATTEMPT;
	return 0;
}

/* ---- an attempt ---- */

static int visit_attempt(struct audit *audit, const json_t *data, struct fault *fault)
{
	uint8_t set[8];
	char hex[sizeof(audit->set)];

	if (members(data, 2, fault) < 0 || is_number(data, "number", audit->attempt + 1, fault) < 0 ||
	    take_bytes(set, sizeof(set), data, "set", fault) < 0)
		return -1;
	hex_write(hex, set, sizeof(set));
	if (strcmp(hex, audit->set) == 0)
		return no(fault, "set is that of the attempt before");
	audit->attempt++;
	memcpy(audit->set, hex, sizeof(hex));
	audit->stage = AUDIT_COMMIT;
	return 0;
}

/* The custodian whose turn it is. */
static int is_next_custodian(const struct audit *audit, const json_t *data, struct fault *fault)
{
	if (is_number(data, "index", audit->done + 1, fault) < 0 ||
	    is_text(data, "custodian", audit->plan.custodians[audit->done].name, fault) < 0)
		return -1;
	return is_text(data, "set", audit->set, fault);
}

static void step(struct audit *audit, unsigned of, enum audit_stage next)
{
	if (++audit->done < of)
		return;
	audit->done = 0;
	audit->stage = next;
}

static int take_commitment(uint8_t (*all)[32], const struct audit *audit, const json_t *data,
			   struct fault *fault)
{
	if (members(data, 4, fault) < 0 || is_next_custodian(audit, data, fault) < 0 ||
	    take_bytes(all[audit->done], 32, data, "commitment", fault) < 0)
		return -1;
	for (unsigned i = 0; i < audit->done; i++)
		if (memcmp(all[i], all[audit->done], 32) == 0)
			return no(fault, "commitment is that of custodian %u", i + 1);
	return 0;
}

static int visit_commit(struct audit *audit, const json_t *data, struct fault *fault)
{
	if (take_commitment(audit->contribution, audit, data, fault) < 0)
		return -1;
	step(audit, audit->plan.total, AUDIT_BASE);
	return 0;
}

static int visit_reveal(struct audit *audit, const json_t *data, struct fault *fault)
{
	if (members(data, 3, fault) < 0 || is_next_custodian(audit, data, fault) < 0)
		return -1;
	step(audit, audit->plan.total, AUDIT_MASTER);
	return 0;
}

static int visit_share(struct audit *audit, const json_t *data, struct fault *fault)
{
	if (take_commitment(audit->share, audit, data, fault) < 0)
		return -1;
	for (unsigned i = 0; i < audit->plan.total; i++)
		if (memcmp(audit->contribution[i], audit->share[audit->done], 32) == 0)
			return no(fault, "commitment is that of contribution %u", i + 1);
	step(audit, audit->plan.total, AUDIT_RESTORE);
	return 0;
}

static int visit_base(struct audit *audit, const json_t *data, struct fault *fault)
{
	if (members(data, 3, fault) < 0 || take_bytes(audit->nonce, 16, data, "nonce", fault) < 0 ||
	    take_bytes(audit->base_check, 16, data, "check", fault) < 0 ||
	    is_text(data, "set", audit->set, fault) < 0)
		return -1;
	audit->stage = AUDIT_REVEAL;
	return 0;
}

static int visit_master(struct audit *audit, const json_t *data, struct fault *fault)
{
	uint8_t before[16];

	memcpy(before, audit->nonce, sizeof(before));
	if (members(data, 3, fault) < 0 || take_bytes(audit->nonce, 16, data, "nonce", fault) < 0 ||
	    take_bytes(audit->master_check, 16, data, "check", fault) < 0 ||
	    is_text(data, "set", audit->set, fault) < 0)
		return -1;
	if (memcmp(audit->nonce, before, 16) == 0)
		return no(fault, "nonce is that of the base key");
	if (memcmp(audit->master_check, audit->base_check, 16) == 0)
		return no(fault, "check is that of the base key: nothing was derived");
	audit->stage = AUDIT_SHARE;
	return 0;
}

static int visit_restore(struct audit *audit, const json_t *data, struct fault *fault)
{
	const struct plan *plan = &audit->plan;

	if (members(data, 4, fault) < 0 || is_number(data, "quorums", plan_quorums(plan), fault) < 0 ||
	    is_number(data, "threshold", plan->threshold, fault) < 0 ||
	    is_number(data, "total", plan->total, fault) < 0)
		return -1;
	audit->stage = AUDIT_KEEP;
	return is_text(data, "set", audit->set, fault);
}

static int visit_keep(struct audit *audit, const json_t *data, struct fault *fault)
{
	char label[HIERARCHY_LABEL];
	uint8_t check[16];

	hierarchy_label_master(label, audit->plan.id);
	if (members(data, 3, fault) < 0 || take_bytes(check, 16, data, "check", fault) < 0 ||
	    is_text(data, "label", label, fault) < 0)
		return -1;
	if (memcmp(check, audit->master_check, 16) != 0)
		return no(fault, "check is not the master's: another key was kept");
	audit->stage = AUDIT_BATCH;
	return is_text(data, "set", audit->set, fault);
}

static int visit_batch(struct audit *audit, const json_t *data, struct fault *fault)
{
	const struct plan_batch *batch = &audit->plan.batches[audit->done];
	uint8_t *check = audit->batch_check[audit->done];
	char label[HIERARCHY_LABEL];

	hierarchy_label_batch(label, batch->id);
	if (members(data, 4, fault) < 0 || is_text(data, "id", batch->id, fault) < 0 ||
	    is_text(data, "label", label, fault) < 0 || is_number(data, "count", batch->count, fault) < 0 ||
	    take_bytes(check, 16, data, "check", fault) < 0)
		return -1;
	if (memcmp(check, audit->master_check, 16) == 0 || memcmp(check, audit->base_check, 16) == 0)
		return no(fault, "check is that of the master or base key: nothing was derived");
	for (unsigned i = 0; i < audit->done; i++)
		if (memcmp(check, audit->batch_check[i], 16) == 0)
			return no(fault, "check is that of batch \"%s\"", audit->plan.batches[i].id);
	step(audit, audit->plan.batch_count, AUDIT_AFTER);
	return 0;
}

static int visit_resume(struct audit *audit, const json_t *data, struct fault *fault)
{
	bool lost = audit->stage > AUDIT_ATTEMPT && audit->stage <= AUDIT_KEEP;
	const json_t *cut = json_object_get(data, "cut");

	if (audit->stage == AUDIT_BEGIN || audit->stage == AUDIT_CLOSED || members(data, 2, fault) < 0 ||
	    !json_is_integer(cut))
		return no(fault, "a resume that does not fit here");
	if (json_integer_value(cut) > AUDIT_CUT)
		return no(fault, "cut is longer than any line");
	if (is_text(data, "abandoned", lost ? audit->set : "none", fault) < 0)
		return -1;
	audit->resumed++;
	if (lost) {
		audit->stage = AUDIT_ATTEMPT;
		audit->done = 0;
	}
	return 0;
}

static const struct {
	enum audit_stage stage;
	const char *type;
	int (*visit)(struct audit *audit, const json_t *data, struct fault *fault);
} steps[] = {
	{AUDIT_INVENTORY, "inventory", visit_inventory},
	{AUDIT_ATTEMPT, "attempt", visit_attempt},
	{AUDIT_COMMIT, "commit", visit_commit},
	{AUDIT_BASE, "base", visit_base},
	{AUDIT_REVEAL, "reveal", visit_reveal},
	{AUDIT_MASTER, "master", visit_master},
	{AUDIT_SHARE, "share", visit_share},
	{AUDIT_RESTORE, "restore", visit_restore},
	{AUDIT_KEEP, "keep", visit_keep},
	{AUDIT_BATCH, "batch", visit_batch},
	{AUDIT_AFTER, "inventory", visit_inventory},
};

int audit_visit(void *context, unsigned line, const json_t *entry, struct fault *fault)
{
	struct audit *audit = context;
	const char *type = json_string_value(json_object_get(entry, "type"));
	const json_t *data = json_object_get(entry, "data");

	if (line == 1) {
		int result = visit_begin(audit, entry, fault);

		if (result < 0 && fault && fault->code == FAULT_INPUT)
			fault->code = FAULT_NO;
		return result;
	}
	if (strcmp(type, "resume") == 0)
		return visit_resume(audit, data, fault);
	if (strcmp(type, "close") == 0) {
		if (audit->stage != AUDIT_CLOSE)
			return no(fault, "the ceremony is closed before it is done");
		audit->stage = AUDIT_CLOSED;
		return members(data, 2, fault);
	}
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (steps[i].stage != audit->stage)
			continue;
		if (strcmp(type, steps[i].type) != 0)
			return no(fault, "\"%.20s\" where \"%s\" has to come", type, steps[i].type);
		return steps[i].visit(audit, data, fault);
	}
	return no(fault, "\"%.20s\" has no place here", type);
}

void audit_free(struct audit *audit)
{
	plan_free(&audit->plan);
}

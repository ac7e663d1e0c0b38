/* audit_begin.c - what was agreed at the beginning, and what the token held. */
#include <string.h>

#include "ceremony/audit_step.h"
#include "ceremony/hierarchy.h"
#include "lib/canonical.h"
#include "lib/signature.h"

const char *audit_assurance(const struct hsm_identity *hsm)
{
	return hsm_is_software(hsm)
		       ? "software token: no quorum, no attestation, keys on the disk of this machine"
		       : "as its maker states; simrite checked no attestation";
}

int audit_check_token(const struct plan *plan, const struct hsm_identity *hsm, struct fault *fault)
{
	char ours[HIERARCHY_LABEL], others[HIERARCHY_LABEL];

	hierarchy_label_token(ours, plan_mode(plan));
	hierarchy_label_token(others, plan->rehearsal ? "production" : "rehearsal");
	if (strcmp(hsm->label, others) == 0)
		return fault_set(fault, FAULT_POLICY, "use a token of its own",
				 "a %s is not held in token \"%s\"",
				 plan->rehearsal ? "rehearsal" : "production ceremony", hsm->label);
	if (strcmp(plan->hsm, "softhsm") == 0 && strcmp(hsm->label, ours) != 0)
		return fault_set(fault, FAULT_POLICY, "use a folder of its own",
				 "the ceremony's own token is called \"%s\", not \"%s\"", ours, hsm->label);
	return 0;
}

/* The token is the plan's, and nothing better is said of it than is known. */
static int visit_hsm(struct audit *audit, const json_t *data, struct fault *fault)
{
	struct hsm_identity *hsm = &audit->hsm;

	if (entry_members(data, 6, fault) < 0 ||
	    entry_text(hsm->label, sizeof(hsm->label), data, "label", fault) < 0 ||
	    entry_text(hsm->manufacturer, sizeof(hsm->manufacturer), data, "manufacturer", fault) < 0 ||
	    entry_text(hsm->model, sizeof(hsm->model), data, "model", fault) < 0 ||
	    entry_text(hsm->serial, sizeof(hsm->serial), data, "serial", fault) < 0 ||
	    entry_text(hsm->library, sizeof(hsm->library), data, "library", fault) < 0 ||
	    entry_is_text(data, "assurance", audit_assurance(hsm), fault) < 0)
		return fault_prefix(fault, "hsm");
	if (audit_check_token(&audit->plan, hsm, fault) < 0) {
		if (fault)
			fault->code = FAULT_NO;
		return fault_prefix(fault, "hsm");
	}
	return hsm_uri_fits(audit->plan.hsm, hsm, fault);
}

static int visit_software(struct audit *audit, const json_t *data, struct fault *fault)
{
	if (entry_members(data, 2, fault) < 0 ||
	    entry_text(audit->software, sizeof(audit->software), data, "name", fault) < 0 ||
	    entry_bytes(audit->program, 32, data, "sha256", fault) < 0)
		return fault_prefix(fault, "software");
	return 0;
}

int audit_visit_begin(struct audit *audit, const json_t *data, struct fault *fault)
{
	const char *key = json_string_value(json_object_get(data, "key"));
	uint8_t digest[32], previous[32];

	if (entry_members(data, 5, fault) < 0 ||
	    plan_take(&audit->plan, json_object_get(data, "plan"), fault) < 0)
		return -1;
	if (!key || public_read(audit->point, key) < 0)
		return entry_no(fault, "key is no P-256 key in DER and base64");
	audit->begun = audit->at;
	if (entry_bytes(digest, 32, data, "plan_digest", fault) < 0)
		return -1;
	if (memcmp(digest, audit->plan.digest, 32) != 0)
		return entry_no(fault, "plan_digest is not the SHA-256 of the plan");
	if (visit_hsm(audit, json_object_get(data, "hsm"), fault) < 0 ||
	    visit_software(audit, json_object_get(data, "software"), fault) < 0)
		return -1;
	if (!plan_allows_program(&audit->plan, audit->program))
		return entry_no(fault, "software: sha256 is of no program of the plan");
	if (!plan_allows_hsm(&audit->plan, audit->hsm.serial))
		return entry_no(fault, "hsm: serial %s is of no HSM among the plan's devices",
				audit->hsm.serial);
	(void)canonical_hex_read(previous, 32, audit->head);
	if (memcmp(previous, audit->plan.previous, 32) != 0)
		return entry_no(fault, "previous is not the plan's previous transcript");
	audit_step(audit);
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
		return entry_no(fault, "%s is neither 0 nor 1", name);
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
		return entry_no(fault, "\"%.80s\" cannot be there as a %.12s object", label, kind);
	if (seen[number])
		return entry_no(fault, "\"%.80s\" (%s) is there twice", label, kind);
	if (strcmp(id, ours) != 0)
		return entry_no(fault, "\"%.80s\" has not this ceremony's id, %s", label, ours);
	if (number != OBJECT_PUBLIC && (entry_is_number(object, "sensitive", 1, fault) < 0 ||
					entry_is_number(object, "extractable", 0, fault) < 0))
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
		return entry_no(fault,
				"an object has not the members extractable, id, kind, label and sensitive");
	if (is_flag(object, "sensitive", fault) < 0 || is_flag(object, "extractable", fault) < 0)
		return fault_prefix(fault, "\"%.80s\"", label);
	if (strlen(id) > 32 || canonical_hex_read(bytes, strlen(id) / 2, id) < 0)
		return entry_no(fault, "\"%.80s\": id is not at most 16 bytes in hex", label);
	if (plan_makes(&audit->plan, label))
		return check_ours(audit, object, seen, count, fault);
	if (strlen(id) == 32 && memcmp(bytes, audit->object_id, 16) == 0)
		return entry_no(fault, "\"%.80s\" has this ceremony's id, which makes no such object", label);
	if (!plan_knows(&audit->plan, label))
		return entry_no(fault, "object \"%.80s\" is not known to the plan", label);
	return 0;
}

/* How many objects of the list are this one, to the last member. */
static unsigned times(const json_t *objects, const json_t *object)
{
	unsigned found = 0;

	for (size_t i = 0; i < json_array_size(objects); i++)
		found += json_equal(json_array_get(objects, i), object) ? 1 : 0;
	return found;
}

/* What others keep in the token is after it as it was before. */
static int check_others(const struct audit *audit, const json_t *objects, const json_t *others,
			const char *what, struct fault *fault)
{
	for (size_t i = 0; i < json_array_size(others); i++) {
		const json_t *object = json_array_get(others, i);
		const char *label = json_string_value(json_object_get(object, "label"));

		if (!plan_makes(&audit->plan, label) && times(objects, object) != times(others, object))
			return entry_no(fault, "object \"%.80s\" %s", label, what);
	}
	return 0;
}

int audit_check_inventory(const struct audit *audit, const json_t *objects, struct fault *fault)
{
	bool after = audit->stage == AUDIT_AFTER, seen[OBJECTS] = {false};
	unsigned count = after ? OBJECT_BATCH + audit->plan.batch_count : OBJECT_MASTER;

	if (!json_is_array(objects))
		return entry_no(fault, "objects is not an array");
	for (size_t i = 0; i < json_array_size(objects); i++)
		if (check_object(audit, json_array_get(objects, i), seen, count, fault) < 0)
			return -1;
	for (unsigned i = 0; i < count; i++) {
		char label[HIERARCHY_LABEL];
		const char *kind = wanted(label, audit, i);

		if (!seen[i])
			return entry_no(fault, "\"%s\" (%s) is not in the token", label, kind);
	}
	if (!after)
		return 0;
	if (check_others(audit, objects, audit->before, "is not there as it was before the ceremony", fault) <
	    0)
		return -1;
	return check_others(audit, audit->before, objects, "was not there so before the ceremony", fault);
}

int audit_visit_inventory(struct audit *audit, const json_t *data, struct fault *fault)
{
	bool after = audit->stage == AUDIT_AFTER;
	json_t *objects = json_object_get(data, "objects");

	if (entry_members(data, 2, fault) < 0 ||
	    entry_is_text(data, "when", after ? "after" : "before", fault) < 0 ||
	    audit_check_inventory(audit, objects, fault) < 0)
		return -1;
	if (!after)
		audit->before = json_incref(objects);
	audit_step(audit);
	return 0;
}

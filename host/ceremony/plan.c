#include "ceremony/plan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ceremony/hierarchy.h"
#include "lib/canonical.h"
#include "lib/hsm.h"

static int take_known(struct plan *plan, const struct place *top, struct fault *fault)
{
	const json_t *array;

	if (place_array(&array, top, "known_objects", 0, PLAN_KNOWN, fault) < 0)
		return -1;
	plan->known_count = (unsigned)json_array_size(array);
	for (unsigned i = 0; i < plan->known_count; i++) {
		const char *label = json_string_value(json_array_get(array, i));

		if (!label || label[0] == 0 || strlen(label) >= HIERARCHY_LABEL)
			return place_wrong(fault, top, "known_objects",
					   "element %u is not a label of 1 to %d bytes", i,
					   HIERARCHY_LABEL - 1);
		if (canonical_refused(label))
			return place_wrong(fault, top, "known_objects", "element %u %s", i,
					   canonical_refused(label));
		if (plan_makes(plan, label))
			return place_wrong(fault, top, "known_objects",
					   "\"%s\" is what this ceremony makes: it cannot be there before",
					   label);
		plan->known[i] = label;
	}
	return 0;
}

static int take_mode(struct plan *plan, const struct place *top, struct fault *fault)
{
	const char *mode;

	if (place_text(&mode, top, "mode", NULL, fault) < 0)
		return -1;
	plan->rehearsal = strcmp(mode, "rehearsal") == 0;
	if (!plan->rehearsal && strcmp(mode, "production") != 0)
		return place_wrong(fault, top, "mode", "\"%s\" is neither \"rehearsal\" nor \"production\"",
				   mode);
	return 0;
}

static int take_previous(struct plan *plan, const struct place *top, struct fault *fault)
{
	const char *previous;

	if (place_text(&previous, top, "previous", "", fault) < 0)
		return -1;
	plan->has_previous = previous[0] != 0;
	if (plan->has_previous && canonical_hex_read(plan->previous, 32, previous) < 0)
		return place_wrong(fault, top, "previous",
				   "is not a fingerprint (64 hex digits, lower case)");
	return 0;
}

static int take_hsm(struct plan *plan, const struct place *top, struct fault *fault)
{
	struct fault why = {0};

	if (place_text(&plan->hsm, top, "hsm", "softhsm", fault) < 0)
		return -1;
	if (strcmp(plan->hsm, "softhsm") != 0 && hsm_uri_check(plan->hsm, &why) < 0)
		return place_wrong(fault, top, "hsm", "%s", why.text);
	return 0;
}

static int take_threshold(struct plan *plan, const struct place *top, struct fault *fault)
{
	if (place_number(&plan->threshold, top, "threshold", 2, PLAN_CUSTODIANS, fault) < 0)
		return -1;
	if (plan->threshold > plan->total)
		return place_wrong(fault, top, "threshold", "is %u, but there are %u custodians",
				   plan->threshold, plan->total);
	plan->jurisdictions = 1;
	if (json_object_get(top->object, "jurisdictions") &&
	    place_number(&plan->jurisdictions, top, "jurisdictions", 1, PLAN_CUSTODIANS, fault) < 0)
		return -1;
	return plan_check_policy(plan, fault);
}

int plan_take(struct plan *plan, const json_t *value, struct fault *fault)
{
	static const char *const members[] = {"schema",        "id",          "mode",      "title",
					      "operator",      "hsm",         "threshold", "custodians",
					      "batches",       "witnesses",   "devices",   "software",
					      "jurisdictions", "factories",   "previous",  "known_objects",
					      "administrator", "destruction", NULL};
	struct place top = {.object = value};
	unsigned schema;

	memset(plan, 0, sizeof(*plan));
	if (!json_is_object(value))
		return fault_set(fault, FAULT_INPUT, "simrite-ceremony-plan(5) has an example",
				 "the plan is not a JSON object");
	plan->json = json_incref((json_t *)(uintptr_t)value);
	if (json_object_size(value) == 0)
		return fault_set(fault, FAULT_INPUT, "simrite-ceremony-plan(5) has an example",
				 "the plan is empty");
	if (place_only(&top, members, fault) < 0 || place_number(&schema, &top, "schema", 1, 1, fault) < 0 ||
	    take_mode(plan, &top, fault) < 0 || plan_take_id(&plan->id, &top, plan->rehearsal, fault) < 0 ||
	    place_text(&plan->title, &top, "title", NULL, fault) < 0 ||
	    place_text(&plan->operator_name, &top, "operator", NULL, fault) < 0 ||
	    take_hsm(plan, &top, fault) < 0 || plan_take_parties(plan, &top, fault) < 0 ||
	    take_threshold(plan, &top, fault) < 0 || plan_take_batches(plan, &top, fault) < 0 ||
	    plan_take_things(plan, &top, fault) < 0 || take_known(plan, &top, fault) < 0 ||
	    take_previous(plan, &top, fault) < 0)
		return -1;
	return canonical_digest(plan->digest, value, fault);
}

int plan_load(struct plan *plan, const char *path, struct fault *fault)
{
	json_error_t error;
	FILE *file = fopen(path, "re");
	json_t *value;
	int result;

	memset(plan, 0, sizeof(*plan));
	if (!file)
		return fault_set(fault, FAULT_INPUT, NULL, "cannot open plan \"%s\": %s", path,
				 strerror(errno));
	value = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
	(void)fclose(file);
	if (!value)
		return fault_set(fault, FAULT_INPUT, "simrite-ceremony-plan(5) has an example",
				 "plan \"%s\": line %d, column %d: %s", path, error.line, error.column,
				 error.text);
	result = plan_take(plan, value, fault);
	json_decref(value);
	return result < 0 ? fault_prefix(fault, "plan \"%s\"", path) : 0;
}

void plan_free(struct plan *plan)
{
	json_decref(plan->json);
	memset(plan, 0, sizeof(*plan));
}

bool plan_makes(const struct plan *plan, const char *label)
{
	char ours[HIERARCHY_LABEL];

	hierarchy_label_pair(ours, plan->id);
	if (strcmp(label, ours) == 0)
		return true;
	hierarchy_label_master(ours, plan->id);
	if (strcmp(label, ours) == 0)
		return true;
	for (unsigned i = 0; i < plan->batch_count; i++) {
		hierarchy_label_batch(ours, plan->batches[i].id);
		if (strcmp(label, ours) == 0)
			return true;
		hierarchy_label_agree(ours, plan->batches[i].id);
		if (plan->batches[i].method == SLOT_AGREED && strcmp(label, ours) == 0)
			return true;
	}
	return false;
}

bool plan_knows(const struct plan *plan, const char *label)
{
	for (unsigned i = 0; i < plan->known_count; i++)
		if (strcmp(plan->known[i], label) == 0)
			return true;
	return false;
}

const char *plan_mode(const struct plan *plan)
{
	return plan->rehearsal ? "rehearsal" : "production";
}

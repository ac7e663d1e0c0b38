#include <stdio.h>
#include <string.h>

#include "ceremony/hierarchy.h"
#include "ceremony/rite.h"
#include "lib/canonical.h"
#include "lib/say.h"

enum {
	OBJECTS = 256
};

struct hsm_name rite_name(const struct rite *rite, const char *label)
{
	struct hsm_name name = {.label = label};

	memcpy(name.id, rite->object_id, sizeof(name.id));
	return name;
}

/* Was this pair made for a batch, and is it not retired? */
static bool in_use(const struct rite *rite, unsigned batch)
{
	const struct audit *audit = &rite->audit;
	unsigned retired = 0;

	if (rite->plan->batches[batch].method != SLOT_AGREED || audit->stage > AUDIT_RETIRED)
		return false;
	for (unsigned i = 0; i < batch; i++)
		retired += rite->plan->batches[i].method == SLOT_AGREED;
	return audit->stage < AUDIT_RETIRED || retired >= audit->done;
}

/* What the transcript says must be there: the pair once begun, the master
 * once kept, a batch key once derived, what keys are agreed with until that is retired. */
static bool recorded(const struct rite *rite, const char *label)
{
	const struct audit *audit = &rite->audit;
	unsigned batches = audit->stage == AUDIT_BATCH  ? audit->done
			   : audit->stage > AUDIT_BATCH ? rite->plan->batch_count
							: 0;
	char ours[HIERARCHY_LABEL];

	hierarchy_label_pair(ours, rite->plan->id);
	if (audit->stage > AUDIT_BEGIN && strcmp(label, ours) == 0)
		return true;
	hierarchy_label_master(ours, rite->plan->id);
	if (audit->stage >= AUDIT_BATCH && strcmp(label, ours) == 0)
		return true;
	for (unsigned i = 0; i < batches; i++) {
		hierarchy_label_batch(ours, rite->plan->batches[i].id);
		if (strcmp(label, ours) == 0)
			return true;
		hierarchy_label_agree(ours, rite->plan->batches[i].id);
		if (strcmp(label, ours) == 0 && in_use(rite, i))
			return true;
	}
	return false;
}

static int clean_one(struct rite *rite, const struct hsm_object *object, struct fault *fault)
{
	char pair[HIERARCHY_LABEL];
	bool ours = object->id_length == sizeof(rite->object_id) &&
		    memcmp(object->id, rite->object_id, sizeof(rite->object_id)) == 0;

	if (!ours && plan_makes(rite->plan, object->label))
		return fault_set(
			fault, FAULT_POLICY, "give this ceremony and its batches ids of their own",
			"the token already holds a %s object labelled \"%s\" that this ceremony did not make",
			object->kind, object->label);
	if (!ours && !plan_knows(rite->plan, object->label))
		return fault_set(fault, FAULT_POLICY,
				 "use a token of its own, or list the label in the plan's known_objects",
				 "the token holds a %s object labelled \"%s\" that the plan does not know",
				 object->kind, object->label);
	if (!ours || recorded(rite, object->label))
		return 0;
	hierarchy_label_pair(pair, rite->plan->id);
	if (rite->fresh && !(rite->marked && strcmp(object->label, pair) == 0))
		return fault_set(
			fault, FAULT_POLICY,
			"go on in that ceremony's folder, or give this one and its batches ids of their own",
			"the token already holds a %s object labelled \"%s\" of a ceremony of this id, "
			"which was not begun in this folder",
			object->kind, object->label);
	say_note("destroying %s \"%s\": it was made before a crash and never recorded", object->kind,
		 object->label);
	return hsm_destroy(rite->hsm, object->handle, fault);
}

int rite_clean(struct rite *rite, struct fault *fault)
{
	struct hsm_object objects[OBJECTS];
	int count = hsm_inventory(rite->hsm, objects, OBJECTS, fault);

	for (int i = 0; i < count; i++)
		if (clean_one(rite, &objects[i], fault) < 0)
			return -1;
	return count < 0 ? -1 : 0;
}

json_t *rite_inventory(struct rite *rite, const char *when, struct fault *fault)
{
	struct hsm_object objects[OBJECTS];
	int count = hsm_inventory(rite->hsm, objects, OBJECTS, fault);
	json_t *list = json_array();

	if (count < 0) {
		json_decref(list);
		return NULL;
	}
	for (int i = 0; i < count; i++) {
		const struct hsm_object *object = &objects[i];
		char id[33];

		hex_write(id, object->id, object->id_length < 16 ? object->id_length : 16);
		if (json_array_append_new(list, json_pack("{s:i, s:s, s:s, s:s, s:i}", "extractable",
							  object->extractable, "id", id, "kind", object->kind,
							  "label", object->label, "sensitive",
							  object->sensitive)) < 0) {
			fault_set(fault, FAULT_HSM, NULL, "an object's label is not UTF-8");
			json_decref(list);
			return NULL;
		}
	}
	return json_pack("{s:o, s:s}", "objects", list, "when", when);
}

int rite_destroy_pair(struct rite *rite, struct fault *fault)
{
	struct hsm_object objects[OBJECTS];
	char label[HIERARCHY_LABEL];
	int count = hsm_inventory(rite->hsm, objects, OBJECTS, fault), result = count < 0 ? -1 : 0;

	hierarchy_label_pair(label, rite->plan->id);
	for (int i = 0; i < count && result == 0; i++)
		if (strcmp(objects[i].label, label) == 0 && memcmp(objects[i].id, rite->object_id, 16) == 0)
			result = hsm_destroy(rite->hsm, objects[i].handle, fault);
	return result;
}

int rite_has_pair(struct rite *rite, struct fault *fault)
{
	struct hsm_object objects[OBJECTS];
	char label[HIERARCHY_LABEL];
	int count = hsm_inventory(rite->hsm, objects, OBJECTS, fault), found = 0;

	hierarchy_label_pair(label, rite->plan->id);
	for (int i = 0; i < count; i++)
		found |= strcmp(objects[i].label, label) == 0 && strcmp(objects[i].kind, "private") == 0;
	return count < 0 ? -1 : found;
}

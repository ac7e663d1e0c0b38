#include "ceremony/plan.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ceremony/hierarchy.h"
#include "lib/canonical.h"
#include "lib/hsm.h"
#include "lib/profile.h"

enum {
	COUNT_MAX = 1000000
};

/* A place in the plan, for messages: "custodians[1]" and a member's name. */
struct place {
	const json_t *object;
	char name[40]; /* "" at the top */
};

static int wrong(struct fault *fault, const struct place *place, const char *member, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static int wrong(struct fault *fault, const struct place *place, const char *member, const char *format, ...)
{
	char why[200];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(why, sizeof(why), format, arguments);
	va_end(arguments);
	return fault_set(fault, FAULT_INPUT, "simrite-ceremony-plan(5) describes every member", "%s%s%s: %s",
			 place->name, place->name[0] ? "." : "", member, why);
}

/* `allowed` ends with NULL. */
static int no_others(const struct place *place, const char *const *allowed, struct fault *fault)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)place->object, name, value)
	{
		const char *const *a = allowed;

		(void)value;
		while (*a && strcmp(*a, name) != 0)
			a++;
		if (!*a)
			return wrong(fault, place, canonical_refused(name) ? "?" : name,
				     "there is no such member");
	}
	return 0;
}

/* A text of 1..PLAN_TEXT bytes that is what it looks like. With `fallback`, the member may be left out. */
static int take_text(const char **out, const struct place *place, const char *member, const char *fallback,
		     struct fault *fault)
{
	const json_t *value = json_object_get(place->object, member);
	const char *text = json_string_value(value);

	*out = fallback;
	if (!value)
		return fallback ? 0 : wrong(fault, place, member, "is missing");
	if (!text)
		return wrong(fault, place, member, "is not a text");
	if (text[0] == 0 || text[strspn(text, " ")] == 0)
		return wrong(fault, place, member, "is empty");
	if (strlen(text) > PLAN_TEXT)
		return wrong(fault, place, member, "is longer than %d bytes", PLAN_TEXT);
	if (canonical_refused(text))
		return wrong(fault, place, member, "%s", canonical_refused(text));
	if (text[0] == ' ' || text[strlen(text) - 1] == ' ')
		return wrong(fault, place, member, "begins or ends with a blank");
	*out = text;
	return 0;
}

static int take_number(unsigned *out, const struct place *place, const char *member, unsigned least,
		       unsigned most, struct fault *fault)
{
	const json_t *value = json_object_get(place->object, member);

	if (!value)
		return wrong(fault, place, member, "is missing");
	if (!json_is_integer(value))
		return wrong(fault, place, member, "is not a whole number");
	if (json_integer_value(value) < least || json_integer_value(value) > most)
		return wrong(fault, place, member, "is %lld, not %u..%u",
			     (long long)json_integer_value(value), least, most);
	*out = (unsigned)json_integer_value(value);
	return 0;
}

/* Names that become labels: rehearsal and production can never be taken for each other. */
static int take_id(const char **out, const struct place *place, bool rehearsal, struct fault *fault)
{
	const char *id;

	if (take_text(out, place, "id", NULL, fault) < 0)
		return -1;
	id = *out;
	if (strlen(id) > PLAN_ID || id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-.")] != 0)
		return wrong(fault, place, "id", "\"%s\" is not 1..%d characters of a-z, 0-9, - and .", id,
			     PLAN_ID);
	if (rehearsal && strncmp(id, "rehearsal-", 10) != 0)
		return wrong(fault, place, "id", "\"%s\" must begin with \"rehearsal-\" in a rehearsal", id);
	if (!rehearsal && strncmp(id, "rehearsal", 9) == 0)
		return wrong(fault, place, "id", "\"%s\" begins with \"rehearsal\", but this is production",
			     id);
	return 0;
}

/* The array `member`, of least..most elements. */
static int take_array(const json_t **out, const struct place *place, const char *member, unsigned least,
		      unsigned most, struct fault *fault)
{
	*out = json_object_get(place->object, member);
	if (!*out)
		return least ? wrong(fault, place, member, "is missing") : 0;
	if (!json_is_array(*out))
		return wrong(fault, place, member, "is not an array");
	if (json_array_size(*out) < least || json_array_size(*out) > most)
		return wrong(fault, place, member, "has %zu elements, not %u..%u", json_array_size(*out),
			     least, most);
	return 0;
}

static int enter(struct place *place, const json_t *array, const char *name, unsigned i, struct fault *fault)
{
	(void)snprintf(place->name, sizeof(place->name), "%s[%u]", name, i);
	place->object = json_array_get(array, i);
	if (!json_is_object(place->object))
		return fault_set(fault, FAULT_INPUT, NULL, "%s: is not an object", place->name);
	return 0;
}

/* Two names that print alike must not be two custodians: any other white space
 * than one blank between words is refused. */
static int take_name(const char **name, const struct place *place, struct fault *fault)
{
	static const char *const spaces[] = {"  ",           "\xC2\xA0", /* U+00A0 */
					     "\xE1\x9A\x80",             /* U+1680 */
					     "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83",
					     "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87",
					     "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", /* U+2000-200A */
					     "\xE2\x80\xAF",                                 /* U+202F */
					     "\xE2\x81\x9F",                                 /* U+205F */
					     "\xE3\x80\x80" /* U+3000 */};

	if (take_text(name, place, "name", NULL, fault) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (strstr(*name, spaces[i]))
			return wrong(fault, place, "name",
				     "has other white space than one blank between words");
	return 0;
}

static int take_custodians(struct plan *plan, const struct place *top, struct fault *fault)
{
	static const char *const members[] = {"name", "role", "jurisdiction", NULL};
	const json_t *array;

	if (take_array(&array, top, "custodians", 2, PLAN_CUSTODIANS, fault) < 0)
		return -1;
	plan->total = (unsigned)json_array_size(array);
	for (unsigned i = 0; i < plan->total; i++) {
		struct plan_custodian *custodian = &plan->custodians[i];
		struct place place;

		if (enter(&place, array, "custodians", i, fault) < 0 ||
		    no_others(&place, members, fault) < 0 || take_name(&custodian->name, &place, fault) < 0 ||
		    take_text(&custodian->role, &place, "role", NULL, fault) < 0 ||
		    take_text(&custodian->jurisdiction, &place, "jurisdiction", NULL, fault) < 0)
			return -1;
		for (unsigned j = 0; j < i; j++)
			if (strcasecmp(plan->custodians[j].name, custodian->name) == 0)
				return wrong(fault, &place, "name", "\"%s\" is custodian %u already",
					     custodian->name, j + 1);
	}
	return 0;
}

static int take_batches(struct plan *plan, const struct place *top, struct fault *fault)
{
	static const char *const members[] = {"id", "count", "first_iccid", NULL};
	const json_t *array;

	if (take_array(&array, top, "batches", 1, PLAN_BATCHES, fault) < 0)
		return -1;
	plan->batch_count = (unsigned)json_array_size(array);
	for (unsigned i = 0; i < plan->batch_count; i++) {
		struct plan_batch *batch = &plan->batches[i];
		struct fault why = {0};
		struct place place;

		if (enter(&place, array, "batches", i, fault) < 0 || no_others(&place, members, fault) < 0 ||
		    take_id(&batch->id, &place, plan->rehearsal, fault) < 0 ||
		    take_number(&batch->count, &place, "count", 1, COUNT_MAX, fault) < 0 ||
		    take_text(&batch->first_iccid, &place, "first_iccid", "", fault) < 0)
			return -1;
		if (batch->first_iccid[0] && profile_check_iccid(batch->first_iccid, &why) < 0)
			return wrong(fault, &place, "first_iccid", "%s", why.text);
		for (unsigned j = 0; j < i; j++)
			if (strcmp(plan->batches[j].id, batch->id) == 0)
				return wrong(fault, &place, "id", "\"%s\" is batch %u already", batch->id,
					     j + 1);
	}
	return 0;
}

static int take_known(struct plan *plan, const struct place *top, struct fault *fault)
{
	const json_t *array;

	if (take_array(&array, top, "known_objects", 0, PLAN_KNOWN, fault) < 0)
		return -1;
	plan->known_count = (unsigned)json_array_size(array);
	for (unsigned i = 0; i < plan->known_count; i++) {
		const char *label = json_string_value(json_array_get(array, i));

		if (!label || label[0] == 0 || strlen(label) >= HIERARCHY_LABEL)
			return wrong(fault, top, "known_objects",
				     "element %u is not a label of 1 to %d bytes", i, HIERARCHY_LABEL - 1);
		if (canonical_refused(label))
			return wrong(fault, top, "known_objects", "element %u %s", i,
				     canonical_refused(label));
		if (plan_makes(plan, label))
			return wrong(fault, top, "known_objects",
				     "\"%s\" is what this ceremony makes: it cannot be there before", label);
		plan->known[i] = label;
	}
	return 0;
}

static int take_mode(struct plan *plan, const struct place *top, struct fault *fault)
{
	const char *mode;

	if (take_text(&mode, top, "mode", NULL, fault) < 0)
		return -1;
	plan->rehearsal = strcmp(mode, "rehearsal") == 0;
	if (!plan->rehearsal && strcmp(mode, "production") != 0)
		return wrong(fault, top, "mode", "\"%s\" is neither \"rehearsal\" nor \"production\"", mode);
	return 0;
}

static int take_previous(struct plan *plan, const struct place *top, struct fault *fault)
{
	const char *previous;

	if (take_text(&previous, top, "previous", "", fault) < 0)
		return -1;
	plan->has_previous = previous[0] != 0;
	if (plan->has_previous && canonical_hex_read(plan->previous, 32, previous) < 0)
		return wrong(fault, top, "previous", "is not a fingerprint (64 hex digits, lower case)");
	return 0;
}

static int take_hsm(struct plan *plan, const struct place *top, struct fault *fault)
{
	struct fault why = {0};

	if (take_text(&plan->hsm, top, "hsm", "softhsm", fault) < 0)
		return -1;
	if (strcmp(plan->hsm, "softhsm") != 0 && hsm_uri_check(plan->hsm, &why) < 0)
		return wrong(fault, top, "hsm", "%s", why.text);
	return 0;
}

int plan_take(struct plan *plan, const json_t *value, struct fault *fault)
{
	static const char *const members[] = {
		"schema",    "id",         "mode",    "title",         "operator", "hsm",
		"threshold", "custodians", "batches", "known_objects", "previous", NULL};
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
	if (no_others(&top, members, fault) < 0 || take_number(&schema, &top, "schema", 1, 1, fault) < 0 ||
	    take_mode(plan, &top, fault) < 0 || take_id(&plan->id, &top, plan->rehearsal, fault) < 0 ||
	    take_text(&plan->title, &top, "title", NULL, fault) < 0 ||
	    take_text(&plan->operator_name, &top, "operator", NULL, fault) < 0 ||
	    take_hsm(plan, &top, fault) < 0 || take_custodians(plan, &top, fault) < 0)
		return -1;
	if (take_number(&plan->threshold, &top, "threshold", 2, PLAN_CUSTODIANS, fault) < 0)
		return -1;
	if (plan->threshold > plan->total)
		return wrong(fault, &top, "threshold", "is %u, but there are %u custodians", plan->threshold,
			     plan->total);
	if (take_batches(plan, &top, fault) < 0 || take_known(plan, &top, fault) < 0 ||
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

static bool one_jurisdiction(const struct plan *plan, unsigned set)
{
	const char *first = NULL;

	for (unsigned i = 0; i < plan->total; i++) {
		if (!(set >> i & 1))
			continue;
		if (first && strcasecmp(first, plan->custodians[i].jurisdiction) != 0)
			return false;
		first = plan->custodians[i].jurisdiction;
	}
	return true;
}

static unsigned count_quorums(const struct plan *plan, bool inside_one)
{
	unsigned count = 0;

	for (unsigned set = 0; set < 1U << plan->total; set++)
		count += (unsigned)__builtin_popcount(set) == plan->threshold &&
			 (!inside_one || one_jurisdiction(plan, set));
	return count;
}

unsigned plan_quorums(const struct plan *plan)
{
	return count_quorums(plan, false);
}

unsigned plan_quorums_in_one_jurisdiction(const struct plan *plan)
{
	return count_quorums(plan, true);
}

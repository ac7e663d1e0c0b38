/* plan_batches.c - what is made: batches of cards and their keys. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bounds.h"
#include "ceremony/plan.h"
#include "lib/numbers.h"
#include "lib/profile.h"
#include "lib/transcript.h"

enum {
	COUNT_MAX = 1000000
};

_Static_assert((int)PLAN_SLOTS == (int)KEY_SLOTS, "a ticket for another slot loads nothing");

static const char *const methods[] = {
	[SLOT_INJECTED - 1] = "injected", [SLOT_DERIVED - 1] = "derived", [SLOT_AGREED - 1] = "agreed", NULL};

const char *plan_method_name(unsigned method)
{
	return method >= SLOT_INJECTED && method <= SLOT_AGREED ? methods[method - 1] : NULL;
}

/* Names that become labels: rehearsal and production can never be taken for each other. */
int plan_take_id(const char **out, const struct place *place, bool rehearsal, struct fault *fault)
{
	const char *id;

	if (place_text(out, place, "id", NULL, fault) < 0)
		return -1;
	id = *out;
	if (strlen(id) > PLAN_ID || id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-.")] != 0)
		return place_wrong(fault, place, "id", "\"%s\" is not 1..%d characters of a-z, 0-9, - and .",
				   id, PLAN_ID);
	if (strchr("-.", id[0])) /* it becomes the name of a folder */
		return place_wrong(fault, place, "id", "\"%s\" begins with neither a letter nor a digit", id);
	if (rehearsal && strncmp(id, "rehearsal-", 10) != 0)
		return place_wrong(fault, place, "id", "\"%s\" must begin with \"rehearsal-\"", id);
	if (!rehearsal && strncmp(id, "rehearsal", 9) == 0)
		return place_wrong(fault, place, "id",
				   "\"%s\" begins with \"rehearsal\", but this is production", id);
	return 0;
}

static int take_expires(struct plan_batch *batch, const struct place *place, struct fault *fault)
{
	int64_t seconds;

	if (place_text(&batch->expires_text, place, "expires", NULL, fault) < 0)
		return -1;
	seconds = transcript_seconds(batch->expires_text);
	if (seconds < 0 || seconds > UINT32_MAX)
		return place_wrong(fault, place, "expires",
				   "is no time like 2027-01-31T12:00:00Z before 2106");
	batch->expires = (uint32_t)seconds;
	return 0;
}

/* What a batch whose cards get load tickets has besides. */
static int take_method(const struct plan *plan, struct plan_batch *batch, const struct place *place,
		       struct fault *fault)
{
	static const char *const of_tickets[] = {"expires", "slot", NULL};

	if (!json_object_get(place->object, "method")) {
		for (const char *const *name = of_tickets; *name; name++)
			if (json_object_get(place->object, *name))
				return place_wrong(fault, place, *name,
						   "is for a batch with a method: no other has tickets");
		return 0;
	}
	if (place_word(&batch->method, place, "method", methods, -1, fault) < 0)
		return -1;
	batch->method += SLOT_INJECTED;
	batch->slot = 1;
	if (json_object_get(place->object, "slot") &&
	    place_number(&batch->slot, place, "slot", 1, PLAN_SLOTS, fault) < 0)
		return -1;
	if (!batch->first_iccid[0])
		return place_wrong(fault, place, "first_iccid", "is missing: tickets are for ICCIDs");
	if (plan->factory_count == 0)
		return place_wrong(fault, place, "method",
				   "needs the plan's factories: nobody says which cards are genuine");
	return take_expires(batch, place, fault);
}

/* The ICCIDs of a batch, without their check digits. */
static uint64_t first_number(const struct plan_batch *batch)
{
	char digits[21];

	(void)snprintf(digits, sizeof(digits), "%.*s", (int)strlen(batch->first_iccid) - 1,
		       batch->first_iccid);
	return strtoull(digits, NULL, 10);
}

/* Two tickets for one card would be two loads of it. Tickets are numbered over all batches. */
static int check_numbers(struct plan *plan, unsigned i, const struct place *place, struct fault *fault)
{
	struct plan_batch *batch = &plan->batches[i];
	char last[21];
	uint64_t first;

	if (batch->method == 0)
		return 0;
	if (numbers_iccid(last, batch->first_iccid, batch->count - 1, NULL) < 0)
		return place_wrong(fault, place, "first_iccid", "has no %u numbers after it", batch->count);
	first = first_number(batch);
	batch->first_ticket = 1;
	for (unsigned j = 0; j < i; j++) {
		const struct plan_batch *other = &plan->batches[j];

		if (!other->method)
			continue;
		batch->first_ticket += other->count;
		if (strlen(other->first_iccid) == strlen(batch->first_iccid) &&
		    first < first_number(other) + other->count && first_number(other) < first + batch->count)
			return place_wrong(fault, place, "first_iccid",
					   "cards of this batch are in \"%s\" already", other->id);
	}
	return 0;
}

static int take_batch(struct plan *plan, unsigned i, const struct place *place, struct fault *fault)
{
	static const char *const members[] = {"id",   "count",   "first_iccid", "method",
					      "slot", "expires", NULL};
	struct plan_batch *batch = &plan->batches[i];
	struct fault why = {0};

	batch->expires_text = "";
	if (place_only(place, members, fault) < 0 ||
	    plan_take_id(&batch->id, place, plan->rehearsal, fault) < 0 ||
	    place_number(&batch->count, place, "count", 1, COUNT_MAX, fault) < 0 ||
	    place_text(&batch->first_iccid, place, "first_iccid", "", fault) < 0)
		return -1;
	if (batch->first_iccid[0] && profile_check_iccid(batch->first_iccid, &why) < 0)
		return place_wrong(fault, place, "first_iccid", "%s", why.text);
	for (unsigned j = 0; j < i; j++)
		if (strcmp(plan->batches[j].id, batch->id) == 0)
			return place_wrong(fault, place, "id", "\"%s\" is batch %u already", batch->id,
					   j + 1);
	return take_method(plan, batch, place, fault) < 0 ? -1 : check_numbers(plan, i, place, fault);
}

int plan_take_batches(struct plan *plan, const struct place *top, struct fault *fault)
{
	const json_t *array;

	if (place_array(&array, top, "batches", 1, PLAN_BATCHES, fault) < 0)
		return -1;
	plan->batch_count = (unsigned)json_array_size(array);
	for (unsigned i = 0; i < plan->batch_count; i++) {
		struct place place;

		if (place_enter(&place, array, "batches", i, fault) < 0 ||
		    take_batch(plan, i, &place, fault) < 0)
			return -1;
	}
	return 0;
}

unsigned plan_batches_with(const struct plan *plan, unsigned method)
{
	unsigned count = 0;

	for (unsigned i = 0; i < plan->batch_count; i++)
		count += plan->batches[i].method != 0 && (method == 0 || plan->batches[i].method == method);
	return count;
}

unsigned plan_batch_with(const struct plan *plan, unsigned method, unsigned i)
{
	unsigned at = 0;

	for (; at < plan->batch_count; at++)
		if (plan->batches[at].method != 0 && (method == 0 || plan->batches[at].method == method) &&
		    i-- == 0)
			break;
	return at;
}

unsigned plan_batch(const struct plan *plan, const char *id)
{
	unsigned at = 0;

	while (at < plan->batch_count && strcmp(plan->batches[at].id, id) != 0)
		at++;
	return at;
}

#include "ceremony/previous.h"

#include <stdlib.h>
#include <string.h>

#include "ceremony/audit.h"
#include "lib/canonical.h"

static int check_device(const struct plan_device *now, const struct plan *before, struct fault *fault)
{
	for (unsigned i = 0; i < before->device_count; i++) {
		const struct plan_device *then = &before->devices[i];
		const char *bag = then->new_bag[0] ? then->new_bag : then->bag;

		if (now->new_bag[0] &&
		    (strcmp(now->new_bag, then->bag) == 0 || strcmp(now->new_bag, then->new_bag) == 0))
			return fault_set(fault, FAULT_NO, "a bag is used once",
					 "\"%s\" is to go into bag %s, which the earlier ceremony used",
					 now->name, now->new_bag);
		if (strcmp(now->name, then->name) == 0 && now->serial[0] && then->serial[0] &&
		    strcmp(now->serial, then->serial) != 0)
			return fault_set(fault, FAULT_NO, "give another thing another name",
					 "\"%s\" has serial %s, in the earlier ceremony it had %s", now->name,
					 now->serial, then->serial);
		if (!now->serial[0] || strcmp(now->serial, then->serial) != 0)
			continue;
		if (strcmp(now->kind, then->kind) != 0)
			return fault_set(fault, FAULT_NO, NULL,
					 "serial %s was a %s in the earlier ceremony, not a %s", now->serial,
					 then->kind, now->kind);
		if (bag[0] && strcmp(now->bag, bag) != 0)
			return fault_set(fault, FAULT_NO, "find out who opened it, and record that",
					 "\"%s\" went into bag %s in the earlier ceremony, not %s", now->name,
					 bag, now->bag[0] ? now->bag : "into none");
	}
	return 0;
}

/* A custodian's card that the earlier ceremony knew, too. */
static int check_card(const struct plan_custodian *now, const struct plan *before, struct fault *fault)
{
	for (unsigned i = 0; i < before->total && now->serial[0]; i++) {
		const struct plan_custodian *then = &before->custodians[i];

		if (strcmp(now->serial, then->serial) != 0 || strcmp(now->name, then->name) == 0)
			continue;
		return fault_set(fault, FAULT_NO, "write who has it now, and how that came about",
				 "the card of serial %s was %s's in the earlier ceremony, not %s's",
				 now->serial, then->name, now->name);
	}
	return 0;
}

static int check_plans(const struct plan *now, const struct plan *before, struct fault *fault)
{
	if (now->rehearsal != before->rehearsal)
		return fault_set(fault, FAULT_NO, NULL, "the earlier ceremony is %s, this one %s",
				 plan_mode(before), plan_mode(now));
	if (strcmp(now->id, before->id) == 0)
		return fault_set(fault, FAULT_NO, "an id is used once",
				 "the earlier ceremony has the same id");
	for (unsigned i = 0; i < now->device_count; i++)
		if (check_device(&now->devices[i], before, fault) < 0)
			return -1;
	for (unsigned i = 0; i < now->total; i++)
		if (check_card(&now->custodians[i], before, fault) < 0)
			return -1;
	return 0;
}

int previous_check(const struct plan *plan, const char *transcript, struct fault *fault)
{
	struct transcript_summary summary;
	struct audit *before = calloc(1, sizeof(*before));
	char *text = NULL;
	size_t length;
	int result = -1;

	if (!before)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	if (transcript_load(&text, &length, transcript, fault) == 0 &&
	    transcript_check(&summary, text, length, 0, audit_visit, before, fault) == 0) {
		if (!plan->has_previous || memcmp(plan->previous, summary.fingerprint, 32) != 0) {
			char hex[65];

			hex_write(hex, summary.fingerprint, 32);
			fault_set(fault, FAULT_NO, "write its fingerprint into the plan's previous",
				  "the plan is not chained to it: its fingerprint is %s", hex);
		} else {
			result = check_plans(plan, &before->plan, fault);
		}
	}
	free(text);
	audit_free(before);
	free(before);
	return result < 0 ? fault_prefix(fault, "the earlier transcript") : 0;
}

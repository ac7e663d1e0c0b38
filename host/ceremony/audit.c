#include "ceremony/audit.h"

#include <string.h>

#include "ceremony/audit_step.h"
#include "lib/canonical.h"

static int visit_resume(struct audit *audit, const json_t *data, struct fault *fault)
{
	bool lost = audit->stage > AUDIT_ATTEMPT && audit->stage <= AUDIT_KEEP;
	const json_t *cut = json_object_get(data, "cut");

	if (audit->stage == AUDIT_BEGIN || audit->stage == AUDIT_CLOSED ||
	    entry_members(data, 2, fault) < 0 || !json_is_integer(cut))
		return entry_no(fault, "a resume that does not fit here");
	if (json_integer_value(cut) > AUDIT_CUT)
		return entry_no(fault, "cut is longer than any line");
	if (entry_is_text(data, "abandoned", lost ? audit->set : "none", fault) < 0)
		return -1;
	audit->resumed++;
	if (lost) {
		audit->stage = AUDIT_ATTEMPT;
		audit->done = 0;
	}
	return 0;
}

static int visit_close(struct audit *audit, const json_t *data, struct fault *fault)
{
	if (entry_members(data, 2, fault) < 0)
		return -1;
	audit_step(audit);
	return 0;
}

/* The steps in their order: which entry each is, and how many there are. */
static unsigned once(const struct plan *plan)
{
	(void)plan;
	return 1;
}

static unsigned custodians(const struct plan *plan)
{
	return plan->total;
}

static unsigned batches(const struct plan *plan)
{
	return plan->batch_count;
}

static unsigned ticketed(const struct plan *plan)
{
	return plan_batches_with(plan, 0);
}

static unsigned agreed(const struct plan *plan)
{
	return plan_batches_with(plan, SLOT_AGREED);
}

static unsigned things(const struct plan *plan)
{
	return plan->destruction_count;
}

static const struct {
	const char *type;
	audit_visit_data *visit;
	unsigned (*count)(const struct plan *plan);
} steps[] = {
	[AUDIT_BEGIN] = {"begin", audit_visit_begin, once},
	[AUDIT_INVENTORY] = {"inventory", audit_visit_inventory, once},
	[AUDIT_PRESENT] = {"present", audit_visit_present, plan_signers},
	[AUDIT_ATTEMPT] = {"attempt", audit_visit_attempt, once},
	[AUDIT_COMMIT] = {"commit", audit_visit_commit, custodians},
	[AUDIT_BASE] = {"base", audit_visit_base, once},
	[AUDIT_REVEAL] = {"reveal", audit_visit_reveal, custodians},
	[AUDIT_MASTER] = {"master", audit_visit_master, once},
	[AUDIT_SHARE] = {"share", audit_visit_share, custodians},
	[AUDIT_RESTORE] = {"restore", audit_visit_restore, once},
	[AUDIT_KEEP] = {"keep", audit_visit_keep, once},
	[AUDIT_BATCH] = {"batch", audit_visit_batch, batches},
	[AUDIT_LOADED] = {"loaded", audit_visit_loaded, ticketed},
	[AUDIT_RETIRED] = {"retired", audit_visit_retired, agreed},
	[AUDIT_DESTROYED] = {"destroyed", audit_visit_destroyed, things},
	[AUDIT_AFTER] = {"inventory", audit_visit_inventory, once},
	[AUDIT_SIGNOFF] = {"signoff", audit_visit_signoff, plan_signers},
	[AUDIT_CLOSE] = {"close", visit_close, once},
};

void audit_step(struct audit *audit)
{
	if (++audit->done < steps[audit->stage].count(&audit->plan))
		return;
	audit->done = 0;
	do
		audit->stage++;
	while (audit->stage < AUDIT_CLOSED && steps[audit->stage].count(&audit->plan) == 0);
}

int audit_visit(void *context, unsigned line, const json_t *entry, struct fault *fault)
{
	struct audit *audit = context;
	const char *type = json_string_value(json_object_get(entry, "type"));
	const char *head = json_string_value(json_object_get(entry, "previous"));
	const json_t *data = json_object_get(entry, "data");

	if (!head || strlen(head) + 1 != sizeof(audit->head))
		return entry_no(fault, "previous is not a SHA-256 value in hex");
	memcpy(audit->head, head, sizeof(audit->head));
	audit->since = audit->at;
	audit->at = transcript_seconds(json_string_value(json_object_get(entry, "at")));
	if (audit->at < 0)
		return entry_no(fault, "at is not a UTC time after 1969");
	if (line == 2 && canonical_hex_read(audit->first_line, 32, head) < 0)
		return entry_no(fault, "previous is not a SHA-256 value in hex");
	if (line == 1) {
		int result = audit_visit_begin(audit, data, fault);

		if (result < 0 && fault && fault->code == FAULT_INPUT)
			fault->code = FAULT_NO;
		return result;
	}
	if (strcmp(type, "resume") == 0)
		return visit_resume(audit, data, fault);
	if (strcmp(type, "exception") == 0)
		return audit_visit_exception(audit, data, fault);
	if (strcmp(type, "time") == 0)
		return audit_visit_time(audit, data, fault);
	if (strcmp(type, "close") == 0 && audit->stage != AUDIT_CLOSE)
		return entry_no(fault, "the ceremony is closed before it is done");
	if (audit->stage == AUDIT_CLOSED)
		return entry_no(fault, "\"%.20s\" has no place here", type);
	if (strcmp(type, steps[audit->stage].type) != 0)
		return entry_no(fault, "\"%.20s\" where \"%s\" has to come", type, steps[audit->stage].type);
	return steps[audit->stage].visit(audit, data, fault);
}

void audit_free(struct audit *audit)
{
	for (unsigned i = 0; i < PLAN_BATCHES; i++)
		json_decref(audit->batches[i].missing);
	plan_free(&audit->plan);
	json_decref(audit->before);
	json_decref(audit->sets);
	audit->before = audit->sets = NULL;
}

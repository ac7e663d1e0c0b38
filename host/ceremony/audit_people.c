/* audit_people.c - what people say: that they are here, what went otherwise than planned, what was destroyed.
 */
#include <string.h>

#include "ceremony/audit_step.h"
#include "ceremony/hierarchy.h"

/* "present" and "signoff": of the party whose turn it is, over the line before. */
static int visit_party(struct audit *audit, const json_t *data, const char *label, struct fault *fault)
{
	const struct plan_party *party = plan_signer(&audit->plan, audit->done);
	uint8_t digest[32];

	if (entry_members(data, 4, fault) < 0 || entry_is_text(data, "name", party->name, fault) < 0 ||
	    entry_is_text(data, "role", party->role, fault) < 0 ||
	    entry_is_text(data, "key", party->key, fault) < 0 ||
	    hierarchy_text(digest, fault, label, audit->plan.id, party->name, audit->head,
			   (const char *)NULL) < 0 ||
	    entry_signature(data, party->point, digest, fault) < 0)
		return -1;
	audit_step(audit);
	return 0;
}

int audit_visit_present(struct audit *audit, const json_t *data, struct fault *fault)
{
	return visit_party(audit, data, "simrite present v1", fault);
}

int audit_visit_signoff(struct audit *audit, const json_t *data, struct fault *fault)
{
	return visit_party(audit, data, "simrite signoff v1", fault);
}

int audit_visit_exception(struct audit *audit, const json_t *data, struct fault *fault)
{
	const char *by = json_string_value(json_object_get(data, "by"));
	char text[AUDIT_TEXT + 1];

	if (audit->stage == AUDIT_BEGIN || audit->stage == AUDIT_CLOSED)
		return entry_no(fault, "an exception that does not fit here");
	if (entry_members(data, 2, fault) < 0 || entry_text(text, sizeof(text), data, "text", fault) < 0)
		return -1;
	if (!by || !plan_party(&audit->plan, by))
		return entry_no(fault, "by is no party of the plan");
	if (text[0] == 0 || text[strspn(text, " ")] == 0)
		return entry_no(fault, "text is empty");
	audit->exceptions++;
	return 0;
}

int audit_visit_destroyed(struct audit *audit, const json_t *data, struct fault *fault)
{
	if (entry_members(data, 2, fault) < 0 || entry_is_number(data, "index", audit->done + 1, fault) < 0 ||
	    entry_is_text(data, "text", audit->plan.destruction[audit->done], fault) < 0)
		return -1;
	audit_step(audit);
	return 0;
}

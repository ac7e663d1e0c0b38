/* audit_batch.c - what is made of the master: batch keys, the tickets of their cards, and what came back. */
#include <string.h>

#include "ceremony/audit_step.h"
#include "ceremony/hierarchy.h"
#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "lib/base64.h"
#include "lib/signature.h"
#include "lib/time_statement.h"

/* {count, root} of the tickets. */
static int take_tickets(struct audit_batch *made, const struct plan_batch *batch, const json_t *data,
			struct fault *fault)
{
	const json_t *tickets = json_object_get(data, "tickets");

	if (entry_is_text(data, "method", plan_method_name(batch->method), fault) < 0 ||
	    entry_is_text(data, "expires", batch->expires_text, fault) < 0 ||
	    entry_is_number(data, "slot", batch->slot, fault) < 0)
		return -1;
	if (entry_members(tickets, 2, fault) < 0 ||
	    entry_is_number(tickets, "count", batch->count, fault) < 0 ||
	    entry_bytes(made->tickets, 32, tickets, "root", fault) < 0)
		return fault_prefix(fault, "tickets");
	return 0;
}

static int take_agree_key(struct audit *audit, const json_t *data, struct fault *fault)
{
	const char *key = json_string_value(json_object_get(data, "agree_key"));
	uint8_t *agree = audit->batches[audit->done].agree, compressed[P256_COMPRESSED];

	if (!key || public_read(agree, key) < 0 || p256_compress(compressed, (struct span){agree, 65}) != OK)
		return entry_no(fault, "agree_key is no P-256 key in DER and base64");
	if (memcmp(agree, audit->point, 65) == 0)
		return entry_no(fault, "agree_key is the key that signs");
	for (unsigned i = 0; i < audit->done; i++)
		if (memcmp(agree, audit->batches[i].agree, 65) == 0)
			return entry_no(fault, "agree_key is that of batch \"%s\"",
					audit->plan.batches[i].id);
	return 0;
}

int audit_visit_batch(struct audit *audit, const json_t *data, struct fault *fault)
{
	const struct plan_batch *batch = &audit->plan.batches[audit->done];
	struct audit_batch *made = &audit->batches[audit->done];
	bool agreed = batch->method == SLOT_AGREED;
	char label[HIERARCHY_LABEL];

	hierarchy_label_batch(label, batch->id);
	if (entry_members(data, (batch->method ? 8U : 4U) + agreed, fault) < 0 ||
	    entry_is_text(data, "id", batch->id, fault) < 0 ||
	    entry_is_text(data, "label", label, fault) < 0 ||
	    entry_is_number(data, "count", batch->count, fault) < 0 ||
	    entry_bytes(made->check, 16, data, "check", fault) < 0)
		return -1;
	if (memcmp(made->check, audit->master_check, 16) == 0 ||
	    memcmp(made->check, audit->base_check, 16) == 0)
		return entry_no(fault, "check is that of the master or base key: nothing was derived");
	for (unsigned i = 0; i < audit->done; i++)
		if (memcmp(made->check, audit->batches[i].check, 16) == 0)
			return entry_no(fault, "check is that of batch \"%s\"", audit->plan.batches[i].id);
	if (batch->method && take_tickets(made, batch, data, fault) < 0)
		return -1;
	if (agreed && take_agree_key(audit, data, fault) < 0)
		return -1;
	made->at = audit->at;
	audit_step(audit);
	return 0;
}

/* Numbers of this batch's tickets, going up. */
static int check_missing(const struct plan_batch *batch, const json_t *missing, struct fault *fault)
{
	json_int_t before = (json_int_t)batch->first_ticket - 1;

	if (!json_is_array(missing) || json_array_size(missing) > AUDIT_MISSING)
		return entry_no(fault, "missing is not an array of at most %d numbers", AUDIT_MISSING);
	for (size_t i = 0; i < json_array_size(missing); i++) {
		const json_t *number = json_array_get(missing, i);

		if (!json_is_integer(number) || json_integer_value(number) <= before ||
		    json_integer_value(number) - (json_int_t)batch->first_ticket >= (json_int_t)batch->count)
			return entry_no(fault, "missing[%zu] is no number of this batch above the one before",
					i);
		before = json_integer_value(number);
	}
	return 0;
}

int audit_visit_loaded(struct audit *audit, const json_t *data, struct fault *fault)
{
	unsigned at = plan_batch_with(&audit->plan, 0, audit->done);
	const struct plan_batch *batch = &audit->plan.batches[at];
	struct audit_batch *made = &audit->batches[at];
	json_t *missing = json_object_get(data, "missing");
	uint8_t nothing[32];

	if (entry_members(data, 4, fault) < 0 || entry_is_text(data, "id", batch->id, fault) < 0 ||
	    check_missing(batch, missing, fault) < 0)
		return -1;
	made->count = batch->count - (unsigned)json_array_size(missing);
	if (entry_is_number(data, "count", made->count, fault) < 0 ||
	    entry_bytes(made->root, 32, data, "root", fault) < 0)
		return -1;
	if (sha256(nothing, (struct span){NULL, 0}) != OK)
		return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
	if ((memcmp(made->root, nothing, 32) == 0) != (made->count == 0))
		return entry_no(fault,
				"root and count do not go together: of nothing it is SHA-256 of nothing");
	made->missing = json_incref(missing);
	made->loaded = true;
	audit_step(audit);
	return 0;
}

int audit_visit_retired(struct audit *audit, const json_t *data, struct fault *fault)
{
	const struct plan_batch *batch =
		&audit->plan.batches[plan_batch_with(&audit->plan, SLOT_AGREED, audit->done)];
	char label[HIERARCHY_LABEL];

	hierarchy_label_agree(label, batch->id);
	if (entry_members(data, 2, fault) < 0 || entry_is_text(data, "id", batch->id, fault) < 0 ||
	    entry_is_text(data, "label", label, fault) < 0)
		return -1;
	audit_step(audit);
	return 0;
}

/* Signed for cards while their tickets are out: the time of the line before, as of tickets. */
int audit_visit_time(struct audit *audit, const json_t *data, struct fault *fault)
{
	const char *text = json_string_value(json_object_get(data, "statement"));
	struct time_statement statement;

	if (audit->stage != AUDIT_LOADED)
		return entry_no(fault, "a time where no batch is out");
	if (entry_members(data, 2, fault) < 0)
		return -1;
	if (!text || base64_read(statement.bytes, sizeof(statement.bytes), text) != TICKET_TIME)
		return entry_no(fault, "statement is not %d bytes in base64", TICKET_TIME);
	memcpy(statement.authority, audit->point, sizeof(statement.authority));
	if (time_statement_check(&statement, fault) < 0)
		return -1;
	if (statement.time != audit->since)
		return entry_no(fault, "the time that was signed is not that of the line before");
	audit->told = statement.time;
	return entry_is_number(data, "time", statement.time, fault);
}

#include "ceremony/ticketing.h"

#include <string.h>

#include "ceremony/entry.h"
#include "ceremony/hierarchy.h"
#include "lib/digits.h"
#include "lib/numbers.h"
#include "lib/signature.h"

int ticketing_make(struct ticketing *ticketing, const struct audit *audit, unsigned batch,
		   const uint8_t *agree, int64_t latest, struct fault *fault)
{
	memset(ticketing, 0, sizeof(*ticketing));
	ticketing->plan = &audit->plan;
	ticketing->batch = &audit->plan.batches[batch];
	ticketing->earliest = audit->begun;
	ticketing->latest = latest;
	memcpy(ticketing->authority, audit->point, sizeof(ticketing->authority));
	if (agree && p256_compress(ticketing->agree, (struct span){agree, 65}) != OK)
		return fault_set(fault, FAULT_BUG, NULL, "the agree key is no key");
	return hierarchy_scope(ticketing->scope, audit->first_line, ticketing->batch->id, fault);
}

int ticketing_of(struct ticketing *ticketing, const struct audit *audit, unsigned batch, struct fault *fault)
{
	const struct audit_batch *made = &audit->batches[batch];

	return ticketing_make(ticketing, audit, batch,
			      audit->plan.batches[batch].method == SLOT_AGREED ? made->agree : NULL, made->at,
			      fault);
}

int ticketing_ticket(struct ticket *ticket, char iccid[static 21], const struct ticketing *ticketing,
		     unsigned index, struct fault *fault)
{
	const struct plan_batch *batch = ticketing->batch;

	memset(ticket, 0, sizeof(*ticket));
	if (numbers_iccid(iccid, batch->first_iccid, index, fault) < 0)
		return -1;
	memcpy(ticket->scope, ticketing->scope, sizeof(ticket->scope));
	digits_to_iccid(ticket->iccid, iccid);
	ticket->slot = (uint8_t)batch->slot;
	ticket->method = (uint8_t)batch->method;
	ticket_set_number(ticket->number, batch->first_ticket + index);
	ticket_set_number(ticket->expires, batch->expires);
	if (batch->method == SLOT_AGREED)
		memcpy(ticket->operator_key, ticketing->agree, sizeof(ticket->operator_key));
	return 0;
}

/* All of it but the signature, against what it must be. */
static int check_fields(const struct ticketing *ticketing, const struct ticket *got, uint32_t index,
			struct fault *fault)
{
	struct ticket want;
	uint32_t issued = ticket_number(got->issued);
	char iccid[21];

	if (ticketing_ticket(&want, iccid, ticketing, index, fault) < 0)
		return -1;
	if (memcmp(got->iccid, want.iccid, sizeof(want.iccid)) != 0)
		return entry_no(fault, "the ticket is not for the ICCID of its number, %s", iccid);
	if (got->slot != want.slot)
		return entry_no(fault, "the ticket is for slot %u, not %u", got->slot, want.slot);
	if (got->method != want.method)
		return entry_no(fault, "the ticket's method is not \"%s\"", plan_method_name(want.method));
	if (memcmp(got->expires, want.expires, sizeof(want.expires)) != 0)
		return entry_no(fault, "the ticket does not expire when the plan says");
	if (memcmp(got->operator_key, want.operator_key, sizeof(want.operator_key)) != 0)
		return entry_no(fault, "the ticket has another operator's key");
	if (issued < ticketing->earliest || issued > ticketing->latest)
		return entry_no(
			fault, "the ticket was issued before the ceremony began or after the batch was made");
	return 0;
}

int64_t ticketing_check(const struct ticketing *ticketing, struct span bytes, struct fault *fault)
{
	const struct plan_batch *batch = ticketing->batch;
	struct ticket ticket;
	uint32_t index;

	if (ticket_parse(&ticket, bytes) != OK)
		return entry_no(fault, "the ticket is none");
	if (memcmp(ticket.scope, ticketing->scope, sizeof(ticket.scope)) != 0)
		return entry_no(fault, "the ticket is of another batch or ceremony than \"%s\"", batch->id);
	index = ticket_number(ticket.number) -
		batch->first_ticket; /* too large for a number before the first */
	if (index >= batch->count)
		return entry_no(fault, "ticket %u is none of batch \"%s\"",
				(unsigned)ticket_number(ticket.number), batch->id);
	if (check_fields(ticketing, &ticket, index, fault) < 0)
		return -1;
	if (!signature_is_low(bytes.at + bytes.length - P256_SIGNATURE) ||
	    ticket_verify(bytes, (struct span){ticketing->authority, 65}) != OK)
		return entry_no(fault, "the ticket is not signed by the ceremony's key");
	return index;
}

static int check_certificate(const struct ticketing *ticketing, const struct receipt_line *line,
			     struct fault *fault)
{
	const struct plan *plan = ticketing->plan;
	struct span bytes = {line->certificate, TICKET_CERTIFICATE};

	for (unsigned i = 0; i < plan->factory_count; i++)
		if (ticket_verify(bytes, (struct span){plan->factories[i].point, 65}) == OK)
			return 0;
	return entry_no(fault, "its certificate is of no factory of the plan: the card may be forged");
}

int64_t ticketing_accept(const struct ticketing *ticketing, const struct receipt_line *line,
			 struct receipt_facts *facts, struct fault *fault)
{
	int64_t index = ticketing_check(ticketing, (struct span){line->ticket, line->ticket_length}, fault);
	uint8_t point[P256_UNCOMPRESSED];

	if (index < 0)
		return fault_prefix(fault, "the receipt of ICCID %s", line->iccid);
	if (receipts_check(facts, line, fault) < 0)
		return -1;
	if (check_certificate(ticketing, line, fault) < 0)
		return fault_prefix(fault, "the receipt of ICCID %s", line->iccid);
	if (facts->receipt.method == SLOT_AGREED &&
	    p256_uncompress(point, (struct span){facts->receipt.ephemeral, P256_COMPRESSED}) != OK)
		return entry_no(fault, "the receipt of ICCID %s: its ephemeral key is none", line->iccid);
	return index;
}

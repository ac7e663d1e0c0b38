/* audit_attempt.c - from contributions to a master that is kept. */
#include <string.h>

#include "ceremony/audit_step.h"
#include "ceremony/hierarchy.h"
#include "lib/canonical.h"

int audit_visit_attempt(struct audit *audit, const json_t *data, struct fault *fault)
{
	uint8_t set[8];
	char hex[sizeof(audit->set)];

	if (entry_members(data, 2, fault) < 0 ||
	    entry_is_number(data, "number", audit->attempt + 1, fault) < 0 ||
	    entry_bytes(set, sizeof(set), data, "set", fault) < 0)
		return -1;
	hex_write(hex, set, sizeof(set));
	if (!audit->sets)
		audit->sets = json_object();
	if (json_object_get(audit->sets, hex))
		return entry_no(fault, "set is that of an attempt before");
	if (json_object_set_new(audit->sets, hex, json_true()) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	audit->attempt++;
	memcpy(audit->set, hex, sizeof(hex));
	audit_step(audit);
	return 0;
}

/* The custodian whose turn it is. */
static int is_next_custodian(const struct audit *audit, const json_t *data, struct fault *fault)
{
	if (entry_is_number(data, "index", audit->done + 1, fault) < 0 ||
	    entry_is_text(data, "custodian", audit->plan.custodians[audit->done].name, fault) < 0)
		return -1;
	return entry_is_text(data, "set", audit->set, fault);
}

static int take_commitment(uint8_t (*all)[32], const struct audit *audit, const json_t *data,
			   struct fault *fault)
{
	if (is_next_custodian(audit, data, fault) < 0 ||
	    entry_bytes(all[audit->done], 32, data, "commitment", fault) < 0)
		return -1;
	for (unsigned i = 0; i < audit->done; i++)
		if (memcmp(all[i], all[audit->done], 32) == 0)
			return entry_no(fault, "commitment is that of custodian %u", i + 1);
	return 0;
}

/* The custodian's card says so itself. */
static int is_signed(const struct audit *audit, const json_t *data, const char *label,
		     const uint8_t commitment[static 32], struct fault *fault)
{
	uint8_t digest[32];

	if (hierarchy_statement(digest, label, audit->plan.id, audit->set, audit->done + 1, commitment,
				fault) < 0)
		return -1;
	return entry_signature(data, plan_custodian(&audit->plan, audit->done)->point, digest, fault);
}

int audit_visit_commit(struct audit *audit, const json_t *data, struct fault *fault)
{
	bool card = audit->plan.custodians[audit->done].share == PLAN_CARD;

	if (entry_members(data, card ? 5 : 4, fault) < 0 ||
	    take_commitment(audit->contribution, audit, data, fault) < 0)
		return -1;
	if (card && is_signed(audit, data, "simrite commit v1", audit->contribution[audit->done], fault) < 0)
		return -1;
	audit_step(audit);
	return 0;
}

int audit_visit_reveal(struct audit *audit, const json_t *data, struct fault *fault)
{
	if (entry_members(data, 3, fault) < 0 || is_next_custodian(audit, data, fault) < 0)
		return -1;
	audit_step(audit);
	return 0;
}

int audit_visit_share(struct audit *audit, const json_t *data, struct fault *fault)
{
	const struct plan_custodian *custodian = &audit->plan.custodians[audit->done];
	bool card = custodian->share == PLAN_CARD;

	if (entry_members(data, 4U + custodian->says_share + card, fault) < 0 ||
	    take_commitment(audit->share, audit, data, fault) < 0)
		return -1;
	if (custodian->says_share &&
	    entry_is_text(data, "kind", plan_share_name(custodian->share), fault) < 0)
		return -1;
	for (unsigned i = 0; i < audit->plan.total; i++)
		if (memcmp(audit->contribution[i], audit->share[audit->done], 32) == 0)
			return entry_no(fault, "commitment is that of contribution %u", i + 1);
	if (card && is_signed(audit, data, "simrite share held v1", audit->share[audit->done], fault) < 0)
		return -1;
	audit_step(audit);
	return 0;
}

int audit_visit_base(struct audit *audit, const json_t *data, struct fault *fault)
{
	if (entry_members(data, 3, fault) < 0 || entry_bytes(audit->nonce, 16, data, "nonce", fault) < 0 ||
	    entry_bytes(audit->base_check, 16, data, "check", fault) < 0 ||
	    entry_is_text(data, "set", audit->set, fault) < 0)
		return -1;
	audit_step(audit);
	return 0;
}

int audit_visit_master(struct audit *audit, const json_t *data, struct fault *fault)
{
	uint8_t before[16];

	memcpy(before, audit->nonce, sizeof(before));
	if (entry_members(data, 3, fault) < 0 || entry_bytes(audit->nonce, 16, data, "nonce", fault) < 0 ||
	    entry_bytes(audit->master_check, 16, data, "check", fault) < 0 ||
	    entry_is_text(data, "set", audit->set, fault) < 0)
		return -1;
	if (memcmp(audit->nonce, before, 16) == 0)
		return entry_no(fault, "nonce is that of the base key");
	if (memcmp(audit->master_check, audit->base_check, 16) == 0)
		return entry_no(fault, "check is that of the base key: nothing was derived");
	audit_step(audit);
	return 0;
}

int audit_visit_restore(struct audit *audit, const json_t *data, struct fault *fault)
{
	const struct plan *plan = &audit->plan;

	audit->passphrase = json_object_get(data, "passphrase") != NULL;
	if (entry_members(data, audit->passphrase ? 5 : 4, fault) < 0 ||
	    (audit->passphrase && entry_is_text(data, "passphrase", "yes", fault) < 0) ||
	    entry_is_number(data, "quorums", plan_quorums(plan), fault) < 0 ||
	    entry_is_number(data, "threshold", plan->threshold, fault) < 0 ||
	    entry_is_number(data, "total", plan->total, fault) < 0)
		return -1;
	if (entry_is_text(data, "set", audit->set, fault) < 0)
		return -1;
	audit_step(audit);
	return 0;
}

int audit_visit_keep(struct audit *audit, const json_t *data, struct fault *fault)
{
	char label[HIERARCHY_LABEL];
	uint8_t check[16];

	hierarchy_label_master(label, audit->plan.id);
	if (entry_members(data, 3, fault) < 0 || entry_bytes(check, 16, data, "check", fault) < 0 ||
	    entry_is_text(data, "label", label, fault) < 0)
		return -1;
	if (memcmp(check, audit->master_check, 16) != 0)
		return entry_no(fault, "check is not the master's: another key was kept");
	if (entry_is_text(data, "set", audit->set, fault) < 0)
		return -1;
	audit_step(audit);
	return 0;
}

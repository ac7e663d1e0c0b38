/* quorum_card.c - a share from its custodian's card, released for this ceremony and counted by the card. */
#include <stdio.h>
#include <string.h>

#include "ceremony/quorum.h"
#include "lib/canonical.h"
#include "lib/secret.h"

int quorum_holder(unsigned *found, const struct plan *plan, const char *name, struct fault *fault)
{
	for (*found = 0; *found < plan->total; ++*found)
		if (strcmp(plan->custodians[*found].name, name) == 0)
			break;
	if (*found == plan->total)
		return fault_set(fault, FAULT_USAGE, "write the name as the plan does",
				 "\"%.64s\" is no custodian of the plan", name);
	if (plan->custodians[*found].share != PLAN_CARD)
		return fault_set(fault, FAULT_INPUT, NULL, "the share of %.64s is not on a card but on %s",
				 name, plan_share_name(plan->custodians[*found].share));
	return 0;
}

int quorum_add_card(struct quorum *quorum, const struct audit *audit, const struct signer *holder,
		    bool passphrase, struct fault *fault)
{
	const struct plan *plan = &audit->plan;
	struct quorum_share *share = &quorum->of[quorum->count];
	struct custodian_about about = {.ceremony = plan->id};
	struct custodian_card *card;
	unsigned i;
	int result;

	if (quorum->count == SHARE_MAX)
		return fault_set(fault, FAULT_USAGE, NULL, "more than %d shares", SHARE_MAX);
	if (quorum_holder(&i, plan, holder->name, fault) < 0)
		return -1;
	about.index = i + 1;
	(void)canonical_hex_read(about.set, sizeof(about.set), audit->set);
	result = signer_card(&card, holder, plan, plan_custodian(plan, i), fault);
	if (result == 0)
		result = custodian_confirm(card, plan->id, fault);
	if (result == 0)
		result = custodian_release_share(card, &quorum->held, &about, fault);
	custodian_close(card);
	if (result < 0)
		return -1;
	(void)snprintf(share->name, sizeof(share->name), "the card of %.64s", holder->name);
	(void)snprintf(share->file.ceremony, sizeof(share->file.ceremony), "%s", plan->id);
	(void)snprintf(share->file.custodian, sizeof(share->file.custodian), "%s", holder->name);
	memcpy(share->file.set, audit->set, sizeof(share->file.set));
	memcpy(share->file.salt, quorum->held.salt, sizeof(share->file.salt));
	memcpy(share->file.commitment, quorum->held.commitment, sizeof(share->file.commitment));
	memcpy(share->file.share.value, quorum->held.value, sizeof(quorum->held.value));
	share->file.share.x = (uint8_t)i;
	share->file.rehearsal = plan->rehearsal;
	share->file.passphrase = passphrase;
	share->file.index = i + 1;
	share->file.threshold = quorum->held.threshold;
	share->file.total = quorum->held.total;
	secret_wipe(&quorum->held, sizeof(quorum->held));
	share_file_slip39(&share->share, &share->file);
	quorum->count++;
	return 0;
}

#include "ceremony/receipt_set.h"

#include <stdlib.h>
#include <string.h>

#include "ceremony/entry.h"
#include "lib/hex.h"
#include "lib/merkle.h"
#include "lib/numbers.h"

static int no_memory(struct fault *fault)
{
	return fault_set(fault, FAULT_SYSTEM, NULL, "no memory for the receipts");
}

static int bug(struct fault *fault)
{
	return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
}

/* Of a batch whose entry is in the transcript. */
static bool has_tickets(const struct audit *audit, unsigned batch)
{
	return audit->plan.batches[batch].method != 0 && audit->batches[batch].at != 0;
}

int receipt_set_start(struct receipt_set *set, const struct audit *audit, struct fault *fault)
{
	memset(set, 0, sizeof(*set));
	set->audit = audit;
	for (unsigned i = 0; i < audit->plan.batch_count; i++)
		if (has_tickets(audit, i) && ticketing_of(&set->batches[i].ticketing, audit, i, fault) < 0)
			return -1;
	return 0;
}

void receipt_set_free(struct receipt_set *set)
{
	for (unsigned i = 0; i < PLAN_BATCHES; i++)
		free(set->batches[i].cards);
}

/* ---- one line ---- */

/* The batch of this ticket, or -1. */
static int batch_of(const struct receipt_set *set, const struct receipt_line *line, struct fault *fault)
{
	const struct plan *plan = &set->audit->plan;
	struct ticket ticket;

	if (ticket_parse(&ticket, (struct span){line->ticket, line->ticket_length}) != OK)
		return entry_no(fault, "the ticket is none");
	for (unsigned i = 0; i < plan->batch_count; i++)
		if (has_tickets(set->audit, i) &&
		    memcmp(ticket.scope, set->batches[i].ticketing.scope, sizeof(ticket.scope)) == 0)
			return (int)i;
	return entry_no(fault, "an extra card: the ticket of ICCID %s is of no batch of this ceremony",
			line->iccid);
}

size_t receipt_leaf(uint8_t leaf[static RECEIPT_LEAF], const struct receipt_line *line)
{
	size_t length = line->ticket_length + TICKET_CERTIFICATE;

	memcpy(leaf, line->ticket, line->ticket_length);
	memcpy(leaf + line->ticket_length, line->certificate, TICKET_CERTIFICATE);
	memcpy(leaf + length, line->receipt, line->receipt_length);
	return length + line->receipt_length;
}

static int hash_line(struct receipt_card *card, const struct receipt_line *line, struct fault *fault)
{
	uint8_t leaf[RECEIPT_LEAF] = {0};

	if (merkle_leaf(card->leaf, (struct span){leaf, receipt_leaf(leaf, line)}) != OK ||
	    merkle_leaf(card->ticket, (struct span){line->ticket, line->ticket_length}) != OK)
		return bug(fault);
	return 0;
}

static int take(struct receipt_set *set, unsigned at, const struct receipt_line *line, unsigned *index,
		struct fault *fault)
{
	struct receipt_batch *batch = &set->batches[at];
	struct receipt_facts facts;
	struct receipt_card *card;
	int64_t number = ticketing_accept(&batch->ticketing, line, &facts, fault);

	if (number < 0)
		return -1;
	*index = (unsigned)number;
	if (!batch->cards)
		batch->cards = calloc(batch->ticketing.batch->count, sizeof(*batch->cards));
	if (!batch->cards)
		return no_memory(fault);
	card = &batch->cards[*index];
	if (card->there)
		return entry_no(fault, "%s: ticket %u, ICCID %s",
				memcmp(card->identity, facts.receipt.identity, P256_COMPRESSED) == 0
					? "a receipt is there twice"
					: "a second load: two cards answered for one ticket",
				(unsigned)line->number, line->iccid);
	if (hash_line(card, line, fault) < 0)
		return -1;
	memcpy(card->identity, facts.receipt.identity, P256_COMPRESSED);
	card->there = true;
	batch->count++;
	return 0;
}

int receipt_set_read(struct receipt_set *set, const char *path, receipt_set_visit *visit, void *context,
		     struct fault *fault)
{
	struct receipts_reader *reader;
	struct receipt_line line;
	unsigned number = 0;
	int got;

	if (receipts_open(&reader, path, fault) < 0)
		return -1;
	while ((got = receipts_next(reader, &line, fault)) == 1) {
		unsigned index;
		int batch = batch_of(set, &line, fault);

		number++;
		if (batch < 0 || take(set, (unsigned)batch, &line, &index, fault) < 0 ||
		    (visit && visit(context, (unsigned)batch, index, &line, fault) < 0)) {
			fault_prefix(fault, "%.100s: line %u", path, number);
			got = -1;
			break;
		}
	}
	receipts_close(reader);
	return got;
}

/* ---- together ---- */

/* A card among all, to be sorted by identity. */
struct known {
	const struct receipt_card *card;
	unsigned batch, index;
};

static int by_identity(const void *a, const void *b)
{
	const struct known *one = a, *other = b;

	return memcmp(one->card->identity, other->card->identity, P256_COMPRESSED);
}

static int one_card_twice(const struct receipt_set *set, const struct known two[static 2],
			  struct fault *fault)
{
	char iccid[2][21] = {"", ""}, identity[2 * P256_COMPRESSED + 1];

	for (int i = 0; i < 2; i++)
		if (numbers_iccid(iccid[i], set->batches[two[i].batch].ticketing.batch->first_iccid,
				  two[i].index, fault) < 0)
			return -1;
	hex_write(identity, two[0].card->identity, P256_COMPRESSED);
	return entry_no(fault, "one card answered for two ICCIDs, %s and %s: its identity is %.66s", iccid[0],
			iccid[1], identity);
}

int receipt_set_identities(const struct receipt_set *set, struct fault *fault)
{
	struct known *all;
	size_t count = 0, total = 0;
	int result = 0;

	for (unsigned b = 0; b < PLAN_BATCHES; b++)
		total += set->batches[b].count;
	all = calloc(total + 1, sizeof(*all));
	if (!all)
		return no_memory(fault);
	for (unsigned b = 0; b < PLAN_BATCHES; b++)
		for (unsigned i = 0; set->batches[b].cards && i < set->batches[b].ticketing.batch->count; i++)
			if (set->batches[b].cards[i].there)
				all[count++] = (struct known){&set->batches[b].cards[i], b, i};
	qsort(all, count, sizeof(*all), by_identity);
	for (size_t i = 1; i < count && result == 0; i++)
		if (by_identity(&all[i - 1], &all[i]) == 0)
			result = one_card_twice(set, &all[i - 1], fault);
	free(all);
	return result;
}

static bool is_there(const struct receipt_set *set, unsigned batch, unsigned index)
{
	return set->batches[batch].cards && set->batches[batch].cards[index].there;
}

json_t *receipt_set_missing(const struct receipt_set *set, unsigned batch)
{
	const struct plan_batch *planned = &set->audit->plan.batches[batch];
	json_t *missing = json_array();

	for (unsigned i = 0; i < planned->count; i++)
		if (!is_there(set, batch, i))
			(void)json_array_append_new(missing,
						    json_integer((json_int_t)planned->first_ticket + i));
	return missing;
}

/* Of the receipts, or of their tickets. */
static int root_of(uint8_t root[static 32], const struct receipt_set *set, unsigned batch, bool tickets,
		   struct fault *fault)
{
	struct merkle tree;

	merkle_start(&tree);
	for (unsigned i = 0; i < set->audit->plan.batches[batch].count; i++)
		if (is_there(set, batch, i)) {
			const struct receipt_card *card = &set->batches[batch].cards[i];

			if (merkle_add_hash(&tree, tickets ? card->ticket : card->leaf) != OK)
				return bug(fault);
		}
	return merkle_root(&tree, root) == OK ? 0 : bug(fault);
}

int receipt_set_root(uint8_t root[static 32], const struct receipt_set *set, unsigned batch,
		     struct fault *fault)
{
	return root_of(root, set, batch, false, fault);
}

/* The cards one by one against those that `loaded` has. */
static int check_cards(const struct receipt_set *set, unsigned batch, struct fault *fault)
{
	const struct plan_batch *planned = &set->audit->plan.batches[batch];
	const json_t *missing = set->audit->batches[batch].missing;
	size_t next = 0;

	for (unsigned i = 0; i < planned->count; i++) {
		json_int_t number = (json_int_t)planned->first_ticket + i;
		bool listed = next < json_array_size(missing) &&
			      json_integer_value(json_array_get(missing, next)) == number;
		char iccid[21];

		next += listed;
		if (is_there(set, batch, i) != listed)
			continue;
		if (numbers_iccid(iccid, planned->first_iccid, i, fault) < 0)
			return -1;
		return entry_no(
			fault,
			listed ? "an extra card: batch \"%s\" lists ticket %u, ICCID %s, as missing, but "
				 "there is a receipt"
			       : "a missing card: batch \"%s\" has no receipt for ticket %u, ICCID %s, "
				 "which it does not list as missing",
			planned->id, (unsigned)number, iccid);
	}
	return 0;
}

int receipt_set_matches(const struct receipt_set *set, unsigned batch, struct fault *fault)
{
	const struct audit_batch *told = &set->audit->batches[batch];
	const char *id = set->audit->plan.batches[batch].id;
	uint8_t root[32], tickets[32];

	if (!told->loaded)
		return entry_no(fault, "the transcript does not say that batch \"%s\" came back", id);
	if (check_cards(set, batch, fault) < 0 || root_of(root, set, batch, false, fault) < 0 ||
	    root_of(tickets, set, batch, true, fault) < 0)
		return -1;
	if (memcmp(root, told->root, 32) != 0)
		return entry_no(
			fault, "the receipts of batch \"%s\" are not those that came back: another root", id);
	if (json_array_size(told->missing) == 0 && memcmp(tickets, told->tickets, 32) != 0)
		return entry_no(fault,
				"the tickets of batch \"%s\" are not those that were issued: another root",
				id);
	return 0;
}

static unsigned cards(const struct receipt_set *set)
{
	unsigned count = 0;

	for (unsigned b = 0; b < PLAN_BATCHES; b++)
		count += set->batches[b].count;
	return count;
}

int receipt_set_check(struct receipt_set *set, const struct audit *audit, const char *const *paths,
		      unsigned count, struct fault *fault)
{
	if (receipt_set_start(set, audit, fault) < 0)
		return -1;
	for (unsigned i = 0; i < count; i++) {
		unsigned before = cards(set);

		if (receipt_set_read(set, paths[i], NULL, NULL, fault) < 0)
			return -1;
		if (cards(set) == before)
			return fault_set(fault, FAULT_INPUT, NULL, "%.200s holds no receipt", paths[i]);
	}
	if (receipt_set_identities(set, fault) < 0)
		return -1;
	for (unsigned b = 0; b < PLAN_BATCHES; b++)
		if (set->batches[b].cards && receipt_set_matches(set, b, fault) < 0)
			return -1;
	return 0;
}

/* Object of IND i of slot s: id STORE_SQN, (s - 1) * 32 + i; content load(2)
 * SEQ(6) uses(4), big-endian. One object per IND rather than the array in
 * one: an authentication then writes 12 bytes and not 200, and the memory
 * lasts that much longer. Policy of slot s: id STORE_SQN_POLICY, s; delta(6)
 * age(6). */
#include "auth/sqn_array.h"

enum {
	ENTRY = 12,
	POLICY = 12,
	IND_BITS = 5
};

_Static_assert(SQN_SLOTS == 1 << IND_BITS, "IND has 5 bits");
_Static_assert(KEY_SLOTS *SQN_SLOTS <= 256, "object ids have one byte for slot and IND");

struct entry {
	uint64_t seq;
	uint32_t uses;
};

static uint32_t number16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t number32(const uint8_t *at)
{
	return number16(at) << 16 | number16(at + 2);
}

static uint64_t number48(const uint8_t *at)
{
	return (uint64_t)number16(at) << 32 | number32(at + 2);
}

static void put_number(uint8_t *at, unsigned length, uint64_t value)
{
	for (unsigned i = length; i-- > 0; value >>= 8)
		at[i] = (uint8_t)value;
}

static uint16_t entry_id(struct sqn_owner owner, unsigned ind)
{
	return (uint16_t)(STORE_SQN << 8 | (unsigned)((owner.slot - 1) * SQN_SLOTS) | ind);
}

/* An IND that was never used, or only with an older key, is zero. */
static int entry_read(struct entry *entry, const struct store *store, struct sqn_owner owner, unsigned ind)
{
	_Alignas(uint32_t) uint8_t bytes[ENTRY];
	int n = store_read(store, entry_id(owner, ind), bytes, 0, sizeof(bytes));

	*entry = (struct entry){0, 0};
	if (n == ERROR_NOT_FOUND)
		return OK;
	if (n < 0)
		return n;
	if (n != ENTRY)
		return ERROR_MEMORY;
	if (number16(bytes) == owner.load) {
		entry->seq = number48(bytes + 2);
		entry->uses = number32(bytes + 8);
	}
	return OK;
}

static int entry_write(struct store *store, struct sqn_owner owner, unsigned ind, const struct entry *entry)
{
	uint8_t bytes[ENTRY];

	put_number(bytes, 2, owner.load);
	put_number(bytes + 2, 6, entry->seq);
	put_number(bytes + 8, 4, entry->uses);
	return store_write(store, entry_id(owner, ind), bytes, sizeof(bytes));
}

/* All there is to know: the IND of the highest SEQ, that SEQ, and all uses; and
 * the entry of one IND. */
struct summary {
	unsigned ind;
	uint64_t seq;
	uint32_t uses;
	struct entry own;
};

static int summarise(struct summary *summary, const struct store *store, struct sqn_owner owner, unsigned own)
{
	struct entry entry;

	*summary = (struct summary){.ind = 0};
	if (owner.slot < 1 || owner.slot > KEY_SLOTS)
		return ERROR_RANGE;
	for (unsigned ind = 0; ind < SQN_SLOTS; ind++) {
		int e = entry_read(&entry, store, owner, ind);

		if (e < 0)
			return e;
		summary->uses += entry.uses;
		if (ind == own)
			summary->own = entry;
		if (entry.seq > summary->seq) {
			summary->seq = entry.seq;
			summary->ind = ind;
		}
	}
	return OK;
}

static void put_highest(uint8_t sqn[static SQN_LENGTH], const struct summary *all)
{
	put_number(sqn, SQN_LENGTH, all->seq << IND_BITS | all->ind);
}

/* SPEC: TS 33.102 C.2.1, C.2.2 */
int sqn_array_accept(struct store *store, struct sqn_owner owner, uint8_t sqn[static SQN_LENGTH],
		     const struct sqn_policy *policy)
{
	uint64_t seq = number48(sqn) >> IND_BITS;
	unsigned ind = sqn[SQN_LENGTH - 1] & (SQN_SLOTS - 1);
	struct summary all;
	int e = summarise(&all, store, owner, ind);

	if (e < 0)
		return e;
	if (seq > all.seq + policy->delta || seq <= all.own.seq ||
	    (policy->age > 0 && seq + policy->age < all.seq)) {
		put_highest(sqn, &all);
		return ERROR_CHECK;
	}
	all.own.seq = seq;
	all.own.uses++;
	return entry_write(store, owner, ind, &all.own);
}

int sqn_array_highest(const struct store *store, struct sqn_owner owner, uint8_t sqn[static SQN_LENGTH])
{
	struct summary all;
	int e = summarise(&all, store, owner, 0);

	put_highest(sqn, &all);
	return e;
}

int sqn_array_uses(const struct store *store, struct sqn_owner owner, uint32_t *uses)
{
	struct summary all;
	int e = summarise(&all, store, owner, 0);

	*uses = all.uses;
	return e;
}

static uint16_t policy_id(uint8_t slot)
{
	return (uint16_t)(STORE_SQN_POLICY << 8 | slot);
}

int sqn_array_policy(struct sqn_policy *policy, const struct store *store, uint8_t slot)
{
	uint8_t bytes[POLICY];
	int n;

	*policy = (struct sqn_policy){.delta = SQN_DELTA, .age = 0};
	if (slot < 1 || slot > KEY_SLOTS)
		return ERROR_RANGE;
	n = store_read(store, policy_id(slot), bytes, 0, sizeof(bytes));
	if (n == ERROR_NOT_FOUND)
		return OK;
	if (n < 0)
		return n;
	if (n != POLICY)
		return ERROR_MEMORY;
	policy->delta = number48(bytes);
	policy->age = number48(bytes + 6);
	return OK;
}

int sqn_array_set_policy(struct store *store, uint8_t slot, const struct sqn_policy *policy)
{
	uint8_t bytes[POLICY];

	if (slot < 1 || slot > KEY_SLOTS)
		return ERROR_RANGE;
	if (policy->delta == 0 || policy->delta > SQN_SEQ_MAX || policy->age > SQN_SEQ_MAX)
		return ERROR_VALUE;
	put_number(bytes, 6, policy->delta);
	put_number(bytes + 6, 6, policy->age);
	return store_write(store, policy_id(slot), bytes, sizeof(bytes));
}

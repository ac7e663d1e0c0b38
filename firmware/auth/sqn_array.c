/* Object of INDs 4 g to 4 g + 3 of slot s: id STORE_SQN, (s - 1) * 8 + g; content
 * load(2) uses(4) and four times SEQ(6), big-endian. Neither the array in one
 * object, or an authentication would write 200 bytes and not 30, and the
 * memory would not last; nor one for each IND, or a small part would spend
 * most of an authentication looking for them. Policy of slot s: id
 * STORE_SQN_POLICY, s; delta(6) age(6). */
#include "auth/sqn_array.h"

#include <string.h>

enum {
	GROUP = 4, /* INDs in an object */
	GROUPS = SQN_SLOTS / GROUP,
	AT_USES = 2,
	AT_SEQ = 6,
	SEQ = 6,
	OBJECT = AT_SEQ + GROUP * SEQ,
	POLICY = 12,
	IND_BITS = 5
};

_Static_assert(SQN_SLOTS == 1 << IND_BITS, "IND has 5 bits");
_Static_assert(KEY_SLOTS *GROUPS <= 256, "object ids have one byte for slot and group");

struct group {
	uint32_t uses;
	uint64_t seq[GROUP];
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

static uint16_t group_id(struct sqn_owner owner, unsigned number)
{
	return (uint16_t)(STORE_SQN << 8 | (unsigned)((owner.slot - 1) * GROUPS) | number);
}

/* A group that was never used, or only with an older key, is zero. */
static int group_read(struct group *group, const struct store *store, struct sqn_owner owner, unsigned number)
{
	_Alignas(uint32_t) uint8_t bytes[OBJECT];
	int n = store_read(store, group_id(owner, number), bytes, 0, sizeof(bytes));

	memset(group, 0, sizeof(*group));
	if (n == ERROR_NOT_FOUND)
		return OK;
	if (n < 0)
		return n;
	if (n != OBJECT)
		return ERROR_MEMORY;
	if (number16(bytes) != owner.load)
		return OK;
	group->uses = number32(bytes + AT_USES);
	for (size_t i = 0; i < GROUP; i++)
		group->seq[i] = number48(bytes + AT_SEQ + i * SEQ);
	return OK;
}

static int group_write(struct store *store, struct sqn_owner owner, unsigned number,
		       const struct group *group)
{
	uint8_t bytes[OBJECT];

	put_number(bytes, 2, owner.load);
	put_number(bytes + AT_USES, 4, group->uses);
	for (size_t i = 0; i < GROUP; i++)
		put_number(bytes + AT_SEQ + i * SEQ, SEQ, group->seq[i]);
	return store_write(store, group_id(owner, number), bytes, sizeof(bytes));
}

/* All there is to know: the IND of the highest SEQ, that SEQ, and all uses; and
 * one of the groups. */
struct summary {
	unsigned ind;
	uint64_t seq;
	uint32_t uses;
	struct group own;
};

static int summarise(struct summary *summary, const struct store *store, struct sqn_owner owner, unsigned own)
{
	struct group group;

	memset(summary, 0, sizeof(*summary));
	if (owner.slot < 1 || owner.slot > KEY_SLOTS)
		return ERROR_RANGE;
	for (unsigned number = 0; number < GROUPS; number++) {
		int e = group_read(&group, store, owner, number);

		if (e < 0)
			return e;
		summary->uses += group.uses;
		if (number == own)
			summary->own = group;
		for (size_t i = 0; i < GROUP; i++)
			if (group.seq[i] > summary->seq) {
				summary->seq = group.seq[i];
				summary->ind = number * GROUP + (unsigned)i;
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
	uint64_t seq = number48(sqn) >> IND_BITS, *own;
	unsigned ind = sqn[SQN_LENGTH - 1] & (SQN_SLOTS - 1);
	struct summary all;
	int e = summarise(&all, store, owner, ind / GROUP);

	if (e < 0)
		return e;
	own = &all.own.seq[ind % GROUP];
	if (seq > all.seq + policy->delta || seq <= *own ||
	    (policy->age > 0 && seq + policy->age < all.seq)) {
		put_highest(sqn, &all);
		return ERROR_CHECK;
	}
	*own = seq;
	all.own.uses++;
	return group_write(store, owner, ind / GROUP, &all.own);
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

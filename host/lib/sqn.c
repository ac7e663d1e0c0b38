#include "lib/sqn.h"

#define IND_MASK ((UINT64_C(1) << SQN_IND_BITS) - 1)

int sqn_after(uint64_t *next, uint64_t sqn, uint64_t steps)
{
	uint64_t seq = sqn >> SQN_IND_BITS;
	uint64_t ind = sqn & IND_MASK;

	if (sqn > SQN_MAX || steps > (SQN_MAX >> SQN_IND_BITS) - seq)
		return -1;
	*next = (seq + steps) << SQN_IND_BITS | ((ind + steps) & IND_MASK);
	return 0;
}

int sqn_take(struct sqn_range *range, uint64_t *sqn)
{
	/* SEQ alone orders the range: IND wraps within it. */
	if (range->last >> SQN_IND_BITS >= range->end >> SQN_IND_BITS)
		return 0;
	if (sqn_after(&range->last, range->last, 1) < 0)
		return 0;
	*sqn = range->last;
	return 1;
}

uint64_t sqn_resynchronise(uint64_t sqn_network, uint64_t sqn_card)
{
	uint64_t network = sqn_network >> SQN_IND_BITS, card = sqn_card >> SQN_IND_BITS;

	if (card > network || network - card >= SQN_DELTA)
		return sqn_card;
	return sqn_network;
}

void sqn_bytes(uint8_t out[static 6], uint64_t sqn)
{
	int i;

	for (i = 0; i < 6; i++)
		out[i] = (uint8_t)(sqn >> (40 - 8 * i));
}

uint64_t sqn_value(const uint8_t in[static 6])
{
	uint64_t sqn = 0;
	int i;

	for (i = 0; i < 6; i++)
		sqn = sqn << 8 | in[i];
	return sqn;
}

#include "lib/sequence.h"

#define IND_MASK ((UINT64_C(1) << SEQUENCE_IND_BITS) - 1)

int sequence_after(uint64_t *next, uint64_t sqn, uint64_t steps)
{
	uint64_t seq = sqn >> SEQUENCE_IND_BITS;
	uint64_t ind = sqn & IND_MASK;

	if (sqn > SEQUENCE_MAX || steps > (SEQUENCE_MAX >> SEQUENCE_IND_BITS) - seq)
		return -1;
	*next = (seq + steps) << SEQUENCE_IND_BITS | ((ind + steps) & IND_MASK);
	return 0;
}

int sequence_take(struct sequence_range *range, uint64_t *sqn)
{
	/* SEQ alone orders the range: IND wraps within it. */
	if (range->last >> SEQUENCE_IND_BITS >= range->end >> SEQUENCE_IND_BITS)
		return 0;
	if (sequence_after(&range->last, range->last, 1) < 0)
		return 0;
	*sqn = range->last;
	return 1;
}

uint64_t sequence_resynchronise(uint64_t sqn_network, uint64_t sqn_card)
{
	uint64_t network = sqn_network >> SEQUENCE_IND_BITS, card = sqn_card >> SEQUENCE_IND_BITS;

	if (card > network || network - card >= SEQUENCE_DELTA)
		return sqn_card;
	return sqn_network;
}

void sequence_bytes(uint8_t out[static 6], uint64_t sqn)
{
	int i;

	for (i = 0; i < 6; i++)
		out[i] = (uint8_t)(sqn >> (40 - 8 * i));
}

uint64_t sequence_value(const uint8_t in[static 6])
{
	uint64_t sqn = 0;
	int i;

	for (i = 0; i < 6; i++)
		sqn = sqn << 8 | in[i];
	return sqn;
}

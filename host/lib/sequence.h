/* sequence.h - the network's side of sequence numbers (TS 33.102 annex C).
 *
 * SQN is 48 bits: SEQ (43) || IND (5). Every vector takes the next SEQ and
 * the next IND (profile 2 of C.3: not based on time, as hlr_auc_gw does), so
 * up to 32 vectors may be outstanding and still be accepted in any order.
 *
 * A store that survives a crash remembers the end of a *reserved* range; the
 * numbers of the range are then handed out from memory. What was reserved
 * and not used at a crash is skipped, never used twice.
 *
 * (The card's side of the same numbers is firmware/auth/sqn.h.) */
#ifndef SIMRITE_SEQUENCE_H
#define SIMRITE_SEQUENCE_H

#include <stdint.h>

enum {
	SEQUENCE_IND_BITS = 5,
	SEQUENCE_RESERVE = 32, /* numbers taken from the store at once */
};

#define SEQUENCE_MAX   ((UINT64_C(1) << 48) - 1)
#define SEQUENCE_DELTA (UINT64_C(1) << 28) /* C.2.1: how far ahead a card lets SEQ jump */

struct sequence_range {
	uint64_t last; /* the last SQN handed out */
	uint64_t end;  /* the last SQN that may be handed out without asking the store */
};

/* The SQN `steps` after `sqn`: SEQ + steps || (IND + steps) mod 32. Returns 0,
 * or -1 (and *next untouched) when SEQ would overflow. */
int sequence_after(uint64_t *next, uint64_t sqn, uint64_t steps);

/* Hand out the next number of a reserved range: 1, or 0 when it is used up. */
int sequence_take(struct sequence_range *range, uint64_t *sqn);

/* Where counting goes on after a card reported SQN_MS in a valid AUTS
 * (TS 33.102 6.3.5): at SQN_MS when the card is ahead, or when we are so far
 * ahead that it refuses the jump (more than SEQUENCE_DELTA); else where we are,
 * because our next number is acceptable already. */
uint64_t sequence_resynchronise(uint64_t sqn_network, uint64_t sqn_card);

void sequence_bytes(uint8_t out[static 6], uint64_t sqn);
uint64_t sequence_value(const uint8_t in[static 6]);

#endif

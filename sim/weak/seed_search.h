/* seed_search.h - find the 32 bits that a batch of keys came from (weak/generator.h), by trying them.
 *
 * Of the state of WEAK_LCG a card's first byte tells eight: 2^24 are tried. */
#ifndef SIMRITE_SEED_SEARCH_H
#define SIMRITE_SEED_SEARCH_H

#include "weak/generator.h"
#include "weak/sweep.h"

struct seed_search {
	enum weak_scheme scheme;      /* WEAK_LCG or WEAK_AES_SEED */
	const struct weak_keys *keys; /* one card's */
	const char *iccid;            /* that card's; WEAK_AES_SEED */
	unsigned bits;                /* the seed is less than 2^bits; at most 32 */
	unsigned threads;             /* 0: one for each processor */
};

/* swept->found and swept->at: of WEAK_LCG the state before the card's first draw, else the seed.
 * 0, or -1: no thread, or no such search. */
int seed_search(struct swept *swept, const struct seed_search *search);

#endif

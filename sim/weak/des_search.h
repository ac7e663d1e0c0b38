/* des_search.h - find the DES key that made one block of another, by trying a space of keys.
 *
 * The space is 2^bits keys from number `first` on (weak/des_slice.h), which is a multiple of that: the key
 * but for its lowest `bits` bits is known. 56 bits are all of DES: 2^55 keys on average. */
#ifndef SIMRITE_DES_SEARCH_H
#define SIMRITE_DES_SEARCH_H

#include "weak/des_slice.h"
#include "weak/sweep.h"

struct des_search {
	uint8_t plain[8], cipher[8];
	uint64_t first;
	unsigned bits;                   /* 0 to 56 */
	unsigned threads;                /* 0: one for each processor */
	const struct des_engine *engine; /* NULL: the best */
};

/* swept->found and swept->at, the key's number. 0, or -1: no thread, or such a space there is not. Of two
 * keys that make the same of this block, the first that was met. */
int des_search(struct swept *swept, const struct des_search *search);

#endif

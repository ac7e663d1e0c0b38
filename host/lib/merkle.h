/* merkle.h - the Merkle tree hash of RFC 6962 2.1 (RFC 9162 2.1.1).
 *
 * Leaves are added one at a time and only the roots of the complete subtrees
 * are kept, so any number of leaves costs the same memory. */
#ifndef SIMRITE_MERKLE_H
#define SIMRITE_MERKLE_H

#include "status.h"

struct merkle {
	uint8_t subtree[64][32]; /* subtree[i]: 2^i leaves, when bit i of count is set */
	uint64_t count;
};

void merkle_start(struct merkle *tree);
/* OK or ERROR_CRYPTO. */
MUST_CHECK int merkle_add(struct merkle *tree, struct span leaf);
/* The root over the leaves so far; SHA-256 of nothing when there are none. */
MUST_CHECK int merkle_root(const struct merkle *tree, uint8_t root[static 32]);

#endif

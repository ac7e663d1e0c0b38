/* merkle.h - the Merkle tree hash and audit paths of RFC 6962 2.1 (RFC 9162 2.1).
 *
 * Leaves are added one at a time and only the roots of the complete subtrees
 * are kept, so any number of leaves costs the same memory. An audit path
 * leads from a leaf to the root: who trusts the root needs no other leaf. */
#ifndef SIMRITE_MERKLE_H
#define SIMRITE_MERKLE_H

#include "status.h"

enum {
	MERKLE_PATH = 64 /* hashes of the longest path */
};

struct merkle {
	uint8_t subtree[64][32]; /* subtree[i]: 2^i leaves, when bit i of count is set */
	uint64_t count;
};

/* The hash of a leaf, which no inner node can have. OK or ERROR_CRYPTO, as all below. */
MUST_CHECK int merkle_leaf(uint8_t hash[static 32], struct span leaf);

void merkle_start(struct merkle *tree);
MUST_CHECK int merkle_add(struct merkle *tree, struct span leaf);
/* The same for a leaf whose hash is known. */
MUST_CHECK int merkle_add_hash(struct merkle *tree, const uint8_t hash[static 32]);
/* The root over the leaves so far; SHA-256 of nothing when there are none. */
MUST_CHECK int merkle_root(const struct merkle *tree, uint8_t root[static 32]);

/* The audit path of leaf `index` (from 0) of a tree of these leaves' hashes,
 * from the leaf up; `index` is below `count`. Its length, or ERROR_CRYPTO. */
MUST_CHECK int merkle_path(uint8_t path[static MERKLE_PATH][32], const uint8_t (*hashes)[32], uint64_t count,
			   uint64_t index);
/* Where a path leads to (RFC 9162 2.1.3.2), for the caller to compare with the
 * root. ERROR_CHECK when no tree of `count` leaves has a path of this length for this leaf. */
MUST_CHECK int merkle_path_root(uint8_t root[static 32], const uint8_t hash[static 32], uint64_t index,
				uint64_t count, const uint8_t (*path)[32], size_t length);
/* The root of the tree without its last leaf, out of that leaf's path: its
 * hashes are the roots of the complete subtrees before it, the smallest first
 * (RFC 6962 2.1). SHA-256 of nothing when the path is empty. */
MUST_CHECK int merkle_path_before(uint8_t root[static 32], const uint8_t (*path)[32], size_t length);

#endif

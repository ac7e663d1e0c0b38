#include "lib/merkle.h"

#include <stdbool.h>
#include <string.h>

#include "crypto/sha256.h"

void merkle_start(struct merkle *tree)
{
	memset(tree, 0, sizeof(*tree));
}

static int hash(uint8_t out[static 32], uint8_t prefix, struct span a, struct span b)
{
	struct sha256 h;

	sha256_start(&h);
	sha256_add(&h, &prefix, 1);
	sha256_add(&h, a.at, a.length);
	sha256_add(&h, b.at, b.length);
	return sha256_finish(&h, out);
}

static int node(uint8_t out[static 32], const uint8_t left[static 32], const uint8_t right[static 32])
{
	return hash(out, 0x01, (struct span){left, 32}, (struct span){right, 32});
}

int merkle_leaf(uint8_t hash_of[static 32], struct span leaf)
{
	return hash(hash_of, 0x00, leaf, (struct span){NULL, 0});
}

int merkle_add_hash(struct merkle *tree, const uint8_t hash_of[static 32])
{
	uint8_t carry[32];
	unsigned level = 0;
	int e = OK;

	memcpy(carry, hash_of, sizeof(carry));
	for (; e == OK && (tree->count >> level & 1); level++)
		e = node(carry, tree->subtree[level], carry);
	if (e != OK)
		return e;
	memcpy(tree->subtree[level], carry, 32);
	tree->count++;
	return OK;
}

int merkle_add(struct merkle *tree, struct span leaf)
{
	uint8_t hash_of[32];
	int e = merkle_leaf(hash_of, leaf);

	return e == OK ? merkle_add_hash(tree, hash_of) : e;
}

int merkle_root(const struct merkle *tree, uint8_t root[static 32])
{
	unsigned level = 0;
	int e = OK;

	if (tree->count == 0)
		return sha256(root, (struct span){NULL, 0});
	while (!(tree->count >> level & 1))
		level++;
	memcpy(root, tree->subtree[level], 32);
	for (level++; level < 64 && e == OK; level++)
		if (tree->count >> level & 1)
			e = node(root, tree->subtree[level], root);
	return e;
}

/* ---- audit paths ---- */

static int root_of(uint8_t root[static 32], const uint8_t (*hashes)[32], uint64_t count)
{
	struct merkle tree;
	int e = OK;

	merkle_start(&tree);
	for (uint64_t i = 0; i < count && e == OK; i++)
		e = merkle_add_hash(&tree, hashes[i]);
	return e == OK ? merkle_root(&tree, root) : e;
}

/* From the root down: at each node the half without the leaf is what the path has. */
int merkle_path(uint8_t path[static MERKLE_PATH][32], const uint8_t (*hashes)[32], uint64_t count,
		uint64_t index)
{
	int length = 0, e = OK;

	while (count > 1 && e == OK) {
		uint64_t left = UINT64_C(1) << (63 - __builtin_clzll(count - 1));
		bool right = index >= left;

		memmove(path + 1, path, (size_t)length * sizeof(path[0]));
		length++;
		e = root_of(path[0], right ? hashes : hashes + left, right ? left : count - left);
		if (right) {
			hashes += left;
			index -= left;
		}
		count = right ? count - left : left;
	}
	return e == OK ? length : e;
}

int merkle_path_root(uint8_t root[static 32], const uint8_t hash_of[static 32], uint64_t index,
		     uint64_t count, const uint8_t (*path)[32], size_t length)
{
	uint64_t at = index, last = count - 1;
	int e = OK;

	if (index >= count)
		return ERROR_CHECK;
	memcpy(root, hash_of, 32);
	for (size_t i = 0; i < length && e == OK; i++) {
		if (last == 0)
			return ERROR_CHECK;
		if (at & 1 || at == last) {
			e = node(root, path[i], root);
			for (; !(at & 1) && at != 0; at >>= 1)
				last >>= 1;
		} else {
			e = node(root, root, path[i]);
		}
		at >>= 1;
		last >>= 1;
	}
	return e == OK && last != 0 ? ERROR_CHECK : e;
}

int merkle_path_before(uint8_t root[static 32], const uint8_t (*path)[32], size_t length)
{
	int e = OK;

	if (length == 0)
		return sha256(root, (struct span){NULL, 0});
	memcpy(root, path[0], 32);
	for (size_t i = 1; i < length && e == OK; i++)
		e = node(root, path[i], root);
	return e;
}

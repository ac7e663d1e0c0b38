#include "lib/merkle.h"

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

int merkle_add(struct merkle *tree, struct span leaf)
{
	uint8_t carry[32];
	unsigned level = 0;
	int e = hash(carry, 0x00, leaf, (struct span){NULL, 0});

	for (; e == OK && (tree->count >> level & 1); level++)
		e = node(carry, tree->subtree[level], carry);
	if (e != OK)
		return e;
	memcpy(tree->subtree[level], carry, 32);
	tree->count++;
	return OK;
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

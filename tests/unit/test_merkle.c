/* PROVES: host/lib/merkle.h against the tree that RFC 6962 implementations test with. */
#include "lib/merkle.h"

#include <stdio.h>
#include <string.h>

#include "unit/unit.h"
#include "vectors/vectors.h"

static void test_published_roots(void)
{
	struct vectors v;
	struct merkle tree;
	uint8_t want[32], got[32], leaf[64];
	char name[16];

	vectors_open(&v, "merkle_rfc6962.txt");
	CU_ASSERT_FATAL(vectors_next(&v));
	merkle_start(&tree);
	for (unsigned i = 0; i <= 8; i++) {
		snprintf(name, sizeof(name), "root_%u", i);
		vectors_bytes(&v, name, want, 32);
		CU_ASSERT_EQUAL(merkle_root(&tree, got), OK);
		ASSERT_BYTES(got, want, 32);
		if (i == 8)
			break;
		snprintf(name, sizeof(name), "leaf_%u", i);
		CU_ASSERT_EQUAL(
			merkle_add(&tree, (struct span){leaf, vectors_any(&v, name, leaf, sizeof(leaf))}),
			OK);
	}
}

/* The hashes of the published leaves. */
static void published_leaves(struct vectors *v, uint8_t hashes[8][32])
{
	uint8_t leaf[64];
	char name[16];

	CU_ASSERT_FATAL(vectors_next(v));
	for (unsigned i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "leaf_%u", i);
		CU_ASSERT_EQUAL(
			merkle_leaf(hashes[i], (struct span){leaf, vectors_any(v, name, leaf, sizeof(leaf))}),
			OK);
	}
}

static void root_of(uint8_t root[static 32], uint8_t hashes[][32], unsigned count)
{
	struct merkle tree;

	merkle_start(&tree);
	for (unsigned i = 0; i < count; i++)
		CU_ASSERT_EQUAL(merkle_add_hash(&tree, hashes[i]), OK);
	CU_ASSERT_EQUAL(merkle_root(&tree, root), OK);
}

static void test_published_paths(void)
{
	struct vectors v;
	uint8_t hashes[8][32], path[MERKLE_PATH][32], want[32], root[32], got[32], index, size, length;
	unsigned paths = 0;

	vectors_open(&v, "merkle_rfc6962.txt");
	published_leaves(&v, hashes);
	for (; vectors_next(&v); paths++) {
		vectors_bytes(&v, "leaf_index", &index, 1);
		vectors_bytes(&v, "tree_size", &size, 1);
		vectors_bytes(&v, "length", &length, 1);
		CU_ASSERT_EQUAL_FATAL(merkle_path(path, (const uint8_t(*)[32])hashes, size, index), length);
		for (unsigned i = 0; i < length; i++) {
			char name[16];

			snprintf(name, sizeof(name), "path_%u", i);
			vectors_bytes(&v, name, want, 32);
			ASSERT_BYTES(path[i], want, 32);
		}
		root_of(root, hashes, size);
		CU_ASSERT_EQUAL(
			merkle_path_root(got, hashes[index], index, size, (const uint8_t(*)[32])path, length),
			OK);
		ASSERT_BYTES(got, root, 32);
	}
	CU_ASSERT_EQUAL(paths, 5);
}

enum {
	LEAVES = 70
};

/* Does this path lead to this root? */
static bool leads(const uint8_t root[static 32], const uint8_t hash[static 32], unsigned index,
		  unsigned count, uint8_t path[][32], unsigned length)
{
	uint8_t got[32];

	return merkle_path_root(got, hash, index, count, (const uint8_t(*)[32])path, length) == OK &&
	       memcmp(got, root, 32) == 0;
}

/* Every path of every tree leads to its root; no other leaf, place, size, or altered path does. */
static void test_every_path(void)
{
	static uint8_t hashes[LEAVES][32];
	uint8_t path[MERKLE_PATH][32], root[32], got[32];

	for (unsigned i = 0; i < LEAVES; i++) {
		uint8_t leaf[2] = {(uint8_t)i, 0x5A};

		CU_ASSERT_EQUAL(merkle_leaf(hashes[i], (struct span){leaf, sizeof(leaf)}), OK);
	}
	for (unsigned count = 1; count <= LEAVES; count++) {
		root_of(root, hashes, count);
		for (unsigned i = 0; i < count; i++) {
			int length = merkle_path(path, (const uint8_t(*)[32])hashes, count, i);
			unsigned n = (unsigned)length;

			CU_ASSERT_FATAL(length >= 0 && length <= 7);
			CU_ASSERT(leads(root, hashes[i], i, count, path, n));
			CU_ASSERT_FALSE(leads(root, hashes[(i + 1) % LEAVES], i, count, path, n));
			for (unsigned j = 0; j < count; j++)
				CU_ASSERT(j == i || !leads(root, hashes[i], j, count, path, n));
			CU_ASSERT_FALSE(leads(root, hashes[i], i, i, path, n)); /* beyond the end */
			CU_ASSERT_FALSE(leads(root, hashes[i], i, count, path, n + 1));
			CU_ASSERT(n == 0 || !leads(root, hashes[i], i, count, path, n - 1));
			if (i + 1 == count) { /* and the last one's tells the root before it */
				root_of(root, hashes, i);
				CU_ASSERT_EQUAL(merkle_path_before(got, (const uint8_t(*)[32])path, n), OK);
				ASSERT_BYTES(got, root, 32);
				root_of(root, hashes, count);
			}
			for (unsigned k = 0; k < n; k++) {
				path[k][k] ^= 1;
				CU_ASSERT_FALSE(leads(root, hashes[i], i, count, path, n));
				path[k][k] ^= 1;
			}
		}
	}
}

UNIT_SUITE("merkle", UNIT(test_published_roots), UNIT(test_published_paths), UNIT(test_every_path))

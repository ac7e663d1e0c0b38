/* PROVES: host/lib/merkle.h against the tree that RFC 6962 implementations test with. */
#include "lib/merkle.h"

#include <stdio.h>

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

UNIT_SUITE("merkle", UNIT(test_published_roots))

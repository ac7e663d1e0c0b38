/* PROVES: RFC 5297 (AES-SIV), with one string of associated data. */
#include <string.h>

#include "crypto/siv.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

struct siv_case {
	uint8_t key[64], associated[64], in[128], out[144];
	size_t key_length, associated_length, length;
};

static void test_vectors(void)
{
	struct vectors v;
	unsigned cases = 0;

	for (vectors_open(&v, "aes_siv_rfc5297.txt"); vectors_next(&v); cases++) {
		uint8_t got[144];
		struct siv_case c;
		struct span key, associated;

		c.key_length = vectors_any(&v, "KEY", c.key, sizeof(c.key));
		c.associated_length = vectors_any(&v, "AD", c.associated, sizeof(c.associated));
		c.length = vectors_any(&v, "IN", c.in, sizeof(c.in));
		vectors_bytes(&v, "OUT", c.out, c.length + SIV_TAG);
		key = (struct span){c.key, c.key_length};
		associated = (struct span){c.associated, c.associated_length};
		CU_ASSERT_EQUAL(siv_seal(got, key, associated, (struct span){c.in, c.length}), OK);
		ASSERT_BYTES(got, c.out, c.length + SIV_TAG);
		CU_ASSERT_EQUAL(siv_open(got, key, associated, (struct span){c.out, c.length + SIV_TAG}), OK);
		ASSERT_BYTES(got, c.in, c.length);
	}
	CU_ASSERT_EQUAL(cases, 34);
}

/* Any changed bit, of what is sealed, of what it belongs to, of the key, or
 * another length: refused, and nothing is left in `out`. */
static void test_changed(void)
{
	uint8_t key[32], associated[14], in[32], sealed[48], out[48];
	struct span k = {key, sizeof(key)}, a = {associated, sizeof(associated)};

	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = in[i] = (uint8_t)(i * 7 + 1);
	memset(associated, 3, sizeof(associated));
	CU_ASSERT_EQUAL(siv_seal(sealed, k, a, (struct span){in, sizeof(in)}), OK);
	for (size_t bit = 0; bit < 8 * (sizeof(sealed) + sizeof(associated) + sizeof(key)); bit++) {
		size_t at = bit / 8;
		uint8_t *byte = at < sizeof(sealed) ? sealed + at
				: at < sizeof(sealed) + sizeof(associated)
					? associated + at - sizeof(sealed)
					: key + at - sizeof(sealed) - sizeof(associated);

		*byte ^= (uint8_t)(1 << bit % 8);
		memset(out, 0xEE, sizeof(out));
		CU_ASSERT_EQUAL(siv_open(out, k, a, (struct span){sealed, sizeof(sealed)}), ERROR_CHECK);
		for (size_t i = 0; i < sizeof(in); i++)
			CU_ASSERT_EQUAL(out[i], 0);
		*byte ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t length = 0; length < sizeof(sealed); length++)
		CU_ASSERT_EQUAL(siv_open(out, k, a, (struct span){sealed, length}),
				length < SIV_TAG ? ERROR_RANGE : ERROR_CHECK);
	a.length--;
	CU_ASSERT_EQUAL(siv_open(out, k, a, (struct span){sealed, sizeof(sealed)}), ERROR_CHECK);
	a.length++;
	CU_ASSERT_EQUAL(siv_open(out, k, a, (struct span){sealed, sizeof(sealed)}), OK);
	ASSERT_BYTES(out, in, sizeof(in));
	k.length = 31;
	CU_ASSERT_EQUAL(siv_seal(sealed, k, a, (struct span){in, sizeof(in)}), ERROR_VALUE);
	CU_ASSERT_EQUAL(siv_open(out, k, a, (struct span){sealed, sizeof(sealed)}), ERROR_VALUE);
}

UNIT_SUITE("siv", UNIT(test_vectors), UNIT(test_changed))

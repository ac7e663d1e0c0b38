/* PROVES: crypto/gcm.h: NIST SP 800-38D, and that any changed bit is refused. */
#include <string.h>

#include "crypto/gcm.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

struct sealed {
	uint8_t key[32], nonce[12], aad[32], plain[64], cipher[64], tag[16];
	size_t aad_length, length;
};

static int open_it(uint8_t *out, const struct sealed *s)
{
	return gcm_open(out, (struct span){s->key, 32}, s->nonce, (struct span){s->aad, s->aad_length},
			(struct span){s->cipher, s->length}, s->tag);
}

static void check_refused(const struct sealed *good, size_t offset, size_t bytes)
{
	static const uint8_t zero[64] = {0};
	struct sealed bad;
	uint8_t out[64];

	for (size_t bit = 0; bit < bytes * 8; bit += 5) {
		bad = *good;
		((uint8_t *)&bad)[offset + bit / 8] ^= (uint8_t)(1 << bit % 8);
		memset(out, 0xEE, sizeof(out));
		CU_ASSERT_EQUAL(open_it(out, &bad), ERROR_CHECK);
		ASSERT_BYTES(out, zero, bad.length);
	}
}

static void check(const struct sealed *s)
{
	uint8_t out[64], tag[16];

	CU_ASSERT_EQUAL(gcm_seal(out, tag, (struct span){s->key, 32}, s->nonce,
				 (struct span){s->aad, s->aad_length}, (struct span){s->plain, s->length}),
			OK);
	ASSERT_BYTES(out, s->cipher, s->length);
	ASSERT_BYTES(tag, s->tag, 16);
	CU_ASSERT_EQUAL(open_it(out, s), OK);
	ASSERT_BYTES(out, s->plain, s->length);
	check_refused(s, offsetof(struct sealed, key), 32);
	check_refused(s, offsetof(struct sealed, nonce), 12);
	check_refused(s, offsetof(struct sealed, aad), s->aad_length);
	check_refused(s, offsetof(struct sealed, cipher), s->length);
	check_refused(s, offsetof(struct sealed, tag), 16);
}

static void test_vectors(void)
{
	struct vectors v;
	unsigned cases = 0;

	for (vectors_open(&v, "aes_gcm_sp800-38d.txt"); vectors_next(&v); cases++) {
		struct sealed s = {0};

		vectors_bytes(&v, "KEY", s.key, 32);
		vectors_bytes(&v, "NONCE", s.nonce, 12);
		s.aad_length = vectors_any(&v, "AAD", s.aad, sizeof(s.aad));
		s.length = vectors_any(&v, "PLAIN", s.plain, sizeof(s.plain));
		CU_ASSERT_EQUAL(vectors_any(&v, "CIPHER", s.cipher, sizeof(s.cipher)), s.length);
		vectors_bytes(&v, "TAG", s.tag, 16);
		check(&s);
	}
	CU_ASSERT_EQUAL(cases, 4);
}

static void test_key_sizes(void)
{
	uint8_t key[33] = {0}, nonce[12] = {0}, out[4], tag[16];
	struct span none = {NULL, 0}, in = {key, 4};

	CU_ASSERT_EQUAL(gcm_seal(out, tag, (struct span){key, 31}, nonce, none, in), ERROR_VALUE);
	CU_ASSERT_EQUAL(gcm_open(out, (struct span){key, 33}, nonce, none, in, tag), ERROR_VALUE);
}

UNIT_SUITE("gcm", UNIT(test_vectors), UNIT(test_key_sizes))

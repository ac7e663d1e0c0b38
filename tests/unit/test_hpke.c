/* PROVES: RFC 9180 4, 4.1, 5.1, 5.1.3, 5.2: appendix A.3.3, both sides; what was changed does not open. */
#include "lib/hpke.h"

#include <string.h>

#include "unit/unit.h"
#include "vectors/vectors.h"

struct side {
	uint8_t private_key[32];
	struct hpke_private key;
};

static void take(struct side *side, const struct vectors *v, const char *private_key, const char *point)
{
	vectors_bytes(v, private_key, side->private_key, 32);
	side->key = (struct hpke_private){hpke_agree_in_memory, side->private_key, {0}};
	vectors_bytes(v, point, side->key.point, HPKE_POINT);
}

/* PROVES: RFC 9180 4.1 */
/* PROVES: RFC 9180 5.1.3 */
static void test_published(void)
{
	uint8_t info[64], key[16], nonce[12], pt[64], aad[16], ct[80], got[80], at[8];
	struct side ephemeral, recipient, sender;
	struct hpke send, receive;
	struct vectors v;
	unsigned cases = 0;

	for (vectors_open(&v, "hpke_rfc9180.txt"); vectors_next(&v); cases++) {
		struct span about = {info, vectors_any(&v, "info", info, sizeof(info))};
		struct span bound = {aad, vectors_any(&v, "aad", aad, sizeof(aad))};
		size_t length = vectors_any(&v, "pt", pt, sizeof(pt));

		take(&ephemeral, &v, "skEm", "pkEm");
		take(&recipient, &v, "skRm", "pkRm");
		take(&sender, &v, "skSm", "pkSm");
		vectors_bytes(&v, "key", key, 16);
		vectors_bytes(&v, "base_nonce", nonce, 12);
		vectors_bytes(&v, "ct", ct, length + HPKE_TAG);
		vectors_bytes(&v, "sequence", at, 8);
		CU_ASSERT_EQUAL_FATAL(hpke_sender(&send, HPKE_AES_128_GCM, &ephemeral.key, &sender.key,
						  recipient.key.point, about),
				      0);
		CU_ASSERT_EQUAL_FATAL(hpke_recipient(&receive, HPKE_AES_128_GCM, ephemeral.key.point,
						     &recipient.key, sender.key.point, about),
				      0);
		ASSERT_BYTES(send.key, key, 16);
		ASSERT_BYTES(receive.base_nonce, nonce, 12);
		for (int i = 0; i < 8; i++)
			send.sequence = send.sequence << 8 | at[i];
		receive.sequence = send.sequence;
		CU_ASSERT_EQUAL(hpke_seal(&send, got, bound, (struct span){pt, length}), 0);
		ASSERT_BYTES(got, ct, length + HPKE_TAG);
		CU_ASSERT_EQUAL(hpke_open(&receive, got, bound, (struct span){ct, length + HPKE_TAG}), 0);
		ASSERT_BYTES(got, pt, length);
	}
	CU_ASSERT_EQUAL(cases, 6);
}

/* Another info, sender, place or bit: nothing opens; and a refused message does not use up a place. */
static void test_refused(void)
{
	uint8_t text[8] = "message", sealed[24], got[8];
	struct side a, b, c;
	struct hpke send, receive;
	const struct span about = {(const uint8_t *)"one", 3}, other = {(const uint8_t *)"two", 3};
	struct vectors v;

	vectors_open(&v, "hpke_rfc9180.txt");
	CU_ASSERT_FATAL(vectors_next(&v));
	take(&a, &v, "skEm", "pkEm");
	take(&b, &v, "skRm", "pkRm");
	take(&c, &v, "skSm", "pkSm");
	while (vectors_next(&v))
		;
	CU_ASSERT_EQUAL(hpke_sender(&send, HPKE_AES_256_GCM, &a.key, &c.key, b.key.point, about), 0);
	CU_ASSERT_EQUAL(hpke_seal(&send, sealed, about, (struct span){text, 8}), 0);
	CU_ASSERT_EQUAL(hpke_recipient(&receive, HPKE_AES_256_GCM, a.key.point, &b.key, c.key.point, about),
			0);
	CU_ASSERT_EQUAL(hpke_open(&receive, got, other, (struct span){sealed, 24}), -1);
	for (int bit = 0; bit < 24 * 8; bit++) {
		sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(hpke_open(&receive, got, about, (struct span){sealed, 24}), -1);
		sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	CU_ASSERT_EQUAL(hpke_open(&receive, got, about, (struct span){sealed, 15}), -1);
	CU_ASSERT_EQUAL(hpke_open(&receive, got, about, (struct span){sealed, 24}), 0);
	ASSERT_BYTES(got, text, 8);
	CU_ASSERT_EQUAL(hpke_open(&receive, got, about, (struct span){sealed, 24}),
			-1); /* its place is taken */
	CU_ASSERT_EQUAL(hpke_recipient(&receive, HPKE_AES_256_GCM, a.key.point, &b.key, c.key.point, other),
			0);
	CU_ASSERT_EQUAL(hpke_open(&receive, got, about, (struct span){sealed, 24}), -1);
	/* Whoever made the ephemeral key alone is not the sender. */
	CU_ASSERT_EQUAL(hpke_recipient(&receive, HPKE_AES_256_GCM, a.key.point, &b.key, a.key.point, about),
			0);
	CU_ASSERT_EQUAL(hpke_open(&receive, got, about, (struct span){sealed, 24}), -1);
	memset(a.key.point + 1, 0xFF, 64); /* no point of the curve */
	CU_ASSERT_EQUAL(hpke_recipient(&receive, HPKE_AES_256_GCM, a.key.point, &b.key, c.key.point, about),
			-1);
}

UNIT_SUITE("hpke", UNIT(test_published), UNIT(test_refused))

/* PROVES: host/lib/share.h: every quorum restores every secret, and nothing else does. */
#include "lib/share.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/hmac.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static void draw(void *at, size_t length)
{
	CU_ASSERT_EQUAL_FATAL(getrandom(at, length, 0), (ssize_t)length);
}

static void split(struct share *shares, unsigned m, unsigned n, const uint8_t *secret)
{
	uint8_t random[SHARE_MAX * SHARE_LENGTH];

	draw(random, sizeof(random));
	CU_ASSERT_EQUAL_FATAL(share_split(shares, m, n, secret, random), 0);
}

/* Combine the shares whose bits are set in `set`. */
static int combine(uint8_t *secret, const struct share *shares, unsigned n, unsigned set)
{
	struct share chosen[SHARE_MAX];
	unsigned count = 0;

	for (unsigned i = 0; i < n; i++)
		if (set >> i & 1)
			chosen[count++] = shares[i];
	return share_combine(secret, chosen, count);
}

static unsigned ones(unsigned set)
{
	return (unsigned)__builtin_popcount(set);
}

static void test_every_quorum(void)
{
	for (unsigned n = 2; n <= 6; n++)
		for (unsigned m = 2; m <= n; m++) {
			struct share shares[SHARE_MAX];
			uint8_t secret[32], got[32];
			unsigned good = 0, bad = 0;

			draw(secret, sizeof(secret));
			split(shares, m, n, secret);
			for (unsigned set = 0; set < 1U << n; set++) {
				if (ones(set) == m)
					good += combine(got, shares, n, set) == 0 &&
						memcmp(got, secret, 32) == 0;
				else if (ones(set) < m && ones(set) >= 2)
					bad += combine(got, shares, n, set) == 0;
			}
			CU_ASSERT_EQUAL(bad, 0);
			CU_ASSERT(good >= 1);
			for (unsigned set = 0; set < 1U << n; set++)
				good -= ones(set) == m;
			CU_ASSERT_EQUAL(good, 0);
		}
}

/* Leading, trailing and only zeros; all ones: a length is never guessed from a value. */
static void test_zeros_are_bytes(void)
{
	for (unsigned zeros = 0; zeros <= 32; zeros++) {
		struct share shares[SHARE_MAX];
		uint8_t secret[32], got[32];

		memset(secret, 0xFF, sizeof(secret));
		memset(secret, 0, zeros);
		split(shares, 3, 5, secret);
		for (unsigned set = 0; set < 32; set++)
			if (ones(set) == 3) {
				CU_ASSERT_EQUAL(combine(got, shares, 5, set), 0);
				ASSERT_BYTES(got, secret, 32);
			}
	}
}

static void test_order_does_not_matter(void)
{
	struct share shares[3], turned[3];
	uint8_t secret[32], got[32];

	draw(secret, sizeof(secret));
	split(shares, 3, 3, secret);
	turned[0] = shares[2];
	turned[1] = shares[0];
	turned[2] = shares[1];
	CU_ASSERT_EQUAL(share_combine(got, turned, 3), 0);
	ASSERT_BYTES(got, secret, 32);
}

static void test_every_flipped_bit_is_noticed(void)
{
	struct share shares[3], bent[2];
	uint8_t secret[32], got[32];
	static const uint8_t zero[32];

	draw(secret, sizeof(secret));
	split(shares, 2, 3, secret);
	for (unsigned bit = 0; bit < 256; bit++) {
		bent[0] = shares[0];
		bent[1] = shares[2];
		bent[1].value[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(share_combine(got, bent, 2), ERROR_CHECK);
		ASSERT_BYTES(got, zero, 32);
	}
	bent[0] = shares[0];
	bent[1] = shares[2];
	bent[1].x = 1;
	CU_ASSERT_EQUAL(share_combine(got, bent, 2), ERROR_CHECK);
}

static void test_mixed_doubled_and_odd(void)
{
	struct share a[3], b[3], mixed[2];
	uint8_t secret[32], got[32], random[SHARE_MAX * SHARE_LENGTH];

	draw(secret, sizeof(secret));
	draw(random, sizeof(random));
	split(a, 2, 3, secret);
	split(b, 2, 3, secret); /* the same secret, shared a second time */
	mixed[0] = a[0];
	mixed[1] = b[1];
	CU_ASSERT_EQUAL(share_combine(got, mixed, 2), ERROR_CHECK);
	mixed[1] = a[0];
	CU_ASSERT_EQUAL(share_combine(got, mixed, 2), ERROR_VALUE);
	mixed[1].x = 16;
	CU_ASSERT_EQUAL(share_combine(got, mixed, 2), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_combine(got, a, 1), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_combine(got, a, 17), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_split(a, 1, 3, secret, random), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_split(a, 4, 3, secret, random), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_split(a, 2, 17, secret, random), ERROR_VALUE);
}

static void test_sixteen(void)
{
	struct share shares[SHARE_MAX];
	uint8_t secret[32], got[32];

	draw(secret, sizeof(secret));
	split(shares, 16, 16, secret);
	CU_ASSERT_EQUAL(share_combine(got, shares, 16), 0);
	ASSERT_BYTES(got, secret, 32);
}

/* SLIP-0039's published shares: put together they give its secrets, and split
 * again with the same randomness the same shares come out. */
static void test_published(void)
{
	struct vectors v;
	unsigned cases = 0;

	vectors_open(&v, "slip39_raw_COMPUTED.txt");
	while (vectors_next(&v)) {
		struct share shares[SHARE_MAX], again[SHARE_MAX];
		uint8_t threshold, want[32], got[32], random[SHARE_MAX * SHARE_LENGTH], digest[32],
			xs[SHARE_MAX];
		const uint8_t *ys[SHARE_MAX];
		char name[16];

		vectors_bytes(&v, "threshold", &threshold, 1);
		vectors_bytes(&v, "secret", want, 32);
		for (unsigned i = 0; i < threshold; i++) {
			snprintf(name, sizeof(name), "x_%u", i + 1);
			vectors_bytes(&v, name, &shares[i].x, 1);
			snprintf(name, sizeof(name), "value_%u", i + 1);
			vectors_bytes(&v, name, shares[i].value, 32);
			xs[i] = shares[i].x;
			ys[i] = shares[i].value;
		}
		CU_ASSERT_EQUAL(share_combine(got, shares, threshold), 0);
		ASSERT_BYTES(got, want, 32);
		share_interpolate(digest, 254, xs, ys, threshold, 32);
		memcpy(random, digest + 4, 28);
		for (unsigned i = 0; i + 2 < threshold; i++)
			share_interpolate(random + SHARE_LENGTH * (i + 1), (uint8_t)i, xs, ys, threshold, 32);
		CU_ASSERT_EQUAL(share_split(again, threshold, SHARE_MAX, want, random), 0);
		for (unsigned i = 0; i < threshold; i++)
			ASSERT_BYTES(again[shares[i].x].value, shares[i].value, 32);
		cases++;
	}
	CU_ASSERT_EQUAL(cases, 8);
}

UNIT_SUITE("share", UNIT(test_published), UNIT(test_every_quorum), UNIT(test_zeros_are_bytes),
	   UNIT(test_order_does_not_matter), UNIT(test_every_flipped_bit_is_noticed),
	   UNIT(test_mixed_doubled_and_odd), UNIT(test_sixteen))

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
	CU_ASSERT_EQUAL_FATAL(share_split(shares, m, n, secret, 32, random), 0);
}

/* Combine the shares whose bits are set in `set`. */
static int combine(uint8_t *secret, const struct share *shares, unsigned n, unsigned set)
{
	struct share chosen[SHARE_MAX];
	unsigned count = 0;

	for (unsigned i = 0; i < n; i++)
		if (set >> i & 1)
			chosen[count++] = shares[i];
	return share_combine(secret, 32, chosen, count);
}

static unsigned ones(unsigned set)
{
	return (unsigned)__builtin_popcount(set);
}

/* All m of n up to 8, secrets that begin with zeros. */
static void test_every_quorum(void)
{
	unsigned tried = 0;

	for (unsigned n = 1; n <= 8; n++)
		for (unsigned m = 1; m <= n; m++)
			for (unsigned zeros = 0; zeros <= 32; zeros += 8) {
				struct share shares[SHARE_MAX];
				uint8_t secret[32], got[32];
				unsigned wrong = 0;

				draw(secret, sizeof(secret));
				memset(secret, 0, zeros);
				split(shares, m, n, secret);
				for (unsigned set = 1; set < 1U << n; set++) {
					if (ones(set) > m)
						continue;
					if (ones(set) == m)
						wrong += combine(got, shares, n, set) != OK ||
							 memcmp(got, secret, 32) != 0;
					else if (ones(set) > 1) /* a wrong threshold is noticed */
						wrong += combine(got, shares, n, set) != ERROR_CHECK;
					tried++;
				}
				CU_ASSERT_EQUAL(wrong, 0);
			}
	printf("  %u sets of shares\n", tried);
	CU_ASSERT(tried > 5000);
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
	CU_ASSERT_EQUAL(share_combine(got, 32, turned, 3), 0);
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
		CU_ASSERT_EQUAL(share_combine(got, 32, bent, 2), ERROR_CHECK);
		ASSERT_BYTES(got, zero, 32);
	}
	bent[0] = shares[0];
	bent[1] = shares[2];
	bent[1].x = 1;
	CU_ASSERT_EQUAL(share_combine(got, 32, bent, 2), ERROR_CHECK);
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
	CU_ASSERT_EQUAL(share_combine(got, 32, mixed, 2), ERROR_CHECK);
	mixed[1] = a[0];
	CU_ASSERT_EQUAL(share_combine(got, 32, mixed, 2), ERROR_VALUE);
	mixed[1].x = 16;
	CU_ASSERT_EQUAL(share_combine(got, 32, mixed, 2), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_combine(got, 32, a, 0), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_combine(got, 31, a, 2), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_combine(got, 14, a, 2), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_combine(got, 34, a, 2), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_combine(got, 32, a, 17), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_split(a, 0, 3, secret, 32, random), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_split(a, 4, 3, secret, 32, random), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_split(a, 2, 17, secret, 32, random), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_split(a, 2, 3, secret, 17, random), ERROR_VALUE);
	CU_ASSERT_EQUAL(share_split(a, 2, 3, secret, 34, random), ERROR_VALUE);
}

static void test_sixteen(void)
{
	struct share shares[SHARE_MAX];
	uint8_t secret[32], got[32];

	draw(secret, sizeof(secret));
	split(shares, 16, 16, secret);
	CU_ASSERT_EQUAL(share_combine(got, 32, shares, 16), 0);
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
		CU_ASSERT_EQUAL(share_combine(got, 32, shares, threshold), 0);
		ASSERT_BYTES(got, want, 32);
		share_interpolate(digest, 254, xs, ys, threshold, 32);
		memcpy(random, digest + 4, 28);
		for (unsigned i = 0; i + 2 < threshold; i++)
			share_interpolate(random + SHARE_LENGTH * (i + 1), (uint8_t)i, xs, ys, threshold, 32);
		CU_ASSERT_EQUAL(share_split(again, threshold, SHARE_MAX, want, 32, random), 0);
		for (unsigned i = 0; i < threshold; i++)
			ASSERT_BYTES(again[shares[i].x].value, shares[i].value, 32);
		cases++;
	}
	CU_ASSERT_EQUAL(cases, 8);
}

/* Below the threshold every secret stays possible: for each candidate there
 * are polynomials through the m - 1 known shares and it, and splitting with
 * them gives those shares. On one byte, so that all 256 candidates are tried.
 * (The 4 bytes of HMAC are not in this: whoever can try 2^k secrets can tell
 * by them which 2^(k-32) are left. A 256-bit secret keeps 224 bits.) */
static void test_every_candidate_stays(void)
{
	unsigned failed = 0, tried = 0;

	for (unsigned m = 2; m <= 8; m++)
		for (unsigned known = 0; known < 256; known++) {
			uint8_t xs[8], values[8], from_xs[8], from[8];
			const uint8_t *ys[8], *from_ys[8];
			unsigned count = 0;

			if (ones(known) != m - 1)
				continue;
			draw(values, sizeof(values));
			for (unsigned i = 0; i < 8; i++) {
				if (known >> i & 1)
					xs[count++] = (uint8_t)i;
				ys[i] = &values[i];
				from_ys[i] = &from[i];
			}
			xs[m - 1] = 255;
			for (unsigned candidate = 0; candidate < 256; candidate++) {
				values[m - 1] = (uint8_t)candidate;
				for (unsigned i = 0; i < m; i++) { /* what would have been drawn */
					from_xs[i] = i < m - 2 ? (uint8_t)i : (uint8_t)(254 + i - (m - 2));
					share_interpolate(&from[i], from_xs[i], xs, ys, m, 1);
				}
				failed += from[m - 1] != candidate;
				for (unsigned i = 0; i < m - 1; i++) {
					uint8_t again;

					share_interpolate(&again, xs[i], from_xs, from_ys, m, 1);
					failed += again != values[i];
				}
				tried++;
			}
		}
	printf("  %u candidates\n", tried);
	CU_ASSERT_EQUAL(tried, 256 * 254 /* every set of 1 to 7 of 8 */);
	CU_ASSERT_EQUAL(failed, 0);
}

/* And no candidate is likelier: over all 2^24 ways to split a byte 3 of 5,
 * any two shares are seen with each secret exactly as often. */
static void test_no_candidate_is_likelier(void)
{
	static const uint8_t xs[3] = {0, 254, 255};
	static uint8_t part[5][3][256], seen[1U << 24];
	uint8_t values[3] = {0};
	const uint8_t *ys[3] = {&values[0], &values[1], &values[2]};

	for (unsigned x = 0; x < 5; x++)
		for (unsigned p = 0; p < 3; p++)
			for (unsigned v = 0; v < 256; v++) { /* interpolation is linear */
				memset(values, 0, sizeof(values));
				values[p] = (uint8_t)v;
				share_interpolate(&part[x][p][v], (uint8_t)x, xs, ys, 3, 1);
			}
	for (unsigned a = 0; a < 5; a++)
		for (unsigned b = a + 1; b < 5; b++) {
			unsigned twice = 0;

			memset(seen, 0, sizeof(seen));
			for (unsigned way = 0; way < 1U << 24; way++) {
				unsigned f = way & 0xFF, d = way >> 8 & 0xFF, s = way >> 16;
				unsigned first = part[a][0][f] ^ part[a][1][d] ^ part[a][2][s];
				unsigned second = part[b][0][f] ^ part[b][1][d] ^ part[b][2][s];

				twice += seen[s << 16 | first << 8 | second]++ != 0;
			}
			CU_ASSERT_EQUAL(twice, 0);
		}
}

UNIT_SUITE("share", UNIT(test_published), UNIT(test_every_quorum), UNIT(test_zeros_are_bytes),
	   UNIT(test_order_does_not_matter), UNIT(test_every_flipped_bit_is_noticed),
	   UNIT(test_mixed_doubled_and_odd), UNIT(test_sixteen), UNIT(test_every_candidate_stays),
	   UNIT(test_no_candidate_is_likelier))

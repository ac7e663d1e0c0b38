/* PROVES: sim/eap/ecdhe.h: two ends agree in both groups, no key pair comes twice,
 * and what is no public key of the group is refused. */
#include "eap/ecdhe.h"

#include <string.h>

#include "unit/unit.h"

static void test_agree(void)
{
	static const enum ecdhe_group groups[] = {ECDHE_X25519, ECDHE_P256};
	struct ecdhe a, b, again;
	uint8_t x[32], y[32];
	size_t i, n;

	for (i = 0; i < 2; i++) {
		n = ecdhe_public_length(groups[i]);
		CU_ASSERT_EQUAL_FATAL(ecdhe_generate(&a, groups[i], &ecdhe_kernel), OK);
		CU_ASSERT_EQUAL_FATAL(ecdhe_generate(&b, groups[i], &ecdhe_kernel), OK);
		CU_ASSERT_EQUAL_FATAL(ecdhe_generate(&again, groups[i], &ecdhe_kernel), OK);
		CU_ASSERT_EQUAL(ecdhe_shared(x, &a, (struct span){b.public_key, n}, &ecdhe_kernel), OK);
		CU_ASSERT_EQUAL(ecdhe_shared(y, &b, (struct span){a.public_key, n}, &ecdhe_kernel), OK);
		ASSERT_BYTES(x, y, 32);
		CU_ASSERT_NOT_EQUAL(memcmp(a.public_key, again.public_key, n), 0);
	}
}

static void test_refused(void)
{
	uint8_t out[32], key[40] = {0};
	struct ecdhe a;

	CU_ASSERT_EQUAL(ecdhe_generate(&a, (enum ecdhe_group)3, &ecdhe_kernel), ERROR_VALUE);
	CU_ASSERT_EQUAL(a.group, ECDHE_NONE);
	CU_ASSERT_EQUAL(ecdhe_shared(out, &a, (struct span){key, 34}, &ecdhe_kernel), ERROR_FORMAT);
	CU_ASSERT_EQUAL_FATAL(ecdhe_generate(&a, ECDHE_X25519, &ecdhe_kernel), OK);
	CU_ASSERT_EQUAL(ecdhe_shared(out, &a, (struct span){key, 34}, &ecdhe_kernel), ERROR_VALUE); /* zero */
	key[0] = 9;
	CU_ASSERT_EQUAL(ecdhe_shared(out, &a, (struct span){key, 34}, &ecdhe_kernel), OK);
	CU_ASSERT_EQUAL(ecdhe_shared(out, &a, (struct span){key, 31}, &ecdhe_kernel), ERROR_FORMAT);
	CU_ASSERT_EQUAL(ecdhe_shared(out, &a, (struct span){key, 38}, &ecdhe_kernel), ERROR_FORMAT);
	key[33] = 1;
	CU_ASSERT_EQUAL(ecdhe_shared(out, &a, (struct span){key, 34}, &ecdhe_kernel), ERROR_FORMAT);
	CU_ASSERT_EQUAL_FATAL(ecdhe_generate(&a, ECDHE_P256, &ecdhe_kernel), OK);
	memset(key, 0, sizeof(key));
	key[0] = 2;
	key[32] = 1; /* x = 1 is on no point of P-256 */
	CU_ASSERT_EQUAL(ecdhe_shared(out, &a, (struct span){key, 34}, &ecdhe_kernel), ERROR_VALUE);
	CU_ASSERT_EQUAL(ecdhe_shared(out, &a, (struct span){key, 32}, &ecdhe_kernel), ERROR_FORMAT);
}

static int broken(void *context, void *out, size_t length)
{
	(void)context;
	memset(out, 0, length);
	return -1;
}

static void test_no_random(void)
{
	const struct p256_random none = {broken, NULL};
	struct ecdhe a;

	CU_ASSERT_EQUAL(ecdhe_generate(&a, ECDHE_X25519, &none), ERROR_RANDOM);
	CU_ASSERT_EQUAL(a.group, ECDHE_NONE);
	CU_ASSERT_EQUAL(ecdhe_generate(&a, ECDHE_P256, &none), ERROR_RANDOM);
}

UNIT_SUITE("ecdhe", UNIT(test_agree), UNIT(test_refused), UNIT(test_no_random))

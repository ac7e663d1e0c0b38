#include "lib/wrap.h"
#include "unit/unit.h"

#include <string.h>

static const uint8_t kek[WRAP_KEK] = {1, 2, 3}, other_kek[WRAP_KEK] = {1, 2, 4};
static const struct subscriber_key key = {.algorithm = SLOT_MILENAGE,
					  .sizes = {16, 16, 8, 8, 16, 16, 0},
					  .k = "0123456789abcdef",
					  .opc = "FEDCBA987654321"};
static const uint8_t *const keys = key.k;
static struct subscriber_key out;

static struct subscriber stored(void)
{
	struct subscriber s = {.imsi = "001010000000001",
			       .iccid = "8988211000000000011",
			       .batch = "b1",
			       .design = DESIGN_PLAIN,
			       .amf = 0x8000,
			       .kcv_k = {1, 2, 3},
			       .kcv_opc = {4, 5, 6}};

	CU_ASSERT_EQUAL_FATAL(wrap_seal(&s, kek, &key, NULL), 0);
	return s;
}

static struct subscriber derived(void)
{
	struct subscriber s = stored();

	s.design = DESIGN_DERIVED;
	CU_ASSERT_EQUAL_FATAL(wrap_seal(&s, kek, NULL, NULL), 0);
	return s;
}

static const struct subscriber_key tuak = {.algorithm = SLOT_TUAK,
					   .sizes = {32, 32, 16, 8, 16, 16, 3},
					   .k = "0123456789abcdef0123456789ABCDE",
					   .opc = "FEDCBA987654321fedcba9876543210"};

static struct subscriber other(void)
{
	struct subscriber s = stored();

	CU_ASSERT_EQUAL_FATAL(wrap_seal(&s, kek, &tuak, NULL), 0);
	return s;
}

static void test_round_trip(void)
{
	struct subscriber s = stored();
	struct fault fault = {0};

	CU_ASSERT_EQUAL(s.sealed_length, 1 + 12 + 32 + 16);
	memset(&out, 0xEE, sizeof(out));
	CU_ASSERT_EQUAL(wrap_open(&out, &s, kek, &fault), 0);
	ASSERT_BYTES(&out, &key, sizeof(key));
	CU_ASSERT_EQUAL(wrap_open(&out, &s, other_kek, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_NO);
	s = other();
	CU_ASSERT_EQUAL(s.sealed_length, WRAP_MAX);
	memset(&out, 0xEE, sizeof(out));
	CU_ASSERT_EQUAL(wrap_open(&out, &s, kek, &fault), 0);
	ASSERT_BYTES(&out, &tuak, sizeof(tuak));
	CU_ASSERT_EQUAL(wrap_open(&out, &s, other_kek, &fault), -1);
	s = derived();
	CU_ASSERT_EQUAL(s.sealed_length, 1 + 12 + 16);
	CU_ASSERT_EQUAL(wrap_open(&out, &s, kek, &fault), 0);
	CU_ASSERT_EQUAL(out.sizes.k, 16);
	CU_ASSERT_EQUAL(out.k[0], 0);
	CU_ASSERT_EQUAL(wrap_open(&out, &s, other_kek, &fault), -1);
}

/* Two wraps of one key look different, and the key is in neither. */
static void test_hides(void)
{
	struct subscriber a = stored(), b = stored(), c = other();
	size_t i;

	CU_ASSERT(memcmp(a.sealed, b.sealed, a.sealed_length) != 0);
	CU_ASSERT(memcmp(a.sealed + 13, b.sealed + 13, 32) != 0);
	for (i = 0; i + 4 <= a.sealed_length; i++)
		CU_ASSERT(memcmp(a.sealed + i, keys, 4) != 0);
	for (i = 0; i + 4 <= c.sealed_length; i++)
		CU_ASSERT(memcmp(c.sealed + i, tuak.k, 4) != 0 && memcmp(c.sealed + i, tuak.opc, 4) != 0);
}

static void refused(const struct subscriber *s)
{
	CU_ASSERT_EQUAL(wrap_open(&out, s, kek, NULL), -1);
}

/* The wrap of one row in another row, or in its own row after one field changed. */
static void binding(struct subscriber (*make)(void))
{
	const struct subscriber good = make();
	struct subscriber s;
	size_t i;

	CU_ASSERT_EQUAL(wrap_open(&out, &good, kek, NULL), 0);
	s = good;
	s.imsi[14] = '2';
	refused(&s);
	s = good;
	s.imsi[14] = 0;
	refused(&s);
	s = good;
	s.iccid[17] = '2';
	refused(&s);
	s = good;
	strcpy(s.batch, "b2");
	refused(&s);
	s = good;
	s.amf = 0;
	refused(&s);
	s = good;
	s.kcv_k[0] ^= 1;
	refused(&s);
	s = good;
	s.kcv_opc[2] ^= 0x80;
	refused(&s);
	s = good;
	s.design = good.design == DESIGN_PLAIN ? DESIGN_DERIVED : DESIGN_PLAIN;
	refused(&s);
	for (i = 0; i < good.sealed_length; i++) {
		s = good;
		s.sealed[i] ^= 1;
		refused(&s);
	}
	for (i = 0; i < good.sealed_length; i++) {
		s = good;
		s.sealed_length = i;
		refused(&s);
	}
}

static void test_bound_stored(void)
{
	binding(stored);
}

static void test_bound_derived(void)
{
	binding(derived);
}

static void test_bound_other(void)
{
	binding(other);
}

UNIT_SUITE("wrap", UNIT(test_round_trip), UNIT(test_hides), UNIT(test_bound_stored), UNIT(test_bound_derived),
	   UNIT(test_bound_other))

/* PROVES: TS 33.401 Annex B.1.3 and B.2.3 against the published test sets of Annex C.1 and C.2. */
#include "radio/eea2.h"

#include <string.h>

#include "unit/unit.h"
#include "vectors/vectors.h"

static uint32_t number(const struct vectors *v, const char *name, size_t bytes)
{
	uint8_t raw[4];
	uint32_t value = 0;
	size_t i;

	vectors_bytes(v, name, raw, bytes);
	for (i = 0; i < bytes; i++)
		value = value << 8 | raw[i];
	return value;
}

/* The sets count bits; the bits after the last one are zero in print. */
static void cipher_set(const struct vectors *v)
{
	uint8_t key[16], data[512], want[512];
	size_t n = vectors_any(v, "PLAIN", data, sizeof(data)), bits = number(v, "LENGTH", 2);

	vectors_bytes(v, "KEY", key, 16);
	vectors_bytes(v, "CIPHER", want, n);
	CU_ASSERT_EQUAL(n, (bits + 7) / 8);
	CU_ASSERT_EQUAL(eea2(data, n, key, number(v, "COUNT", 4), (uint8_t)number(v, "BEARER", 1),
			     (enum direction)number(v, "DIRECTION", 1)),
			OK);
	if (bits % 8)
		data[n - 1] &= (uint8_t)(0xFF << (8 - bits % 8));
	ASSERT_BYTES(data, want, n);
}

static void mac_set(const struct vectors *v)
{
	uint8_t key[16], message[512], want[4], mac[4];
	size_t n = vectors_any(v, "MESSAGE", message, sizeof(message));

	vectors_bytes(v, "KEY", key, 16);
	vectors_bytes(v, "MAC", want, 4);
	CU_ASSERT_EQUAL(eia2(mac, message, n, key, number(v, "COUNT", 4), (uint8_t)number(v, "BEARER", 1),
			     (enum direction)number(v, "DIRECTION", 1)),
			OK);
	ASSERT_BYTES(mac, want, 4);
}

static void test_published(void)
{
	struct vectors v;
	int ciphers = 0, macs = 0;

	vectors_open(&v, "eea2_eia2_ts33401.txt");
	while (vectors_next(&v)) {
		if (vectors_has(&v, "CIPHER")) {
			cipher_set(&v);
			ciphers++;
		} else {
			mac_set(&v);
			macs++;
		}
	}
	CU_ASSERT_EQUAL(ciphers, 5);
	CU_ASSERT_EQUAL(macs, 2);
}

static void test_twice_is_nothing(void)
{
	uint8_t data[100], copy[100], key[16] = {7};
	size_t i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = copy[i] = (uint8_t)i;
	CU_ASSERT_EQUAL(eea2(data, sizeof(data), key, 5, 0, UPLINK), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(data, copy, sizeof(data)), 0);
	CU_ASSERT_EQUAL(eea2(data, sizeof(data), key, 5, 0, UPLINK), OK);
	ASSERT_BYTES(data, copy, sizeof(data));
	/* the other direction is another key stream */
	CU_ASSERT_EQUAL(eea2(data, sizeof(data), key, 5, 0, UPLINK), OK);
	CU_ASSERT_EQUAL(eea2(data, sizeof(data), key, 5, 0, DOWNLINK), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(data, copy, sizeof(data)), 0);
}

UNIT_SUITE("eea2", UNIT(test_published), UNIT(test_twice_is_nothing))

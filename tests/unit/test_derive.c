/* PROVES: keys/derive.h: the token's way (CMAC of the 31-byte input) and the
 * card's way (the general construction) agree, and every input matters. */
#include <string.h>

#include "crypto/cmac.h"
#include "keys/derive.h"
#include "unit/unit.h"

static const uint8_t iccid[10] = {0x98, 0x88, 0x12, 0x11, 0x00, 0x00, 0x00, 0x00, 0x10, 0xF1};

static void test_layout(void)
{
	static const uint8_t want[31] = {0,    0,    0,    1,    's',  'i', 'm',  'r',  'i',  't',  'e',
					 ' ',  'K',  ' ',  'v',  '1',  0,   0x98, 0x88, 0x12, 0x11, 0x00,
					 0x00, 0x00, 0x00, 0x10, 0xF1, 0,   0,    0,    128};
	uint8_t input[DERIVE_INPUT];

	derive_input(input, DERIVE_LABEL_K, iccid);
	ASSERT_BYTES(input, want, sizeof(want));
}

static void test_two_ways(void)
{
	uint8_t key[32], input[DERIVE_INPUT], token[16], card[16];

	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)(i * 7 + 1);
	for (size_t length = 16; length <= 32; length += 16) {
		struct span batch = {key, length};

		derive_input(input, DERIVE_LABEL_OPC, iccid);
		CU_ASSERT_EQUAL(cmac(token, batch, (struct span){input, sizeof(input)}), OK);
		CU_ASSERT_EQUAL(derive_key(card, DERIVE_LABEL_OPC, iccid, batch), OK);
		ASSERT_BYTES(card, token, 16);
	}
	CU_ASSERT_EQUAL(derive_key(card, DERIVE_LABEL_K, iccid, (struct span){key, 24}), ERROR_VALUE);
}

static void test_separation(void)
{
	uint8_t key[16] = {1}, other[10], k[16], opc[16], next[16];

	memcpy(other, iccid, 10);
	other[9] ^= 0x10;
	CU_ASSERT_EQUAL(derive_key(k, DERIVE_LABEL_K, iccid, (struct span){key, 16}), OK);
	CU_ASSERT_EQUAL(derive_key(opc, DERIVE_LABEL_OPC, iccid, (struct span){key, 16}), OK);
	CU_ASSERT_EQUAL(derive_key(next, DERIVE_LABEL_K, other, (struct span){key, 16}), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(k, opc, 16), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(k, next, 16), 0);
}

UNIT_SUITE("derive", UNIT(test_layout), UNIT(test_two_ways), UNIT(test_separation))

/* PROVES: custodian/statement.h: the digests of the protocol's texts, which were
 * computed by Python's hashlib from the texts as they are in docs/ceremony/protocol.md. */
#include <string.h>

#include "custodian/statement.h"
#include "unit/play.h"

static uint8_t want[32], got[32];

static const struct statement_about *about(uint8_t index)
{
	static struct statement_about a = {.ceremony = {(const uint8_t *)"rehearsal-1.a", 13},
					   .set = {0, 1, 2, 3, 4, 5, 6, 0xFF}};

	a.index = index;
	return &a;
}

static void is(const char *hex)
{
	play_unhex(want, sizeof(want), hex);
	ASSERT_BYTES(got, want, 32);
}

static void test_commitments(void)
{
	uint8_t secret[64], value[32];

	for (uint8_t i = 0; i < 64; i++)
		secret[i] = (uint8_t)(i < 32 ? 0xA0 + i : 0x80 + i - 32);
	memcpy(value, secret + 32, 32);
	CU_ASSERT_EQUAL(statement_contribution(got, about(9), value), OK);
	is("66783ba2269b6fb75ecd6284db257c448211b6d7783212edc50e545c2baf7e6b");
	CU_ASSERT_EQUAL(statement_share(got, about(10), 2, 16, secret), OK);
	is("86ffe8ddbbaa679dd0cf6bed72d4d0e7790774c7acd66a73ad29ddae23d9d81e");
}

static void test_statements(void)
{
	const struct span ceremony = about(1)->ceremony, name = {(const uint8_t *)"Zo\xC3\xAB W.", 7};
	uint8_t bytes[32], card[33], host[33];

	memset(bytes, 0xC5, sizeof(bytes));
	CU_ASSERT_EQUAL(statement_of_holding(got, STATEMENT_COMMIT, about(16), bytes), OK);
	is("784f5d311a18e38bd88d8a090a8ce052856d9a421929fde0220322c3c5812f76");
	CU_ASSERT_EQUAL(statement_of_holding(got, STATEMENT_HELD, about(16), bytes), OK);
	is("8e6012c6bab0967829a26209a693ae51d34c916c4a54fb18706797ad98cafe40");
	CU_ASSERT_EQUAL(statement_of_holding(got, STATEMENT_DESTROYED, about(16), bytes), OK);
	is("450c29b716096f5ec352af977ad859f62dded00b5026179441a57a025442c5f0");
	CU_ASSERT_EQUAL(statement_of_party(got, STATEMENT_PRESENT, ceremony, name, bytes), OK);
	is("dfa70aa6af66435df343f018637a290026575c9f745030e699aa06b3d25fbde7");
	CU_ASSERT_EQUAL(statement_of_party(got, STATEMENT_SIGNOFF, ceremony, name, bytes), OK);
	is("301400ca512a4dcea910bcb52850ca5ef86bec6fe45d16ca0fc4b6c3101b2247");
	memset(card, 0x11, sizeof(card));
	memset(host, 0x22, sizeof(host));
	card[0] = 0x02;
	host[0] = 0x03;
	CU_ASSERT_EQUAL(statement_of_session(got, (struct span){(const uint8_t *)"ctx 1", 5}, card, host),
			OK);
	is("9622a76a8870151d306bf7198c20e8571cc5800aabbfc72b487073b4c287aad6");
}

static void test_parts(void)
{
	uint8_t part[33];

	memset(part, 'a', sizeof(part));
	CU_ASSERT(statement_is_part((struct span){part, 1}, 32));
	CU_ASSERT(statement_is_part((struct span){part, 32}, 32));
	CU_ASSERT_FALSE(statement_is_part((struct span){part, 33}, 32));
	CU_ASSERT_FALSE(statement_is_part((struct span){part, 0}, 32));
	for (unsigned c = 0; c < 256; c++) {
		part[31] = (uint8_t)c;
		CU_ASSERT_EQUAL(statement_is_part((struct span){part, 32}, 32), c >= 0x20 && c != 0x7F);
	}
}

UNIT_SUITE("statement", UNIT(test_commitments), UNIT(test_statements), UNIT(test_parts))

/* PROVES: custodian/tunnel.h: key and sealed form are those of Python's cryptography
 * (X963KDF, AESSIV); what was changed, repeated, left out or turned round does not open. */
#include <string.h>

#include "custodian/tunnel.h"
#include "unit/play.h"

static struct tunnel card, host;
static uint8_t secret[32];

static void start(void)
{
	uint8_t x[32], card_key[33], host_key[33];

	memset(x, 0x77, sizeof(x));
	memset(card_key, 0x11, sizeof(card_key));
	memset(host_key, 0x22, sizeof(host_key));
	card_key[0] = 0x02;
	host_key[0] = 0x03;
	CU_ASSERT_EQUAL(tunnel_derive(&card, x, card_key, host_key), OK);
	host = card;
	for (uint8_t i = 0; i < 32; i++)
		secret[i] = i;
}

static void test_values(void)
{
	uint8_t want[48], got[48];

	start();
	play_unhex(want, sizeof(want), "b2bccc4ebc2f659437ac51c104a3b1903e6509494c521b7691098895de0b5dcb");
	ASSERT_BYTES(card.key, want, 32);
	CU_ASSERT_EQUAL(tunnel_seal(got, &host, TUNNEL_TO_CARD, (struct span){secret, 32}), OK);
	play_unhex(
		want, sizeof(want),
		"566327d6fd520f1d8e2bda65ff932cfc5540cdee43b21a345b6af108d244968748423a3cd895d233b2e4ce83ef23f290");
	ASSERT_BYTES(got, want, 48);
	CU_ASSERT_EQUAL(tunnel_seal(got, &host, TUNNEL_TO_HOST, (struct span){secret, 32}), OK);
	play_unhex(
		want, sizeof(want),
		"b368f685a648aaf24aa3e1fdb4901802a26f1c6fd4a304cd0f2e6c629372832d45d5d1a08b4b0db43b8951df0981f6d3");
	ASSERT_BYTES(got, want, 48);
}

/* Refused, wiped, and not counted. */
static void refused(struct span sealed, enum tunnel_direction direction)
{
	static const uint8_t zero[32];
	uint32_t before = card.secrets;
	uint8_t out[32] = {1};

	CU_ASSERT_EQUAL(tunnel_open(out, &card, direction, sealed), ERROR_CHECK);
	ASSERT_BYTES(out, zero, 32);
	CU_ASSERT_EQUAL(card.secrets, before);
}

static void test_order(void)
{
	uint8_t first[48], second[48], out[32];

	start();
	CU_ASSERT_EQUAL(tunnel_seal(first, &host, TUNNEL_TO_CARD, (struct span){secret, 32}), OK);
	CU_ASSERT_EQUAL(tunnel_seal(second, &host, TUNNEL_TO_CARD, (struct span){secret, 32}), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(first, second, 48), 0);
	refused((struct span){second, 48}, TUNNEL_TO_CARD); /* one was left out */
	refused((struct span){first, 48}, TUNNEL_TO_HOST);
	for (size_t i = 0; i < 48; i++) {
		first[i] ^= 0x80;
		refused((struct span){first, 48}, TUNNEL_TO_CARD);
		first[i] ^= 0x80;
	}
	CU_ASSERT_EQUAL(tunnel_open(out, &card, TUNNEL_TO_CARD, (struct span){first, 48}), OK);
	ASSERT_BYTES(out, secret, 32);
	refused((struct span){first, 48}, TUNNEL_TO_CARD); /* again */
	CU_ASSERT_EQUAL(tunnel_open(out, &card, TUNNEL_TO_CARD, (struct span){second, 48}), OK);
	CU_ASSERT_EQUAL(card.secrets, 2);
	CU_ASSERT_EQUAL(tunnel_open(out, &card, TUNNEL_TO_CARD, (struct span){second, 15}), ERROR_RANGE);
}

UNIT_SUITE("tunnel", UNIT(test_values), UNIT(test_order))

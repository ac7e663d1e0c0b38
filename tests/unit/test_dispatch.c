/* PROVES: apdu/dispatch.h: what
 * any bytes are answered, and that no bytes hurt the card. */
#include "apdu/dispatch.h"

#include <stdlib.h>
#include <string.h>

#include "unit/play.h"

#define USIM "00A4040C 07 A0000000871002"

static const uint8_t k[16] = {0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f,
			      0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc};
static const uint8_t opc[16] = {0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e,
				0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf};

/* PROVES: TS 102 221 10.1.1, 10.2.1.5 */
static void test_classes(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "A0A40000 02 3F00", 0x9000); /* the 2G card: its own instructions, one channel */
	PLAY(&p, "A084000008", 0x6D00);
	PLAY(&p, "A050000008 0102030405060708", 0x6D00);
	PLAY(&p, "A1A40000 02 3F00", 0x6E00);
	PLAY(&p, "A4A40000 02 3F00", 0x6E00);
	PLAY(&p, "B0A40000 02 3F00", 0x6E00);
	PLAY(&p, "00FA000000", 0x6D00);
	PLAY(&p, "01A4000C 02 3F00", 0x6881);
	PLAY(&p, "03B0000001", 0x6881);
	PLAY(&p, "41A4000C 02 3F00", 0x6881);
	PLAY(&p, "81F2000C", 0x6881);
	PLAY(&p, "08A4000C 02 3F00", 0x6882);
	PLAY(&p, "0CA4000C 02 3F00", 0x6882);
	PLAY(&p, "04A4000C 02 3F00", 0x6882);
	PLAY(&p, "80A4000C 02 3F00", 0x6E00);
	PLAY(&p, "00F2000C", 0x6E00);
	PLAY(&p, "10A4000C 02 3F00", 0x6E00);
	PLAY(&p, "20A4000C 02 3F00", 0x6E00);
	PLAY(&p, "50A4000C 02 3F00", 0x6E00);
	PLAY(&p, "C0A4000C 02 3F00", 0x6881);
	PLAY(&p, "60A4000C 02 3F00", 0x6881);
	PLAY(&p, "FFA4000C 02 3F00", 0x6E00);
	PLAY(&p, "84CA006600", 0x6982); /* secured, but by nothing */
	play_close(&p);
}

/* PROVES: TS 102 221 10.2.1.5 */
static void test_instructions(void)
{
	static const char *const absent[] = {"00FF000000",     "00720000 01 00", "80160000 01 00",
					     "00B40000 01 00", "00A80000 01 00", "00DE000002 0000",
					     "00000000",       "80FC000000"};
	struct play p;
	size_t i;

	play_open(&p);
	for (i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		PLAY(&p, absent[i], 0x6D00);
	play_close(&p);
}

/* PROVES: ISO/IEC 7816-3 12.2.1, TS 102 221 7.3.1.1 */
static void test_lengths(void)
{
	struct play p;
	uint8_t none = 0;

	play_open(&p);
	CU_ASSERT_EQUAL(play_bytes(&p, &none, 0), 0x6700);
	PLAY(&p, "00", 0x6700);
	PLAY(&p, "00A400", 0x6700);
	PLAY(&p, "00A4000C 02 3F", 0x6700);
	PLAY(&p, "00A4000C 02 3F00 00", 0x9000); /* Le after the data: ignored */
	PLAY(&p, "00A4000C 02 3F00 0000", 0x6700);
	PLAY(&p, "00B00000 02 0000", 0x6700);
	PLAY(&p, "00A4000C 02 2FE2", 0x9000);
	PLAY(&p, "00B00000 00 0A", 0x6700);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00B00000"), 0x6C0A); /* four bytes mean P3 = 0 */
	play_close(&p);
}

/* PROVES: TS 102 221 12.1.1, 7.3.1.1, ISO/IEC 7816-4 11.7.1 */
static void test_get_response(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00C0000001", 0x6985);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00A40004023F00"), 0x612B);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C0000030"), 0x6C2B); /* too long: told, and kept */
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C0000000"), 0x6C2B);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C00000"), 0x6C2B);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C001002B"), 0x6A86);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C0000002"), 0x6129); /* in parts */
	ASSERT_BYTES(p.response, "\x62\x29", 2);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C0000029"), 0x9000);
	ASSERT_BYTES(p.response, "\x82\x02\x78\x21", 4);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C0000029"), 0x6985);
	/* Any other command drops the data. */
	CU_ASSERT_EQUAL(play_tpdu(&p, "00A40004023F00"), 0x612B);
	CU_ASSERT_EQUAL(play_tpdu(&p, "0020000100"), 0x63C3);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C000002B"), 0x6985);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00A40004023F00"), 0x612B);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00FF000000"), 0x6D00);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C000002B"), 0x6985);
	/* In the class of its command, 80 and 84 too. */
	PLAY(&p, "00A4040C08A000000151000000", 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, "8050000008 0102030405060708"), 0x6120);
	CU_ASSERT_EQUAL(play_tpdu(&p, "80C0000020"), 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, "8050000008 0102030405060708"), 0x6120);
	CU_ASSERT_EQUAL(play_tpdu(&p, "84C0000020"), 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, "8050000008 0102030405060708"), 0x6120);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C0000020"), 0x6F00); /* TS 51.011 9.2.18: not its data */
	CU_ASSERT_EQUAL(play_tpdu(&p, "80C0000020"), 0x6985);
	CU_ASSERT_EQUAL(play_tpdu(&p, "01C0000020"), 0x6881);
	play_close(&p);
}

static void test_takes_data(void)
{
	static const struct {
		uint8_t header[5];
		int takes;
	} rows[] = {{{0x00, 0xA4, 0, 4, 2}, 1},    {{0x00, 0xB0, 0, 0, 4}, 0},  {{0x00, 0xD6, 0, 0, 4}, 1},
		    {{0x00, 0xC0, 0, 0, 4}, 0},    {{0x80, 0xC0, 0, 0, 4}, 0},  {{0x84, 0xCA, 0, 0x66, 8}, 1},
		    {{0x80, 0xCA, 0, 0x66, 0}, 0}, {{0x84, 0x82, 3, 0, 16}, 1}, {{0xA0, 0xA4, 0, 0, 2}, 1},
		    {{0xA0, 0xB0, 0, 0, 4}, 0},    {{0xA0, 0xC0, 0, 0, 4}, 0},  {{0xA0, 0x88, 0, 0, 16}, 1},
		    {{0xA0, 0xCA, 0, 0, 4}, 0},    {{0x00, 0xFF, 0, 0, 4}, 0},  {{0x01, 0xA4, 0, 0, 2}, 0},
		    {{0x00, 0x88, 0, 0x81, 34}, 1}};
	struct play p;
	size_t i;

	play_open(&p);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CU_ASSERT_EQUAL(card_takes_data(&p.card, rows[i].header), rows[i].takes);
	play_close(&p);
}

/* PROVES: TS 102 221 6.3, ISO/IEC 7816-3 8.2 */
static void test_atr(void)
{
	uint8_t atr[ATR_MAX], check = 0;
	struct play p;
	size_t n, i;

	play_open(&p);
	n = card_reset(&p.card, atr);
	CU_ASSERT_EQUAL(n, 21);
	for (i = 1; i < n; i++)
		check ^= atr[i];
	CU_ASSERT_EQUAL(check, 0);
	CU_ASSERT_EQUAL(atr[0], 0x3B);
	CU_ASSERT_EQUAL(atr[2] & 0x0F, 0); /* T=0 first */
	CU_ASSERT_PTR_NOT_NULL(memmem(atr, n, "simrite", 7));
	play_close(&p);
}

/* A reset forgets what a session had. */
static void test_reset(void)
{
	uint8_t atr[ATR_MAX];
	struct play p;

	play_open(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "0020000A083132333435363738", 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00A40004027FFF"), 0x6139);
	(void)card_reset(&p.card, atr);
	PLAY(&p, "00C0000030", 0x6985);
	PLAY(&p, "00A4000C027FFF", 0x6A82);
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_ADM1), DENIED);
	CU_ASSERT_EQUAL(play_secure(&p), 0x9000);
	(void)card_reset(&p.card, atr);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80CA006600"), 0x6982);
	play_close(&p);
}

/* PROVES: TS 31.102 7.1.1: not with another application, not before the PIN (a peer's defect). */
static void test_authenticate_is_guarded(void)
{
	static const char *const aka = "00880081 22 10 000102030405060708090A0B0C0D0E0F"
				       " 10 000102030405060708090A0B0C0D0E0F";
	struct play p;

	play_open(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, aka, 0x6A88); /* no key */
	CU_ASSERT_EQUAL(play_load_key(&p, k, opc), 0x9000);
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY(&p, aka, 0x6985);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, aka, 0x9862);
	PLAY(&p, "00280001 08 31323334FFFFFFFF", 0x9000);
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, aka, 0x6982);
	PLAY(&p, "00200001 08 31323334FFFFFFFF", 0x9000);
	PLAY(&p, aka, 0x9862);
	PLAY_DATA(&p, "00880080 11 10 23553cbe9637a89d218ae64dae47bf35", "04 46F8416A 08 EAE4BE823AF9A08B");
	play_close(&p);
}

/* Secure messaging: a channel ends with its application, and says 6982 after. */
static void test_channel(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "8050000008 0102030405060708", 0x6985); /* the MF is no security domain */
	CU_ASSERT_EQUAL(play_secure(&p), 0x9000);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80CADF2100"), 0x9000);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 09 0F01 06 01 2FE2 00 00 98"), 0x9000);
	PLAY(&p, "80E28800 09 0F01 06 01 2FE2 00 00 99", 0x6982); /* not secured */
	CU_ASSERT_EQUAL(play_wrapped(&p, "80CADF2100"), 0x9000);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00A4040C08A000000151000000", 0x9000);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80CADF2100"), 0x6982);
	PLAY(&p, "00A4080C 02 2FE2", 0x9000);
	PLAY_DATA(&p, "00B0000002", "98FF");
	/* All groupings of one STORE DATA or none. */
	CU_ASSERT_EQUAL(play_secure(&p), 0x9000);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 12 0F01 06 01 2FE2 00 00 11 0F01 06 01 2FE3 00 00 11"),
			0x6A82);
	PLAY(&p, "00A4080C 02 2FE2", 0x9000);
	PLAY_DATA(&p, "00B0000002", "98FF");
	play_close(&p);
}

static void check_table(void)
{
	const struct dispatch_row *rows;
	size_t n, i, j;

	rows = dispatch_table(&n);
	CU_ASSERT(n > 15);
	for (i = 0; i < n; i++) {
		CU_ASSERT(rows[i].form >= 2 && rows[i].form <= 5);
		CU_ASSERT_EQUAL(rows[i].cla & ~rows[i].mask, 0);
		for (j = 0; j < i; j++)
			CU_ASSERT_FALSE(rows[i].ins == rows[j].ins && rows[i].cla == rows[j].cla);
	}
}

/* ---- Any bytes ---- */

static uint32_t seed;

static uint8_t chance(void)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint8_t)(seed >> 24);
}

/* Commands that get somewhere; what the noise starts from. */
static const char *const good[] = {
	"00A40004023F00",
	"00A4000C022F00",
	"00A40804022FE2",
	"00A4080C047FFF6F07",
	"00A40404 07 A0000000871002",
	"00A4040C 08 A000000151000000",
	"00A40400",
	"00A4044C 07 A0000000871002",
	"00A4030C",
	"00A4000C027FFF",
	"00A4000C026FB7",
	"80F2000000",
	"80F2000C",
	"80F2000100",
	"00B0000004",
	"00B0830004",
	"00B087000900",
	"00B2010426",
	"00B200020B",
	"00B200030B",
	"00B2010C0B",
	"00D68200 02 6465",
	"00D60000 01 FF",
	"00DC010C 0B 11F2FFFFFFFFFFFFFFFF00",
	"0020000100",
	"0020000A 08 3132333435363738",
	"00200001 08 31323334FFFFFFFF",
	"002C000100",
	"00280001 08 31323334FFFFFFFF",
	"00260001 08 31323334FFFFFFFF",
	"0084000008",
	"00C0000010",
	"00C0000030",
	"00880080 11 10 23553CBE9637A89D218AE64DAE47BF35",
	"00880081 22 10 23553CBE9637A89D218AE64DAE47BF35 10 000102030405060708090A0B0C0D0E0F",
	"8050000008 0102030405060708",
	"84820300 10 000102030405060708090A0B0C0D0E0F",
	"80CA006600",
	"80CA00E000",
	"80E28800 09 0F01 06 01 2FE2 00 00 98",
	"80D80081 01 30",
	"A0A40000 02 7F20",
	"A0A40000 02 6F07",
	"A0F2000016",
	"A0C0000016",
	"A0B0000009",
	"A0B2010428",
	"A0A20010 02 FFFF",
	"A0320000 03 000001",
	"A0200001 08 31323334FFFFFFFF",
	"A0240001 10 31323334FFFFFFFF 31323334FFFFFFFF",
	"A0280001 08 31323334FFFFFFFF",
	"A02C0000 10 3132333435363738 31323334FFFFFFFF",
	"A004000000",
	"A044000000",
	"A0880000 10 23553CBE9637A89D218AE64DAE47BF35",
};

/* A good command as it is or bent a little, or noise. */
static size_t some_command(uint8_t command[COMMAND_MAX + 2])
{
	size_t length = 0, i, n;
	const char *hex;

	if (chance() < 20) {
		length = chance() < 128 ? chance() : chance() % 8;
		for (i = 0; i < length; i++)
			command[i] = chance();
		return length;
	}
	hex = good[(chance() << 8 | chance()) % (int)(sizeof(good) / sizeof(good[0]))];
	length = play_unhex(command, COMMAND_MAX, hex);
	if (chance() < 128)
		return length;
	for (n = chance() % 3; n > 0; n--)
		command[chance() % length] ^= (uint8_t)(1 << chance() % 8);
	if (chance() < 64)
		command[chance() % length] = chance();
	if (chance() < 48)
		length = chance() % (length + 1);
	if (chance() < 48)
		for (n = chance() % 8; n > 0; n--)
			command[length++] = chance();
	return length;
}

/* PROVES: a card answers anything with a status word that says what is wrong,
 * keeps its memory's rules, and holds what it held. */
static void test_any_bytes(void)
{
	uint8_t command[COMMAND_MAX + 2];
	unsigned long ok = 0, i;
	size_t length;
	struct play p;
	uint16_t sw;

	play_open(&p);
	CU_ASSERT_EQUAL(play_load_key(&p, k, opc), 0x9000);
	seed = 20250101;
	for (i = 0; i < 120000; i++) {
		uint8_t *exact;
		int none; /* GET RESPONSE of class A0 with nothing to get: TS 51.011 9.2.18 says 6F00 */

		if (i % 5000 == 0) {
			play_restart(&p);
			CU_ASSERT_EQUAL(pin_format(&p.card), OK); /* the noise blocks them soon */
			if (i % 10000)
				CU_ASSERT_EQUAL(play_secure(&p), 0x9000);
		}
		length = some_command(command);
		exact = malloc(length ? length : 1); /* so that a byte read too far is noticed */
		if (!exact)
			abort();
		memcpy(exact, command, length);
		none = length >= 4 && exact[0] == 0xA0 && exact[1] == 0xC0;
		sw = play_bytes(&p, exact, length);
		free(exact);
		ok += sw == SW_OK || (sw >> 8) == 0x61;
		if ((sw == 0x6F00 && none) || sw >> 8 == 0x9F)
			continue;
		if (sw == 0x6F00 || sw == 0x6581 ||
		    !((sw >> 8 >= 0x61 && sw >> 8 <= 0x6E) || sw >> 12 == 9)) {
			CU_FAIL("a status word that should not be");
			break;
		}
	}
	CU_ASSERT(ok > 15000); /* the noise got somewhere */
	play_restart(&p);
	CU_ASSERT_EQUAL(play_secure(&p), 0x9000);
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY(&p, "00A4000C 02 2FE2", 0x9000);
	PLAY_DATA(&p, "00B000000A", "FFFFFFFFFFFFFFFFFFFF"); /* no noise wrote a file that nobody may */
	play_close(&p);
}

UNIT_SUITE("dispatch", UNIT(test_classes), UNIT(test_instructions), UNIT(test_lengths),
	   UNIT(test_get_response), UNIT(test_takes_data), UNIT(test_atr), UNIT(test_reset),
	   UNIT(test_authenticate_is_guarded), UNIT(test_channel), UNIT(check_table), UNIT(test_any_bytes))

#include "apdu/channel.h"

#include "unit/play.h"

/* PROVES: TS 102 221 10.1.1 */
static void test_class(void)
{
	static const struct {
		uint8_t cla, plain, channel;
	} rows[] = {
		{0x00, 0x00, 0}, {0x03, 0x00, 3},  {0x80, 0x80, 0},  {0x82, 0x80, 2},  {0x84, 0x84, 0},
		{0x87, 0x84, 3}, {0x40, 0x00, 4},  {0x4F, 0x00, 19}, {0x60, 0x04, 4},  {0x6F, 0x04, 19},
		{0xC0, 0x80, 4}, {0xCF, 0x80, 19}, {0xE0, 0x84, 4},  {0xEF, 0x84, 19},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t cla = rows[i].cla;

		CU_ASSERT_EQUAL(channel_take(&cla), rows[i].channel);
		CU_ASSERT_EQUAL(cla, rows[i].plain);
	}
}

/* Selection, PINs and secure channel of one are not those of another. */
static void test_own_state(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "02A4000C 02 3F00", 0x6881);
	channel_open(&p.card.channels[2]);
	channel_open(&p.card.channels[19]);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "0020000A 08 3132333435363738", 0x9000);
	PLAY(&p, "00A4000C 02 6F07", 0x9000);
	PLAY(&p, "00D60000 01 08", 0x9000);
	PLAY(&p, "02D60000 01 08", 0x6986);
	PLAY(&p, "02A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "02A4000C 02 6F07", 0x9000);
	PLAY(&p, "02D60000 01 08", 0x6982);
	PLAY(&p, "4FA4000C 02 6F07", 0x6A82);
	PLAY(&p, "00D60000 01 09", 0x9000);

	/* Data waits for the channel that asked for it. */
	CU_ASSERT_EQUAL(play_tpdu(&p, "02A40004 02 3F00") & 0xFF00, 0x6100);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C0000000"), 0x6985);
	CU_ASSERT_EQUAL(play_tpdu(&p, "02C0000000"), 0x6985);

	CU_ASSERT_EQUAL(play_secure(&p), 0x9000);
	PLAY(&p, "02A4040C 00", 0x9000); /* the domain, on another channel: the session goes on */
	CU_ASSERT_EQUAL(play_tpdu(&p, "86CA00E008 0011223344556677"), 0x6982);
	PLAY(&p, "80CA00E000", 0x6982);
	PLAY(&p, "82CA00E000", 0x9000);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80CA00E000"), 0x9000);
	play_restart(&p);
	PLAY(&p, "02A4000C 02 3F00", 0x6881);
	play_close(&p);
}

UNIT_SUITE("channel", UNIT(test_class), UNIT(test_own_state))

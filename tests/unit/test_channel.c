#include "apdu/channel.h"

#include <stdio.h>

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

/* PROVES: TS 102 221 11.1.17, ISO/IEC 7816-4 11.1.2 */
static void test_open_and_close(void)
{
	struct play p;
	char hex[32];

	play_open(&p);
	CU_ASSERT_EQUAL(play_tpdu(&p, "0070000000"), 0x6C01);
	CU_ASSERT_EQUAL(play_tpdu(&p, "0070000002"), 0x6C01);
	for (uint8_t n = 1; n < CHANNELS; n++) {
		static const uint8_t command[5] = {0x00, 0x70, 0x00, 0x00, 0x01};

		CU_ASSERT_EQUAL(play_bytes(&p, command, 5), 0x9000);
		CU_ASSERT_EQUAL(p.length, 1);
		CU_ASSERT_EQUAL(p.response[0], n);
	}
	CU_ASSERT_EQUAL(play_tpdu(&p, "0070000001"), 0x6881);
	PLAY(&p, "00700005", 0x6881); /* open already */
	for (int n = 1; n < CHANNELS; n++) {
		(void)snprintf(hex, sizeof(hex), "%02XA4000C 02 3F00", n < 4 ? n : 0x40 + n - 4);
		PLAY(&p, hex, 0x9000);
		(void)snprintf(hex, sizeof(hex), "007080%02X", n);
		PLAY(&p, hex, 0x9000);
		PLAY(&p, hex, 0x6200);
	}
	PLAY(&p, "01A4000C 02 3F00", 0x6881);
	PLAY(&p, "00700013", 0x9000); /* a number of the terminal's choice, as four bytes and as five */
	PLAY(&p, "4F70000100", 0x9000);
	PLAY(&p, "0170800100", 0x9000); /* a channel closes itself */
	PLAY(&p, "0170801300", 0x6881);

	PLAY(&p, "00700014", 0x6A86);
	PLAY(&p, "00708000", 0x6A86);
	PLAY(&p, "00708014", 0x6A86);
	PLAY(&p, "00704001", 0x6A86);
	PLAY(&p, "0070000201", 0x6700);
	PLAY(&p, "0070801301", 0x6700);
	PLAY(&p, "00700002 02 AABB", 0x6700);
	PLAY(&p, "80700000", 0x6E00);
	PLAY(&p, "04700002", 0x6882);
	PLAY(&p, "4FA4000C 02 3F00", 0x9000); /* refused, and 13 is still open */
	PLAY(&p, "02A4000C 02 3F00", 0x6881); /* refused, and 2 is not */
	play_restart(&p);
	PLAY(&p, "4FA4000C 02 3F00", 0x6881);
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.17: where a channel starts, and that it then goes its own way */
static void test_where_it_starts(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "0020000A 08 3132333435363738", 0x9000);
	PLAY(&p, "00700001", 0x9000);
	PLAY(&p, "01B0870009", 0x6A82); /* from the basic channel: the MF, ... */
	PLAY(&p, "80F2000100", 0x9000);
	PLAY(&p, "81F2000100", 0x6A88); /* ... no application, ... */
	PLAY(&p, "01A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "01A4000C 02 6FAD", 0x9000);
	PLAY(&p, "01D60000 04 00000002", 0x6982); /* ... nothing verified */
	PLAY(&p, "0120000A 08 3132333435363738", 0x9000);
	PLAY(&p, "01D60000 04 00000002", 0x9000);

	PLAY(&p, "01700002", 0x9000);
	PLAY(&p, "02D60000 04 00000002", 0x6986); /* from another: its directory, no EF, ... */
	PLAY(&p, "02A4000C 02 7FFF", 0x9000);     /* ... its application, ... */
	PLAY(&p, "02A4000C 02 6FAD", 0x9000);
	PLAY(&p, "02D60000 04 00000002", 0x9000); /* ... what was verified there */
	PLAY(&p, "02A4000C 02 3F00", 0x9000);
	PLAY(&p, "01D60000 04 00000002", 0x9000); /* which stays where it is */
	PLAY(&p, "0220000A 08 0000000000000000", 0x63C2);
	PLAY(&p, "02A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "02A4000C 02 6FAD", 0x9000);
	PLAY(&p, "02D60000 04 00000002", 0x6982);
	PLAY(&p, "01D60000 04 00000002", 0x9000);

	PLAY(&p, "01708001", 0x9000); /* closed and opened again: nothing is left */
	PLAY(&p, "00700001", 0x9000);
	PLAY(&p, "01A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "01A4000C 02 6FAD", 0x9000);
	PLAY(&p, "01D60000 04 00000002", 0x6982);
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.9: a PIN that is blocked, on whatever channel, is satisfied on none. */
static void test_blocked_everywhere(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00280001 08 31323334FFFFFFFF", 0x9000); /* and verified */
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "00A4000C 02 6F07", 0x9000);
	PLAY(&p, "0070000001", 0x9000);
	PLAY(&p, "01200001 08 39393939FFFFFFFF", 0x63C2);
	PLAY(&p, "01200001 08 39393939FFFFFFFF", 0x63C1);
	PLAY(&p, "00B0000009", 0x9000); /* a wrong value is of its channel only, ... */
	PLAY(&p, "01200001 08 39393939FFFFFFFF", 0x63C0);
	PLAY(&p, "00B0000009", 0x6982); /* ... the last one is not */
	PLAY(&p, "00200001 08 31323334FFFFFFFF", 0x6983);
	PLAY(&p, "002C0001 10 3132333435363738 31323334FFFFFFFF", 0x9000);
	PLAY(&p, "00B0000009", 0x9000);
	play_close(&p);
}

/* A secure channel ends with the logical channel it was opened on, and with no other. */
static void test_closing_ends_secure_channel(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00700001", 0x9000);
	CU_ASSERT_EQUAL(play_secure(&p), 0x9000);
	PLAY(&p, "00708001", 0x9000);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80CA00E000"), 0x9000);
	PLAY(&p, "00700001", 0x9000);
	PLAY(&p, "01A4040C 08 A000000151000000", 0x9000);
	PLAY(&p, "81503000 08 0102030405060708", 0x9000); /* a new session, on channel 1 */
	CU_ASSERT_EQUAL(p.card.scp03.state, SCP03_CHALLENGED);
	PLAY(&p, "00708001", 0x9000);
	CU_ASSERT_EQUAL(p.card.scp03.state, SCP03_CLOSED);
	CU_ASSERT_EQUAL(p.card.channels[1].open, 0);
	play_close(&p);
}

UNIT_SUITE("channel", UNIT(test_class), UNIT(test_own_state), UNIT(test_open_and_close),
	   UNIT(test_where_it_starts), UNIT(test_blocked_everywhere), UNIT(test_closing_ends_secure_channel))

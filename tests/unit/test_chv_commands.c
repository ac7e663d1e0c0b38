/* PROVES: TS 51.011 8.9 to 8.13, 9.2.9 to 9.2.13: CHV1 is PIN1 of class 00. */
#include "gsm/chv_commands.h"

#include "unit/play.h"

#define RIGHT "31323334FFFFFFFF"
#define WRONG "39393939FFFFFFFF"
#define FRESH "35363738FFFFFFFF"
#define PUK   "3132333435363738"
#define OOPS  "3939393939393939"

static uint8_t tries(struct play *p)
{
	struct pin_state state = {0};

	CU_ASSERT_EQUAL(pin_look(&p->card, PIN_1, &state), OK);
	return state.tries;
}

/* PROVES: TS 51.011 8.9 */
static void test_verify(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "A0200001 08 " RIGHT, 0x9808); /* disabled */
	PLAY(&p, "A0200001 08 " WRONG, 0x9808);
	CU_ASSERT_EQUAL(tries(&p), 3);
	PLAY(&p, "A0280001 08 " RIGHT, 0x9000);
	play_restart(&p);
	PLAY(&p, "A0200001 08 " WRONG, 0x9804);
	CU_ASSERT_EQUAL(tries(&p), 2);
	PLAY(&p, "00200001 08 " WRONG, 0x63C1); /* one counter */
	PLAY(&p, "A0200001 08 " RIGHT, 0x9000);
	CU_ASSERT_EQUAL(tries(&p), 3);
	PLAY(&p, "A0200001 08 " WRONG, 0x9804);
	PLAY(&p, "A0200001 08 " WRONG, 0x9804);
	PLAY(&p, "A0200001 08 " WRONG, 0x9840); /* the last */
	PLAY(&p, "A0200001 08 " RIGHT, 0x9840);
	PLAY(&p, "00200001 08 " RIGHT, 0x6983);
	/* Nothing of this spends a try. */
	PLAY(&p, "A0200001 00", 0x6708);
	PLAY(&p, "A0200001 07 313233343536 37", 0x6708);
	PLAY(&p, "A0200101 08 " RIGHT, 0x6B00);
	PLAY(&p, "A0200000 08 " RIGHT, 0x6B00);
	PLAY(&p, "A0200003 08 " RIGHT, 0x6B00);
	PLAY(&p, "A0200081 08 " RIGHT, 0x6B00);
	play_close(&p);
}

/* PROVES: TS 51.011 9.4.5: 9802, no CHV initialised; or CHV2 is PIN2. */
static void test_chv2(void)
{
	struct pin_state state;
	struct play p;

	play_open(&p);
	if (pin_look(&p.card, 0x81, &state) == ERROR_NOT_FOUND) {
		PLAY(&p, "A0200002 08 " RIGHT, 0x9802);
		PLAY(&p, "A0240002 10 " RIGHT FRESH, 0x9802);
		PLAY(&p, "A02C0002 10 " PUK FRESH, 0x9802);
	} else {
		PLAY(&p, "A0200002 08 " WRONG, state.enabled ? 0x9804 : 0x9808);
		PLAY(&p, "A02C0002 10 " OOPS FRESH, 0x9804);
	}
	PLAY(&p, "A0260002 08 " RIGHT, 0x6B00); /* only CHV1 can be disabled */
	PLAY(&p, "A0280002 08 " RIGHT, 0x6B00);
	play_close(&p);
}

/* PROVES: TS 51.011 8.10 */
static void test_change(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "A0240001 10 " RIGHT FRESH, 0x9808);
	PLAY(&p, "A0280001 08 " RIGHT, 0x9000);
	PLAY(&p, "A0240001 10 " WRONG FRESH, 0x9804);
	PLAY(&p, "A0240001 10 " RIGHT "4142434445464748", 0x9808); /* no digits: refused, and not counted */
	CU_ASSERT_EQUAL(tries(&p), 2);
	PLAY(&p, "A0240001 10 " RIGHT FRESH, 0x9000);
	PLAY(&p, "A0200001 08 " RIGHT, 0x9804);
	PLAY(&p, "00200001 08 " FRESH, 0x9000);
	PLAY(&p, "A0240001 08 " RIGHT, 0x6710);
	PLAY(&p, "A0240101 10 " RIGHT FRESH, 0x6B00);
	PLAY(&p, "A024000A 10 " PUK OOPS, 0x9000); /* ADM1 */
	PLAY(&p, "A020000A 08 " PUK, 0x9804);
	PLAY(&p, "A020000A 08 " OOPS, 0x9000);
	play_close(&p);
}

/* PROVES: TS 51.011 8.11, 8.12 */
static void test_disable_enable(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "A0260001 08 " RIGHT, 0x9808); /* is disabled */
	PLAY(&p, "A0280001 08 " WRONG, 0x9804);
	PLAY(&p, "A0280001 08 " RIGHT, 0x9000);
	PLAY(&p, "A0280001 08 " RIGHT, 0x9808); /* is enabled */
	PLAY(&p, "A0260001 08 " WRONG, 0x9804);
	PLAY(&p, "A0260001 08 " RIGHT, 0x9000);
	play_restart(&p);
	PLAY(&p, "A0A40000 02 7F20", 0x9000);
	PLAY(&p, "A0A40000 02 6F07", 0x9000);
	PLAY(&p, "A0B0000009", 0x9000); /* open, as it is disabled */
	PLAY(&p, "A0280001 08 " RIGHT, 0x9000);
	PLAY(&p, "A0260000 08 " RIGHT, 0x6B00);
	PLAY(&p, "A026000A 08 " PUK, 0x6B00); /* an administrative code never is */
	PLAY(&p, "A0260001 00", 0x6708);
	PLAY(&p, "A0280001 00", 0x6708);
	PLAY(&p, "A0260101 08 " RIGHT, 0x6B00);
	play_close(&p);
}

/* PROVES: TS 51.011 8.13 */
static void test_unblock(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "A0280001 08 " RIGHT, 0x9000);
	for (int i = 0; i < 2; i++)
		PLAY(&p, "A0200001 08 " WRONG, 0x9804);
	PLAY(&p, "A0200001 08 " WRONG, 0x9840);
	PLAY(&p, "A02C0000 10 " OOPS FRESH, 0x9804);
	PLAY(&p, "A02C0001 10 " PUK FRESH, 0x6B00); /* CHV1 is 00 here */
	PLAY(&p, "A02C0000 08 " PUK, 0x6710);
	PLAY(&p, "A02C0000 00", 0x6710);
	PLAY(&p, "A02C0100 10 " PUK FRESH, 0x6B00);
	PLAY(&p, "A02C0000 10 " PUK FRESH, 0x9000);
	play_restart(&p);
	PLAY(&p, "A0200001 08 " FRESH, 0x9000);
	for (int i = 0; i < 9; i++)
		PLAY(&p, "A02C0000 10 " OOPS FRESH, 0x9804);
	PLAY(&p, "A02C0000 10 " OOPS FRESH, 0x9840);
	PLAY(&p, "A02C0000 10 " PUK FRESH, 0x9840);
	play_close(&p);
}

UNIT_SUITE("chv_commands", UNIT(test_verify), UNIT(test_chv2), UNIT(test_change), UNIT(test_disable_enable),
	   UNIT(test_unblock))

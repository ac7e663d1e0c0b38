/* PROVES: pin/pin.h and pin/pin_commands.h. */
#include "pin/pin.h"

#include <string.h>

#include "unit/play.h"

#define RIGHT "31323334FFFFFFFF"
#define WRONG "30303030FFFFFFFF"
#define CODE  "3132333435363738"

static void test_blank(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "0020000100", 0x63C3); /* PIN1 is disabled, its tries are told all the same */
	PLAY(&p, "00200001", 0x63C3);
	PLAY(&p, "0020000A00", 0x63C3);
	PLAY(&p, "002C000100", 0x63CA);
	PLAY(&p, "002C000A00", 0x6A88);
	PLAY(&p, "0020000200", 0x6A88);
	PLAY(&p, "00200001 08 " RIGHT, 0x6984); /* no guessing at a disabled PIN */
	PLAY(&p, "0020000100", 0x63C3);
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_1), GRANTED);
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_ADM1), DENIED);
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, 0x05), DENIED);
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.9 */
static void test_verify(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00280001 08 " RIGHT, 0x9000);
	play_restart(&p);
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_1), DENIED);
	PLAY(&p, "00200001 08 " WRONG, 0x63C2);
	PLAY(&p, "00200001 08 " WRONG, 0x63C1);
	PLAY(&p, "0020000100", 0x63C1);
	play_restart(&p);
	PLAY(&p, "0020000100", 0x63C1);
	PLAY(&p, "00200001 08 " RIGHT, 0x9000);
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_1), GRANTED);
	PLAY(&p, "0020000100", 0x63C3);
	PLAY(&p, "00200001 08 " WRONG, 0x63C2); /* a wrong one takes the right away */
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_1), DENIED);
	PLAY(&p, "00200001 08 " RIGHT, 0x9000);
	/* Shapes. */
	PLAY(&p, "00200101 08 " RIGHT, 0x6A86);
	PLAY(&p, "00200001 07 31323334FFFFFF", 0x6700);
	PLAY(&p, "00200001 09 " RIGHT "FF", 0x6700);
	PLAY(&p, "00200002 08 " RIGHT, 0x6A88);
	PLAY(&p, "0020000100", 0x63C3);
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.13, 9.5 */
static void test_block_and_unblock(void)
{
	struct play p;
	int i;

	play_open(&p);
	PLAY(&p, "00280001 08 " RIGHT, 0x9000);
	PLAY(&p, "00200001 08 " WRONG, 0x63C2);
	PLAY(&p, "00200001 08 " WRONG, 0x63C1);
	PLAY(&p, "00200001 08 " WRONG, 0x63C0);
	PLAY(&p, "00200001 08 " RIGHT, 0x6983);
	PLAY(&p, "00240001 10 " RIGHT WRONG, 0x6983);
	PLAY(&p, "00260001 08 " RIGHT, 0x6983);
	PLAY(&p, "0020000100", 0x63C0);
	PLAY(&p, "002C0001 10 " RIGHT WRONG, 0x63C9);
	PLAY(&p, "002C0001 0A " CODE "3031", 0x6700);
	PLAY(&p, "002C0001 10 " CODE "303132FFFFFFFFFF", 0x6A80); /* three digits */
	PLAY(&p, "002C000100", 0x63C9);
	PLAY(&p, "002C0001 10 " CODE "39383736FFFFFFFF", 0x9000);
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_1), GRANTED);
	PLAY(&p, "002C000100", 0x63CA);
	PLAY(&p, "0020000100", 0x63C3);
	PLAY(&p, "00200001 08 " RIGHT, 0x63C2);
	PLAY(&p, "00200001 08 39383736FFFFFFFF", 0x9000);
	for (i = 9; i >= 0; i--)
		CU_ASSERT_EQUAL(play(&p, "002C0001 10 " WRONG RIGHT), 0x63C0 + i);
	PLAY(&p, "002C0001 10 " CODE RIGHT, 0x6983);
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.10, 9.5 */
static void test_change(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00240001 10 " RIGHT WRONG, 0x6984); /* disabled */
	PLAY(&p, "00280001 08 " RIGHT, 0x9000);
	PLAY(&p, "00240001 10 " WRONG "39383736FFFFFFFF", 0x63C2);
	PLAY(&p, "00240001 10 " RIGHT "39FF3736FFFFFFFF", 0x6A80);
	PLAY(&p, "00240001 10 " RIGHT "39383736FFFFFF31", 0x6A80);
	PLAY(&p, "00240001 08 " RIGHT, 0x6700);
	PLAY(&p, "0020000100", 0x63C2);
	PLAY(&p, "00240001 10 " RIGHT "3938373635343332", 0x9000);
	play_restart(&p);
	PLAY(&p, "00200001 08 " RIGHT, 0x63C2);
	PLAY(&p, "00200001 08 3938373635343332", 0x9000);
	/* ADM1 takes any eight bytes. */
	PLAY(&p, "0024000A 10 " CODE "0001020304FF0607", 0x9000);
	PLAY(&p, "0020000A 08 " CODE, 0x63C2);
	PLAY(&p, "0020000A 08 0001020304FF0607", 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.11, 11.1.12 */
static void test_enable_and_disable(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00260001 08 " RIGHT, 0x6984);
	PLAY(&p, "00280001 08 " WRONG, 0x63C2);
	PLAY(&p, "00280001 08 " RIGHT, 0x9000);
	PLAY(&p, "00280001 08 " RIGHT, 0x6985);
	PLAY(&p, "00260001 08 " WRONG, 0x63C2);
	PLAY(&p, "00260001 08 " RIGHT, 0x9000);
	play_restart(&p);
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_1), GRANTED);
	PLAY(&p, "0026000A 08 " CODE, 0x6985); /* ADM1 is always enabled */
	PLAY(&p, "0028000A 08 " CODE, 0x6985);
	PLAY(&p, "00268001 08 " RIGHT, 0x6A86);
	PLAY(&p, "00260001", 0x6700);
	play_close(&p);
}

static void test_install(void)
{
	static const uint8_t pin[8] = {'7', '7', '7', '7', 0xFF, 0xFF, 0xFF, 0xFF};
	static const uint8_t odd[8] = {'7', '7', 'x', '7', 0xFF, 0xFF, 0xFF, 0xFF};
	static const uint8_t puk[8] = {'8', '8', '8', '8', '8', '8', '8', '8'};
	static const uint8_t seven[8] = {'8', '8', '8', '8', '8', '8', '8', 0xFF};
	static const uint8_t none[8] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
	struct play p;

	play_open(&p);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, 0x02, 1, 3, pin, 10, puk), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_1, 2, 3, pin, 10, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_1, 1, 0, pin, 10, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_1, 1, 16, pin, 10, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_1, 1, 3, pin, 16, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_1, 1, 3, odd, 10, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_ADM1, 0, 3, odd, 0, none), ERROR_VALUE);
	/* The unblock PIN: eight digits, or none at all, and never for ADM1. */
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_1, 1, 3, pin, 10, seven), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_1, 1, 3, pin, 10, none), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_1, 1, 3, pin, 0, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_ADM1, 1, 3, odd, 10, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_ADM1, 1, 3, odd, 0, puk), ERROR_VALUE);
	PLAY(&p, "002C000A00", 0x6A88);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_1, 1, 3, pin, 0, none), OK);
	PLAY(&p, "002C000100", 0x6A88);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_1, 1, 5, pin, 7, puk), OK);
	CU_ASSERT_EQUAL(pin_install(&p.card.store, PIN_ADM1, 1, 9, odd, 0, none), OK);
	PLAY(&p, "0020000100", 0x63C5);
	PLAY(&p, "002C000100", 0x63C7);
	PLAY(&p, "0020000A00", 0x63C9);
	PLAY(&p, "00200001 08 37373737FFFFFFFF", 0x9000);
	play_close(&p);
}

/* PROVES: the try is in the memory before the value is compared, with a memory
 * that fails at every operation of a guess in turn. */
static int fail_in;
static int (*plain_write)(void *, uint32_t, const void *, size_t);

static int failing_write(void *board, uint32_t address, const void *in, size_t length)
{
	if (fail_in > 0 && --fail_in == 0)
		return HAL_FAULT;
	return plain_write(board, address, in, length);
}

static void test_failing_memory(void)
{
	struct play p;
	int i;

	play_open(&p);
	PLAY(&p, "00280001 08 " RIGHT, 0x9000);
	plain_write = p.cut.hal.nvm_write;
	p.cut.hal.nvm_write = failing_write;
	for (i = 1; i <= 2; i++) {
		play_restart(&p);
		fail_in = i;
		CU_ASSERT_EQUAL(play(&p, "00200001 08 " RIGHT), 0x6581);
		CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_1), DENIED);
		CU_ASSERT_EQUAL(play(&p, "00200001 08 " RIGHT), 0x6F00); /* the card has stopped */
		play_restart(&p);
		fail_in = i;
		CU_ASSERT_EQUAL(play(&p, "00200001 08 " WRONG), 0x6581); /* nothing told */
	}
	fail_in = 0;
	play_restart(&p);
	PLAY(&p, "00200001 08 " RIGHT, 0x9000);
	play_close(&p);
}

/* PROVES: no PIN value in any answer of its own commands, nor left in the card struct. */
static int holds(const void *memory, size_t size, const char *value)
{
	return memmem(memory, size, value, strlen(value)) != NULL;
}

static void test_values_stay_inside(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00280001 08 " RIGHT, 0x9000);
	PLAY(&p, "0024000A 10 " CODE "3837363534333231", 0x9000);
	PLAY(&p, "0020000A 08 3837363534333231", 0x9000);
	CU_ASSERT_FALSE(holds(&p.card, sizeof(p.card), "12345678"));
	CU_ASSERT_FALSE(holds(&p.card, sizeof(p.card), "87654321"));
	CU_ASSERT_FALSE(holds(&p.card, sizeof(p.card), "1234\xFF"));
	play_close(&p);
}

UNIT_SUITE("pin", UNIT(test_blank), UNIT(test_verify), UNIT(test_block_and_unblock), UNIT(test_change),
	   UNIT(test_enable_and_disable), UNIT(test_install), UNIT(test_failing_memory),
	   UNIT(test_values_stay_inside))

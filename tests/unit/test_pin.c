/* PROVES: pin/pin.h and pin/pin_commands.h. */
#include "pin/pin.h"

#include <stdio.h>
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
	PLAY(&p, "0020001100", 0x63C3);
	PLAY(&p, "002C001100", 0x63CA);
	PLAY(&p, "0020000B00", 0x6A88); /* ADM2 to ADM5: not yet */
	PLAY(&p, "0020000E 08 " CODE, 0x6A88);
	PLAY(&p, "0020008100", 0x6A88);         /* PIN2 is the application's */
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
	CU_ASSERT_EQUAL(pin_install(&p.card, 0x02, 1, 3, pin, 10, puk), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_1, 2, 3, pin, 10, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_1, 1, 0, pin, 10, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_1, 1, 16, pin, 10, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_1, 1, 3, pin, 16, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_1, 1, 3, odd, 10, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_ADM1, 0, 3, odd, 0, none), ERROR_VALUE);
	/* The unblock PIN: eight digits, or none at all, and never for ADM1. */
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_1, 1, 3, pin, 10, seven), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_1, 1, 3, pin, 10, none), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_1, 1, 3, pin, 0, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_ADM1, 1, 3, odd, 10, puk), ERROR_VALUE);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_ADM1, 1, 3, odd, 0, puk), ERROR_VALUE);
	PLAY(&p, "002C000A00", 0x6A88);
	PLAY(&p, "002C000A 10 FFFFFFFFFFFFFFFF 3132333435363738", 0x6A88);
	PLAY(&p, "0020000A00", 0x63C3);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_1, 1, 3, pin, 0, none), OK);
	PLAY(&p, "002C000100", 0x6A88);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_1, 1, 5, pin, 7, puk), OK);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_ADM1, 1, 9, odd, 0, none), OK);
	PLAY(&p, "0020000100", 0x63C5);
	PLAY(&p, "002C000100", 0x63C7);
	PLAY(&p, "0020000A00", 0x63C9);
	PLAY(&p, "00200001 08 37373737FFFFFFFF", 0x9000);
	play_close(&p);
}

#define USIM      "00A4040C 07 A0000000871002"
#define ISIM      "00A4040C 07 A0000000871004"
#define TWO       "35363738FFFFFFFF" /* PIN2 of a blank card */
#define UNIVERSAL "30303030FFFFFFFF"
#define IMSI      "00A4000C 02 6F07"
#define FDN       "00A4000C 02 6F3B"
#define NUMBER    "00DC0104 1C 414243FFFFFFFFFFFFFFFFFFFFFFFF0391214365FFFFFFFFFFFFFFFF"

/* PROVES: TS 102 221 9.4.2, 9.4.3; TS 31.102 4.2.24 (EF.FDN), 4.2.47 (EF.EST), 4.2.9 (EF.ACM) and
 * those like them: PIN2 is of the USIM and its DFs, and what it guards it guards. */
static void test_pin2(void)
{
	static const char *const guarded[] = {"6F3B", "6F4B", "6F56", "6F37", "6F41"};
	struct play p;
	char select[40];

	play_open(&p);
	PLAY(&p, "00200081 08 " TWO, 0x6A88);
	PLAY(&p, "00240081 10 " TWO RIGHT, 0x6A88);
	PLAY(&p, "00260081 08 " TWO, 0x6A88);
	PLAY(&p, "00280081 08 " TWO, 0x6A88);
	PLAY(&p, "002C0081 10 3837363534333231" RIGHT, 0x6A88);
	PLAY(&p, ISIM, 0x9000);
	PLAY(&p, "00200081 08 " TWO, 0x6A88);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "0020008100", 0x63C3);
	PLAY(&p, "002C008100", 0x63CA);
	PLAY(&p, "0020000A 08 " CODE, 0x9000); /* ADM1 is not PIN2 */
	for (size_t i = 0; i < sizeof(guarded) / sizeof(guarded[0]); i++) {
		(void)snprintf(select, sizeof(select), "00A4000C 02 %s", guarded[i]);
		PLAY(&p, select, 0x9000);
		PLAY(&p, i < 2 ? "00DC0104 01 FF" : "00D60000 01 00", 0x6982);
	}
	PLAY(&p, "00200081 08 " TWO, 0x9000);
	for (size_t i = 0; i < sizeof(guarded) / sizeof(guarded[0]); i++) {
		(void)snprintf(select, sizeof(select), "00A4000C 02 %s", guarded[i]);
		PLAY(&p, select, 0x9000);
		PLAY(&p, i < 2 ? "00DC0104 01 FF" : "00D60000 01 00", i < 2 ? 0x6700 : 0x9000);
	}
	PLAY(&p, FDN, 0x9000);
	PLAY(&p, NUMBER, 0x9000);
	PLAY(&p, "00A4000C 02 6F39", 0x9000); /* EF.ACM: update PIN2, INCREASE PIN1 */
	PLAY(&p, "00DC0003 03 000001", 0x9000);
	/* Another application, and having verified it is over; in DF.TELECOM it is asked for too. */
	PLAY(&p, ISIM, 0x9000);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, FDN, 0x9000);
	PLAY(&p, NUMBER, 0x6982);
	PLAY(&p, "00A4000C 02 6F39", 0x9000);
	PLAY(&p, "00DC0003 03 000002", 0x6982);
	PLAY(&p, "80320000 03 000001", 0x9000);
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY(&p, "00A4000C 02 7F10", 0x9000);
	PLAY(&p, FDN, 0x9000);
	PLAY(&p, NUMBER, 0x6982);
	PLAY(&p, "00200081 08 " TWO, 0x9000);
	PLAY(&p, NUMBER, 0x9000);
	PLAY(&p, "00A4044C 07 A0000000871002", 0x9000); /* the session of the application ends */
	PLAY(&p, "00A4080C 04 7F10 6F3B", 0x9000);
	PLAY(&p, NUMBER, 0x6982);
	/* It blocks and is unblocked like PIN1. */
	for (int i = 2; i >= 0; i--)
		CU_ASSERT_EQUAL(play(&p, "00200081 08 " WRONG), 0x63C0 + i);
	PLAY(&p, "00200081 08 " TWO, 0x6983);
	PLAY(&p, "002C0081 10 3837363534333231" TWO, 0x9000);
	PLAY(&p, NUMBER, 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 221 9.4.1, 9.5.1, 9.5.2, 11.1.11: the universal PIN in place of PIN1, and what C6 says of
 * it. */
static void test_universal(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, IMSI, 0x9000);
	PLAY(&p, "00269101 08 " RIGHT, 0x6984); /* PIN1 is off */
	PLAY(&p, "00280001 08 " RIGHT, 0x9000);
	PLAY(&p, "00269201 08 " RIGHT, 0x6A86);
	PLAY(&p, "00268101 08 " RIGHT, 0x6A86);
	PLAY(&p, "00261101 08 " RIGHT, 0x6A86);
	PLAY(&p, "00269111 08 " UNIVERSAL, 0x6985); /* not of itself, nor of PIN2 or ADM1 */
	PLAY(&p, "00269181 08 " TWO, 0x6985);
	PLAY(&p, "0026910A 08 " CODE, 0x6985);
	PLAY(&p, "00269101 08 " WRONG, 0x63C2);
	PLAY(&p, "00269101 08 " RIGHT, 0x9000);
	/* PIN1 was given, and yet the universal PIN is wanted. */
	PLAY(&p, "00B0000009", 0x6982);
	PLAY(&p, "00200001 08 " RIGHT, 0x6984);
	PLAY(&p, "00240001 10 " RIGHT "34333231FFFFFFFF", 0x6984);
	PLAY(&p, "00200011 08 " WRONG WRONG, 0x6700);
	PLAY(&p, "00200011 08 39393939FFFFFFFF", 0x63C2);
	PLAY(&p, "00B0000009", 0x6982);
	PLAY(&p, "00200011 08 " UNIVERSAL, 0x9000);
	PLAY(&p, "00B0000009", 0x9000);
	play_restart(&p);
	PLAY_DATA(
		&p, "00A40004 02 3F00",
		"6229 82027821 83023F00 A506800171870101 8A0105 8B032F0607 C60F 900160 830101 950108830111 83010A");
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, IMSI, 0x9000);
	PLAY(&p, "00B0000009", 0x6982);
	PLAY(&p, "00880081 22 10 00000000000000000000000000000000 10 00000000000000000000000000000000",
	     0x6982);
	PLAY(&p, "00200011 08 " UNIVERSAL, 0x9000);
	PLAY(&p, "00B0000009", 0x9000);
	/* Without it there is no PIN at all (the table of 9.5.1). */
	PLAY(&p, "00260011 08 " UNIVERSAL, 0x9000);
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, IMSI, 0x9000);
	PLAY(&p, "00B0000009", 0x9000);
	PLAY(&p, "00280011 08 " UNIVERSAL, 0x9000);
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, IMSI, 0x9000);
	PLAY(&p, "00B0000009", 0x6982);
	play_close(&p);
}

/* PROVES: TS 102 221 9.4.1, 11.1.12, 11.1.13: how the universal PIN leaves PIN1's place, and when it never
 * comes there. */
static void test_universal_ends(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00280001 08 " RIGHT, 0x9000);
	PLAY(&p, "00269101 08 " RIGHT, 0x9000);
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, IMSI, 0x9000);
	PLAY(&p, "00B0000009", 0x6982);
	/* Enabled again, PIN1 stands for itself. */
	PLAY(&p, "00280001 08 " RIGHT, 0x9000);
	PLAY(&p, "00B0000009", 0x9000);
	play_restart(&p);
	PLAY_DATA(
		&p, "00A40004 02 3F00",
		"6229 82027821 83023F00 A506800171870101 8A0105 8B032F0607 C60F 9001E0 830101 950100830111 83010A");
	PLAY(&p, "00200011 08 " UNIVERSAL, 0x9000);
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_1), DENIED);
	/* What is off or blocked replaces nothing, and PIN1 keeps its tries. */
	PLAY(&p, "00260011 08 " UNIVERSAL, 0x9000);
	PLAY(&p, "00269101 08 " RIGHT, 0x6985);
	PLAY(&p, "00280011 08 " UNIVERSAL, 0x9000);
	for (int i = 2; i >= 0; i--)
		CU_ASSERT_EQUAL(play(&p, "00200011 08 39393939FFFFFFFF"), 0x63C0 + i);
	PLAY(&p, "00269101 08 " WRONG, 0x6985);
	PLAY(&p, "0020000100", 0x63C3);
	/* Unblocking a replaced PIN1 enables it. */
	PLAY(&p, "002C0011 10 3030303030303030" UNIVERSAL, 0x9000);
	PLAY(&p, "00269101 08 " RIGHT, 0x9000);
	PLAY(&p, "002C0001 10 " CODE RIGHT, 0x9000);
	play_restart(&p);
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_1), DENIED);
	PLAY(&p, "00200011 08 " UNIVERSAL, 0x9000);
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_1), DENIED);
	PLAY(&p, "00200001 08 " RIGHT, 0x9000);
	play_close(&p);
}

/* ADM2 to ADM5 by reference, once they are made; C6 tells of all eight and an FCP stays short. */
static void test_administrators(void)
{
	static const uint8_t none[8] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
	uint8_t value[8] = {0, 1, 2, 3, 4, 5, 6, 0};
	char verify[40];
	struct play p;

	play_open(&p);
	for (uint8_t reference = PIN_ADM2; reference <= PIN_ADM5; reference++) {
		value[7] = reference;
		CU_ASSERT_EQUAL(pin_install(&p.card, reference, 0, 5, value, 0, none), ERROR_VALUE);
		CU_ASSERT_EQUAL(pin_install(&p.card, reference, 1, 5, value, 0, none), OK);
		CU_ASSERT_EQUAL(pin_satisfied(&p.card, reference), DENIED);
	}
	CU_ASSERT_EQUAL(pin_install(&p.card, 0x0F, 1, 5, value, 0, none), ERROR_NOT_FOUND);
	for (uint8_t reference = PIN_ADM2; reference <= PIN_ADM5; reference++) {
		(void)snprintf(verify, sizeof(verify), "002000%02X 08 00010203040506%02X", reference,
			       PIN_ADM5 + PIN_ADM2 - reference);
		PLAY(&p, verify, 0x63C4); /* another's */
		(void)snprintf(verify, sizeof(verify), "002000%02X 08 00010203040506%02X", reference,
			       reference);
		PLAY(&p, verify, 0x9000);
		CU_ASSERT_EQUAL(pin_satisfied(&p.card, reference), GRANTED);
	}
	CU_ASSERT_EQUAL(pin_satisfied(&p.card, PIN_ADM1), DENIED);
	CU_ASSERT_EQUAL(play(&p, "00A40404 07 A0000000871002"), SW_OK);
	CU_ASSERT(p.length < 98);
	CU_ASSERT_PTR_NOT_NULL(memmem(p.response, p.length,
				      "\xC6\x1E\x90\x01\x7F\x83\x01\x01\x83\x01\x81\x95\x01\x00\x83\x01\x11"
				      "\x83\x01\x0A\x83\x01\x0B\x83\x01\x0C\x83\x01\x0D\x83\x01\x0E",
				      32));
	play_close(&p);
}

/* PROVES: TS 102 221 9.2.4: an access rule with several user authentications: any, or all of them. */
static void test_several(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "0020000A 08 " CODE, 0x9000);
	/* 0F71: read PIN1 or ADM1, update PIN1 and the universal PIN. */
	PLAY(&p, "00280001 08 " RIGHT, 0x9000);
	PLAY(&p,
	     "00E00000 3F 623D 82024121 83020F71 8A0105 "
	     "AB2A 800101 A010 A406830101950108 A40683010A950108 "
	     "800102 AF10 A406830101950108 A406830111950108 "
	     "80020004 8800",
	     0x9000);
	play_restart(&p);
	PLAY(&p, "00A4000C 02 0F71", 0x9000);
	PLAY(&p, "00B0000004", 0x6982);
	PLAY(&p, "00200011 08 " UNIVERSAL, 0x9000);
	PLAY(&p, "00B0000004", 0x6982);
	PLAY(&p, "0020000A 08 " CODE, 0x9000);
	PLAY(&p, "00B0000004", 0x9000);
	PLAY(&p, "00D60000 01 41", 0x6982);
	PLAY(&p, "00200001 08 " RIGHT, 0x9000);
	PLAY(&p, "00D60000 01 41", 0x9000);
	play_restart(&p);
	PLAY(&p, "00A4000C 02 0F71", 0x9000);
	PLAY(&p, "00200001 08 " RIGHT, 0x9000);
	PLAY(&p, "00B0000004", 0x9000);
	PLAY(&p, "00D60000 01 41", 0x6982);
	play_close(&p);
}

/* PROVES: no PIN is in the memory, at no time of its life, nor the same digest for two PINs of one value. */
static void test_at_rest(void)
{
	static const char *const values[] = {"1234\xFF\xFF\xFF\xFF", "12345678", "9876\xFF\xFF\xFF\xFF",
					     "5678\xFF\xFF\xFF\xFF", "87654321", "00000000",
					     "0000\xFF\xFF\xFF\xFF"};
	uint8_t one[64], other[64];
	struct play p;
	int n;

	play_open(&p);
	PLAY(&p, "00280001 08 " RIGHT, 0x9000);
	PLAY(&p, "00240001 10 " RIGHT "39383736FFFFFFFF", 0x9000);
	PLAY(&p, "00240001 10 39383736FFFFFFFF" RIGHT, 0x9000);
	PLAY(&p, "002C0001 10 " CODE "39383736FFFFFFFF", 0x9000);
	PLAY(&p, "002C0011 10 3030303030303030 39383736FFFFFFFF", 0x9000);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		CU_ASSERT_PTR_NULL(memmem(p.cut.memory, p.cut.size, values[i], 8));
	n = store_read(&p.card.store, STORE_PIN << 8 | PIN_1, one, 0, sizeof(one));
	CU_ASSERT_EQUAL(store_read(&p.card.store, STORE_PIN << 8 | PIN_UNIVERSAL, other, 0, sizeof(other)),
			n);
	CU_ASSERT_EQUAL(n, 5 + 2 * 16);
	CU_ASSERT_NOT_EQUAL(memcmp(one + 5, other + 5, 8), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(one + 13, other + 13, 8), 0);
	/* The digest belongs to its PIN: moved to another it is wrong. */
	one[1] = 3;
	CU_ASSERT_EQUAL(store_write(&p.card.store, STORE_PIN << 8 | PIN_UNIVERSAL, one, (size_t)n), OK);
	PLAY(&p, "00200011 08 39383736FFFFFFFF", 0x63C2);
	/* Nor does that of the unblock PIN stand for the PIN. */
	memcpy(other + 5, other + 21, 16);
	other[1] = 3;
	CU_ASSERT_EQUAL(store_write(&p.card.store, STORE_PIN << 8 | PIN_UNIVERSAL, other, (size_t)n), OK);
	PLAY(&p, "00200011 08 3030303030303030", 0x63C2);
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
	   UNIT(test_enable_and_disable), UNIT(test_pin2), UNIT(test_universal), UNIT(test_universal_ends),
	   UNIT(test_administrators), UNIT(test_several), UNIT(test_at_rest), UNIT(test_install),
	   UNIT(test_failing_memory), UNIT(test_values_stay_inside))

#include "powerloss/scenario.h"

#define FRESH      "00200001 08 35363738FFFFFFFF"
#define UNBLOCK    "002C0001 10 3132333435363738 35363738FFFFFFFF"
#define WRONG_CODE "002C0001 10 3939393939393939 35363738FFFFFFFF > 63C9"
#define BLOCK      WRONG " > 63C2", WRONG " > 63C1", WRONG " > 63C0"

/* PIN1 has all its tries, and is the old or the new one. */
static int full(struct play *p, int happened)
{
	(void)happened;
	return play(p, "0020000100") == 0x63C3;
}

static int fresh(struct play *p, int happened)
{
	(void)happened;
	return full(p, 1) && play(p, FRESH) == SW_OK && play(p, RIGHT) == 0x63C2;
}

static int blocked(struct play *p, int happened)
{
	(void)happened;
	return play(p, "0020000100") == 0x63C0 && play(p, RIGHT) == SW_PIN_BLOCKED;
}

/* PIN1, or the universal PIN in its place, is asked for: never none. */
static int asked_for(struct play *p, int happened)
{
	(void)happened;
	play_restart(p);
	return pin_satisfied(&p->card, PIN_1) != GRANTED;
}

static int replaced(struct play *p, int happened)
{
	return asked_for(p, happened) && play(p, RIGHT) == 0x6984 &&
	       play(p, "00200011 08 30303030FFFFFFFF") == SW_OK && pin_satisfied(&p->card, PIN_1) == GRANTED;
}

const struct scenario pin_scenarios[] = {
	{.cla = 0x00,
	 .ins = 0x20,
	 .name = "VERIFY PIN, wrong",
	 .prepare = {ENABLE},
	 .command = WRONG " > 63C2",
	 .again = WRONG " > 63C1"},
	{.cla = 0x00,
	 .ins = 0x20,
	 .name = "VERIFY PIN, the last wrong one",
	 .prepare = {ENABLE, WRONG " > 63C2", WRONG " > 63C1"},
	 .command = WRONG " > 63C0",
	 .again = WRONG " > 6983",
	 .check = blocked},
	{.cla = 0x00,
	 .ins = 0x20,
	 .name = "VERIFY PIN, right",
	 .prepare = {ENABLE, WRONG " > 63C2"},
	 .command = RIGHT,
	 .spends = WRONG " > 63C1",
	 .check = full},
	{.cla = 0x00,
	 .ins = 0x20,
	 .name = "VERIFY ADM1",
	 .prepare = {"0020000A 08 3939393939393939 > 63C2"},
	 .command = ADM,
	 .spends = "0020000A 08 3939393939393939 > 63C1"},
	{.cla = 0x00,
	 .ins = 0x24,
	 .name = "CHANGE PIN",
	 .prepare = {ENABLE, WRONG " > 63C2"},
	 .command = "00240001 10 31323334FFFFFFFF 35363738FFFFFFFF",
	 .again = "00240001 10 35363738FFFFFFFF 35363738FFFFFFFF",
	 .spends = WRONG " > 63C1",
	 .check = fresh},
	{.cla = 0x00,
	 .ins = 0x24,
	 .name = "CHANGE PIN, wrong",
	 .prepare = {ENABLE},
	 .command = "00240001 10 39393939FFFFFFFF 35363738FFFFFFFF > 63C2",
	 .again = "00240001 10 39393939FFFFFFFF 35363738FFFFFFFF > 63C1"},
	{.cla = 0x00,
	 .ins = 0x26,
	 .name = "DISABLE PIN",
	 .prepare = {ENABLE, WRONG " > 63C2"},
	 .command = "00260001 08 31323334FFFFFFFF",
	 .again = "00260001 08 31323334FFFFFFFF > 6984",
	 .spends = WRONG " > 63C1",
	 .check = full},
	{.cla = 0x00,
	 .ins = 0x26,
	 .name = "DISABLE PIN, replaced by the universal PIN",
	 .prepare = {ENABLE, WRONG " > 63C2"},
	 .command = "00269101 08 31323334FFFFFFFF",
	 .again = "00269101 08 31323334FFFFFFFF > 6984",
	 .spends = WRONG " > 63C1",
	 .check = replaced},
	{.cla = 0x00,
	 .ins = 0x28,
	 .name = "ENABLE PIN that was replaced",
	 .prepare = {ENABLE, "00269101 08 31323334FFFFFFFF"},
	 .command = ENABLE,
	 .again = ENABLE " > 6985",
	 .spends = "00280001 08 39393939FFFFFFFF > 63C2",
	 .check = asked_for},
	{.cla = 0x00,
	 .ins = 0x20,
	 .name = "VERIFY PIN2",
	 .prepare = {USIM, "00200081 08 39393939FFFFFFFF > 63C2"},
	 .session = {USIM},
	 .command = PIN2,
	 .spends = "00200081 08 39393939FFFFFFFF > 63C1"},
	{.cla = 0x00,
	 .ins = 0x28,
	 .name = "ENABLE PIN",
	 .command = ENABLE,
	 .again = ENABLE " > 6985",
	 .spends = "00280001 08 39393939FFFFFFFF > 63C2",
	 .check = full},
	{.cla = 0x00,
	 .ins = 0x2C,
	 .name = "UNBLOCK PIN",
	 .prepare = {ENABLE, BLOCK},
	 .command = UNBLOCK,
	 .spends = WRONG_CODE,
	 .check = fresh},
	{.cla = 0x00,
	 .ins = 0x2C,
	 .name = "UNBLOCK PIN, wrong",
	 .prepare = {ENABLE, BLOCK},
	 .command = WRONG_CODE,
	 .again = "002C0001 10 3939393939393939 35363738FFFFFFFF > 63C8",
	 .check = blocked},
	{.name = NULL},
};

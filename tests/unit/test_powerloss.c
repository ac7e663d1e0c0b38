/* PROVES: whatever moment the power goes, a command happened or did not; a PIN
 * guess is never free; a sequence number that was answered is spent.
 *
 * The cases are a table with at least a row for every row of the command table
 * (tests/powerloss/scenario.h). */
#include "powerloss/scenario.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	SMALL = 12 /* pages */
};

/* ---- The harness itself ---- */

/* What a card without a log would do: a counter kept in place. */
static void in_place(struct cut *cut, void *context)
{
	static const uint8_t three[4] = {3, 0, 0, 0}, two[4] = {2, 0, 0, 0};
	struct hal *hal = &cut->hal;

	(void)hal->nvm_erase(hal->board, 11);
	(void)hal->nvm_write(hal->board, 11 * 1024, context ? three : two, 4);
}

static int in_place_holds(struct cut *cut, void *context)
{
	uint8_t counter[4];

	(void)context;
	(void)cut->hal.nvm_read(cut, 11 * 1024, counter, 4);
	return counter[0] == 3 || counter[0] == 2;
}

/* PROVES: the harness catches a counter kept in place. */
static void test_harness_catches(void)
{
	struct cut cut;
	int three = 3;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, SMALL, 1024, 4, 0xFF), 0);
	in_place(&cut, &three);
	CU_ASSERT(cut_every(&cut, in_place, in_place_holds, NULL) < 0);
	cut_close(&cut);
}

static int never(struct play *p, int happened)
{
	(void)p;
	(void)happened;
	return 0;
}

/* PROVES: a scenario that lies is found out. */
static void test_scenario_catches(void)
{
	static const struct scenario liars[] = {
		{.name = "(meant to fail) writes nothing", .session = {USIM}, .command = "00B0820004"},
		{.name = "(meant to fail) another answer", .command = WRONG " > 63C1"},
		{.name = "(meant to fail) a payment nobody declared", .prepare = {ENABLE}, .command = RIGHT},
		{.name = "(meant to fail) a check that fails",
		 .session = {USIM},
		 .command = "00D68200 04 64652020",
		 .check = never},
	};
	static const struct scenario loud = {.name = "(meant to fail) not silent",
					     .silent = 1,
					     .session = {USIM},
					     .command = "00D68200 04 64652020"};

	for (size_t i = 0; i < sizeof(liars) / sizeof(liars[0]); i++)
		CU_ASSERT_EQUAL(scenario_cut(&liars[i]), -1);
	CU_ASSERT_EQUAL(scenario_listen(&loud), -1);
}

/* ---- The table ---- */

static int is_row(const struct scenario *s, const struct dispatch_row *row)
{
	return s->cla == row->cla && s->ins == row->ins;
}

/* PROVES: no command is without a scenario, no scenario without a command. */
static void test_every_row(void)
{
	const struct dispatch_row *table;
	const struct scenario *s;
	size_t rows, i, n;
	int cut, silent;

	table = dispatch_table(&rows);
	for (i = 0; i < rows; i++) {
		cut = silent = 0;
		for (n = 0; (s = scenario_at(n)); n++) {
			cut += is_row(s, &table[i]) && !s->silent;
			silent += is_row(s, &table[i]) && s->silent;
		}
		if ((cut == 0) == (silent == 0))
			printf("\n    command %02X %02X has %d scenarios and is %d times silent: see "
			       "tests/powerloss/scenario.h\n",
			       table[i].cla, table[i].ins, cut, silent);
		CU_ASSERT_NOT_EQUAL(cut == 0, silent == 0);
	}
	for (n = 0; (s = scenario_at(n)); n++) {
		for (i = 0; i < rows && !is_row(s, &table[i]); i++)
			;
		if (i == rows)
			printf("\n    \"%s\" is of no command\n", s->name);
		CU_ASSERT(i < rows);
	}
}

static void test_silent(void)
{
	const struct scenario *s;
	long all = 0, n;

	for (size_t i = 0; (s = scenario_at(i)); i++) {
		if (!s->silent)
			continue;
		n = scenario_listen(s);
		CU_ASSERT(n > 0);
		all += n;
	}
	printf("\ntold %ld commands that write nothing\n", all);
}

static void test_cuts(void)
{
	const struct scenario *s;
	long all = 0, n;
	int scenarios = 0;

	for (size_t i = 0; (s = scenario_at(i)); i++) {
		if (s->silent)
			continue;
		n = scenario_cut(s);
		CU_ASSERT(n > 0);
		all += n;
		scenarios++;
	}
	printf("\ntold %ld power cuts in %d scenarios\n", all, scenarios);
}

/* ---- The first start ---- */

static void first_work(struct cut *cut, void *context)
{
	struct play *p = context;

	if (card_start(&p->card, &cut->hal) < 0)
		abort();
}

static int first_holds(struct cut *cut, void *context)
{
	static const char *const whole[] = {"0020000100 > 63C3", "0020000A00 > 63C3", "00A4000C 02 2FE2",
					    "@open", NULL};
	struct play *p = context;
	uint8_t atr[ATR_MAX];

	if (card_start(&p->card, &cut->hal) < 0)
		return 0;
	(void)card_reset(&p->card, atr);
	return steps_run(p, whole);
}

static void test_first_start(void)
{
	static const uint8_t fills[] = {0x00, 0xFF};
	static struct play p;

	for (size_t i = 0; i < sizeof(fills); i++) {
		CU_ASSERT_EQUAL_FATAL(cut_open(&p.cut, SMALL, 1024, 4, fills[i]), 0);
		p.cut.again = 1;
		CU_ASSERT(cut_every(&p.cut, first_work, first_holds, &p) > 100);
		play_close(&p);
	}
}

UNIT_SUITE("powerloss", UNIT(test_harness_catches), UNIT(test_scenario_catches), UNIT(test_every_row),
	   UNIT(test_silent), UNIT(test_cuts), UNIT(test_first_start))

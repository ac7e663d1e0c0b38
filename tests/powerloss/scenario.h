/* scenario.h - what a power cut may do to a command: a table, with a row or
 * more for every row of the card's command table.
 *
 * A new command needs a row here, or test_powerloss fails. Add it to the table
 * of its area (files_, pin_, auth_, gp_scenarios.c; for a new area a new file
 * and a line in scenario.c). One that writes:
 *
 *     {.cla = 0x00, .ins = 0xD6, .name = "UPDATE BINARY",     the row, as dispatch.c has it
 *      .prepare = {ADM, ...},                                 once, on a blank card (steps.h)
 *      .session = {USIM},                                     after every start
 *      .command = "00D68200 04 64652020"},                    the power is cut inside this
 *
 * The log is filled first, to several levels, so that the cuts also fall into
 * the collection of pages. The power is cut at every write and erase of the
 * command, in all ways of cut.h, and at some levels a second time in the start
 * that follows. After each cut it is checked that
 *   - the card starts, and all it keeps (world.h) is what it was before the
 *     command, or all what it is after; nothing else, but for `spends`;
 *   - a command that was answered happened, whatever the answer: a wrong PIN is
 *     paid for, an accepted sequence number is spent;
 *   - with `spends`: once that was written, nothing brings it back but success;
 *   - session and command are answered again as `command` wants; as `again`
 *     wants, when it had happened already; and then `check` holds.
 *
 * One that writes nothing, ever: `.silent = 1`. Its command must be answered as
 * it wants, and it and thousands of variants of it, in several sessions, must
 * write and erase nothing. */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdio.h>

#include "powerloss/steps.h"

enum {
	SCENARIO_LEVELS = 8
};

struct scenario {
	uint8_t cla, ins;       /* of the row */
	uint8_t silent, random; /* `random`: a session is another each time, and cannot be written down */
	uint8_t costly;         /* it computes for milliseconds: cut at three of the levels only */
	const char *name;
	const char *prepare[STEPS_MAX], *session[STEPS_MAX];
	const char *command;
	void (*prepare_by)(struct play *play); /* what is computed of that, after `prepare` */

	/* Public key work, before hundreds of writes: of the cuts only every `stride`-th, at each level
	 * others, and none in the start that follows. 0: all. */
	uint8_t stride;

	/* For what is computed: make `command` (STEP_TEXT characters), at the end of every session. */
	void (*make)(struct play *play, char *command);

	/* The step that repeats the command when it had happened; NULL: `command`;
	 * "> 6985": the command, answered so. */
	const char *again;

	/* A command that does no more than commit in advance what this one
	 * does (the same PIN, wrong): its world is allowed too. */
	const char *spends;

	/* After the repetition; `happened` tells whether it had happened before.
	 * 1 when all is well. */
	int (*check)(struct play *play, int happened);
};

/* Every scenario of every area, by number; NULL behind the last. */
const struct scenario *scenario_at(size_t number);

/* Try one: the number of cuts made, or -1 and what was wrong is printed. */
long scenario_cut(const struct scenario *scenario);

/* Write one down for a card elsewhere, at a level 0.. below SCENARIO_LEVELS:
 * its memory before the session, `pages` of 1 KB; and to `script` what is sent,
 * a TPDU and its status word a line, "reset" for a start; behind "first" the
 * session and, behind "command", the command; behind "not" and "happened" the
 * session and command after a power cut that came before it happened, or later.
 * 1 or 0. */
int scenario_write(const struct scenario *scenario, int level, uint32_t pages, FILE *script, uint8_t *image);

/* Show that a silent one is: the number of commands tried, or -1. */
long scenario_listen(const struct scenario *scenario);

#endif

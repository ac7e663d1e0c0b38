#include "powerloss/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "powerloss/world.h"

/* The tables, one of each area; an empty name ends each. */
extern const struct scenario files_scenarios[], pin_scenarios[], auth_scenarios[], gp_scenarios[],
	cat_scenarios[], gsm_scenarios[], custody_scenarios[];
static const struct scenario *const tables[] = {files_scenarios,  pin_scenarios, auth_scenarios,
						gp_scenarios,     cat_scenarios, gsm_scenarios,
						custody_scenarios};

enum {
	SMALL = 12, /* pages, so that the log wraps soon */
	FILLER = STORE_CARD << 8 | 0x80,
	TWICE = 3, /* levels at which the start is cut too */
	VARIANTS = 4000
};

/* Bytes left in the head page of a full ring when a scenario begins. */
static const uint32_t levels[SCENARIO_LEVELS] = {900, 24, 120, 48, 72, 240, 400, 600};

struct run {
	const struct scenario *scenario;
	struct play play;
	char command[STEP_TEXT], first[STEP_TEXT]; /* of this session, and of the one that is cut */
	/* As it was when the command began. */
	struct card card;
	struct scp03_channel channel;
	uint32_t random, clock;
	long begin;
	/* What may come of it. */
	struct world before, after, spent;
	long spending;     /* operations of `spends` */
	uint16_t answered; /* status word, 0: the power went before it came */
	long fell;         /* the operation that was cut */
	const char *wrong;
};

const struct scenario *scenario_at(size_t number)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct scenario *s = tables[i]; s->name; s++)
			if (number-- == 0)
				return s;
	return NULL;
}

/* Fill the log, so that the head page of a full ring has `left` bytes or a little more. */
static void fill(struct play *p, uint32_t left)
{
	struct store *store = &p->card.store;
	uint32_t i = 0, page = p->cut.hal.nvm_page_size;

	while (p->cut.erases < 2 * (long)p->cut.hal.nvm_page_count || store->offset + left < page ||
	       store->offset + left > page + 24)
		if (store_write(store, FILLER, &i, sizeof(i)) != OK || ++i > 20000)
			abort();
}

/* Start the card and take it to where the command begins. */
static int begin(struct run *run)
{
	const struct scenario *s = run->scenario;

	play_restart(&run->play);
	if (!steps_run(&run->play, s->session))
		return 0;
	if (s->make)
		s->make(&run->play, run->command);
	else
		(void)snprintf(run->command, sizeof(run->command), "%s", s->command);
	return 1;
}

/* Back to where the command begins; the memory is the caller's affair. */
static void rewind_card(struct run *run)
{
	run->play.card = run->card;
	run->play.channel = run->channel;
	run->play.cut.random = run->random;
	run->play.cut.clock = run->clock;
	memcpy(run->command, run->first, sizeof(run->command));
	run->begin = run->play.cut.done;
	run->answered = 0;
	run->fell = 0;
}

static void work(struct cut *cut, void *context)
{
	struct run *run = context;

	(void)cut;
	rewind_card(run);
	run->answered = step_send(&run->play, run->command);
}

/* Has the world become one that may be? Sets `happened`. */
static const char *judge(const struct run *run, const struct world *now, int *happened)
{
	int paid = run->scenario->spends && run->fell > run->spending;

	*happened = world_same(now, &run->after);
	if (*happened)
		return NULL;
	if (run->answered)
		return "it was answered, and did not happen";
	if (run->scenario->spends && world_same(now, &run->spent))
		return NULL;
	if (!world_same(now, &run->before))
		return "half of it happened";
	return paid ? "what was spent came back" : NULL;
}

/* The step that repeats the command. */
static const char *repetition(struct run *run, int happened)
{
	const char *again = run->scenario->again;

	if (!happened || !again)
		return run->command;
	if (again[0] != '>')
		return again;
	(void)snprintf(run->command + strlen(run->command), STEP_TEXT - strlen(run->command), " %s", again);
	return run->command;
}

static const char *repeat(struct run *run, int happened)
{
	const struct scenario *s = run->scenario;
	const char *step;
	uint16_t sw;

	if (!begin(run))
		return "and then the session could not be had again";
	step = repetition(run, happened);
	sw = step_send(&run->play, step);
	if (!step_wants(step, sw)) {
		printf("\n    it was answered %04X", sw);
		return "then it could not be done again";
	}
	return s->check && !s->check(&run->play, happened) ? "the check after it failed" : NULL;
}

static int after(struct cut *cut, void *context)
{
	static struct world now;
	struct run *run = context;
	int happened = 0;

	if (run->fell == 0)
		run->fell = cut->done - run->begin;
	run->wrong = "the card does not start";
	if (card_start(&run->play.card, &cut->hal) < 0)
		return 0;
	cut->left = 0; /* what follows is not cut */
	run->wrong = "something cannot be read";
	if (!world_read(&now, &run->play.card.store))
		return 0;
	run->wrong = judge(run, &now, &happened);
	if (run->wrong)
		world_print_difference(&run->before, &now);
	else
		run->wrong = repeat(run, happened);
	return run->wrong == NULL;
}

/* The world that running `step` from here leads to; operations it took, or -1. */
static long foresee(struct run *run, const char *step, struct world *world)
{
	struct cut *cut = &run->play.cut;
	long n = 0;
	uint16_t sw;

	memcpy(cut->memory, cut->snapshot, cut->size);
	memcpy(cut->written, cut->written_snapshot, cut->units);
	rewind_card(run);
	if (step) {
		sw = step_send(&run->play, step);
		n = cut->done - run->begin;
		if (!step_wants(step, sw)) {
			printf("\n    \"%s\" was answered %04X", step, sw);
			n = -1;
		}
	}
	play_restart(&run->play);
	if (!world_read(world, &run->play.card.store))
		n = -1;
	memcpy(cut->memory, cut->snapshot, cut->size);
	memcpy(cut->written, cut->written_snapshot, cut->units);
	return n;
}

/* The card as it is before any session. */
static int prepare(struct run *run, uint32_t level)
{
	if (!steps_run(&run->play, run->scenario->prepare))
		return 0;
	if (run->scenario->prepare_by)
		run->scenario->prepare_by(&run->play);
	fill(&run->play, level);
	return 1;
}

/* Everything up to the command, and what may come of it: 1 or 0. */
static int set_up(struct run *run, uint32_t level)
{
	struct cut *cut = &run->play.cut;

	if (!prepare(run, level) || !begin(run))
		return 0;
	run->card = run->play.card;
	run->channel = run->play.channel;
	memcpy(run->first, run->command, sizeof(run->first));
	run->random = cut->random;
	run->clock = cut->clock;
	memcpy(cut->snapshot, cut->memory, cut->size);
	memcpy(cut->written_snapshot, cut->written, cut->units);
	if (foresee(run, NULL, &run->before) < 0 || foresee(run, run->command, &run->after) < 0)
		return 0;
	if (run->scenario->spends)
		run->spending = foresee(run, run->scenario->spends, &run->spent);
	return run->spending >= 0;
}

static long cut_at_level(const struct scenario *s, uint32_t level, int again)
{
	static struct run run;
	long cuts = -1;

	memset(&run, 0, sizeof(run));
	run.scenario = s;
	play_open_small(&run.play, SMALL);
	run.play.cut.again = (uint8_t)again;
	run.play.cut.stride = s->stride;
	run.play.cut.offset = (uint8_t)(level % (s->stride ? s->stride : 1));
	run.wrong = "it could not be set up";
	if (set_up(&run, level))
		cuts = cut_every(&run.play.cut, work, after, &run);
	if (cuts == 0)
		run.wrong = "it writes nothing: declare it silent";
	if (cuts <= 0)
		printf("\n    %s (level %u, operation %ld, cut way %d%s): %s\n", s->name, level, run.fell,
		       run.play.cut.how, again ? ", twice" : "", run.wrong);
	play_close(&run.play);
	return cuts > 0 ? cuts : -1;
}

/* Is this level cut? Under a sanitizer, which makes each cut many times slower, one that opens a page: what
 * it looks for does not depend on where in a page the log is. */
static int is_level(const struct scenario *s, int i)
{
#ifdef __SANITIZE_ADDRESS__
	(void)s;
	return i == SCENARIO_LEVELS / 2;
#else
	return !s->costly || i == 0 || i == SCENARIO_LEVELS / 2 || i == SCENARIO_LEVELS;
#endif
}

long scenario_cut(const struct scenario *s)
{
	long total = 0, cuts = 0;
	int step = 0;

	for (int i = 0; i < SCENARIO_LEVELS + (s->stride ? 0 : TWICE); i++) {
		if (!is_level(s, i))
			continue;
		/* Of a start with a lot to do, not every operation is cut after every cut before it. */
		if (i == SCENARIO_LEVELS)
			step = (int)(1 + total / SCENARIO_LEVELS / 150);
		cuts = cut_at_level(s, levels[i % SCENARIO_LEVELS], step < UINT8_MAX ? step : UINT8_MAX);
		if (cuts < 0)
			return -1;
		total += cuts;
	}
	return total;
}

/* ---- For a card that is elsewhere ---- */

static int note(struct run *run, const char *what, int happened)
{
	const char *step;

	fprintf(run->play.script, "%s\n", what);
	if (!begin(run))
		return 0;
	step = repetition(run, happened);
	fprintf(run->play.script, "command\n");
	return step_wants(step, step_send(&run->play, step));
}

int scenario_write(const struct scenario *s, int level, uint32_t pages, FILE *script, uint8_t *image)
{
	static struct run run;
	struct cut *cut = &run.play.cut;
	int good;

	memset(&run, 0, sizeof(run));
	run.scenario = s;
	play_open_small(&run.play, pages);
	good = prepare(&run, levels[level]);
	memcpy(image, cut->memory, cut->size);
	run.play.script = script;
	good = good && note(&run, "first", 0) && note(&run, "happened", 1);
	memcpy(cut->memory, image, cut->size);
	memset(cut->written, 0, cut->units);
	run.play.script = NULL;
	good = good && begin(&run); /* the power goes just then */
	run.play.script = script;
	good = good && note(&run, "not", 0) && cut->breaches == 0;
	cut_close(cut);
	return good;
}

/* ---- Silence ---- */

static uint32_t next(uint32_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 17;
	*random ^= *random << 5;
	return *random;
}

/* A variant of the command: parameters and data that are near it, or any. */
static void variant(char step[STEP_TEXT], const char *command, uint32_t *random)
{
	uint8_t bytes[260];
	size_t skip = strspn(command, "*="), n;
	char hex[STEP_TEXT], first[2] = "";

	(void)snprintf(hex, sizeof(hex), "%.*s", (int)strcspn(command + skip, ">"), command + skip);
	n = play_unhex(bytes, sizeof(bytes), hex);
	while (n < 5)
		bytes[n++] = 0;
	for (uint32_t changes = next(random) % 4; changes > 0; changes--)
		bytes[2 + next(random) % (n - 2)] = (uint8_t)next(random);
	if (next(random) % 2)
		bytes[3] = (uint8_t)(bytes[3] & 0xF8) | (next(random) & 7);
	if (next(random) % 4 == 0) {
		bytes[4] = (uint8_t)(next(random) % 40);
		for (n = 5; n < 5u + bytes[4]; n++)
			bytes[n] = (uint8_t)next(random);
	}
	if (skip || next(random) % 8 == 0)
		first[0] = skip ? command[0] : '=';
	strcpy(step, first);
	step_append(step, bytes, n < 235 ? n : 235);
}

static int stays_silent(struct play *play, const struct scenario *s, const char *const *session)
{
	uint32_t random = 0x1234567u + s->ins;
	char step[STEP_TEXT];
	long done;

	for (int i = 0; i < VARIANTS; i++) {
		if (i % 50 == 0) {
			play_restart(play);
			if (!steps_run(play, session))
				return 0;
		}
		variant(step, s->command, &random);
		if (step[0] == '*' && play->card.scp03.state != SCP03_OPEN && !steps_run(play, session))
			return 0;
		done = play->cut.done;
		(void)step_send(play, step);
		if (play->cut.done == done)
			continue;
		printf("\n    %s writes when it is \"%s\"\n", s->name, step);
		return 0;
	}
	return 1;
}

long scenario_listen(const struct scenario *s)
{
	static const char *const user[] = {USIM, ADM, "00A4000C 02 6F3B", NULL};
	static const char *const *const others[] = {user, user + 3};
	static struct play play;
	long done, tried = -1;
	uint16_t sw;

	play_open(&play);
	if (steps_run(&play, s->prepare) && (play_restart(&play), steps_run(&play, s->session))) {
		done = play.cut.done;
		sw = step_send(&play, s->command);
		if (!step_wants(s->command, sw) || play.cut.done != done)
			printf("\n    %s was answered %04X, with %ld writes\n", s->name, sw,
			       play.cut.done - done);
		else if (stays_silent(&play, s, s->session) &&
			 (s->command[0] == '*' ||
			  (stays_silent(&play, s, others[0]) && stays_silent(&play, s, others[1]))))
			tried = s->command[0] == '*' ? VARIANTS : 3L * VARIANTS;
	}
	play_close(&play);
	return tried;
}

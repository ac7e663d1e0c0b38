/* storm - random and mutated commands to the card, millions of them.
 *
 *     storm [-n COUNT] [-s SEED]     run; 0 when nothing was wrong
 *     storm -r FILE                  play what a failing run has printed
 *
 * An episode is a few hundred commands to a personalised card: lines of the
 * sessions as they are, the same mutated, commands seen before mutated,
 * commands made from the command table, garbage; through the secure channel
 * too when one is open; resets, and cuts of the power. After every command
 * oracle.h says whether all is well. What happens depends on SEED alone, and
 * the digest of all answers is printed at the end.
 *
 * When something is wrong, or the card dies or hangs, the episode is printed:
 * a line for the card, then its commands in hex, "reset", "power", "changed N",
 * a file that was changed over the air, and "cut N HOW", which cuts the
 * command or the start that follows. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "apdu/channel.h"
#include "cat/cat.h"
#include "fs/file.h"
#include "fuzz/mutate.h"
#include "fuzz/oracle.h"
#include "fuzz/session.h"

enum {
	EPISODE = 400,          /* steps; a step is one command or a few */
	EVENTS = EPISODE * 12,  /* TPDUs, at most */
	EPISODES_PER_CARD = 50, /* then other secrets */
	PAGES = 64,
	PAGES_SMALL = 12, /* of every fourth card: its memory fills up */
	SESSIONS = 64,
	HANG = 20,     /* seconds */
	ROWS = 256,    /* of the command table, at most */
	GONE = 0xFFFF, /* what a command answers whose power was cut */
	CUT_SOON = 24, /* operations of the memory within which a cut comes */
};

enum event_kind {
	EVENT_COMMAND,
	EVENT_RESET,
	EVENT_POWER,
	EVENT_CUT,
	EVENT_CHANGED
};

struct event {
	enum event_kind kind;
	size_t length;
	uint8_t bytes[RIG_COMMAND];
};

static struct {
	struct rig rig;
	struct oracle oracle;
	struct session sessions[SESSIONS];
	int session_count;
	uint8_t *template;
	struct event *events;
	size_t count; /* of events */
	uint32_t card_seed, episode_seed, pages;
	struct pool pool;
	uint64_t done, digest, cuts, wrote, by_row[ROWS];
	int failed;
} storm;

/* ---- telling ---- */

static void print_event(const struct event *event)
{
	size_t i;

	switch (event->kind) {
	case EVENT_RESET:
		printf("reset\n");
		return;
	case EVENT_POWER:
		printf("power\n");
		return;
	case EVENT_CUT:
		printf("cut %u %u\n", event->bytes[0], event->bytes[1]);
		return;
	case EVENT_CHANGED:
		printf("changed %u\n", event->bytes[0] << 8 | event->bytes[1]);
		return;
	case EVENT_COMMAND:
		for (i = 0; i < event->length; i++)
			printf("%02X", event->bytes[i]);
		printf("\n");
	}
}

static void print_episode(const char *why)
{
	size_t i;

	printf("storm: command %llu: %s\n", (unsigned long long)storm.done, why);
	printf("card %u %u %u\n", storm.card_seed, storm.pages, storm.episode_seed);
	for (i = 0; i < storm.count; i++)
		print_event(&storm.events[i]);
	printf("# the last one is it: %s\n", why);
	fflush(stdout);
}

static void on_signal(int signal_number)
{
	print_episode(signal_number == SIGALRM ? "it hangs" : "the card died");
	signal(signal_number, SIG_DFL);
	if (signal_number == SIGALRM)
		_exit(1);
	raise(signal_number);
}

static void record(enum event_kind kind, const uint8_t *bytes, size_t length)
{
	struct event *event = &storm.events[storm.count];

	if (storm.count == EVENTS) {
		fprintf(stderr, "storm: an episode is too long\n");
		abort();
	}
	storm.count++;
	event->kind = kind;
	event->length = length < RIG_COMMAND ? length : RIG_COMMAND;
	if (event->length > 0)
		memcpy(event->bytes, bytes, event->length);
}

/* ---- one command ---- */

static void digest(const uint8_t *bytes, size_t length)
{
	for (; length; length--)
		storm.digest = (storm.digest ^ *bytes++) * 0x100000001B3u;
}

/* Count a command that was done for its row of the table. */
static void count(const uint8_t *command, const uint8_t sw[static 2])
{
	const struct dispatch_row *table;
	uint8_t cla = command[0];
	size_t rows, i;

	if (oracle_refused((uint16_t)(sw[0] << 8 | sw[1])))
		return;
	(void)(cla == 0xA0 || channel_take(&cla));
	table = dispatch_table(&rows);
	for (i = 0; i < rows; i++)
		if (table[i].ins == command[1] && (cla & table[i].mask) == table[i].cla) {
			storm.by_row[i]++;
			return;
		}
}

/* The answer of a card that is gone; it is started again. */
static size_t powered_off(struct rig *rig, uint8_t *response)
{
	storm.cuts++;
	rig->cut.left = 0;
	if (rig_power(rig) < 0 && !storm.failed++)
		print_episode("after a cut of the power it does not start");
	response[0] = GONE >> 8;
	response[1] = GONE & 0xFF;
	return 2;
}

static size_t transmit(struct rig *rig, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
		       size_t length)
{
	size_t n;

	record(EVENT_COMMAND, command, length);
	storm.done++;
	oracle_before(&storm.oracle, rig);
	if (setjmp(rig->cut.off))
		return powered_off(rig, response);
	n = card_transmit(&rig->card, response, command, length);
	rig->cut.left = 0;
	digest(response, n);
	storm.wrote += rig->wrote;
	if (length > 1)
		count(command, response + n - 2);
	if (!oracle_after(&storm.oracle, rig, command, length, response, n) && !storm.failed++)
		print_episode(storm.oracle.why);
	pool_add(&storm.pool, command, length);
	return n;
}

/* ---- a step ---- */

static void reset(void)
{
	record(EVENT_RESET, NULL, 0);
	storm.rig.cut.left = 0; /* what it was to cut did not come */
	rig_reset(&storm.rig);
}

static void power(void)
{
	record(EVENT_POWER, NULL, 0);
	if (setjmp(storm.rig.cut.off)) { /* it was cut as it started */
		storm.cuts++;
		storm.rig.cut.left = 0;
	}
	if (rig_power(&storm.rig) < 0 && !storm.failed++)
		print_episode("it does not start");
	storm.rig.cut.left = 0;
}

static void cut_soon(void)
{
	uint8_t how[2] = {(uint8_t)(1 + rig_draw(&storm.rig) % CUT_SOON),
			  (uint8_t)(rig_draw(&storm.rig) % CUT_HOWS)};

	record(EVENT_CUT, how, sizeof(how));
	storm.rig.cut.left = how[0];
	storm.rig.cut.how = how[1];
}

static void changed(unsigned file)
{
	record(EVENT_CHANGED, (const uint8_t[]){(uint8_t)(file >> 8), (uint8_t)file}, 2);
	cat_file_changed(&storm.rig.card, (uint16_t)file);
}

static void send(const uint8_t *command, size_t length, int secured)
{
	if (secured)
		(void)rig_secure(&storm.rig, command, length);
	else
		(void)rig_apdu(&storm.rig, command, length);
}

/* A line as it is, or mutated. Most that end a session are left out. */
static void line(const struct session_line *line, int mutated)
{
	struct rig *rig = &storm.rig;
	uint8_t bytes[RIG_COMMAND];
	size_t length;

	if (line->verb == SESSION_RESET) {
		reset();
	} else if (line->verb == SESSION_POWER) {
		power();
	} else if (line->verb == SESSION_CHANGED) {
		changed(rig_draw(rig) % file_constants());
	} else if (!mutated || line->verb == SESSION_OPEN || line->verb == SESSION_KEEP ||
		   line->verb == SESSION_MESSAGE || line->verb == SESSION_TUNNEL) {
		(void)session_play_line(rig, line);
	} else {
		length = session_bytes(rig, bytes, line);
		length = mutate(rig, &storm.pool, bytes, length);
		send(bytes, length, line->verb == SESSION_SECURE);
	}
}

static void made_up(void)
{
	struct rig *rig = &storm.rig;
	uint32_t choice = rig_draw(rig) % 16;
	uint8_t bytes[RIG_COMMAND];
	size_t length;

	if (choice < 7) {
		length = pool_take(rig, &storm.pool, bytes);
		length = mutate(rig, &storm.pool, bytes, length);
	} else if (choice < 15) {
		length = mutate_from_table(rig, bytes);
	} else {
		length = rig_draw(rig) % sizeof(bytes);
		rig_fill(rig, bytes, length);
	}
	send(bytes, length, rig_draw(rig) % 3 == 0);
}

static void step(const struct session **session, int *at)
{
	uint32_t choice = rig_draw(&storm.rig) % 256;

	if (choice == 0)
		reset();
	else if (choice == 1)
		power();
	else if (choice < 6)
		cut_soon();
	if (*at == (*session)->count) {
		*session = &storm.sessions[rig_draw(&storm.rig) % (uint32_t)storm.session_count];
		*at = 0;
	}
	if (choice % 16 < 7)
		line(&(*session)->lines[(*at)++], 0);
	else if (choice % 16 < 9)
		line(&(*session)->lines[(*at)++], 1);
	else
		made_up();
}

/* ---- episodes ---- */

static void begin_card(uint32_t seed, uint32_t pages)
{
	if (storm.template) {
		rig_close(&storm.rig);
		oracle_close(&storm.oracle);
		free(storm.template);
	}
	storm.card_seed = seed;
	storm.pages = pages;
	rig_open(&storm.rig, seed, pages);
	oracle_open(&storm.oracle, &storm.rig);
	storm.template = malloc(storm.rig.cut.size);
	if (!storm.template)
		abort();
	memcpy(storm.template, storm.rig.cut.memory, storm.rig.cut.size);
	storm.rig.transmit = transmit;
}

static void begin_episode(uint32_t seed)
{
	storm.episode_seed = seed;
	storm.count = 0;
	pool_empty(&storm.pool);
	rig_restore(&storm.rig, storm.template, seed);
	alarm(HANG);
}

static void run(uint64_t commands, uint32_t seed)
{
	uint32_t episode, mixed = seed * 0x85EBCA6Bu;
	const struct session *session;
	int at, steps;

	for (episode = 0; storm.done < commands && !storm.failed; episode++) {
		if (episode % EPISODES_PER_CARD == 0)
			begin_card(mixed + episode,
				   episode / EPISODES_PER_CARD % 4 == 3 ? PAGES_SMALL : PAGES);
		begin_episode(mixed ^ episode * 0x9E3779B1u);
		session = &storm.sessions[rig_draw(&storm.rig) % (uint32_t)storm.session_count];
		for (at = steps = 0; steps < EPISODE && storm.done < commands && !storm.failed; steps++)
			step(&session, &at);
	}
}

/* ---- playing again ---- */

static void replay_line(const char *text)
{
	unsigned a, b, c, byte;
	uint8_t bytes[RIG_COMMAND], response[RESPONSE_MAX];
	size_t n = 0;

	if (sscanf(text, "card %u %u %u", &a, &b, &c) == 3) {
		begin_card(a, b);
		begin_episode(c);
	} else if (!storm.template || *text == '#' || strncmp(text, "storm", 5) == 0) {
		return;
	} else if (strncmp(text, "reset", 5) == 0) {
		reset();
	} else if (strncmp(text, "power", 5) == 0) {
		power();
	} else if (sscanf(text, "changed %u", &a) == 1) {
		changed(a);
	} else if (sscanf(text, "cut %u %u", &a, &b) == 2) {
		storm.rig.cut.left = (long)a;
		storm.rig.cut.how = (int)b;
	} else {
		for (; n < sizeof(bytes) && sscanf(text + 2 * n, "%2x", &byte) == 1; n++)
			bytes[n] = (uint8_t)byte;
		storm.rig.wrote = 0;
		(void)transmit(&storm.rig, response, bytes, n);
	}
}

static int replay(const char *path)
{
	FILE *f = fopen(path, "r");
	char text[2 * RIG_COMMAND + 16];

	if (!f) {
		perror(path);
		return 2;
	}
	while (!storm.failed && fgets(text, sizeof(text), f))
		replay_line(text);
	fclose(f);
	printf("storm: %llu commands played, %s\n", (unsigned long long)storm.done,
	       storm.failed ? "and it fails" : "nothing wrong");
	return storm.failed != 0 || storm.done == 0;
}

/* ---- the program ---- */

static void sum_up(uint32_t seed, double seconds)
{
	const struct dispatch_row *table;
	size_t rows, i, reached = 0;

	table = dispatch_table(&rows);
	for (i = 0; i < rows; i++)
		reached += storm.by_row[i] > 0;
	printf("storm: seed %u, %llu commands, %.0f a second\n", seed, (unsigned long long)storm.done,
	       (double)storm.done / seconds);
	printf("storm: %llu wrote, %llu cuts of the power, digest %016llx\n", (unsigned long long)storm.wrote,
	       (unsigned long long)storm.cuts, (unsigned long long)storm.digest);
	printf("storm: how often each row of the command table was done:");
	for (i = 0; i < rows; i++)
		printf(" %02X%02X:%llu", table[i].cla, table[i].ins, (unsigned long long)storm.by_row[i]);
	printf("\nstorm: %zu of %zu rows done", reached, rows);
	printf("\n# storm: %d passed, %d failed\n", !storm.failed, storm.failed != 0);
}

/* A whole number up to `most`, or the end: "1e7" is none. */
static uint64_t number(const char *text, uint64_t most)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || n > most) {
		fprintf(stderr, "storm: \"%s\" is no number from 0 to %llu\n", text,
			(unsigned long long)most);
		exit(2);
	}
	return n;
}

int main(int argc, char **argv)
{
	uint64_t commands = 100000;
	struct timespec from, to;
	const char *file = NULL;
	uint32_t seed = 1;
	int option;

	while ((option = getopt(argc, argv, "n:s:r:")) != -1)
		switch (option) {
		case 'n':
			commands = number(optarg, UINT64_MAX);
			break;
		case 's':
			seed = (uint32_t)number(optarg, UINT32_MAX);
			break;
		case 'r':
			file = optarg;
			break;
		default:
			fprintf(stderr, "usage: storm [-n COUNT] [-s SEED] | -r FILE\n");
			return 2;
		}
	storm.session_count = session_read_all(storm.sessions, SESSIONS, "tests/fuzz/sessions");
	storm.events = malloc(EVENTS * sizeof(*storm.events));
	if (storm.session_count <= 0 || !storm.events)
		return 2;
	for (const int *s = (const int[]){SIGALRM, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, 0}; *s; s++)
		signal(*s, on_signal);
	if (file)
		return replay(file);
	clock_gettime(CLOCK_MONOTONIC, &from);
	run(commands, seed);
	clock_gettime(CLOCK_MONOTONIC, &to);
	sum_up(seed, (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec));
	return storm.failed != 0;
}

/* bench - what the card costs on top of PC/SC.
 *
 * One private pcscd holds a card with the test profile and the floor (floor.c).
 * Each round sends the same command to both, one after the other, so that a
 * busy machine slows both alike; what is compared is medians. AUTHENTICATE
 * is a real one: a new vector each time, accepted by the card.
 *
 *     bench FLOOR-DRIVER RESULT.json */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

#include "auth/milenage.h"
#include "lib/profile.h"
#include "up/fill.h"
#include "up/keeper.h"

enum {
	WARM_UP = 300,
	ROUNDS = 3000
};

/* Times what the do-nothing driver takes. */
#define GOAL_READ         1.15
#define GOAL_AUTHENTICATE 1.3

struct link {
	SCARDHANDLE card;
	double *times; /* microseconds, ROUNDS of them */
};

struct bench {
	struct simulation simulation;
	struct keeper keeper;
	SCARDCONTEXT pcsc;
	struct link card, floor;
	struct profile profile;
	uint64_t sqn;
	json_t *rows;
	int bad;
};

static double now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* One command; its time, or -1 when it failed or SW1 is not `sw1`. */
static double transmit(SCARDHANDLE card, const unsigned char *command, size_t length, unsigned char sw1)
{
	unsigned char answer[300];
	DWORD n = sizeof(answer);
	double start = now_us();
	LONG result = SCardTransmit(card, SCARD_PCI_T0, command, length, NULL, answer, &n);
	double taken = now_us() - start;

	if (result != SCARD_S_SUCCESS || n < 2 || answer[n - 2] != sw1) {
		(void)fprintf(stderr, "bench: %02X%02X answered %s %02X%02X, wanted %02X..\n", command[0],
			      command[1], pcsc_stringify_error(result), n < 2 ? 0 : answer[n - 2],
			      n < 2 ? 0 : answer[n - 1], sw1);
		return -1;
	}
	return taken;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *times)
{
	qsort(times, ROUNDS, sizeof(*times), ascending);
	return times[ROUNDS / 2];
}

/* A command to measure: `make` writes it and returns its length, or 0. */
struct subject {
	const char *name;
	size_t (*make)(struct bench *bench, unsigned char *command);
	unsigned char sw1;
	double goal; /* times the floor; 0: none */
};

static size_t make_select(struct bench *bench, unsigned char *command)
{
	static const unsigned char select_mf[] = {0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00};

	(void)bench;
	memcpy(command, select_mf, sizeof(select_mf));
	return sizeof(select_mf);
}

static size_t make_read(struct bench *bench, unsigned char *command)
{
	static const unsigned char read_iccid[] = {0x00, 0xB0, 0x82, 0x00, 0x0A}; /* by SFI 2 */

	(void)bench;
	memcpy(command, read_iccid, sizeof(read_iccid));
	return sizeof(read_iccid);
}

static size_t make_authenticate(struct bench *bench, unsigned char *command)
{
	static const unsigned char header[] = {0x00, 0x88, 0x00, 0x81, 0x22, 0x10};
	static const uint8_t amf[2] = {0x80, 0x00};
	uint8_t rand[16] = {0}, sqn[6];
	struct aka_vector vector;
	int i;

	bench->sqn += 32; /* the next SEQ, the same IND */
	for (i = 0; i < 6; i++)
		sqn[i] = (uint8_t)(bench->sqn >> (8 * (5 - i)));
	memcpy(rand, sqn, sizeof(sqn));
	if (milenage_vector(&vector, bench->profile.key.k, bench->profile.key.opc, rand, sqn, amf) < 0)
		return 0;
	memcpy(command, header, sizeof(header));
	memcpy(command + 6, vector.rand, 16);
	command[22] = 0x10;
	memcpy(command + 23, vector.autn, 16);
	return 39;
}

static int measure(struct bench *bench, const struct subject *subject)
{
	unsigned char command[300];
	double card, floor, ratio;
	int i, ok;

	for (i = -WARM_UP; i < ROUNDS; i++) {
		size_t length = subject->make(bench, command);
		double on_floor = transmit(bench->floor.card, command, length, 0x90);
		double on_card = transmit(bench->card.card, command, length, subject->sw1);

		if (length == 0 || on_floor < 0 || on_card < 0)
			return -1;
		if (i >= 0) {
			bench->floor.times[i] = on_floor;
			bench->card.times[i] = on_card;
		}
	}
	card = median(bench->card.times);
	floor = median(bench->floor.times);
	ratio = card / floor;
	ok = subject->goal == 0 || ratio <= subject->goal;
	bench->bad |= !ok;
	printf("%-14s %8.1f us %8.1f us %7.2f ", subject->name, card, floor, ratio);
	if (subject->goal == 0)
		printf("%8s", "-");
	else
		printf("%8.2f", subject->goal);
	printf("  %s\n", ok ? "ok" : "MISSED");
	json_array_append_new(bench->rows,
			      json_pack("{s:s,s:f,s:s,s:f,s:o,s:b}", "name", subject->name, "value", card,
					"unit", "us", "ratio", ratio, "goal",
					subject->goal == 0 ? json_null() : json_real(subject->goal), "ok",
					ok));
	json_array_append_new(bench->rows,
			      json_pack("{s:s+,s:f,s:s,s:f,s:n,s:b}", "name", subject->name, " floor",
					"value", floor, "unit", "us", "ratio", 1.0, "goal", "ok", 1));
	return 0;
}

/* Add the floor to the simulation's readers before its pcscd starts. */
static int add_floor(const struct simulation *simulation, const char *driver)
{
	char conf[SIMULATION_PATH], link[SIMULATION_PATH], *real = realpath(driver, NULL);
	FILE *file;
	int result;

	simulation_path(simulation, conf, "reader.conf");
	simulation_path(simulation, link, "floor.so");
	result = real ? symlink(real, link) : -1;
	free(real);
	file = result == 0 ? fopen(conf, "a") : NULL;
	if (!file)
		return -1;
	(void)fprintf(file, "FRIENDLYNAME \"floor\"\nDEVICENAME /dev/null:floor:\nCHANNELID 99\nLIBPATH %s\n",
		      link);
	return fclose(file);
}

static int connect_to(struct bench *bench, struct link *link, const char *reader)
{
	DWORD protocol;
	LONG result = SCardConnect(bench->pcsc, reader, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0, &link->card,
				   &protocol);

	link->times = calloc(ROUNDS, sizeof(*link->times));
	if (result == SCARD_S_SUCCESS && link->times)
		return 0;
	(void)fprintf(stderr, "bench: reader \"%s\": %s\n", reader, pcsc_stringify_error(result));
	return -1;
}

/* AUTHENTICATE wants the application; 61xx or 9000 is fine. */
static int select_usim(struct bench *bench)
{
	static const unsigned char select_aid[] = {0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0,
						   0x00, 0x00, 0x00, 0x87, 0x10, 0x02};

	return transmit(bench->card.card, select_aid, sizeof(select_aid), 0x90) < 0 ? -1 : 0;
}

static int run(struct bench *bench, const char *result)
{
	static const struct subject subjects[] = {
		{"SELECT", make_select, 0x90, 0},
		{"READ BINARY", make_read, 0x90, GOAL_READ},
		{"AUTHENTICATE", make_authenticate, 0x61, GOAL_AUTHENTICATE}};
	size_t i;

	simulation_enter(bench->simulation.folder);
	if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &bench->pcsc) != SCARD_S_SUCCESS ||
	    connect_to(bench, &bench->card, "simrite 00 00") < 0 ||
	    connect_to(bench, &bench->floor, "floor 00 00") < 0)
		return -1;
	printf("%-14s %11s %11s %7s %8s\n", "over PC/SC", "card", "floor", "ratio", "goal");
	bench->sqn = 1u << 20; /* above what personalising proved the key with */
	for (i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		if (i == 2 && select_usim(bench) < 0)
			return -1;
		if (measure(bench, &subjects[i]) < 0)
			return -1;
	}
	(void)SCardDisconnect(bench->card.card, SCARD_UNPOWER_CARD);
	(void)SCardDisconnect(bench->floor.card, SCARD_UNPOWER_CARD);
	(void)SCardReleaseContext(bench->pcsc);
	return json_dump_file(bench->rows, result, JSON_INDENT(1));
}

int main(int argc, char **argv)
{
	struct bench bench = {.simulation.cards = 1};
	struct fault fault = {0};
	int failed;

	if (argc != 3) {
		(void)fprintf(stderr, "usage: bench FLOOR-DRIVER RESULT.json\n");
		return FAULT_USAGE;
	}
	bench.rows = json_array();
	if (profile_named(&bench.profile, "test", &fault) < 0 ||
	    simulation_make(&bench.simulation, NULL, &fault) < 0)
		goto report;
	if (add_floor(&bench.simulation, argv[1]) < 0) {
		simulation_remove(&bench.simulation);
		fault_set(&fault, FAULT_SYSTEM, NULL, "%s: %s", argv[1], strerror(errno));
		goto report;
	}
	if (keeper_start(&bench.keeper, &bench.simulation, &fault) < 0) {
		simulation_remove(&bench.simulation);
		goto report;
	}
	simulation_enter(bench.simulation.folder);
	failed = keeper_ready(&bench.keeper, &fault) < 0 ||
		 fill_cards(&bench.simulation, "test", &fault) < 0 || run(&bench, argv[2]) < 0;
	keeper_end(&bench.keeper);
	if (fault.code == FAULT_NONE && (failed || bench.bad))
		return FAULT_NO;
report:
	if (fault.code != FAULT_NONE)
		(void)fprintf(stderr, "bench: %s\n%s%s", fault.text, fault.hint, *fault.hint ? "\n" : "");
	json_decref(bench.rows);
	return (int)fault.code;
}

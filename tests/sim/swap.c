/* swap - how soon PC/SC shows that a card came or went.
 *
 *     swap READER linked SLOT                the card is the link SLOT
 *     swap READER process SOCKET CARD NVM    the card is the process CARD
 *
 * Takes the card out and puts it in again ROUNDS times, waiting each time in
 * SCardGetStatusChange as any client would. Prints the medians and the worst
 * in milliseconds; fails when a median is 10 ms or more, or an event was
 * never shown. Starts and ends with the card in (linked) or out (process). */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

enum {
	ROUNDS = 21,
	NEVER_MS = 5000,
	GOAL_MS = 10
};

static const char *reader;
static char **card; /* what follows "linked" or "process" */
static int is_process;
static pid_t process;

static double now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void out_name(char *name, size_t size)
{
	(void)snprintf(name, size, "%s.out", card[0]);
}

static int put_in(void)
{
	char name[4096];

	if (is_process) {
		process = fork();
		if (process == 0) {
			(void)execl(card[1], card[1], "--nvm", card[2], card[0], (char *)NULL);
			_exit(127);
		}
		return process < 0 ? -1 : 0;
	}
	out_name(name, sizeof(name));
	return rename(name, card[0]);
}

static int take_out(void)
{
	char name[4096];

	if (is_process) {
		int result = kill(process, SIGKILL);

		(void)waitpid(process, NULL, 0);
		return result;
	}
	out_name(name, sizeof(name));
	return rename(card[0], name);
}

/* Do it, and wait until the reader shows `wanted`; the time it took, or -1. */
static double timed(SCARDCONTEXT pcsc, SCARD_READERSTATE *state, int (*change)(void), DWORD wanted)
{
	double start = now_ms();

	if (change() < 0)
		return -1;
	do {
		state->dwCurrentState = state->dwEventState;
		if (SCardGetStatusChange(pcsc, NEVER_MS, state, 1) != SCARD_S_SUCCESS)
			return -1;
	} while (!(state->dwEventState & wanted));
	return now_ms() - start;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int report(const char *what, double *times)
{
	qsort(times, ROUNDS, sizeof(*times), ascending);
	printf("%s: median %.2f ms, worst %.2f ms\n", what, times[ROUNDS / 2], times[ROUNDS - 1]);
	return times[ROUNDS / 2] < GOAL_MS ? 0 : 1;
}

int main(int argc, char **argv)
{
	double in[ROUNDS], out[ROUNDS];
	SCARD_READERSTATE state;
	SCARDCONTEXT pcsc;
	int i, slow;

	if (argc < 4)
		return 2;
	reader = argv[1];
	is_process = strcmp(argv[2], "process") == 0;
	card = argv + 3;
	state = (SCARD_READERSTATE){.szReader = reader, .dwCurrentState = SCARD_STATE_UNAWARE};
	if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &pcsc) != SCARD_S_SUCCESS ||
	    SCardGetStatusChange(pcsc, 0, &state, 1) != SCARD_S_SUCCESS)
		return 3;
	for (i = 0; i < ROUNDS; i++) {
		if (is_process)
			in[i] = timed(pcsc, &state, put_in, SCARD_STATE_PRESENT);
		out[i] = timed(pcsc, &state, take_out, SCARD_STATE_EMPTY);
		if (!is_process)
			in[i] = timed(pcsc, &state, put_in, SCARD_STATE_PRESENT);
		if (in[i] < 0 || out[i] < 0) {
			printf("round %d: the change was not shown\n", i);
			return 1;
		}
	}
	(void)SCardReleaseContext(pcsc);
	slow = report("in", in);
	return report("out", out) | slow;
}

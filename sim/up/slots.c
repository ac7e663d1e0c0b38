/* How a card gets into its slot depends on the backend (reader/backend.h):
 * a link to its memory or to a serial line, a process that connects, or a
 * board that listens.
 * That it did is always asked of pcscd, as any client would see it. */
#include "up/slots.h"

#include <errno.h>
#include <fcntl.h>
#include <pcsclite.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/spawn.h"

enum {
	SERVE_MS = 15000, /* pcscd must serve within this */
	CARD_MS = 15000,  /* a reader must show a change within this */
	LOOK_MS = 200,    /* how often to see whether a card process still lives */
	GRACE_MS = 8000   /* a board in QEMU saves its memory */
};

static long long now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool has_ended(pid_t child)
{
	siginfo_t ended = {0};

	return child > 0 && waitid(P_PID, (id_t)child, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       ended.si_pid == child;
}

int slots_open(struct slots *slots, const struct simulation *simulation, pid_t pcscd, struct fault *fault)
{
	static const struct timespec nap = {0, 5000000};
	long long end = now_ms() + SERVE_MS;
	LONG result;

	*slots = (struct slots){.simulation = simulation};
	simulation_enter(simulation->folder);
	while ((result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &slots->pcsc)) !=
	       SCARD_S_SUCCESS) {
		if (has_ended(pcscd))
			return fault_set(fault, FAULT_SYSTEM, NULL, "pcscd ended instead of serving");
		if (now_ms() > end)
			return fault_set(fault, FAULT_SYSTEM, NULL, "pcscd does not serve: %s",
					 pcsc_stringify_error(result));
		(void)nanosleep(&nap, NULL);
	}
	return 0;
}

/* Why the slot's child ended, in its own last words. */
static int explain_end(const struct slots *slots, unsigned slot, struct fault *fault)
{
	char path[SIMULATION_PATH], line[200], last[200] = "it did not say why";
	FILE *log;

	simulation_slot(slots->simulation, path, slot, ".log");
	log = fopen(path, "re");
	while (log && fgets(line, sizeof(line), log)) {
		line[strcspn(line, "\n")] = 0;
		if (*line)
			(void)snprintf(last, sizeof(last), "%s", line);
	}
	if (log)
		(void)fclose(log);
	return fault_set(fault, FAULT_CARD, NULL, "card %u ended as it started: %s", slot, last);
}

/* Wait until the reader's state has `present` as wanted. */
static int wait_shown(const struct slots *slots, unsigned slot, int present, struct fault *fault)
{
	const DWORD wanted = present ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY;
	char name[32];
	SCARD_READERSTATE reader = {.szReader = name, .dwCurrentState = SCARD_STATE_UNAWARE};
	long long end = now_ms() + CARD_MS;

	simulation_reader(name, slot);
	while (now_ms() < end) {
		LONG result = SCardGetStatusChange(slots->pcsc, LOOK_MS, &reader, 1);

		if (result != SCARD_S_SUCCESS && result != SCARD_E_TIMEOUT)
			return fault_set(fault, FAULT_CARD, NULL, "reader \"%s\": %s", name,
					 pcsc_stringify_error(result));
		if (present && (reader.dwEventState & SCARD_STATE_MUTE))
			return fault_set(fault, FAULT_CARD, NULL, "the card in reader \"%s\" does not answer",
					 name);
		if (reader.dwEventState & wanted)
			return 0;
		if (present && has_ended(slots->children[slot]))
			return explain_end(slots, slot, fault);
		reader.dwCurrentState = reader.dwEventState;
	}
	return fault_set(fault, FAULT_CARD, NULL, "reader \"%s\" shows %s card after %d s", name,
			 present ? "no" : "still a", CARD_MS / 1000);
}

int slots_present(const struct slots *slots, unsigned slot, struct fault *fault)
{
	char name[32];
	SCARD_READERSTATE reader = {.szReader = name, .dwCurrentState = SCARD_STATE_UNAWARE};
	LONG result;

	simulation_reader(name, slot);
	result = SCardGetStatusChange(slots->pcsc, 0, &reader, 1);
	if (result != SCARD_S_SUCCESS)
		return fault_set(fault, FAULT_CARD, NULL, "reader \"%s\": %s", name,
				 pcsc_stringify_error(result));
	return (reader.dwEventState & SCARD_STATE_PRESENT) != 0;
}

/* Make the memory when it is not there, and see that no other card has it:
 * the card would find out too, but could only be mute. */
static int check_memory(const char *memory, struct fault *fault)
{
	int file = open(memory, O_RDWR | O_CREAT | O_CLOEXEC, 0600), locked;

	if (file < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot use the card memory \"%s\": %s", memory,
				 strerror(errno));
	locked = flock(file, LOCK_EX | LOCK_NB);
	close(file);
	if (locked < 0)
		return fault_set(fault, FAULT_CARD, "\"simrite sim status\" shows which simulation has it",
				 "the card memory \"%s\" is in use", memory);
	return 0;
}

static int put_link(const struct slots *slots, unsigned slot, const char *what, struct fault *fault)
{
	char link[SIMULATION_PATH];

	simulation_slot(slots->simulation, link, slot, "");
	if (symlink(what, link) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot make \"%s\": %s", link, strerror(errno));
	return 0;
}

static int put_child(struct slots *slots, unsigned slot, const char *memory, struct fault *fault)
{
	const struct simulation *simulation = slots->simulation;
	char reader[SIMULATION_PATH], log[SIMULATION_PATH];
	const char *program =
		simulation->programs[slot] ? simulation->programs[slot] : simulation->card_program;
	const char *card[] = {program, "--nvm", memory, reader, NULL};
	const char *board[] = {simulation->board_program, reader, "--state", memory, NULL};
	struct spawn_order order = {.argv = simulation->board == BOARD_MICROBIT ? board : card,
				    .in = "/dev/null",
				    .out = log,
				    .err = "&1",
				    .own_group = true};

	simulation_slot(simulation, reader, slot, ".sock");
	simulation_slot(simulation, log, slot, ".log");
	if (!*order.argv[0])
		return fault_set(fault, FAULT_SYSTEM, NULL, "%s is not beside this program",
				 simulation->board == BOARD_MICROBIT ? "boards/microbit/run-qemu.sh"
								     : "simrite-vcard");
	return spawn_start(&slots->children[slot], &order, fault);
}

static int put(struct slots *slots, unsigned slot, struct fault *fault)
{
	const struct simulation *simulation = slots->simulation;
	char memory[SIMULATION_PATH];

	if (simulation->board == BOARD_TTY)
		return put_link(slots, slot, simulation->state, fault);
	simulation_memory(simulation, memory, slot);
	if (check_memory(memory, fault) < 0)
		return -1;
	if (simulation->board == BOARD_NATIVE && !simulation->process)
		return put_link(slots, slot, memory, fault);
	return put_child(slots, slot, memory, fault);
}

int slots_insert(struct slots *slots, unsigned slot, struct fault *fault)
{
	int present = slots_present(slots, slot, fault);

	if (present < 0)
		return -1;
	if (present)
		return fault_set(fault, FAULT_CARD, NULL, "card %u is in its reader already", slot);
	if (put(slots, slot, fault) < 0)
		return -1;
	return wait_shown(slots, slot, 1, fault);
}

int slots_remove(struct slots *slots, unsigned slot, struct fault *fault)
{
	char link[SIMULATION_PATH];

	simulation_slot(slots->simulation, link, slot, "");
	if (slots->children[slot] > 0) {
		pid_t child = slots->children[slot];

		slots->children[slot] = 0;
		(void)spawn_end(child, GRACE_MS);
	} else if (unlink(link) < 0) {
		return fault_set(fault, FAULT_CARD, NULL, "card %u is not in its reader", slot);
	}
	return wait_shown(slots, slot, 0, fault);
}

int slots_ended(struct slots *slots, pid_t pid)
{
	unsigned i;

	for (i = 0; i < SIMULATION_CARDS_MAX; i++) {
		if (slots->children[i] == pid) {
			slots->children[i] = 0;
			return 1;
		}
	}
	return 0;
}

void slots_close(struct slots *slots)
{
	unsigned i;

	for (i = 0; i < SIMULATION_CARDS_MAX; i++) {
		if (slots->children[i] > 0)
			(void)spawn_end(slots->children[i], GRACE_MS);
		slots->children[i] = 0;
	}
	if (slots->pcsc)
		(void)SCardReleaseContext(slots->pcsc);
	slots->pcsc = 0;
}

/* One process, one thread, one poll loop, so that there is one place where a
 * simulation can end and one order in which it does: cards, pcscd, folder. */
#include "up/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/spawn.h"
#include "up/control.h"
#include "up/pcscd.h"
#include "up/slots.h"

enum {
	PCSCD_GRACE_MS = 2000
};

struct kept {
	const struct simulation *simulation;
	struct slots slots;
	pid_t pcscd;
	int line;     /* to the program that started us; -1 once released */
	int listener; /* control */
	int signals;  /* signalfd */
	int caller;   /* who asked for the end, kept on the line until it came */
	bool over;
};

/* ---- requests ---- */

static char *status_text(const struct kept *kept)
{
	const struct simulation *simulation = kept->simulation;
	json_t *cards = json_array(), *all;
	char name[32], *text;
	unsigned i;

	for (i = 0; i < simulation->cards; i++) {
		simulation_reader(name, i);
		json_array_append_new(cards, json_pack("{s:i,s:s,s:b}", "slot", (int)i, "reader", name,
						       "present", slots_present(&kept->slots, i, NULL) == 1));
	}
	all = json_pack("{s:s,s:s+,s:s,s:b,s:s,s:o}", "folder", simulation->folder, "socket",
			simulation->folder, "/run/pcscd.comm", "board", simulation_board(simulation),
			"process", simulation->process, "state", simulation->state, "cards", cards);
	text = all ? json_dumps(all, JSON_COMPACT) : NULL;
	json_decref(all);
	return text;
}

/* "insert 3" -> 3 */
static int slot_of(const struct kept *kept, const char *request, unsigned *slot, struct fault *fault)
{
	char *end;
	unsigned long n = strtoul(strchr(request, ' ') + 1, &end, 10);

	if (*end || n >= kept->simulation->cards)
		return fault_set(fault, FAULT_USAGE, NULL, "slots are numbered 0 to %u",
				 kept->simulation->cards - 1);
	*slot = (unsigned)n;
	return 0;
}

static void serve(struct kept *kept)
{
	struct control_reply reply = {0};
	char request[64], *text;
	unsigned slot = 0;
	int caller = control_accept(kept->listener, request, sizeof(request));

	if (caller < 0)
		return;
	if (strcmp(request, "status") == 0) {
		text = status_text(kept);
		(void)snprintf(reply.text, sizeof(reply.text), "%s", text ? text : "{}");
		free(text);
	} else if (strncmp(request, "insert ", 7) == 0) {
		if (slot_of(kept, request, &slot, &reply.fault) == 0)
			(void)slots_insert(&kept->slots, slot, &reply.fault);
	} else if (strncmp(request, "remove ", 7) == 0) {
		if (slot_of(kept, request, &slot, &reply.fault) == 0)
			(void)slots_remove(&kept->slots, slot, &reply.fault);
	} else if (strcmp(request, "down") == 0) {
		kept->over = true;
	} else {
		fault_set(&reply.fault, FAULT_USAGE, NULL, "no such request: \"%s\"", request);
	}
	control_answer(caller, &reply);
	if (kept->over)
		kept->caller = caller;
	else
		close(caller);
}

/* ---- beginning ---- */

/* What the driver said last, or else pcscd, is usually the reason. */
static void add_log(const struct kept *kept, struct fault *fault)
{
	char path[SIMULATION_PATH], line[200], last[200] = "";
	bool ours = false;
	FILE *log;

	simulation_path(kept->simulation, path, "log");
	log = fopen(path, "re");
	if (!log)
		return;
	while (fgets(line, sizeof(line), log)) {
		line[strcspn(line, "\n")] = 0;
		if (*line && (!ours || strncmp(line, "simrite", 7) == 0)) {
			(void)snprintf(last, sizeof(last), "%s", line);
			ours = strncmp(line, "simrite", 7) == 0;
		}
	}
	(void)fclose(log);
	if (*last && !*fault->hint)
		(void)snprintf(fault->hint, sizeof(fault->hint), "the log says: %s", last);
}

static int begin(struct kept *kept, struct fault *fault)
{
	unsigned i;

	kept->listener = control_listen(kept->simulation, fault);
	if (kept->listener < 0)
		return -1;
	kept->pcscd = pcscd_start(kept->simulation, fault);
	if (kept->pcscd < 0)
		return -1;
	if (slots_open(&kept->slots, kept->simulation, kept->pcscd, fault) < 0) {
		add_log(kept, fault);
		return -1;
	}
	for (i = 0; i < kept->simulation->cards; i++) {
		if (slots_insert(&kept->slots, i, fault) < 0) {
			add_log(kept, fault);
			return -1;
		}
	}
	return 0;
}

/* ---- the middle ---- */

static void reap(struct kept *kept)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		if (pid == kept->pcscd) {
			kept->pcscd = 0;
			kept->over = true;
		} else {
			(void)slots_ended(&kept->slots, pid);
		}
	}
}

static void on_signal(struct kept *kept)
{
	struct signalfd_siginfo got;

	if (read(kept->signals, &got, sizeof(got)) != (ssize_t)sizeof(got))
		return;
	if (got.ssi_signo == SIGCHLD)
		reap(kept);
	else
		kept->over = true;
}

/* A byte on the line releases us; its end, without one, ends us. */
static void on_line(struct kept *kept)
{
	char byte;

	if (recv(kept->line, &byte, 1, 0) != 1)
		kept->over = true;
	close(kept->line);
	kept->line = -1;
}

static void keep(struct kept *kept)
{
	while (!kept->over) {
		struct pollfd watched[3] = {{.fd = kept->signals, .events = POLLIN},
					    {.fd = kept->listener, .events = POLLIN},
					    {.fd = kept->line, .events = POLLIN}};

		if (poll(watched, 3, -1) < 0)
			continue;
		if (watched[0].revents)
			on_signal(kept);
		if (watched[2].revents)
			on_line(kept);
		if (watched[1].revents)
			serve(kept);
	}
}

/* ---- the end ---- */

static void finish(struct kept *kept)
{
	slots_close(&kept->slots);
	if (kept->pcscd > 0)
		(void)spawn_end(kept->pcscd, PCSCD_GRACE_MS);
	simulation_remove(kept->simulation);
}

/* Nothing of whoever started us stays open, or they would wait for us. */
static void detach(int line)
{
	int null;

	(void)dup2(line, 3);
	(void)fcntl(3, F_SETFD, FD_CLOEXEC);
	(void)syscall(SYS_close_range, 4U, ~0U, 0U);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setsid(); /* Ctrl-C is not for us */
	(void)!chdir("/");
	if (null < 0)
		return;
	(void)dup2(null, 0);
	(void)dup2(null, 1);
	(void)dup2(null, 2);
	close(null);
}

static void live(const struct simulation *simulation, int line)
{
	struct kept kept = {.simulation = simulation, .line = 3, .listener = -1, .signals = -1, .caller = -1};
	struct fault fault = {0};
	sigset_t mask;

	detach(line);
	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGCHLD);
	(void)sigaddset(&mask, SIGTERM);
	(void)sigaddset(&mask, SIGINT);
	(void)sigaddset(&mask, SIGHUP);
	(void)sigaddset(&mask, SIGQUIT);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	kept.signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (kept.signals < 0)
		fault_set(&fault, FAULT_SYSTEM, NULL, "cannot watch for signals: %s", strerror(errno));
	else
		(void)begin(&kept, &fault);
	(void)send(kept.line, &fault, sizeof(fault), MSG_NOSIGNAL);
	if (fault.code == FAULT_NONE)
		keep(&kept);
	finish(&kept);
	_exit(0);
}

int keeper_start(struct keeper *keeper, const struct simulation *simulation, struct fault *fault)
{
	int line[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, line) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no line to a keeper: %s", strerror(errno));
	keeper->pid = fork();
	if (keeper->pid == 0) {
		close(line[0]);
		live(simulation, line[1]);
	}
	close(line[1]);
	keeper->line = line[0];
	if (keeper->pid > 0)
		return 0;
	close(line[0]);
	return fault_set(fault, FAULT_SYSTEM, NULL, "cannot start a keeper: %s", strerror(errno));
}

int keeper_ready(const struct keeper *keeper, struct fault *fault)
{
	struct fault told = {0};

	if (recv(keeper->line, &told, sizeof(told), 0) != (ssize_t)sizeof(told))
		return fault_set(fault, FAULT_SYSTEM, NULL, "the simulation's keeper ended without a word");
	if (told.code == FAULT_NONE)
		return 0;
	*fault = told;
	return -1;
}

void keeper_release(struct keeper *keeper)
{
	(void)send(keeper->line, "r", 1, MSG_NOSIGNAL);
	close(keeper->line);
	keeper->line = -1;
}

void keeper_end(struct keeper *keeper)
{
	close(keeper->line);
	keeper->line = -1;
	while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* up, run and shell: make a simulation, fill its cards, and either leave it
 * or run something in it.
 *
 * The signals that could end us are read from a descriptor from the start, so
 * there is no moment at which Ctrl-C would leave a pcscd behind; and if we
 * are killed outright, the keeper notices that its line to us is gone. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/options.h"
#include "lib/say.h"
#include "up/commands.h"
#include "up/fill.h"
#include "up/keeper.h"

enum {
	KEY_CARDS = 1000,
	KEY_PROFILE,
	KEY_STATE,
	KEY_BOARD,
	KEY_PROCESS,
	KEY_PROGRAM,
	END_MS = 5000
};

struct order {
	struct options options;
	struct simulation simulation;
	const char *profile; /* NULL: not said */
	const char *state;
	const char *line; /* --board tty: which; else NULL */
	char **command;   /* run only */
	bool wants_command;
};

static void parse_cards(struct argp_state *state, struct order *order, const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*end || n < 1 || n > SIMULATION_CARDS_MAX)
		argp_error(state, "--cards takes 1 to %d, which is all the readers pcscd has room for",
			   SIMULATION_CARDS_MAX);
	order->simulation.cards = (unsigned)n;
}

static void parse_board(struct argp_state *state, struct order *order, const char *text)
{
	order->line = NULL;
	if (strcmp(text, "native") == 0) {
		order->simulation.board = BOARD_NATIVE;
	} else if (strcmp(text, "microbit") == 0) {
		order->simulation.board = BOARD_MICROBIT;
	} else if (strncmp(text, "tty:", 4) == 0 && text[4]) {
		order->simulation.board = BOARD_TTY;
		order->line = text + 4;
	} else {
		argp_error(state, "--board is \"native\", \"microbit\" or \"tty:DEVICE\"");
	}
}

/* "N=FILE", or FILE for every card that has none yet. */
static void parse_program(struct argp_state *state, struct order *order, const char *text)
{
	const char *equals = strchr(text, '='), *file = equals ? equals + 1 : text;
	const char **programs = order->simulation.programs, *path = realpath(file, NULL);
	unsigned from = 0, to = SIMULATION_CARDS_MAX - 1;

	if (!path)
		argp_error(state, "--program: no program \"%s\"", file);
	if (equals) {
		char number[4];

		(void)snprintf(number, sizeof(number), "%.*s", (int)(equals - text), text);
		from = to = options_number(state, number, 0, SIMULATION_CARDS_MAX - 1);
		programs[from] = NULL;
	}
	for (; from <= to; from++)
		if (!programs[from])
			programs[from] = path;
	order->simulation.process = true;
}

/* What the options mean together. A real card is personalised only when that
 * was asked for: it may hold a key somebody needs. */
static void conclude(struct argp_state *state, struct order *order)
{
	if (order->line && (order->simulation.cards != 1 || order->state || order->simulation.process))
		argp_error(state,
			   "--board tty:DEVICE is one card, which keeps its memory itself: no --cards, "
			   "--state or --process");
	if (order->line && order->profile)
		order->simulation.fresh[0] = true;
	if (!order->profile)
		order->profile = order->line ? "blank" : "test";
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct order *order = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &order->options;
		return 0;
	case KEY_CARDS:
		parse_cards(state, order, argument);
		return 0;
	case KEY_PROFILE:
		if (strcmp(argument, "test") != 0 && strcmp(argument, "blank") != 0)
			argp_error(state, "--profile is \"test\" or \"blank\"");
		order->profile = argument;
		return 0;
	case KEY_STATE:
		order->state = argument;
		return 0;
	case KEY_BOARD:
		parse_board(state, order, argument);
		return 0;
	case KEY_PROCESS:
		order->simulation.process = true;
		return 0;
	case KEY_PROGRAM:
		parse_program(state, order, argument);
		return 0;
	case ARGP_KEY_ARGS:
		if (!order->wants_command)
			argp_error(state, "what is \"%s\"?", state->argv[state->next]);
		order->command = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		if (order->wants_command)
			argp_error(state, "run what? put the command after \"--\"");
		return 0;
	case ARGP_KEY_END:
		conclude(state, order);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_order(struct order *order, const char *path, const char *about, int argc, char **argv)
{
	static const struct argp_option options[] = {
		{"cards", KEY_CARDS, "N", 0, "How many readers, each with its card (1 to 16; default 1)", 0},
		{"profile", KEY_PROFILE, "test|blank", 0,
		 "What new cards hold: public test values (default), or nothing", 0},
		{"state", KEY_STATE, "FOLDER", 0,
		 "Keep the cards' memory in FOLDER from one run to the next (default: forget it)", 0},
		{"board", KEY_BOARD, "native|microbit|tty:DEVICE", 0,
		 "What the card runs on: this machine (default), a BBC micro:bit in QEMU, or a board on the "
		 "serial line DEVICE, whose card is left as it is without --profile",
		 0},
		{"process", KEY_PROCESS, NULL, 0, "Each card in a process of its own", 0},
		{"program", KEY_PROGRAM, "[N=]FILE", 0,
		 "Card N, or every card, is this program in place of simrite-vcard; as --process", 0},
		{0}};
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	const struct argp argp = {options, parse,    order->wants_command ? "-- COMMAND [ARGUMENT...]" : NULL,
				  about,   children, NULL,
				  NULL};

	order->simulation.cards = 1;
	options_parse(&argp, path, argc, argv, order, &order->options);
}

/* ---- starting ---- */

static int catch_signals(void)
{
	sigset_t mask;

	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGINT);
	(void)sigaddset(&mask, SIGTERM);
	(void)sigaddset(&mask, SIGHUP);
	(void)sigaddset(&mask, SIGQUIT);
	(void)sigaddset(&mask, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &mask, NULL);
	return signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The next signal that came, false when none did. SIGCHLD counts. */
static bool take_signal(int signals, struct signalfd_siginfo *got)
{
	return read(signals, got, sizeof(*got)) == (ssize_t)sizeof(*got);
}

/* Has somebody asked us to end? */
static bool asked_to_end(int signals)
{
	struct signalfd_siginfo got;

	while (take_signal(signals, &got)) {
		if (got.ssi_signo != SIGCHLD)
			return true;
	}
	return false;
}

static int wait_ready(const struct keeper *keeper, int signals, struct fault *fault)
{
	struct pollfd watched[2] = {{.fd = keeper->line, .events = POLLIN},
				    {.fd = signals, .events = POLLIN}};

	for (;;) {
		if (poll(watched, 2, -1) < 0)
			continue;
		if (watched[1].revents && asked_to_end(signals))
			return fault_set(fault, FAULT_STOPPED, NULL, "stopped before the readers were up");
		if (watched[0].revents)
			return keeper_ready(keeper, fault);
	}
}

/* Make, start, wait, fill. On failure nothing is left running. */
static int start(struct order *order, struct keeper *keeper, int signals, struct fault *fault)
{
	if (simulation_make(&order->simulation, order->line ? order->line : order->state, fault) < 0)
		return -1;
	if (keeper_start(keeper, &order->simulation, fault) < 0) {
		simulation_remove(&order->simulation);
		return -1;
	}
	simulation_enter(order->simulation.folder);
	if (wait_ready(keeper, signals, fault) < 0 ||
	    (strcmp(order->profile, "blank") != 0 &&
	     fill_cards(&order->simulation, order->profile, fault) < 0)) {
		keeper_end(keeper);
		return -1;
	}
	if (asked_to_end(signals)) {
		keeper_end(keeper);
		return fault_set(fault, FAULT_STOPPED, NULL, "stopped while the cards were filled");
	}
	return 0;
}

int cmd_up(int argc, char **argv)
{
	struct order order = {0};
	struct fault fault = {0};
	struct keeper keeper;
	int signals;

	parse_order(&order, "simrite sim up",
		    "Start simulated readers and leave them running. Prints what a shell must export: "
		    "eval \"$(simrite sim up)\".",
		    argc, argv);
	signals = catch_signals();
	if (start(&order, &keeper, signals, &fault) < 0)
		return say_fault(&fault);
	keeper_release(&keeper);
	say("export PCSCLITE_CSOCK_NAME=%s", getenv("PCSCLITE_CSOCK_NAME"));
	say_note("%u reader%s up; \"simrite sim down\" ends %s", order.simulation.cards,
		 order.simulation.cards == 1 ? " is" : "s are", order.simulation.cards == 1 ? "it" : "them");
	say_result(json_pack("{s:s,s:s,s:i}", "folder", order.simulation.folder, "socket",
			     getenv("PCSCLITE_CSOCK_NAME"), "cards", (int)order.simulation.cards));
	return FAULT_NONE;
}

/* ---- running something ---- */

static pid_t start_command(char **command)
{
	pid_t parent = getpid(), pid = fork();
	sigset_t none;
	int why;

	if (pid != 0)
		return pid;
	(void)signal(SIGPIPE, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
		_exit(FAULT_STOPPED);
	(void)execvp(command[0], command);
	why = errno;
	(void)fprintf(stderr, "simrite sim: cannot run \"%s\": %s\n", command[0], strerror(why));
	_exit(why == ENOENT ? 127 : 126); /* as shells do */
}

/* The command's exit status once it ended, -1 while it runs. */
static int ended(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, WNOHANG) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Hand a signal on to the command. Ctrl-C reached it from the terminal as it
 * reached us, and what it makes of that is its business; when it is asked to
 * end, it is given END_MS. Returns how long to be patient from now on. */
static int hand_on(pid_t pid, const struct signalfd_siginfo *got, int patience)
{
	if (got->ssi_signo == SIGCHLD || got->ssi_code == SI_KERNEL)
		return patience;
	(void)kill(pid, (int)got->ssi_signo);
	return END_MS;
}

static int wait_command(pid_t pid, int signals, const struct keeper *keeper)
{
	struct pollfd watched[2] = {{.fd = signals, .events = POLLIN},
				    {.fd = keeper->line, .events = POLLIN}};
	struct signalfd_siginfo got;
	int status, patience = -1;

	while ((status = ended(pid)) < 0) {
		int n = poll(watched, 2, patience);

		if (n == 0)
			(void)kill(pid, SIGKILL);
		if (n <= 0)
			continue;
		if (watched[1].revents) {
			say_note("simrite sim: the readers are gone: pcscd ended, or \"simrite sim down\"");
			watched[1].fd = -1;
		}
		while (take_signal(signals, &got))
			patience = hand_on(pid, &got, patience);
	}
	return status;
}

static int run_command(struct order *order)
{
	int signals = catch_signals(), status;
	struct fault fault = {0};
	struct keeper keeper;
	pid_t pid;

	if (start(order, &keeper, signals, &fault) < 0)
		return say_fault(&fault);
	pid = start_command(order->command);
	if (pid < 0) {
		fault_set(&fault, FAULT_SYSTEM, NULL, "cannot start \"%s\": %s", order->command[0],
			  strerror(errno));
		status = say_fault(&fault);
	} else {
		status = wait_command(pid, signals, &keeper);
	}
	keeper_end(&keeper);
	return status;
}

int cmd_run(int argc, char **argv)
{
	struct order order = {.wants_command = true};

	parse_order(&order, "simrite sim run",
		    "Run COMMAND with simulated readers that PC/SC programs find, end the readers, and "
		    "exit with COMMAND's status.",
		    argc, argv);
	return run_command(&order);
}

int cmd_shell(int argc, char **argv)
{
	const char *shell = getenv("SHELL");
	char path[SIMULATION_PATH], *command[] = {path, NULL};
	struct order order = {.command = command};

	parse_order(&order, "simrite sim shell", "An interactive shell ($SHELL) with simulated readers.",
		    argc, argv);
	(void)snprintf(path, sizeof(path), "%s", shell && *shell ? shell : "/bin/sh");
	say_note("readers are up until you leave this shell");
	return run_command(&order);
}

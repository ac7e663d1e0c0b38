/* One batch of cards, from the order to recorded traffic, inside simulated readers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "heist/heist.h"
#include "heist/mailbox.h"
#include "lib/say.h"
#include "lib/spawn.h"

/* Paths of one batch. */
struct places {
	char folder[HEIST_PATH], order[HEIST_PATH], output[HEIST_PATH];
	char truth[HEIST_PATH], mail[HEIST_PATH], record[HEIST_PATH];
	char database[HEIST_PATH], hsm[HEIST_PATH];
};

static void find_places(struct places *places, const struct heist *heist, const struct heist_batch *batch)
{
	const char *design = design_name(batch->design);
	char name[120], token[HEIST_PATH];

	(void)snprintf(name, sizeof(name), "sealed/bureau-%s", design);
	heist_path(places->folder, heist, name);
	(void)snprintf(name, sizeof(name), "sealed/order-%s.json", design);
	heist_path(places->order, heist, name);
	(void)snprintf(name, sizeof(name), "sealed/bureau-%s/%s.csv", design, batch->id);
	heist_path(places->output, heist, name);
	(void)snprintf(name, sizeof(name), "sealed/truth-%s", design);
	heist_path(places->truth, heist, name);
	heist_path(places->mail, heist, "mail");
	heist_path(places->record, heist, "radio.pcapng");
	heist_path(places->database, heist, "sealed/auc.db");
	heist_path(token, heist, "sealed/ceremony/hsm");
	(void)snprintf(places->hsm, sizeof(places->hsm), "softhsm:%.400s", token);
}

/* The log's name: "order-derived". */
static int run(const struct heist *heist, const struct heist_batch *batch, const char *what,
	       const char *const *argv, struct fault *fault)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%s-%s", what, design_name(batch->design));
	return heist_run(heist, name, NULL, argv, fault);
}

static int make_cards(const struct heist *heist, const struct heist_batch *batch, const struct places *places,
		      struct fault *fault)
{
	char program[HEIST_PATH], count[16];
	bool derived = batch->design == DESIGN_DERIVED;

	heist_program(program, heist, "simrite-batch");
	(void)snprintf(count, sizeof(count), "%u", heist->cards);
	{
		const char *const order[] = {program,
					     "order",
					     "--batch",
					     batch->id,
					     "--design",
					     design_name(batch->design),
					     "--count",
					     count,
					     "--first-imsi",
					     batch->first_imsi,
					     "--first-iccid",
					     batch->first_iccid,
					     "--spn",
					     "simrite test",
					     "--out",
					     places->order,
					     NULL};
		const char *const personalise[] = {
			program,     "personalise", "--out",       places->folder,
			"--readers", "simrite",     places->order, derived ? "--hsm" : NULL,
			places->hsm, NULL};

		if (run(heist, batch, "order", order, fault) < 0)
			return -1;
		return run(heist, batch, "personalise", personalise, fault);
	}
}

static int send_mails(const struct heist_batch *batch, const struct places *places, struct fault *fault)
{
	const char *design = design_name(batch->design);
	char subject[80], name[64];

	(void)snprintf(subject, sizeof(subject), "Order %s", batch->id);
	(void)snprintf(name, sizeof(name), "order-%s.json", design);
	if (mailbox_send(places->mail, (enum mailbox_place)batch->order_mail, subject,
			 "As agreed. Numbers begin where the last batch ended.", places->order, name,
			 fault) < 0)
		return -1;
	(void)snprintf(subject, sizeof(subject), "OUTPUT FILE %s", batch->id);
	(void)snprintf(name, sizeof(name), "%s.csv", batch->id);
	return mailbox_send(places->mail, (enum mailbox_place)batch->file_mail, subject,
			    "Cards are packed. Please load the attached output file.", places->output, name,
			    fault);
}

static int import(const struct heist *heist, const struct heist_batch *batch, const struct places *places,
		  struct fault *fault)
{
	char program[HEIST_PATH];

	heist_program(program, heist, "simrite-auc");
	{
		const char *const init[] = {program, "init", "--database", places->database, NULL};
		const char *const add[] = {program, "import",    "--database",   places->database,
					   "--hsm", places->hsm, places->output, NULL};

		if (access(places->database, F_OK) < 0 && run(heist, batch, "auc-init", init, fault) < 0)
			return -1;
		return run(heist, batch, "auc-import", add, fault);
	}
}

/* The authentication centre answers as soon as its socket is there. */
static int wait_for(const char *socket_path, pid_t child, struct fault *fault)
{
	const struct timespec pause = {.tv_nsec = 10000000L};
	int i, status;

	for (i = 0; i < 1000 && !stop_asked(); i++) {
		if (access(socket_path, F_OK) == 0)
			return 0;
		if (spawn_wait(child, 0, &status) == 1)
			return fault_set(fault, FAULT_SYSTEM, "its log is in log/auc-serve.err",
					 "the authentication centre ended: exit status %d", status);
		(void)nanosleep(&pause, NULL);
	}
	if (stop_asked())
		return fault_set(fault, FAULT_STOPPED, NULL, "stopped before the phones attached");
	return fault_set(fault, FAULT_SYSTEM, NULL, "the authentication centre does not start");
}

static int attach(const struct heist *heist, const struct heist_batch *batch, const struct places *places,
		  const char *socket_path, struct fault *fault)
{
	char program[HEIST_PATH], sessions[16];

	heist_program(program, heist, "simrite-radio");
	(void)snprintf(sessions, sizeof(sessions), "%u", heist->sessions);
	{
		const char *const argv[] = {program,           "attach",    "--readers",   "simrite",
					    "--auc",           socket_path, "--out",       places->record,
					    "--append",        "--truth",   places->truth, "--sessions",
					    sessions,          "--seed",    heist->seed,   "--first-link",
					    batch->first_link, NULL};

		return run(heist, batch, "attach", argv, fault);
	}
}

/* The folder of the simulation we are in: private, short enough for the path
 * of a socket, and removed by its keeper however we end. */
static int simulation_folder(char folder[static 80], struct fault *fault)
{
	static const char tail[] = "/run/pcscd.comm";
	const char *socket_path = getenv("PCSCLITE_CSOCK_NAME");
	size_t n = socket_path ? strlen(socket_path) : 0;

	if (n <= sizeof(tail) || n - sizeof(tail) >= 79 ||
	    strcmp(socket_path + n - (sizeof(tail) - 1), tail) != 0)
		return fault_set(fault, FAULT_USAGE, "simrite sim run --cards 8 -- simrite heist batch ...",
				 "a batch runs inside simulated readers only");
	(void)snprintf(folder, 80, "%.*s", (int)(n - (sizeof(tail) - 1)), socket_path);
	return 0;
}

/* With the authentication centre running, every phone attaches. A Ctrl-C does
 * not reach the centre, so that the session in hand can be finished. */
static int record(const struct heist *heist, const struct heist_batch *batch, const struct places *places,
		  struct fault *fault)
{
	char program[HEIST_PATH], folder[80], socket_path[96], out[HEIST_PATH], err[HEIST_PATH];
	struct spawn_order order = {.in = "/dev/null", .out = out, .err = err, .own_group = true};
	pid_t child;
	int e;

	if (simulation_folder(folder, fault) < 0)
		return -1;
	(void)snprintf(socket_path, sizeof(socket_path), "%s/auc", folder);
	(void)setenv("TMPDIR", folder, 1); /* where the radio puts its end */
	heist_program(program, heist, "simrite-auc");
	heist_path(out, heist, "log/auc-serve.out");
	heist_path(err, heist, "log/auc-serve.err");
	{
		const char *const argv[] = {program,     "serve",      "--until-parent-dies", "--socket",
					    socket_path, "--database", places->database,      "--hsm",
					    places->hsm, NULL};

		order.argv = argv;
		e = spawn_start(&child, &order, fault);
	}
	if (e < 0)
		return -1;
	if ((e = wait_for(socket_path, child, fault)) == 0)
		e = attach(heist, batch, places, socket_path, fault);
	(void)spawn_end(child, 2000);
	return e;
}

int batch_stage(struct heist *heist, const struct heist_batch *batch, struct fault *fault)
{
	bool derived = batch->design == DESIGN_DERIVED;
	struct places places;

	find_places(&places, heist, batch);
	say("   The bureau makes %u cards over PC/SC: %s.", heist->cards,
	    derived ? "the token computes each card's keys from the batch key"
		    : "fresh random keys for each");
	if (make_cards(heist, batch, &places, fault) < 0)
		return -1;
	say("   Its output file goes to the operator by mail: %s.",
	    derived ? "numbers and check values, no key" : "every key in it, as in 2010");
	if (send_mails(batch, &places, fault) < 0)
		return -1;
	say("   The operator's authentication centre imports it.");
	if (import(heist, batch, &places, fault) < 0)
		return -1;
	say("   %u phones attach, %u times each, and talk; an antenna records it.", heist->cards,
	    heist->sessions);
	return record(heist, batch, &places, fault);
}

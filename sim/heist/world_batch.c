/* One batch of cards, from the order to recorded traffic, inside simulated readers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "heist/centre.h"
#include "heist/live.h"
#include "heist/mailbox.h"
#include "heist/old_ways.h"
#include "heist/travel.h"
#include "heist/world_steps.h"
#include "lib/say.h"

/* Numbers of radio links begin here; each phase of each batch has so many. */
enum {
	FIRST_LINK = 256,
	LINKS = 4096,
	ATTACH_WORDS = 28
};

/* The log's name: "order-derived". */
static int run(const struct world *world, const struct batch *batch, const char *what,
	       const char *const *argv, struct fault *fault)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%.20s-%.39s", what, batch->name);
	return heist_run(&world->at, name, NULL, argv, fault);
}

void world_receipts(char path[static HEIST_PATH], const struct world *world, const struct batch *batch)
{
	char name[120];

	(void)snprintf(name, sizeof(name), "sealed/bureau-%.39s/%.40s.receipts.jsonl", batch->name,
		       batch->id);
	heist_path(path, &world->at, name);
}

/* ---- the bureau ---- */

static int order(const struct world *world, const struct batch *batch, struct fault *fault)
{
	char program[HEIST_PATH], count[16], out[HEIST_PATH];

	heist_program(program, &world->at, "simrite-batch");
	(void)snprintf(count, sizeof(count), "%u", world->order.cards);
	world_file(out, world, batch, "sealed/order-%s.json");
	{
		const char *const argv[] = {program,
					    "order",
					    "--batch",
					    batch->id,
					    "--design",
					    design_name((enum design)batch->design->form),
					    "--count",
					    count,
					    "--first-imsi",
					    batch->first_imsi,
					    "--first-iccid",
					    batch->first_iccid,
					    "--spn",
					    "simrite test",
					    "--out",
					    out,
					    NULL};

		return run(world, batch, "order", argv, fault);
	}
}

/* The factory's step, for cards that will answer for themselves. */
static int birth(const struct world *world, const struct batch *batch, struct fault *fault)
{
	char program[HEIST_PATH], key[HEIST_PATH], factory[HEIST_PATH + 8];

	heist_program(program, &world->at, "simrite-batch");
	heist_path(key, &world->at, "sealed/factory.pem");
	(void)snprintf(factory, sizeof(factory), "file:%s", key);
	{
		const char *const argv[] = {program,     "birth", "--readers", "simrite",
					    "--factory", factory, NULL};

		return run(world, batch, "birth", argv, fault);
	}
}

static int personalise(const struct world *world, const struct batch *batch, struct fault *fault)
{
	char program[HEIST_PATH], folder[HEIST_PATH], file[HEIST_PATH], more[HEIST_PATH], name[120];
	const char *option = NULL;

	if (batch->design->personalise)
		return batch->design->personalise(world, batch, fault);
	heist_program(program, &world->at, "simrite-batch");
	world_file(folder, world, batch, "sealed/bureau-%s");
	world_file(file, world, batch, "sealed/order-%s.json");
	if (batch->design->form == FORM_DERIVED) {
		option = "--hsm";
		world_token(more, world);
	} else if (batch->design->keys == KEYS_AGREED) {
		option = "--tickets";
		(void)snprintf(name, sizeof(name), "sealed/ceremony/batches/%.40s/tickets.jsonl", batch->id);
		heist_path(more, &world->at, name);
	}
	{
		const char *const argv[] = {program,   "personalise", "--out", folder, "--readers",
					    "simrite", file,          option,  more,   NULL};

		return run(world, batch, "personalise", argv, fault);
	}
}

/* ---- the mail ---- */

static int send_mails(const struct world *world, const struct batch *batch, struct fault *fault)
{
	char mail[HEIST_PATH], file[HEIST_PATH], subject[80], name[64];

	heist_path(mail, &world->at, "mail");
	(void)snprintf(subject, sizeof(subject), "Order %s", batch->id);
	(void)snprintf(name, sizeof(name), "order-%s.json", batch->name);
	world_file(file, world, batch, "sealed/order-%s.json");
	if (mailbox_send(mail, mailbox_order(batch->number), subject,
			 "As agreed. Numbers begin where the last batch ended.", file, name, fault) < 0)
		return -1;
	(void)snprintf(subject, sizeof(subject), "OUTPUT FILE %s", batch->id);
	(void)snprintf(name, sizeof(name), "%s.csv", batch->id);
	if ((batch->design->pack ? batch->design->pack : travel_pack)(file, world, batch, fault) < 0)
		return -1;
	if (mailbox_send(mail, mailbox_file(batch->number), subject,
			 "Cards are packed. Please load the attached output file.", file, name, fault) < 0)
		return -1;
	return old_support(world, batch, fault);
}

/* ---- the operator ---- */

static int import_agreed(const struct world *world, const struct batch *batch, const char *program,
			 const char *database, const char *file, struct fault *fault)
{
	char receipts[HEIST_PATH], token[HEIST_PATH], factory[WORLD_FACTORY];
	json_t *lines = heist_lines(&world->at, "sealed/ceremony/transcript.jsonl", fault);
	const char *authority =
		json_string_value(json_object_get(json_object_get(json_array_get(lines, 0), "data"), "key"));
	int e = -1;

	world_receipts(receipts, world, batch);
	world_token(token, world);
	if (!authority) {
		fault_set(fault, FAULT_INPUT, NULL, "the ceremony's transcript names no key");
	} else if (world_factory(factory, world, fault) == 0) {
		const char *const argv[] = {program,       "import",  "--database", database,
					    "--batch",     batch->id, "--receipts", receipts,
					    "--authority", authority, "--factory",  factory,
					    "--hsm",       token,     file,         NULL};

		e = run(world, batch, "auc-import", argv, fault);
	}
	json_decref(lines);
	return e;
}

static int import(const struct world *world, const struct batch *batch, struct fault *fault)
{
	char program[HEIST_PATH], database[HEIST_PATH], file[HEIST_PATH], token[HEIST_PATH];

	heist_program(program, &world->at, "simrite-auc");
	heist_path(database, &world->at, "sealed/auc.db");
	world_token(token, world);
	if ((batch->design->unpack ? batch->design->unpack : travel_unpack)(file, world, batch, fault) < 0)
		return -1;
	{
		const char *const init[] = {program, "init", "--database", database, NULL};
		const char *const plain[] = {program, "import", "--database", database, file, NULL};
		const char *const derived[] = {program, "import", "--database", database,
					       "--hsm", token,    file,         NULL};

		if (access(database, F_OK) < 0 && run(world, batch, "auc-init", init, fault) < 0)
			return -1;
		if (old_is_sealed(batch))
			return old_import(world, batch, database, fault);
		if (batch->design->keys == KEYS_AGREED)
			return import_agreed(world, batch, program, database, file, fault);
		return run(world, batch, "auc-import", batch->design->form == FORM_DERIVED ? derived : plain,
			   fault);
	}
}

int world_make(struct world *world, const struct batch *batch, bool talk, struct fault *fault)
{
	bool agreed = batch->design->keys == KEYS_AGREED;

	if (talk)
		say("   The bureau makes %u cards over PC/SC: %s.", world->order.cards,
		    batch->design->making);
	if (order(world, batch, fault) < 0 || (agreed && birth(world, batch, fault) < 0) ||
	    personalise(world, batch, fault) < 0 || (agreed && world_loaded(world, batch, fault) < 0))
		return -1;
	if (talk)
		say("   Its output file goes to the operator by mail: %s.", batch->design->travels);
	if (send_mails(world, batch, fault) < 0)
		return -1;
	if (talk)
		say("   The operator's authentication centre imports it.");
	if (import(world, batch, fault) < 0 || (agreed && world_retire(world, batch, fault) < 0))
		return -1;
	if (talk)
		say("   %u phones attach, %u times each, and talk; an antenna records it.",
		    world->order.cards, world->order.before);
	return 0;
}

/* ---- the radio ---- */

static int attach(const struct world *world, const struct batch *batch, enum phase phase, const char *centre,
		  const char *station, struct fault *fault)
{
	char program[HEIST_PATH], record[HEIST_PATH], truth[HEIST_PATH], sessions[16], link[16], name[64];
	const char *argv[ATTACH_WORDS] = {program,           "attach",       "--readers", "simrite",
					  "--auc",           centre,         "--out",     record,
					  "--append",        "--truth",      truth,       "--phase",
					  phase_name(phase), "--sessions",   sessions,    "--seed",
					  world->order.seed, "--first-link", link};
	size_t n = 0;

	heist_program(program, &world->at, "simrite-radio");
	heist_path(record, &world->at, "radio.pcapng");
	(void)snprintf(name, sizeof(name), "sealed/truth-%s", batch->design->name);
	heist_path(truth, &world->at, name);
	(void)snprintf(sessions, sizeof(sessions), "%u",
		       phase == BEFORE ? world->order.before : world->order.after);
	(void)snprintf(link, sizeof(link), "%u", FIRST_LINK + LINKS * (batch->number * 2 + (unsigned)phase));
	while (argv[n])
		n++;
	if (strcmp(world->order.access, "lte") != 0) {
		argv[n++] = "--access";
		argv[n++] = world->order.access;
	}
	if (world->order.require_fs) {
		argv[n++] = "--fs-policy";
		argv[n++] = "require";
	}
	if (station) {
		argv[n++] = "--false-station";
		argv[n++] = station;
	}
	(void)snprintf(name, sizeof(name), phase == BEFORE ? "attach" : "attach-after");
	return run(world, batch, name, argv, fault);
}

/* The same with somebody between. */
static int attach_through(const struct world *world, const struct batch *batch, const char *centre,
			  struct fault *fault)
{
	struct live live;
	int e;

	if (live_start(&live, world, centre, fault) < 0)
		return -1;
	e = attach(world, batch, AFTER, centre, live.socket, fault);
	return live_end(&live, e < 0 ? NULL : fault) < 0 ? -1 : e;
}

int world_attach(struct world *world, const struct batch *batch, enum phase phase, struct fault *fault)
{
	struct centre centre;
	char name[64];
	int e;

	(void)snprintf(name, sizeof(name), "%.39s%s", batch->name, phase == BEFORE ? "" : "-after");
	if (phase == AFTER && batch->design->update && batch->design->update(world, batch, fault) < 0)
		return -1;
	if ((phase == BEFORE ? world->order.before : world->order.after) == 0)
		return 0;
	if (centre_start(&centre, &world->at, "sealed/auc.db", name, fault) < 0)
		return -1;
	e = phase == AFTER && world->order.station[0]
		    ? attach_through(world, batch, centre.socket, fault)
		    : attach(world, batch, phase, centre.socket, NULL, fault);
	centre_stop(&centre);
	return e;
}

/* ---- from outside ---- */

/* The cards' program, where it is not the honest one. */
static int card_program(char path[static HEIST_PATH], const struct world *world, const struct batch *batch,
			struct fault *fault)
{
	char name[80];

	if (!batch->design->card)
		return 0;
	(void)snprintf(name, sizeof(name), "../backdoors/simrite-vcard-%.40s", batch->design->card);
	heist_program(path, &world->at, name);
	if (access(path, X_OK) == 0)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, "\"make backdoors\" builds them", "no card program %s", path);
}

int world_batch_run(struct world *world, const struct batch *batch, enum phase phase, bool talk,
		    struct fault *fault)
{
	char sim[HEIST_PATH], self[HEIST_PATH], answers[HEIST_PATH], state[HEIST_PATH], cards[16], name[64];
	char program[HEIST_PATH];

	if (card_program(program, world, batch, fault) < 0)
		return -1;
	heist_program(sim, &world->at, "simrite-sim");
	heist_program(self, &world->at, "simrite-heist");
	heist_path(answers, &world->at, "sealed/answers.log");
	world_file(state, world, batch, "sealed/cards-%s");
	(void)snprintf(cards, sizeof(cards), "%u", world->order.cards);
	(void)snprintf(name, sizeof(name), phase == BEFORE ? "batch-%.39s" : "after-%.39s", batch->name);
	(void)setenv("SIMRITE_ANSWERS", answers, 1); /* a path; pcscd's driver writes there */
	{
		const char *const argv[] = {sim,
					    "run",
					    "--cards",
					    cards,
					    "--profile",
					    "blank",
					    batch->design->card ? "--program" : "--profile",
					    batch->design->card ? program : "blank",
					    "--state",
					    state,
					    "--",
					    self,
					    "batch",
					    "--out",
					    world->at.out,
					    "--phase",
					    phase_name(phase),
					    batch->name,
					    say_json() ? "--json"
					    : talk     ? "--story"
						       : NULL,
					    NULL};

		return heist_show(&world->at, name, argv, fault);
	}
}

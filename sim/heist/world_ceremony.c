/* The key ceremony of a world, and what goes on in it while agreed batches are made. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bureau/corpus.h"
#include "heist/mailbox.h"
#include "heist/quorum.h"
#include "heist/world_steps.h"
#include "lib/base64.h"
#include "lib/key_file.h"
#include "lib/secret.h"

/* Tickets are good until then; a world is made in a minute. */
static const char expires[] = "2099-12-31T12:00:00Z";

static bool agrees(const struct world *world)
{
	unsigned i;

	for (i = 0; i < world->order.batches; i++)
		if (world->batches[i].design->keys == KEYS_AGREED)
			return true;
	return false;
}

int world_factory(char key[static WORLD_FACTORY], const struct world *world, struct fault *fault)
{
	/* SubjectPublicKeyInfo of P-256 before its point (RFC 5480 2.1.1) */
	uint8_t spki[26 + 65] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48,
				 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48,
				 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
	uint8_t private_key[32];
	char path[HEIST_PATH];
	int e;

	heist_path(path, &world->at, "sealed/factory.pem");
	e = key_file_read(private_key, spki + 26, path, fault);
	secret_wipe(private_key, sizeof(private_key));
	if (e == 0)
		base64_write(key, spki, sizeof(spki));
	return e;
}

static int make_factory(const struct world *world, struct fault *fault)
{
	char path[HEIST_PATH];

	heist_path(path, &world->at, "sealed/factory.pem");
	{
		const char *const argv[] = {"openssl", "ecparam", "-name", "prime256v1", "-genkey",
					    "-noout",  "-out",    path,    NULL};

		return heist_run(&world->at, "factory", NULL, argv, fault);
	}
}

/* A batch of the plan; NULL where an earlier one has its key already. */
static json_t *plan_batch(const struct world *world, unsigned number)
{
	const struct batch *batch = &world->batches[number];
	unsigned i, batches = 1;
	json_t *entry;

	for (i = 0; i < world->order.batches; i++) {
		if (i == number || strcmp(world->batches[i].id, batch->id) != 0)
			continue;
		if (i < number)
			return NULL;
		batches++;
	}
	entry = json_pack("{s:s,s:i,s:s}", "id", batch->id, "count", (int)(world->order.cards * batches),
			  "first_iccid", batch->first_iccid);
	if (batch->design->keys == KEYS_AGREED) {
		json_object_set_new(entry, "method", json_string("agreed"));
		json_object_set_new(entry, "expires", json_string(expires));
	}
	return entry;
}

static json_t *plan_batches(const struct world *world)
{
	json_t *list = json_array(), *entry;
	unsigned i;

	for (i = 0; i < world->order.batches; i++)
		if (world->batches[i].design->ceremony && (entry = plan_batch(world, i)))
			json_array_append_new(list, entry);
	return list;
}

static int write_plan(const struct world *world, const char *path, struct fault *fault)
{
	char factory[WORLD_FACTORY];
	json_t *plan;
	int e;

	plan = json_pack("{s:i,s:s,s:s,s:s,s:s,s:i,s:o,s:o}", "schema", 1, "id", "rehearsal-demonstration",
			 "mode", "rehearsal", "title", "Master key of a demonstration, on a software token",
			 "operator", "Operator of test network 001/01", "threshold", QUORUM_THRESHOLD,
			 "custodians", quorum_custodians(), "batches", plan_batches(world));
	if (plan && agrees(world)) {
		if (world_factory(factory, world, fault) < 0) {
			json_decref(plan);
			return -1;
		}
		json_object_set_new(plan, "factories",
				    json_pack("[{s:s,s:s}]", "name", "Foundry", "key", factory));
	}
	e = plan ? json_dump_file(plan, path, JSON_INDENT(2)) : -1;
	json_decref(plan);
	return e < 0 ? fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path) : 0;
}

/* The same command goes on where the ceremony stands. */
static int go_on(const struct world *world, struct fault *fault)
{
	char program[HEIST_PATH], plan[HEIST_PATH], folder[HEIST_PATH];

	heist_program(program, &world->at, "simrite-ceremony");
	heist_path(plan, &world->at, "plan.json");
	heist_path(folder, &world->at, "sealed/ceremony");
	{
		const char *const run[] = {program, "run", "--out", folder, plan, NULL};

		return heist_run(&world->at, "ceremony", NULL, run, fault);
	}
}

/* It is closed: everybody gets its transcript, and checks it. */
static int publish(const struct world *world, struct fault *fault)
{
	char program[HEIST_PATH], plan[HEIST_PATH], made[HEIST_PATH], transcript[HEIST_PATH];

	heist_program(program, &world->at, "simrite-ceremony");
	heist_path(plan, &world->at, "plan.json");
	heist_path(made, &world->at, "sealed/ceremony/transcript.jsonl");
	heist_path(transcript, &world->at, "transcript.jsonl");
	if (link(made, transcript) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "the ceremony left no transcript");
	{
		const char *const verify[] = {program, "verify", "--plan", plan, transcript, NULL};

		return heist_run(&world->at, "verify", NULL, verify, fault);
	}
}

int world_ceremony(struct world *world, struct fault *fault)
{
	char path[HEIST_PATH];

	heist_path(path, &world->at, "mail");
	if (mailbox_fill(path, world->order.seed, fault) < 0)
		return -1;
	if (world->order.mails > MAILBOX_LAST &&
	    corpus_noise_mails(world->at.out, 1000, world->order.mails - MAILBOX_LAST, world->order.seed,
			       fault) < 0)
		return -1;
	if (!world_has_ceremony(world))
		return 0;
	heist_path(path, &world->at, "plan.json");
	if ((agrees(world) && make_factory(world, fault) < 0) || write_plan(world, path, fault) < 0 ||
	    go_on(world, fault) < 0)
		return -1;
	return agrees(world) ? 0 : publish(world, fault);
}

/* One step of the ceremony that has to do with a batch: loaded or retire. */
static int about_batch(const struct world *world, const struct batch *batch, const char *step,
		       const char *receipts, struct fault *fault)
{
	char program[HEIST_PATH], folder[HEIST_PATH], name[64];

	heist_program(program, &world->at, "simrite-ceremony");
	heist_path(folder, &world->at, "sealed/ceremony");
	(void)snprintf(name, sizeof(name), "%s-%.39s", step, batch->name);
	{
		const char *const argv[] = {program,
					    step,
					    "--batch",
					    batch->id,
					    receipts ? "--receipts" : folder,
					    receipts ? receipts : NULL,
					    folder,
					    NULL};

		return heist_run(&world->at, name, NULL, argv, fault);
	}
}

int world_loaded(const struct world *world, const struct batch *batch, struct fault *fault)
{
	char receipts[HEIST_PATH];

	world_receipts(receipts, world, batch);
	return about_batch(world, batch, "loaded", receipts, fault) < 0 ? -1 : go_on(world, fault);
}

int world_retire(const struct world *world, const struct batch *batch, struct fault *fault)
{
	unsigned i;

	for (i = batch->number + 1; i < world->order.batches; i++)
		if (world->batches[i].design->keys == KEYS_AGREED)
			return 0; /* the ceremony waits for its cards first */
	for (i = 0; i < world->order.batches; i++)
		if (world->batches[i].design->keys == KEYS_AGREED &&
		    (about_batch(world, &world->batches[i], "retire", NULL, fault) < 0 ||
		     go_on(world, fault) < 0))
			return -1;
	return publish(world, fault);
}

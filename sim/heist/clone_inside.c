/* Cloned cards meet the network: the inner side of clone.h. */
#include <stdio.h>
#include <string.h>

#include "heist/centre.h"
#include "heist/clone.h"

enum {
	INDICES = 32 /* of a USIM's sequence numbers: five bits (simrite-auc(8)) */
};

/* What is in the readers: originals first, then clones. */
struct stage {
	const struct world *world;
	const char *thief;
	enum clone_kind kind;
	unsigned originals, clones;
	struct centre centre;
	json_t *cloned; /* IMSIs, a set */
	unsigned attached, again, originals_attached, links;
};

static void below(char path[static HEIST_PATH], const struct stage *stage, const char *what)
{
	char name[120];

	(void)snprintf(name, sizeof(name), "thieves/%.40s/clones/%.40s", stage->thief, what);
	heist_path(path, &stage->world->at, name);
}

static void reader_of(char reader[static 32], unsigned slot)
{
	(void)snprintf(reader, 32, "simrite %02X", slot);
}

/* 1: it did, 0: the card or the network said no, -1: something else went wrong. */
static int outcome(int e, const struct fault *fault)
{
	if (e == 0)
		return 1;
	return fault->code == FAULT_NO || fault->code == FAULT_CARD ? 0 : -1;
}

/* The thief's own authentication centre, whose sequence numbers are far ahead. */
static int try_out(const struct stage *stage, const char *tool, const char *reader, const char *profile,
		   struct fault *fault)
{
	const unsigned times = stage->kind == CLONE_USED ? INDICES : stage->kind == CLONE_TRIED ? 1 : 0;
	unsigned i;
	int e = 0;

	for (i = 0; i < times && e == 0; i++) {
		char sqn[16];
		const char *const argv[] = {tool,    "auth",  "--reader", reader, "--profile",
					    profile, "--sqn", sqn,        NULL};

		(void)snprintf(sqn, sizeof(sqn), "%012X", 0x100000U + i);
		e = heist_run(&stage->world->at, "clone-try", NULL, argv, fault);
	}
	return e;
}

static int program(const struct stage *stage, unsigned number, struct fault *fault)
{
	char tool[HEIST_PATH], profile[HEIST_PATH], reader[32], file[40];
	int e;

	heist_program(tool, &stage->world->at, "simrite-card");
	reader_of(reader, stage->originals + number);
	(void)snprintf(file, sizeof(file), "profile-%u.json", number);
	below(profile, stage, file);
	{
		const char *const argv[] = {tool, "program", "--reader", reader, profile, NULL};

		e = heist_run(&stage->world->at, "clone-program", NULL, argv, fault);
		if (e == 0)
			e = try_out(stage, tool, reader, profile, fault);
	}
	return outcome(e, fault);
}

/* Attach the card in one reader; the truth then has a line about it. */
static int attach(struct stage *stage, unsigned slot, struct fault *fault)
{
	const bool lte = !strcmp(stage->world->order.access, "lte");
	char tool[HEIST_PATH], record[HEIST_PATH], truth[HEIST_PATH], reader[32], link[16];
	int e;

	heist_program(tool, &stage->world->at, "simrite-radio");
	below(record, stage, "radio.pcapng");
	below(truth, stage, "truth");
	reader_of(reader, slot);
	(void)snprintf(link, sizeof(link), "%u", 256 + stage->links++);
	{
		const char *const argv[] = {tool,
					    "attach",
					    "--readers",
					    reader,
					    "--auc",
					    stage->centre.socket,
					    "--out",
					    record,
					    "--append",
					    "--truth",
					    truth,
					    "--phase",
					    "after",
					    "--sessions",
					    "1",
					    "--first-link",
					    link,
					    lte ? NULL : "--access",
					    stage->world->order.access,
					    NULL};

		e = heist_run(&stage->world->at, "clone-attach", NULL, argv, fault);
	}
	return outcome(e, fault);
}

/* Who attached last. */
static json_t *last_imsi(const struct stage *stage)
{
	char name[120];
	json_t *lines, *imsi;

	(void)snprintf(name, sizeof(name), "thieves/%.40s/clones/truth/sessions.jsonl", stage->thief);
	lines = heist_lines(&stage->world->at, name, NULL);
	imsi = json_incref(json_object_get(json_array_get(lines, json_array_size(lines) - 1), "imsi"));
	json_decref(lines);
	return imsi;
}

static int attach_clones(struct stage *stage, struct fault *fault)
{
	unsigned i;
	int done;

	for (i = 0; i < stage->clones; i++) {
		if ((done = program(stage, i, fault)) > 0)
			done = attach(stage, stage->originals + i, fault);
		if (done < 0)
			return -1;
		if (done) {
			json_t *imsi = last_imsi(stage);

			json_object_set_new(stage->cloned, json_string_value(imsi), json_true());
			json_decref(imsi);
			stage->attached++;
		}
	}
	return 0;
}

/* Those whose number a clone has used, and the clones once more. */
static int attach_again(struct stage *stage, struct fault *fault)
{
	unsigned i;
	int done;

	for (i = 0; i < stage->originals + stage->clones; i++) {
		if ((done = attach(stage, i, fault)) < 0)
			return -1;
		if (!done)
			continue;
		if (i >= stage->originals) {
			stage->again++;
		} else {
			json_t *imsi = last_imsi(stage);

			stage->originals_attached +=
				json_object_get(stage->cloned, json_string_value(imsi)) != NULL;
			json_decref(imsi);
		}
	}
	return 0;
}

static int read_order(struct stage *stage, struct fault *fault)
{
	char path[HEIST_PATH];
	json_t *order;
	const char *kind;
	int e = 0;

	below(path, stage, "order.json");
	order = json_load_file(path, 0, NULL);
	kind = json_string_value(json_object_get(order, "kind"));
	if (!kind || clone_kind_named(&stage->kind, kind) < 0)
		e = fault_set(fault, FAULT_INPUT, NULL, "cannot read %s", path);
	stage->originals = (unsigned)json_integer_value(json_object_get(order, "originals"));
	stage->clones = (unsigned)json_integer_value(json_object_get(order, "clones"));
	json_decref(order);
	return e;
}

static int write_result(const struct stage *stage, struct fault *fault)
{
	json_t *result = json_pack("{s:i,s:i,s:i,s:i}", "clones_tried", (int)stage->clones, "cloned",
				   (int)stage->attached, "cloned_again", (int)stage->again, "originals",
				   (int)stage->originals_attached);
	char path[HEIST_PATH];
	int e;

	below(path, stage, "result.json");
	e = result ? json_dump_file(result, path, 0) : -1;
	json_decref(result);
	return e < 0 ? fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path) : 0;
}

int clone_inside(const struct world *world, const char *thief, struct fault *fault)
{
	struct stage stage = {.world = world, .thief = thief};
	char database[120], name[64];
	int e;

	(void)snprintf(database, sizeof(database), "thieves/%.40s/clones/auc.db", thief);
	(void)snprintf(name, sizeof(name), "clones-%.40s", thief);
	if (read_order(&stage, fault) < 0 ||
	    centre_start(&stage.centre, &world->at, database, name, fault) < 0)
		return -1;
	stage.cloned = json_object();
	e = attach_clones(&stage, fault) < 0 || attach_again(&stage, fault) < 0 ? -1 : 0;
	centre_stop(&stage.centre);
	json_decref(stage.cloned);
	return e < 0 ? -1 : write_result(&stage, fault);
}

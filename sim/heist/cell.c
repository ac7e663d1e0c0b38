#include "heist/cell.h"

#include <stdio.h>
#include <string.h>

#include "heist/centre.h"
#include "heist/files.h"
#include "lib/say.h"

const struct measure cell_measures[] = {
	{"sessions", NULL, "sessions recorded"},
	{"decrypted", "sessions", "sessions decrypted"},
	{"sessions_before", NULL, "sessions recorded before the theft"},
	{"decrypted_before", "sessions_before", "sessions before the theft decrypted"},
	{"sessions_after", NULL, "sessions recorded after the theft"},
	{"decrypted_after", "sessions_after", "sessions after the theft decrypted"},
	{"keys", NULL, "subscribers"},
	{"recovered", "keys", "keys recovered"},
	{"claimed", NULL, "keys the thief says it has"},
	{"false_keys", "claimed", "keys claimed that are none"},
	{"false_packets", NULL, "packets claimed that nobody sent"},
	{"attaches_failed", NULL, "attaches by EAP that came to nothing"},
	{"resynchronised", NULL, "times a card told the operator that its numbers are out of step"},
	{"logs_disagree", NULL, "sessions of which phone and network logged other public keys"},
	{"clones_tried", NULL, "blank cards programmed with what the thief claims"},
	{"cloned", "clones_tried", "clones that attached through the operator's centre"},
	{"cloned_again", "clones_tried", "clones that attached again after the originals"},
	{"originals", "cloned", "originals that attached after their clone"},
	{"clone_resynchronised", NULL, "AUTS the operator saw while clones and originals attached"},
	{0},
};

const struct measure *cell_measure(const char *name)
{
	const struct measure *measure;

	for (measure = cell_measures; measure->name; measure++)
		if (!strcmp(measure->name, name))
			return measure;
	return NULL;
}

void cell_folder(char name[static 120], const struct thief *thief, const char *what)
{
	(void)snprintf(name, 120, "thieves/%.40s%s%.40s", thief->name, *what ? "/" : "", what);
}

int cell_capture(const struct world *world, const struct thief *thief, char refused[static 200],
		 struct fault *fault)
{
	char folder[120], captured[120];
	const enum place_id *place;

	refused[0] = 0;
	cell_folder(folder, thief, "");
	cell_folder(captured, thief, "captured");
	if (heist_folder(&world->at, "thieves", 0700, fault) < 0 ||
	    heist_folder(&world->at, folder, 0700, fault) < 0 ||
	    heist_folder(&world->at, captured, 0700, fault) < 0)
		return -1;
	for (place = thief->places; *place; place++) {
		if (place_of(*place)->take(world, captured, fault) == 0)
			continue;
		if (fault->code != FAULT_POLICY)
			return -1;
		(void)snprintf(refused, 200, "%.199s", fault->text);
	}
	return 0;
}

int cell_steal(const struct world *world, const struct thief *thief, struct fault *fault)
{
	char self[HEIST_PATH], program[HEIST_PATH], captured[HEIST_PATH], loot[HEIST_PATH];
	char text[120], log[64];

	heist_program(self, &world->at, "simrite-heist");
	(void)snprintf(text, sizeof(text), "simrite-thief-%.60s", thief->program);
	heist_program(program, &world->at, text);
	cell_folder(text, thief, "captured");
	heist_path(captured, &world->at, text);
	cell_folder(text, thief, "loot");
	heist_path(loot, &world->at, text);
	if (heist_folder(&world->at, text, 0700, fault) < 0)
		return -1;
	cell_folder(text, thief, "result.jsonl");
	(void)snprintf(log, sizeof(log), "thief-%.40s", thief->name);
	{
		const char *const argv[] = {self, "confine", program, captured, loot, NULL};

		return heist_run(&world->at, log, text, argv, fault);
	}
}

static int run_judge(const struct world *world, const struct thief *thief, const char *verdict,
		     struct fault *fault)
{
	char program[HEIST_PATH], truth[WORLD_BATCHES][HEIST_PATH + 32], path[HEIST_PATH], text[120], log[64];
	const char *argv[2 * WORLD_BATCHES + 4] = {program, "--json"};
	unsigned i, n = 2;

	heist_program(program, &world->at, "simrite-judge");
	for (i = 0; i < world->order.batches; i++) {
		const char *design = world->batches[i].design->name;

		if (i && world->batches[i].design == world->batches[i - 1].design)
			continue;
		(void)snprintf(text, sizeof(text), "sealed/truth-%s", design);
		heist_path(path, &world->at, text);
		(void)snprintf(truth[i], sizeof(truth[i]), "%s=%s", design, path);
		argv[n++] = "--truth";
		argv[n++] = truth[i];
	}
	cell_folder(text, thief, "loot");
	heist_path(path, &world->at, text);
	argv[n] = path;
	(void)snprintf(log, sizeof(log), "judge-%.40s", thief->name);
	return heist_run(&world->at, log, verdict, argv, fault);
}

/* What the operator's authentication centre counted while phones attached. */
static int note_operator(const struct world *world, json_t *cell, struct fault *fault)
{
	struct centre_tally tally = {0};
	char name[64];
	unsigned i;

	for (i = 0; i < world->order.batches; i++) {
		if (world->order.before &&
		    centre_tally(&tally, &world->at, world->batches[i].name, fault) < 0)
			return -1;
		(void)snprintf(name, sizeof(name), "%.39s-after", world->batches[i].name);
		if (world->order.after && centre_tally(&tally, &world->at, name, fault) < 0)
			return -1;
	}
	json_object_set_new(cell, "resynchronised", json_integer(tally.resynchronised));
	json_object_set_new(cell, "operator",
			    json_pack("{s:i,s:i,s:i}", "vectors", (int)tally.vectors, "resynchronised",
				      (int)tally.resynchronised, "refused", (int)tally.refused));
	return 0;
}

/* What phones and network wrote down of every attach by EAP (simrite-radio(1)), one beside the other. */
static int note_logs(const struct world *world, json_t *cell, struct fault *fault)
{
	static const char *const pairs[][2] = {{"sent", "heard"}, {"heard", "sent"}, {"forward", "forward"}};
	json_t *phone, *network, *line, *other;
	json_int_t failed = 0, disagree = 0;
	char file[2][120];
	size_t i, k;

	for (i = 0; i < 2; i++)
		(void)snprintf(file[i], sizeof(file[i]), "sealed/truth-%.60s/%s.jsonl",
			       json_string_value(json_object_get(cell, "design")), i ? "network" : "phone");
	phone = strncmp(world->order.access, "eap-", 4) ? json_array()
							: heist_lines(&world->at, file[0], fault);
	network = json_array_size(phone) ? heist_lines(&world->at, file[1], fault) : json_array();
	json_array_foreach(phone, i, line)
	{
		bool same = true;

		other = json_array_get(network, i);
		for (k = 0; k < sizeof(pairs) / sizeof(pairs[0]); k++)
			same &= json_equal(json_object_get(line, pairs[k][0]),
					   json_object_get(other, pairs[k][1]));
		failed += strcmp(json_string_value(json_object_get(line, "end")), "attached") != 0;
		disagree += !same;
	}
	json_object_set_new(cell, "attaches_failed", json_integer(failed));
	json_object_set_new(cell, "logs_disagree", json_integer(disagree));
	i = phone && network && json_array_size(phone) == json_array_size(network);
	json_decref(phone);
	json_decref(network);
	return i ? 0
		 : fault_set(fault, FAULT_INPUT, NULL, "%s and %s have not the same attaches", file[0],
			     file[1]);
}

static json_t *share(const json_t *cell, const char *part, const char *whole)
{
	json_int_t of = json_integer_value(json_object_get(cell, whole));

	return of ? json_real((double)json_integer_value(json_object_get(cell, part)) / (double)of)
		  : json_null();
}

/* What the kernel enforced: the line that "confine" prints before the thief's own. */
static void note_confined(const struct world *world, const struct thief *thief, json_t *cell)
{
	char file[120];
	json_t *lines, *line;
	size_t i;

	cell_folder(file, thief, "result.jsonl");
	lines = heist_lines(&world->at, file, NULL);
	json_array_foreach(lines, i, line)
	{
		if (json_is_boolean(json_object_get(line, "files")))
			json_object_set_new(cell, "confined",
					    json_pack("{s:O,s:O}", "files", json_object_get(line, "files"),
						      "sockets", json_object_get(line, "sockets")));
	}
	json_decref(lines);
}

/* The judge's numbers, and around them what else is known of this cell. */
static int add_cell(const struct world *world, const struct thief *thief, const char *refused,
		    const json_t *counted, json_t *cells, struct fault *fault)
{
	const struct design_row *design = design_find(json_string_value(json_object_get(counted, "design")));
	json_t *cell = json_deep_copy(counted);
	char file[120], path[HEIST_PATH];

	cell_folder(file, thief, "captured");
	heist_path(path, &world->at, file);
	json_object_set_new(cell, "thief", json_string(thief->name));
	json_object_set_new(cell, "access", json_string(world->order.access));
	json_object_set_new(cell, "travel", json_string(world->order.apart ? "apart" : "together"));
	json_object_set_new(cell, "captured", files_below(path));
	if (*refused)
		json_object_set_new(cell, "refused", json_string(refused));
	json_object_set_new(cell, "precision", share(cell, "recovered", "claimed"));
	json_object_set_new(cell, "recall", share(cell, "recovered", "keys"));
	json_object_set_new(cell, "secrets", json_integer(design ? design->secrets : 0));
	json_object_set_new(cell, "secrets_which", json_string(design ? design->which : ""));
	note_confined(world, thief, cell);
	if (note_operator(world, cell, fault) < 0 || note_logs(world, cell, fault) < 0) {
		json_decref(cell);
		return -1;
	}
	return json_array_append_new(cells, cell);
}

int cell_judge(const struct world *world, const struct thief *thief, const char *refused, json_t *cells,
	       struct fault *fault)
{
	json_t *lines = NULL, *counted;
	char verdict[120];
	size_t i;
	int e;

	(void)snprintf(verdict, sizeof(verdict), "log/judge-%.40s.json", thief->name);
	/* one that stood between has its loot already */
	if ((!thief->plan && cell_steal(world, thief, fault) < 0) ||
	    run_judge(world, thief, verdict, fault) < 0 || !(lines = heist_lines(&world->at, verdict, fault)))
		return -1;
	counted = json_object_get(json_array_get(lines, 0), "cells");
	e = json_array_size(counted) ? 0 : fault_set(fault, FAULT_BUG, NULL, "the judge gave no verdict");
	for (i = 0; e == 0 && i < json_array_size(counted); i++)
		e = add_cell(world, thief, refused, json_array_get(counted, i), cells, fault);
	json_decref(lines);
	return e;
}

int cell_run(const struct world *world, const struct thief *thief, enum clone_kind clone, json_t *cells,
	     struct fault *fault)
{
	char refused[200] = "";

	if (thief->plan && strcmp(world->order.station, thief->name) != 0)
		return fault_set(fault, FAULT_BUG, NULL, "%s did not stand in this world", thief->name);
	if ((!thief->plan && cell_capture(world, thief, refused, fault) < 0) ||
	    cell_judge(world, thief, refused, cells, fault) < 0)
		return -1;
	return clone_all(world, thief->name, clone, json_array_get(cells, json_array_size(cells) - 1), fault);
}

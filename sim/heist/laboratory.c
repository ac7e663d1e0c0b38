#include "heist/laboratory.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "heist/run_folder.h"
#include "lib/say.h"
#include "lib/whole_file.h"

int laboratory_scenarios(char folder[static HEIST_PATH], struct fault *fault)
{
	/* from PREFIX/bin, build/bin and build/san/bin */
	static const char *const places[] = {"../share/simrite/scenarios", "../../sim/scenarios",
					     "../../../sim/scenarios"};
	struct heist here;
	size_t i;

	if (heist_begin(&here, ".", fault) < 0)
		return -1;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		heist_program(folder, &here, places[i]);
		if (access(folder, R_OK) == 0)
			return 0;
	}
	return fault_set(fault, FAULT_INPUT, "name a scenario by its path", "the scenarios are not beside %s",
			 here.programs);
}

/* Is this file the scenario `name`: 2 by its whole name, 1 by what it begins with, else 0. */
static int is_called(const char *file, const char *name)
{
	const size_t length = strlen(name), size = strlen(file);

	if (size <= 4 || strcmp(file + size - 4, ".ini") != 0 || strncmp(file, name, length) != 0)
		return 0;
	return !strcmp(file + length, ".ini") ? 2 : file[length] == '-';
}

static int find_file(char path[static HEIST_PATH], const char *folder, const char *name, struct fault *fault)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort), i, called, found = 0;
	bool whole = false;

	for (i = 0; i < n; i++) {
		called = is_called(entries[i]->d_name, name);
		if (called && !whole) {
			(void)snprintf(path, HEIST_PATH, "%.400s/%.100s", folder, entries[i]->d_name);
			whole = called == 2;
			found++;
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	if (found > 1 && !whole)
		return fault_set(fault, FAULT_USAGE, "give the whole name",
				 "%s is the beginning of %d scenarios", name, found);
	return found ? 0
		     : fault_set(fault, FAULT_USAGE, "simrite heist list names them", "no scenario \"%.60s\"",
				 name);
}

int laboratory_find(struct scenario *scenario, const char *name, struct fault *fault)
{
	char folder[HEIST_PATH], path[HEIST_PATH];
	const size_t length = strlen(name);

	if (strchr(name, '/') || (length > 4 && !strcmp(name + length - 4, ".ini")))
		return scenario_read(scenario, name, fault);
	if (laboratory_scenarios(folder, fault) < 0 || find_file(path, folder, name, fault) < 0)
		return -1;
	return scenario_read(scenario, path, fault);
}

int laboratory_begin(struct heist *at, const char *out, struct fault *fault)
{
	return run_folder_make(out, fault) < 0 || heist_begin(at, out, fault) < 0 ||
			       heist_folder(at, "worlds", 0755, fault) < 0
		       ? -1
		       : 0;
}

static void step(void *context, const char *what)
{
	unsigned *steps = context;

	progress_at((*steps)++, what);
}

int laboratory_world(struct world *world, const struct heist *at, const struct world_order *order,
		     unsigned *steps, struct fault *fault)
{
	char name[WORLD_NAME], below[WORLD_NAME + 8];
	struct heist folder;

	world_name(name, order);
	(void)snprintf(below, sizeof(below), "worlds/%s", name);
	if (heist_below(&folder, at, below, fault) < 0 || world_lay_out(world, &folder, order, fault) < 0 ||
	    world_build(world, step, steps, fault) < 0)
		return fault_prefix(fault, "world %s", name);
	return 0;
}

unsigned laboratory_steps(const struct world_order *order)
{
	return 1 + order->batches * (order->after ? 2 : 1);
}

/* [thief] name is the thief. */
static const char *parameter_name(const struct parameter *parameter)
{
	return strcmp(parameter->name, "name") == 0 ? parameter->section : parameter->name;
}

json_t *laboratory_parameters(const struct scenario *scenario)
{
	json_t *list = json_array();
	unsigned i;

	for (i = 0; i < scenario->parameter_count; i++) {
		const struct parameter *p = &scenario->parameters[i];

		json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s}", "name", parameter_name(p), "value",
						      p->value, "label", label_name(p->label), "source",
						      p->source));
	}
	return list;
}

json_t *laboratory_expectations(const struct scenario *scenario)
{
	json_t *list = json_array();
	char wanted[32];
	unsigned i;

	for (i = 0; i < scenario->expect_count; i++) {
		expect_write(wanted, &scenario->expect[i]);
		json_array_append_new(list, json_pack("{s:s,s:s}", "measure",
						      scenario->expect[i].measure->name, "expected", wanted));
	}
	return list;
}

int laboratory_write(const struct heist *at, const char *name, json_t *object, struct fault *fault)
{
	struct whole_file file;
	char path[HEIST_PATH];
	int e;

	heist_path(path, at, name);
	e = object ? whole_file_open(&file, path, fault)
		   : fault_set(fault, FAULT_SYSTEM, NULL, "no memory for the result");
	if (e == 0) {
		json_dumpf(object, file.out, JSON_INDENT(1));
		fputc('\n', file.out);
		e = whole_file_keep(&file, path, fault);
	}
	json_decref(object);
	return e;
}

double laboratory_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What there is to choose from. */
#include <argp.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "heist/commands.h"
#include "heist/laboratory.h"
#include "lib/options.h"
#include "lib/say.h"

struct arguments {
	struct options options;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	(void)text;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = &arguments->options;
	return 0;
}

static int is_scenario(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 4 && !strcmp(entry->d_name + n - 4, ".ini");
}

static int list_one(const char *folder, const char *file, json_t *list, struct fault *fault)
{
	struct scenario scenario;
	char path[HEIST_PATH];

	(void)snprintf(path, sizeof(path), "%.400s/%.100s", folder, file);
	if (scenario_read(&scenario, path, fault) < 0)
		return -1;
	say("  %-32s %s", scenario.name, scenario.title);
	return json_array_append_new(list,
				     json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:o}", "name", scenario.name,
					       "title", scenario.title, "text", scenario.text, "design",
					       scenario.world.designs[0]->name, "thief", scenario.thief->name,
					       "parameters", laboratory_parameters(&scenario), "expectations",
					       laboratory_expectations(&scenario)));
}

static int list_scenarios(json_t *list, struct fault *fault)
{
	char folder[HEIST_PATH];
	struct dirent **entries;
	int n, i, e = 0;

	if (laboratory_scenarios(folder, fault) < 0)
		return -1;
	if ((n = scandir(folder, &entries, is_scenario, alphasort)) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot read %s", folder);
	say("Scenarios (simrite heist run NAME):");
	for (i = 0; i < n; i++) {
		if (e == 0)
			e = list_one(folder, entries[i]->d_name, list, fault);
		free(entries[i]);
	}
	free(entries);
	return e;
}

static void list_designs(json_t *list)
{
	const struct design_row *design;
	unsigned i;

	say("\nDesigns:");
	for (i = 0; (design = design_at(i)); i++) {
		say("  %-32s %s", design->name, design->text);
		json_array_append_new(list, json_pack("{s:s,s:s,s:i,s:s}", "name", design->name, "text",
						      design->text, "secrets", (int)design->secrets,
						      "secrets_which", design->which));
	}
}

static void list_thieves(json_t *list)
{
	const enum place_id *place;
	const struct thief *thief;
	json_t *places;
	unsigned i;

	say("\nThieves:");
	for (i = 0; (thief = thief_at(i)); i++) {
		say("  %-32s %s", thief->name, thief->text);
		places = json_array();
		for (place = thief->places; *place; place++)
			json_array_append_new(places, json_string(place_of(*place)->name));
		json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:o,s:b}", "name", thief->name, "program",
						      thief->program, "text", thief->text, "places", places,
						      "between", thief->plan != NULL));
	}
}

int cmd_list(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		NULL,     parse, NULL, "Name the scenarios, the designs and the thieves there are.",
		children, NULL,  NULL};
	json_t *scenarios = json_array(), *designs = json_array(), *thieves = json_array();
	struct arguments arguments = {0};
	struct fault fault = {0};
	int e;

	options_parse(&argp, "simrite heist list", argc, argv, &arguments, &arguments.options);
	e = list_scenarios(scenarios, &fault);
	if (e == 0) {
		list_designs(designs);
		list_thieves(thieves);
		say_result(json_pack("{s:O,s:O,s:O}", "scenarios", scenarios, "designs", designs, "thieves",
				     thieves));
	}
	json_decref(scenarios);
	json_decref(designs);
	json_decref(thieves);
	return e < 0 ? say_fault(&fault) : 0;
}

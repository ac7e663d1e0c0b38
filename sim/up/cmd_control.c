/* Commands for a simulation that is running already. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/options.h"
#include "lib/say.h"
#include "up/commands.h"
#include "up/control.h"

struct request {
	struct options options;
	const char *folder;
	const char *slot;
	bool wants_slot;
};

enum {
	KEY_SIM = 1000
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->options;
		return 0;
	case KEY_SIM:
		request->folder = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (!request->wants_slot || request->slot)
			argp_error(state, "what is \"%s\"?", argument);
		request->slot = argument;
		return 0;
	case ARGP_KEY_END:
		if (request->wants_slot && !request->slot)
			argp_error(state, "which card? give its number (0, 1, ...)");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_request(struct request *request, const char *path, const char *about, int argc, char **argv)
{
	static const struct argp_option options[] = {
		{"sim", KEY_SIM, "FOLDER", 0,
		 "The simulation (default: the one PCSCLITE_CSOCK_NAME names, or the only one running)", 0},
		{0}};
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	const struct argp argp = {options, parse, request->wants_slot ? "N" : NULL, about, children,
				  NULL,    NULL};

	options_parse(&argp, path, argc, argv, request, &request->options);
}

/* Ask, and report; the reply's text is the caller's. */
static int ask(const struct request *request, const char *verb, struct control_reply *reply)
{
	char folder[SIMULATION_FOLDER], line[64];
	struct fault fault = {0};

	(void)snprintf(line, sizeof(line), request->slot ? "%s %.20s" : "%s", verb, request->slot);
	if (control_find(folder, request->folder, &fault) < 0 || control_ask(folder, line, reply, &fault) < 0)
		return say_fault(&fault);
	if (strcmp(verb, "status") != 0)
		say_result(json_pack("{s:s,s:s}", "folder", folder, "done", line));
	return FAULT_NONE;
}

int cmd_down(int argc, char **argv)
{
	struct request request = {0};
	struct control_reply reply;

	parse_request(&request, "simrite sim down", "End a simulation: its readers and cards go.", argc,
		      argv);
	return ask(&request, "down", &reply);
}

int cmd_insert(int argc, char **argv)
{
	struct request request = {.wants_slot = true};
	struct control_reply reply;

	parse_request(&request, "simrite sim insert", "Put card N back into reader N.", argc, argv);
	return ask(&request, "insert", &reply);
}

int cmd_remove(int argc, char **argv)
{
	struct request request = {.wants_slot = true};
	struct control_reply reply;

	parse_request(&request, "simrite sim remove", "Take card N out of reader N, whatever it is doing.",
		      argc, argv);
	return ask(&request, "remove", &reply);
}

static void print_simulation(const json_t *simulation)
{
	const json_t *cards = json_object_get(simulation, "cards"), *card;
	size_t i;

	say("%s (%s%s), cards kept in %s", json_string_value(json_object_get(simulation, "folder")),
	    json_string_value(json_object_get(simulation, "board")),
	    json_is_true(json_object_get(simulation, "process")) ? ", a process each" : "",
	    json_string_value(json_object_get(simulation, "state")));
	say("  export PCSCLITE_CSOCK_NAME=%s", json_string_value(json_object_get(simulation, "socket")));
	json_array_foreach(cards, i, card)
	{
		say("  %zu  %s  %s", i, json_string_value(json_object_get(card, "reader")),
		    json_is_true(json_object_get(card, "present")) ? "card" : "empty");
	}
}

static int add_status(json_t *all, const char *folder, struct fault *fault)
{
	struct control_reply reply;
	json_t *simulation;

	if (control_ask(folder, "status", &reply, fault) < 0)
		return -1;
	simulation = json_loads(reply.text, 0, NULL);
	if (!simulation)
		return fault_set(fault, FAULT_BUG, NULL, "the simulation in \"%s\" gave no status", folder);
	print_simulation(simulation);
	json_array_append_new(all, simulation);
	return 0;
}

int cmd_status(int argc, char **argv)
{
	char folders[64][SIMULATION_FOLDER];
	struct request request = {0};
	struct fault fault = {0};
	json_t *all;
	size_t n = 1, i;

	parse_request(&request, "simrite sim status",
		      "Show all simulations of this user (or the one of --sim), and their readers.", argc,
		      argv);
	if (!request.folder)
		n = control_list(folders, sizeof(folders) / sizeof(folders[0]));
	else if (control_find(folders[0], request.folder, &fault) < 0)
		return say_fault(&fault);
	all = json_array();
	for (i = 0; i < n; i++) {
		/* One that ended since it was listed is not a fault. */
		if (add_status(all, folders[i], &fault) < 0 && request.folder) {
			json_decref(all);
			return say_fault(&fault);
		}
	}
	if (json_array_size(all) == 0)
		say_note("no simulation is running; \"simrite sim up\" starts one");
	say_result(json_pack("{s:o}", "simulations", all));
	return FAULT_NONE;
}

#include <string.h>

#include "card/commands.h"
#include "card/compare.h"
#include "lib/fault.h"
#include "lib/say.h"

struct input {
	struct command_input command;
	const char *profile;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		command_init(state, &input->command);
		return 0;
	case ARGP_KEY_ARG:
		if (input->profile)
			argp_usage(state);
		input->profile = value;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void show(struct reader *reader, const struct item *items, size_t count, bool same)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < count; i++) {
		const struct item *item = &items[i];

		if (item->state == ITEM_SAME)
			say("same     %-10s %s", item_text(item->name), item->card);
		else if (item->state == ITEM_HIDDEN)
			say("hidden   %-10s not compared: no card tells it", item_text(item->name));
		else
			say("%-8s %-10s card: %s; profile: %s", item_state_text(item->state),
			    item_text(item->name), item->card, item->profile);
		(void)json_array_append_new(list,
					    json_pack("{s:s, s:s, s:s, s:s}", "item", item_text(item->name),
						      "state", item_state_text(item->state), "card",
						      item->card, "profile", item->profile));
	}
	say_result(json_pack("{s:s, s:b, s:o}", "reader", reader_name(reader), "same", same, "items", list));
}

static int judge(struct reader *reader, const struct item *items, size_t count, struct fault *fault)
{
	char names[120];
	bool same = true, refused = false;
	size_t i;

	for (i = 0; i < count; i++) {
		same = same && items[i].state != ITEM_DIFFERS;
		refused = refused || items[i].state == ITEM_REFUSED;
	}
	show(reader, items, count, same && !refused);
	compare_names(names, sizeof(names), items, count, same ? ITEM_REFUSED : ITEM_DIFFERS);
	if (!same)
		return fault_set(fault, FAULT_NO, "simrite card program writes what differs",
				 "the card differs from the profile in: %s", names);
	if (refused)
		return fault_set(fault, FAULT_NO, "give PIN1 with --pin1", "the card does not show: %s",
				 names);
	return 0;
}

int cmd_verify(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_reader_argp, 0, NULL, 0}, {&unlock_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "PROFILE",
		.doc = "Compare a card with a profile, and its key by AUTHENTICATE. Nothing on the card "
		       "changes.\v"
		       "PROFILE is a file (simrite-profile(5)) or \"test\". Exit status 1: they differ.",
		.children = children};
	struct input input = {0};
	struct profile profile;
	struct item items[ITEMS];
	struct reader *reader = NULL;
	struct fault fault;
	size_t count;
	int result;

	options_parse(&argp, "simrite card verify", argc, argv, &input, &input.command.options);
	result = load_profile(&profile, input.profile, &fault);
	if (result == 0)
		result = open_card(&reader, &input.command, &fault);
	if (result == 0)
		result = compare_card(reader, items, &count, &profile, &fault);
	if (result == 0)
		result = judge(reader, items, count, &fault);
	reader_close(reader);
	profile_wipe(&profile);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

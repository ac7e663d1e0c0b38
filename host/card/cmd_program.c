/* Compare, plan, write what differs, read it back, prove.
 *
 * Two ways in. STORE DATA inside SCP03 writes everything, at once or not at
 * all. With --adm the public files are written as a card of any maker has it,
 * by UPDATE BINARY under ADM1 and only the bytes that differ; what is left
 * (keys, PINs) still goes through SCP03. */
#include <stdio.h>
#include <string.h>

#include "card/commands.h"
#include "card/compare.h"
#include "lib/card_file.h"
#include "lib/fault.h"
#include "lib/personalise.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "status.h"

enum {
	KEY_KEYS = 0xC001,
	KEY_ADM,
	KEY_DRY_RUN,
	ADM1 = 0x0A,
};

struct input {
	struct command_input command;
	const char *profile, *keys, *adm;
	bool dry_run;
};

struct job {
	struct reader *reader;
	struct profile profile;
	struct scp03_key_set keys;
	struct item items[ITEMS];
	size_t count;
	bool written[ITEMS]; /* by place in items */
	const char *adm;     /* a secret source, or NULL */
	bool force;
};

static const struct argp_option rows[] = {
	{"keys", KEY_KEYS, "FILE", 0, "Secure channel keys of the card (else the GlobalPlatform test keys)",
	 0},
	{"adm", KEY_ADM, "SOURCE", 0,
	 "Write files under ADM1 rather than through the secure channel; SOURCE is file:PATH, fd:N or prompt",
	 0},
	{"dry-run", KEY_DRY_RUN, NULL, 0, "Show what would be written, and write nothing", 0},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		command_init(state, &input->command);
		return 0;
	case KEY_KEYS:
		input->keys = value;
		return 0;
	case KEY_ADM:
		input->adm = value;
		return 0;
	case KEY_DRY_RUN:
		input->dry_run = true;
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

/* ---- the plan ---- */

static bool to_write(const struct item *item)
{
	return item->state != ITEM_SAME;
}

static bool by_adm(const struct job *job, const struct item *item)
{
	return job->adm && item->path;
}

static size_t show_plan(const struct job *job, const char *doing)
{
	size_t i, n = 0;

	for (i = 0; i < job->count; i++) {
		const struct item *item = &job->items[i];

		if (!to_write(item)) {
			say("same     %-10s %s", item_text(item->name), item->card);
			continue;
		}
		n++;
		if (item->state == ITEM_HIDDEN)
			say("%-8s %-10s whatever it was", doing, item_text(item->name));
		else
			say("%-8s %-10s %s -> %s%s", doing, item_text(item->name), item->card, item->profile,
			    by_adm(job, item) ? " (ADM1)" : "");
	}
	return n;
}

static void show_result(const struct job *job, bool dry_run)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < job->count; i++) {
		const struct item *item = &job->items[i];

		(void)json_array_append_new(
			list, json_pack("{s:s, s:s, s:s, s:s, s:b}", "item", item_text(item->name), "state",
					item_state_text(item->state), "card", item->card, "profile",
					item->profile, "written", job->written[i]));
	}
	say_result(json_pack("{s:s, s:b, s:b, s:o}", "reader", reader_name(job->reader), "dry_run", dry_run,
			     "proven", !dry_run && job->profile.has_key, "items", list));
}

/* ---- writing ---- */

/* "; written: ICCID; not written: IMSI, key" behind what went wrong. */
static int job_fault(const struct job *job, struct fault *fault)
{
	char done[80] = "", left[80] = "", what[152], hint[sizeof(fault->hint)];
	size_t i;

	for (i = 0; i < job->count; i++) {
		char *list = job->written[i] ? done : left;
		size_t used = strlen(list);

		if (to_write(&job->items[i]))
			(void)snprintf(list + used, sizeof(done) - used, "%s%s", used ? ", " : "",
				       item_text(job->items[i].name));
	}
	(void)snprintf(hint, sizeof(hint), "%s", fault->hint);
	(void)snprintf(what, sizeof(what), "%.150s", fault->text);
	return fault_set(fault, fault->code, hint, "%s; written: %s; not written: %s", what,
			 done[0] ? done : "nothing", left[0] ? left : "nothing");
}

/* UPDATE BINARY each run of bytes that differs, then read the whole part back.
 * 0; 1 when the card's rules keep ADM1 from this file (EF.ICCID, by TS 102
 * 221 13.2), which leaves it to the secure channel; or -1. */
static int update_item(struct job *job, struct item *item, struct fault *fault)
{
	size_t from, to;
	int sw = card_file_select(job->reader, NULL, item->path, fault);

	for (from = 0; from < item->length && sw == SW_OK; from = to) {
		to = from + 1;
		if (item->held[from] == item->wanted[from] && item->state != ITEM_REFUSED)
			continue;
		while (to < item->length &&
		       (item->held[to] != item->wanted[to] || item->state == ITEM_REFUSED))
			to++;
		sw = card_file_update(job->reader, item->offset + from, item->wanted + from, to - from,
				      fault);
	}
	if (sw == SW_SECURITY_NOT_SATISFIED)
		return 1;
	if (sw == SW_OK)
		sw = card_file_read(job->reader, item->held, item->offset, item->length, fault);
	if (sw != SW_OK)
		return card_status_fault(fault, sw, item_text(item->name));
	if (memcmp(item->held, item->wanted, item->length) != 0)
		return fault_set(fault, FAULT_CARD, "do not use this card",
				 "%s: the card took the bytes and gives back others", item_text(item->name));
	return 0;
}

static int write_by_adm(struct job *job, struct fault *fault)
{
	int result;
	size_t i;

	if (unlock_pin(job->reader, ADM1, "ADM1", job->adm, job->force, fault) != 0)
		return -1;
	for (i = 0; i < job->count; i++) {
		if (!to_write(&job->items[i]) || !by_adm(job, &job->items[i]))
			continue;
		result = stop_asked() ? fault_set(fault, FAULT_STOPPED, "run the command again", "stopped")
				      : update_item(job, &job->items[i], fault);
		if (result == 0)
			job->written[i] = true;
		if (result == 1)
			say_note("ADM1 may not write %s: left to the secure channel",
				 item_text(job->items[i].name));
		if (result >= 0)
			continue;
		return job_fault(job, fault);
	}
	return 0;
}

/* The profile without what the card has already; false when nothing is left. */
static bool reduce(struct profile *left, const struct job *job)
{
	bool any = false;
	size_t i;

	*left = job->profile;
	for (i = 0; i < job->count; i++) {
		if (to_write(&job->items[i]) && !job->written[i]) {
			any = true;
			continue;
		}
		switch (job->items[i].name) {
		case ITEM_ICCID:
			left->iccid[0] = 0;
			break;
		case ITEM_IMSI:
			left->imsi[0] = 0;
			break;
		case ITEM_MNC_LENGTH:
			left->mnc_length = 0;
			break;
		case ITEM_SPN:
			left->spn[0] = 0;
			break;
		case ITEM_KEY:
			left->has_key = false;
			break;
		default:
			break; /* PINs are hidden, so always written */
		}
	}
	return any;
}

static int write_by_channel(struct job *job, struct fault *fault)
{
	struct profile left;
	int result = 0;
	size_t i;

	if (reduce(&left, job)) {
		if (stop_asked())
			result = fault_set(fault, FAULT_STOPPED, "run the command again", "stopped");
		else
			result = personalise_store(job->reader, &job->keys, &left, fault);
		for (i = 0; i < job->count && result == 0; i++)
			job->written[i] = to_write(&job->items[i]);
		if (result == 0)
			result = personalise_check(job->reader, &left, fault);
		if (result != 0)
			(void)job_fault(job, fault);
	}
	profile_wipe(&left);
	return result;
}

/* Compare once more: everything is as the profile has it, or a fault. */
static int check_again(struct job *job, struct fault *fault)
{
	struct item items[ITEMS];
	char names[120];
	size_t i, count;

	if (compare_card(job->reader, items, &count, &job->profile, fault) != 0)
		return fault_prefix(fault, "written, but not checked");
	for (i = 0; i < count; i++)
		if (items[i].state == ITEM_DIFFERS || items[i].state == ITEM_REFUSED) {
			compare_names(names, sizeof(names), items, count, items[i].state);
			return fault_set(fault, FAULT_CARD, "do not use this card",
					 "after writing, the card still %s: %s",
					 items[i].state == ITEM_DIFFERS ? "differs in" : "does not show",
					 names);
		}
	return 0;
}

static int run(struct job *job, const struct input *input, struct fault *fault)
{
	size_t todo;

	if (load_profile(&job->profile, input->profile, fault) != 0)
		return -1;
	job->keys = scp03_test_keys;
	if (input->keys && scp03_key_set_load(&job->keys, input->keys, fault) != 0)
		return -1;
	if (open_card(&job->reader, &input->command, fault) != 0 ||
	    compare_card(job->reader, job->items, &job->count, &job->profile, fault) != 0)
		return -1;
	todo = show_plan(job, input->dry_run ? "would" : "write");
	if (!input->dry_run && todo > 0) {
		if ((job->adm && write_by_adm(job, fault) != 0) || write_by_channel(job, fault) != 0 ||
		    check_again(job, fault) != 0)
			return -1;
	}
	show_result(job, input->dry_run);
	if (input->dry_run)
		say("dry run: nothing was written");
	else if (job->profile.has_key)
		say("done: read back, and K and OPc proven by AUTHENTICATE");
	else
		say("done: read back");
	return 0;
}

int cmd_program(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_reader_argp, 0, NULL, 0}, {&unlock_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = rows,
		.parser = parse,
		.args_doc = "PROFILE",
		.doc = "Put a profile into a card: only what differs is written, everything is read back, K and "
		       "OPc are proven by AUTHENTICATE.\v"
		       "PROFILE is a file (simrite-profile(5)) or \"test\". Fields it does not have are never "
		       "touched.",
		.children = children};
	struct input input = {0};
	struct job job = {0};
	struct fault fault;
	int result;

	options_parse(&argp, "simrite card program", argc, argv, &input, &input.command.options);
	stop_catch();
	job.adm = input.adm;
	job.force = input.command.unlock.force;
	result = run(&job, &input, &fault);
	reader_close(job.reader);
	secret_wipe(&job, sizeof(job));
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

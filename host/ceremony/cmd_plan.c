/* Two tables matter most to whoever reviews a plan: which people together can
 * restore the master, and which can deny it to the rest. */
#include <stdio.h>
#include <string.h>

#include "ceremony/command.h"
#include "ceremony/plan.h"
#include "ceremony/previous.h"
#include "ceremony/rehearsal.h"
#include "lib/canonical.h"
#include "lib/options.h"
#include "lib/say.h"

struct input {
	struct options options;
	const char *plan, *previous, *rehearsal, *rehearsed;
};

enum {
	KEY_MAKE = 0x100,
	KEY_REHEARSED
};

static const struct argp_option own_options[] = {
	{"previous", 'p', "TRANSCRIPT", 0,
	 "The earlier ceremony's transcript: check that the plan names it, and serials and bags against it",
	 0},
	{"make-rehearsal", KEY_MAKE, "FILE", 0,
	 "Write the plan of its rehearsal, which differs in mode and ids only, to a file that is not there yet",
	 0},
	{"rehearsed", KEY_REHEARSED, "TRANSCRIPT", 0,
	 "Was it rehearsed? Check that this is a rehearsal's transcript, and of a plan that differs in mode and ids only",
	 0},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case 'p':
		input->previous = value;
		return 0;
	case KEY_MAKE:
		input->rehearsal = value;
		return 0;
	case KEY_REHEARSED:
		input->rehearsed = value;
		return 0;
	case ARGP_KEY_ARG:
		if (input->plan)
			argp_error(state, "one PLAN only");
		input->plan = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->plan)
			argp_error(state, "which PLAN?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void tell_parties(const struct plan *plan)
{
	for (unsigned i = 0; i < plan->total; i++) {
		const struct plan_custodian *custodian = &plan->custodians[i];

		say("  share %-2u    %s, %s, %s: %s%s%s%s%s%s", i + 1, custodian->name, custodian->role,
		    custodian->jurisdiction, plan_share_name(custodian->share),
		    custodian->serial[0] ? ", serial " : "", custodian->serial,
		    custodian->bag[0] ? ", bag " : "", custodian->bag,
		    plan_custodian(plan, i)->key ? ", signs" : "");
	}
	for (unsigned i = 0; i < plan->party_count; i++)
		if (strcmp(plan->parties[i].role, "custodian") != 0)
			say("  %-11s %s%s", plan->parties[i].role, plan->parties[i].name,
			    plan->parties[i].key ? ", signs" : "");
	for (unsigned i = 0; i < plan->factory_count; i++)
		say("  factory     %s", plan->factories[i].name);
}

static void tell_things(const struct plan *plan)
{
	char hex[65];

	for (unsigned i = 0; i < plan->device_count; i++) {
		const struct plan_device *device = &plan->devices[i];

		say("  device      %s (%s)%s%s%s%s%s%s", device->name, device->kind,
		    device->serial[0] ? ", serial " : "", device->serial, device->bag[0] ? ", bag " : "",
		    device->bag, device->new_bag[0] ? ", goes into bag " : "", device->new_bag);
	}
	for (unsigned i = 0; i < plan->software_count; i++) {
		hex_write(hex, plan->software[i].sha256, 32);
		say("  program     %s, SHA-256 %s", plan->software[i].name, hex);
	}
	for (unsigned i = 0; i < plan->destruction_count; i++)
		say("  destroyed   %s", plan->destruction[i]);
}

static void tell(const struct plan *plan, const char *digest)
{
	say("%s: %s", plan->id, plan->title);
	say("  mode        %s", plan_mode(plan));
	say("  operator    %s", plan->operator_name);
	say("  HSM         %s", plan->hsm);
	say("  master key  %u of %u custodians restore it (%u quorums; %u can deny it)", plan->threshold,
	    plan->total, plan_quorums(plan), plan_blocking(plan));
	tell_parties(plan);
	for (unsigned i = 0; i < plan->batch_count; i++)
		say("  batch       %s: %u cards%s%s%s%s", plan->batches[i].id, plan->batches[i].count,
		    plan->batches[i].first_iccid[0] ? " from ICCID " : "", plan->batches[i].first_iccid,
		    plan->batches[i].method ? ", keys " : "",
		    plan->batches[i].method ? plan_method_name(plan->batches[i].method) : "");
	tell_things(plan);
	say("  SHA-256     %s", digest);
}

/* ---- who can do what ---- */

static json_t *names_of(const struct plan *plan, unsigned set)
{
	json_t *names = json_array();

	for (unsigned i = 0; i < plan->total; i++)
		if (set >> i & 1)
			(void)json_array_append_new(names, json_string(plan->custodians[i].name));
	return names;
}

/* Every set of `size`: each is enough, and none can spare anybody. */
static json_t *tell_sets(const struct plan *plan, unsigned size, const char *what)
{
	json_t *sets = json_array();

	say("  %s", what);
	for (unsigned set = plan_first_set(size); set; set = plan_next_set(plan, set)) {
		char names[PLAN_CUSTODIANS * (PLAN_TEXT + 2)];
		unsigned of = plan_jurisdictions_of(plan, set);

		plan_set_names(names, sizeof(names), plan, set);
		say("    %s (%u jurisdiction%s)", names, of, of == 1 ? "" : "s");
		(void)json_array_append_new(sets, names_of(plan, set));
	}
	return sets;
}

static json_t *tell_jurisdictions(const struct plan *plan)
{
	json_t *all = json_array();

	say("  what a court order in one jurisdiction can do:");
	for (unsigned i = 0; i < plan->total; i++) {
		unsigned people = plan_compatriots(plan, i), count = (unsigned)__builtin_popcount(people);
		bool restores = count >= plan->threshold, denies = count >= plan_blocking(plan);

		if (people == 0)
			continue;
		say("    %s: %u of %u custodians: %s", plan->custodians[i].jurisdiction, count, plan->total,
		    restores && denies ? "restore and deny the master"
		    : restores         ? "restore the master"
		    : denies           ? "deny the master"
				       : "neither restore nor deny it");
		(void)json_array_append_new(all, json_pack("{s:s, s:o, s:b, s:b}", "name",
							   plan->custodians[i].jurisdiction, "custodians",
							   names_of(plan, people), "restores", restores,
							   "denies", denies));
	}
	return all;
}

static void tell_policy(const struct plan *plan, json_t *result)
{
	(void)json_object_set_new(result, "restore",
				  tell_sets(plan, plan->threshold, "who can restore the master, all of:"));
	(void)json_object_set_new(
		result, "deny",
		tell_sets(plan, plan_blocking(plan), "who can deny it to the others, all of:"));
	(void)json_object_set_new(result, "jurisdictions", tell_jurisdictions(plan));
}

int cmd_plan(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.args_doc = "PLAN",
		.doc = "Check a ceremony's plan, say what it asks for, and list who can restore the master and who "
		       "can deny it. Nothing is touched but the file of --make-rehearsal.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	struct rehearsal rehearsal;
	struct plan plan;
	char digest[65];
	unsigned inside;
	json_t *result;

	options_parse(&argp, "simrite ceremony plan", argc, argv, &input, &input.options);
	if (plan_load(&plan, input.plan, &fault) < 0 ||
	    (input.previous && previous_check(&plan, input.previous, &fault) < 0) ||
	    (input.rehearsed && rehearsal_check(&rehearsal, &plan, input.rehearsed, -1, &fault) < 0) ||
	    (input.rehearsal && rehearsal_write(&plan, input.rehearsal, &fault) < 0)) {
		plan_free(&plan);
		return say_fault(&fault);
	}
	hex_write(digest, plan.digest, 32);
	inside = plan_quorums_in_one_jurisdiction(&plan);
	result =
		json_pack("{s:s, s:i, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:s}", "type", "result", "schema", 1,
			  "id", plan.id, "mode", plan_mode(&plan), "threshold", (int)plan.threshold, "total",
			  (int)plan.total, "quorums", (int)plan_quorums(&plan), "quorums_in_one_jurisdiction",
			  (int)inside, "batches", (int)plan.batch_count, "digest", digest);
	tell(&plan, digest);
	tell_policy(&plan, result);
	if (input.rehearsed)
		(void)json_object_set_new(result, "rehearsed", rehearsal_tell(&rehearsal, input.rehearsed));
	if (input.rehearsal) {
		say("  the plan of its rehearsal: %s", input.rehearsal);
		(void)json_object_set_new(result, "rehearsal", json_string(input.rehearsal));
	}
	if (inside > 0)
		say_note(
			"%u of the %u quorums lie inside one jurisdiction: one court order could restore the master",
			inside, plan_quorums(&plan));
	say_result(result);
	plan_free(&plan);
	return FAULT_NONE;
}

#include "ceremony/command.h"
#include "ceremony/plan.h"
#include "lib/canonical.h"
#include "lib/options.h"
#include "lib/say.h"

struct input {
	struct options options;
	const char *plan;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
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

static void tell(const struct plan *plan, const char *digest)
{
	say("%s: %s", plan->id, plan->title);
	say("  mode        %s", plan_mode(plan));
	say("  operator    %s", plan->operator_name);
	say("  HSM         %s", plan->hsm);
	say("  master key  %u of %u custodians restore it (%u quorums; %u can deny it)", plan->threshold,
	    plan->total, plan_quorums(plan), plan->total - plan->threshold + 1);
	for (unsigned i = 0; i < plan->total; i++)
		say("  share %-2u    %s, %s, %s", i + 1, plan->custodians[i].name, plan->custodians[i].role,
		    plan->custodians[i].jurisdiction);
	for (unsigned i = 0; i < plan->batch_count; i++)
		say("  batch       %s: %u cards%s%s", plan->batches[i].id, plan->batches[i].count,
		    plan->batches[i].first_iccid[0] ? " from ICCID " : "", plan->batches[i].first_iccid);
	say("  SHA-256     %s", digest);
}

int cmd_plan(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "PLAN",
		.doc = "Check a ceremony's plan, and say what it asks for. Nothing is touched.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	struct plan plan;
	char digest[65];
	unsigned inside;

	options_parse(&argp, "simrite ceremony plan", argc, argv, &input, &input.options);
	if (plan_load(&plan, input.plan, &fault) < 0) {
		plan_free(&plan);
		return say_fault(&fault);
	}
	hex_write(digest, plan.digest, 32);
	inside = plan_quorums_in_one_jurisdiction(&plan);
	tell(&plan, digest);
	if (inside > 0)
		say_note(
			"%u of the %u quorums lie inside one jurisdiction: one court order could restore the master",
			inside, plan_quorums(&plan));
	say_result(json_pack("{s:s, s:i, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:s}", "type", "result", "schema",
			     1, "id", plan.id, "mode", plan_mode(&plan), "threshold", (int)plan.threshold,
			     "total", (int)plan.total, "quorums", (int)plan_quorums(&plan),
			     "quorums_in_one_jurisdiction", (int)inside, "batches", (int)plan.batch_count,
			     "digest", digest));
	plan_free(&plan);
	return FAULT_NONE;
}

/* No token is opened and no network touched: a transcript is checked from its bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ceremony/audit.h"
#include "ceremony/command.h"
#include "lib/canonical.h"
#include "lib/options.h"
#include "lib/say.h"
#include "lib/transcript.h"

struct input {
	struct options options;
	const char *transcript, *fingerprint, *key, *plan;
};

static const struct argp_option own_options[] = {
	{"fingerprint", 'f', "HEX", 0, "Refuse any transcript but the one of this fingerprint", 0},
	{"key", 'k', "HEX", 0, "Refuse any signer but the one whose public key has this SHA-256", 0},
	{"plan", 'p', "PLAN", 0, "Refuse a transcript of any other plan", 0},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;
	uint8_t bytes[32];

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case 'f':
	case 'k':
		if (canonical_hex_read(bytes, 32, value) < 0)
			argp_error(state, "\"%s\" is not 64 hex digits in lower case", value);
		*(key == 'f' ? &input->fingerprint : &input->key) = value;
		return 0;
	case 'p':
		input->plan = value;
		return 0;
	case ARGP_KEY_ARG:
		if (input->transcript)
			argp_error(state, "one TRANSCRIPT only");
		input->transcript = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->transcript)
			argp_error(state, "which TRANSCRIPT?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int check_plan(const struct audit *audit, const char *path, struct fault *fault)
{
	struct plan plan;
	int result = plan_load(&plan, path, fault);

	if (result == 0 && memcmp(plan.digest, audit->plan.digest, 32) != 0)
		result = fault_set(fault, FAULT_NO, NULL, "the transcript is of another plan (id \"%s\", %s)",
				   audit->plan.id, plan_mode(&audit->plan));
	plan_free(&plan);
	return result;
}

static int verify(struct transcript_summary *summary, struct audit *audit, const struct input *input,
		  struct fault *fault)
{
	char hex[65], *text;
	size_t length;
	int result;

	if (transcript_load(&text, &length, input->transcript, fault) < 0)
		return -1;
	result = transcript_check(summary, text, length, 0, audit_visit, audit, fault);
	free(text);
	if (result < 0)
		return -1;
	hex_write(hex, summary->key, 32);
	if (input->key && strcmp(input->key, hex) != 0)
		return fault_set(fault, FAULT_NO, NULL, "signed by %s, not by the key asked for", hex);
	hex_write(hex, summary->fingerprint, 32);
	if (input->fingerprint && strcmp(input->fingerprint, hex) != 0)
		return fault_set(fault, FAULT_NO, NULL, "the fingerprint is %s, not the one asked for", hex);
	return input->plan ? check_plan(audit, input->plan, fault) : 0;
}

static void tell_result(const struct transcript_summary *summary, const struct audit *audit, bool pinned)
{
	const struct hsm_identity *hsm = &audit->hsm;
	char key[65], fingerprint[65], root[65], previous[65], program[65];
	json_t *result, *parties = json_array();

	hex_write(key, summary->key, 32);
	hex_write(fingerprint, summary->fingerprint, 32);
	hex_write(root, summary->root, 32);
	hex_write(previous, summary->previous, 32);
	hex_write(program, audit->program, 32);
	result = json_pack("{s:b, s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:s}", "pinned",
			   pinned, "ceremony", audit->plan.id, "mode", plan_mode(&audit->plan), "lines",
			   (int)summary->count, "key", key, "fingerprint", fingerprint, "root", root,
			   "previous", previous, "threshold", (int)audit->plan.threshold, "total",
			   (int)audit->plan.total, "attempts", (int)audit->attempt, "resumed",
			   (int)audit->resumed, "exceptions", (int)audit->exceptions, "closed", summary->at);
	for (unsigned i = 0; i < plan_signers(&audit->plan); i++)
		(void)json_array_append_new(parties, json_pack("{s:s, s:s, s:s}", "key",
							       plan_signer(&audit->plan, i)->key, "name",
							       plan_signer(&audit->plan, i)->name, "role",
							       plan_signer(&audit->plan, i)->role));
	if (result &&
	    (json_object_set_new(result, "signed_off", parties) < 0 ||
	     json_object_set_new(result, "hsm",
				 json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "assurance",
					   audit_assurance(hsm), "label", hsm->label, "library", hsm->library,
					   "manufacturer", hsm->manufacturer, "model", hsm->model, "serial",
					   hsm->serial)) < 0 ||
	     json_object_set_new(result, "software",
				 json_pack("{s:s, s:s}", "name", audit->software, "sha256", program)) < 0)) {
		json_decref(result);
		result = NULL;
	}
	say_result(result);
}

/* "sound" is for a transcript whose signer the caller has named: any other
 * can have been made as a whole, an hour ago, by anybody. */
static void tell(const struct transcript_summary *summary, const struct audit *audit, bool pinned)
{
	const struct hsm_identity *hsm = &audit->hsm;
	char hex[65], signers[PLAN_PARTIES * (PLAN_TEXT + 2)] = "";

	for (unsigned i = 0; i < plan_signers(&audit->plan); i++)
		(void)snprintf(signers + strlen(signers), sizeof(signers) - strlen(signers), "%s%s",
			       i ? ", " : "", plan_signer(&audit->plan, i)->name);
	say("%s: ceremony %s (%s), %u lines, closed %s", pinned ? "sound" : "self-consistent, signer unknown",
	    audit->plan.id, plan_mode(&audit->plan), summary->count, summary->at);
	hex_write(hex, summary->key, 32);
	say("  signed by    %s%s", hex, pinned ? "" : " (not compared with anything)");
	hex_write(hex, summary->fingerprint, 32);
	say("  fingerprint  %s%s", hex, pinned ? "" : " (not compared with anything)");
	hex_write(hex, summary->root, 32);
	say("  root         %s", hex);
	say("  shares       %u of %u, restored by %u quorums", audit->plan.threshold, audit->plan.total,
	    plan_quorums(&audit->plan));
	say("  attempts     %u, resumed %u times, %u exceptions", audit->attempt, audit->resumed,
	    audit->exceptions);
	if (plan_signers(&audit->plan) > 0)
		say("  signed off   by %s", signers);
	say("  HSM          %s: %s %s, serial %s, %s", hsm->label, hsm->manufacturer, hsm->model, hsm->serial,
	    hsm->library);
	say("               %s", audit_assurance(hsm));
	hex_write(hex, audit->program, 32);
	say("  software     %s, SHA-256 %s", audit->software, hex);
	if (!pinned)
		say_note(
			"whoever made this file could have made another: compare the fingerprint with what the "
			"witnesses wrote down, or give --fingerprint or --key");
	if (!audit->plan.rehearsal && hsm_is_software(hsm))
		say_note("a production ceremony on a software token: its keys are files");
	tell_result(summary, audit, pinned);
}

int cmd_verify(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.args_doc = "TRANSCRIPT",
		.doc = "Check every line of a ceremony's transcript: its form, the chain, the signatures, and that "
		       "the steps follow the plan. Needs neither HSM nor network. Exit status 1 says no. Without "
		       "--fingerprint or --key it cannot say who signed.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	struct transcript_summary summary;
	struct audit *audit;
	int result;

	options_parse(&argp, "simrite ceremony verify", argc, argv, &input, &input.options);
	audit = calloc(1, sizeof(*audit));
	if (!audit) {
		fault_set(&fault, FAULT_SYSTEM, NULL, "no memory");
		return say_fault(&fault);
	}
	result = verify(&summary, audit, &input, &fault);
	if (result == 0)
		tell(&summary, audit, input.key || input.fingerprint);
	audit_free(audit);
	free(audit);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

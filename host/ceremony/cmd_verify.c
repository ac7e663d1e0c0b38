/* No token is opened and no network touched: a transcript is checked from its bytes. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ceremony/audit.h"
#include "ceremony/closing.h"
#include "ceremony/command.h"
#include "ceremony/previous.h"
#include "ceremony/receipt_set.h"
#include "ceremony/rehearsal.h"
#include "lib/canonical.h"
#include "lib/options.h"
#include "lib/say.h"
#include "lib/transcript.h"
#include "lib/words.h"

struct input {
	struct options options;
	const char *transcript, *fingerprint, *key, *plan, *note, *previous, *policy, *rehearsed;
	const char *receipts[PLAN_BATCHES];
	unsigned cosigned, receipts_count;
};

enum {
	KEY_PREVIOUS = 0x100,
	KEY_REHEARSED
};

/* What was found. */
struct found {
	struct transcript_summary summary;
	struct audit audit;
	char note[PATH_MAX]; /* the note's path; "": there is none */
	struct note_key keys[CLOSING_KEYS];
	size_t key_count;
	struct note_policy *policy; /* NULL: none was given */
	bool pinned;
	struct receipt_set receipts;
	struct rehearsal rehearsal;
};

static const struct argp_option own_options[] = {
	{"fingerprint", 'f', "HEX", 0, "Refuse any transcript but the one of this fingerprint", 0},
	{"key", 'k', "HEX", 0, "Refuse any signer but the one whose public key has this SHA-256", 0},
	{"plan", 'p', "PLAN", 0, "Refuse a transcript of any other plan", 0},
	{"note", 'n', "FILE", 0,
	 "Refuse a transcript that this closing note is not about; unless given, the .note beside it, if there is one",
	 0},
	{"previous", KEY_PREVIOUS, "TRANSCRIPT", 0,
	 "Refuse a transcript that is not chained to this one, or whose things and bags do not fit it", 0},
	{"rehearsed", KEY_REHEARSED, "TRANSCRIPT", 0,
	 "Refuse a ceremony that was not rehearsed in this one: before, and by a plan that differs in mode and ids only",
	 0},
	{"receipts", 'r', "FILE", 0,
	 "Check these receipts of the batches' cards, too: forged, doubled, missing or too many; may be repeated",
	 0},
	{"policy", 'P', "FILE", 0,
	 "Refuse a note that the witnesses of this policy have not signed in the number it asks for", 0},
	{"cosigned", 'c', "N", 0, "Refuse a note that fewer than N parties of the plan have signed", 0},
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
	case 'n':
		input->note = value;
		return 0;
	case 'r':
		if (input->receipts_count == PLAN_BATCHES)
			argp_error(state, "--receipts is given too often");
		else
			input->receipts[input->receipts_count++] = value;
		return 0;
	case KEY_PREVIOUS:
		input->previous = value;
		return 0;
	case KEY_REHEARSED:
		input->rehearsed = value;
		return 0;
	case 'P':
		input->policy = value;
		return 0;
	case 'c':
		input->cosigned = options_number(state, value, 1, PLAN_PARTIES);
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

static int check_note(struct found *found, const struct input *input, const char *text, size_t length,
		      struct fault *fault)
{
	unsigned cosigned = 0;

	if (input->note)
		(void)snprintf(found->note, sizeof(found->note), "%s", input->note);
	else if (!closing_note_beside(found->note, input->transcript))
		return input->cosigned || input->policy ? fault_set(fault, FAULT_INPUT, "give --note FILE",
								    "there is no note beside the transcript")
							: 0;
	if (closing_check(found->keys, &found->key_count, &found->audit.plan, found->summary.point,
			  found->note, text, length, found->policy, fault) < 0)
		return -1;
	for (size_t i = 1; i < found->key_count; i++)
		cosigned += found->keys[i].found;
	if (cosigned < input->cosigned)
		return fault_set(fault, FAULT_NO, NULL, "the note: %u parties have signed it, not %u",
				 cosigned, input->cosigned);
	return 0;
}

static int check_pins(struct found *found, const struct input *input, struct fault *fault)
{
	char hex[65];

	hex_write(hex, found->summary.key, 32);
	if (input->key && strcmp(input->key, hex) != 0)
		return fault_set(fault, FAULT_NO, NULL, "signed by %s, not by the key asked for", hex);
	hex_write(hex, found->summary.fingerprint, 32);
	if (input->fingerprint && strcmp(input->fingerprint, hex) != 0)
		return fault_set(fault, FAULT_NO, NULL, "the fingerprint is %s, not the one asked for", hex);
	found->pinned =
		input->key || input->fingerprint || (found->policy && note_policy_pins(found->policy));
	return 0;
}

static int verify(struct found *found, const struct input *input, struct fault *fault)
{
	char *text;
	size_t length;
	int result;

	if (input->policy && !(found->policy = note_policy_load(input->policy, fault)))
		return -1;
	if (transcript_load(&text, &length, input->transcript, fault) < 0)
		return -1;
	result = transcript_check(&found->summary, text, length, 0, audit_visit, &found->audit, fault);
	if (result == 0)
		result = check_note(found, input, text, length, fault);
	free(text);
	if (result < 0 || check_pins(found, input, fault) < 0)
		return -1;
	if (input->previous && previous_check(&found->audit.plan, input->previous, fault) < 0)
		return -1;
	if (input->rehearsed && rehearsal_check(&found->rehearsal, &found->audit.plan, input->rehearsed,
						found->audit.begun, fault) < 0)
		return -1;
	if (input->plan && check_plan(&found->audit, input->plan, fault) < 0)
		return -1;
	return input->receipts_count == 0 ? 0
					  : receipt_set_check(&found->receipts, &found->audit,
							      input->receipts, input->receipts_count, fault);
}

/* Of the batches whose receipts were in hand, and of those whose were not. */
static json_t *tell_receipts(const struct found *found)
{
	const struct plan *plan = &found->audit.plan;
	char rest[PLAN_BATCHES * (PLAN_ID + 2)] = "";
	json_t *list = json_array();
	bool any = false;

	for (unsigned i = 0; i < plan->batch_count; i++)
		any |= found->receipts.batches[i].cards != NULL;
	for (unsigned i = 0; any && i < plan->batch_count; i++) {
		const struct plan_batch *batch = &plan->batches[i];
		unsigned count = found->receipts.batches[i].count;

		if (batch->method && !found->receipts.batches[i].cards) {
			(void)snprintf(rest + strlen(rest), sizeof(rest) - strlen(rest), "%s%s",
				       rest[0] ? ", " : "", batch->id);
		} else if (batch->method) {
			say("  receipts     %s: %u cards, %u missing", batch->id, count,
			    batch->count - count);
			(void)json_array_append_new(list, json_pack("{s:s, s:i, s:i}", "batch", batch->id,
								    "cards", (int)count, "missing",
								    (int)(batch->count - count)));
		}
	}
	if (rest[0])
		say("               not checked: %s", rest);
	return list;
}

/* policy and rehearsed: members of the result; NULL: there is none. */
static void tell_result(const struct found *found, json_t *receipts, json_t *policy, json_t *rehearsed)
{
	const struct transcript_summary *summary = &found->summary;
	const struct audit *audit = &found->audit;
	const struct hsm_identity *hsm = &audit->hsm;
	char key[65], fingerprint[65], root[65], previous[65], program[65];
	char line[CLOSING_NAMES], words[32 * WORDS_LONGEST];
	json_t *result, *parties = json_array();

	hex_write(key, summary->key, 32);
	hex_write(fingerprint, summary->fingerprint, 32);
	hex_write(root, summary->root, 32);
	hex_write(previous, summary->previous, 32);
	hex_write(program, audit->program, 32);
	result = json_pack("{s:b, s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:s}", "pinned",
			   found->pinned, "ceremony", audit->plan.id, "mode", plan_mode(&audit->plan),
			   "lines", (int)summary->count, "key", key, "fingerprint", fingerprint, "root", root,
			   "previous", previous, "threshold", (int)audit->plan.threshold, "total",
			   (int)audit->plan.total, "attempts", (int)audit->attempt, "resumed",
			   (int)audit->resumed, "exceptions", (int)audit->exceptions, "closed", summary->at);
	for (unsigned i = 0; i < plan_signers(&audit->plan); i++)
		(void)json_array_append_new(parties, json_pack("{s:s, s:s, s:s}", "key",
							       plan_signer(&audit->plan, i)->key, "name",
							       plan_signer(&audit->plan, i)->name, "role",
							       plan_signer(&audit->plan, i)->role));
	words_write(words, sizeof(words), summary->fingerprint, 32);
	if (result && json_object_set_new(result, "words", json_string(words)) < 0) {
		json_decref(result);
		result = NULL;
	}
	if (result && found->note[0] &&
	    json_object_set_new(result, "note",
				json_pack("{s:s, s:o, s:o}", "file", found->note, "cosigned",
					  closing_names(line, found->keys, &audit->plan, true), "missing",
					  closing_names(line, found->keys, &audit->plan, false))) < 0) {
		json_decref(result);
		result = NULL;
	}
	if (result &&
	    (json_object_set_new(result, "signed_off", parties) < 0 ||
	     json_object_set_new(result, "receipts", receipts) < 0 ||
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
	if (result && policy)
		(void)json_object_set(result, "policy", policy);
	if (result && rehearsed)
		(void)json_object_set(result, "rehearsed", rehearsed);
	json_decref(policy);
	json_decref(rehearsed);
	say_result(result);
}

/* "sound" is for a transcript whose signer the caller has named: any other
 * can have been made as a whole, an hour ago, by anybody. */
static void tell(const struct found *found, const struct input *input)
{
	const struct transcript_summary *summary = &found->summary;
	const struct audit *audit = &found->audit;
	bool pinned = found->pinned;
	const struct hsm_identity *hsm = &audit->hsm;
	char hex[65], signers[CLOSING_NAMES] = "", names[CLOSING_NAMES], words[16 * WORDS_LONGEST];
	json_t *receipts, *policy = NULL, *rehearsed = NULL;

	for (unsigned i = 0; i < plan_signers(&audit->plan); i++)
		(void)snprintf(signers + strlen(signers), sizeof(signers) - strlen(signers), "%s%s",
			       i ? ", " : "", plan_signer(&audit->plan, i)->name);
	say("%s: ceremony %s (%s), %u lines, closed %s", pinned ? "sound" : "self-consistent, signer unknown",
	    audit->plan.id, plan_mode(&audit->plan), summary->count, summary->at);
	hex_write(hex, summary->key, 32);
	say("  signed by    %s%s", hex, pinned ? "" : " (not compared with anything)");
	hex_write(hex, summary->fingerprint, 32);
	say("  fingerprint  %s%s", hex, pinned ? "" : " (not compared with anything)");
	words_write(words, sizeof(words), summary->fingerprint, 16);
	say("               %s", words);
	words_write(words, sizeof(words), summary->fingerprint + 16, 16);
	say("               %s", words);
	hex_write(hex, summary->root, 32);
	say("  root         %s", hex);
	say("  shares       %u of %u, restored by %u quorums%s", audit->plan.threshold, audit->plan.total,
	    plan_quorums(&audit->plan), audit->passphrase ? ", under a passphrase" : "");
	say("  attempts     %u, resumed %u times, %u exceptions", audit->attempt, audit->resumed,
	    audit->exceptions);
	if (plan_signers(&audit->plan) > 0)
		say("  signed off   by %s", signers);
	say("  HSM          %s: %s %s, serial %s, %s", hsm->label, hsm->manufacturer, hsm->model, hsm->serial,
	    hsm->library);
	say("               %s", audit_assurance(hsm));
	hex_write(hex, audit->program, 32);
	say("  software     %s, SHA-256 %s", audit->software, hex);
	if (found->note[0]) {
		json_decref(closing_names(names, found->keys, &audit->plan, true));
		say("  note         %s, signed by the ceremony's key%s%s", found->note,
		    names[0] ? " and by " : "", names);
		json_decref(closing_names(names, found->keys, &audit->plan, false));
		if (names[0])
			say("               not signed by %s", names);
	}
	if (found->policy)
		policy = closing_tell_policy(found->policy, input->policy);
	if (input->rehearsed)
		rehearsed = rehearsal_tell(&found->rehearsal, input->rehearsed);
	receipts = tell_receipts(found);
	if (!pinned)
		say_note(
			"whoever made this file could have made another: compare the fingerprint with what the "
			"witnesses wrote down, or give --fingerprint, --key or --policy");
	if (!audit->plan.rehearsal && hsm_is_software(hsm))
		say_note("a production ceremony on a software token: its keys are files");
	tell_result(found, receipts, policy, rehearsed);
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
		       "--fingerprint, --key or --policy it cannot say who signed.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	struct found *found;
	int result;

	options_parse(&argp, "simrite ceremony verify", argc, argv, &input, &input.options);
	found = calloc(1, sizeof(*found));
	if (!found) {
		fault_set(&fault, FAULT_SYSTEM, NULL, "no memory");
		return say_fault(&fault);
	}
	result = verify(found, &input, &fault);
	if (result == 0)
		tell(found, &input);
	receipt_set_free(&found->receipts);
	audit_free(&found->audit);
	free(found->policy);
	free(found);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

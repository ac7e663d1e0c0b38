/* cmd_verify_proof.c - a card's proof, from the file alone: no token, no network, no transcript. */
#include <stdlib.h>
#include <string.h>

#include "ceremony/command.h"
#include "ceremony/proof.h"
#include "lib/canonical.h"
#include "lib/options.h"
#include "lib/say.h"
#include "lib/words.h"

struct input {
	struct options options;
	const char *proof, *fingerprint, *key, *policy;
};

static const struct argp_option own_options[] = {
	{"fingerprint", 'f', "HEX", 0,
	 "Refuse the proof of any ceremony but the one whose transcript has this fingerprint", 0},
	{"key", 'k', "HEX", 0, "Refuse any signer but the one whose public key has this SHA-256", 0},
	{"policy", 'P', "FILE", 0,
	 "Refuse a note that the witnesses of this policy have not signed in the number it asks for", 0},
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
	case 'P':
		input->policy = value;
		return 0;
	case ARGP_KEY_ARG:
		if (input->proof)
			argp_error(state, "one PROOF only");
		input->proof = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->proof)
			argp_error(state, "which PROOF?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int verify(struct proof *proof, const struct input *input, struct note_policy *policy,
		  struct fault *fault)
{
	char *text, key[65], fingerprint[65];
	size_t length;
	int result;

	if (transcript_load(&text, &length, input->proof, fault) < 0)
		return -1;
	result = proof_check(proof, text, length, policy, fault);
	free(text);
	if (result < 0)
		return -1;
	hex_write(key, proof->summary.key, 32);
	if (input->key && strcmp(input->key, key) != 0)
		return fault_set(fault, FAULT_NO, NULL, "signed by %s, not by the key asked for", key);
	hex_write(fingerprint, proof->summary.fingerprint, 32);
	if (input->fingerprint && strcmp(input->fingerprint, fingerprint) != 0)
		return fault_set(fault, FAULT_NO, NULL, "the fingerprint is %s, not the one asked for",
				 fingerprint);
	return 0;
}

/* Key and fingerprint are compared with nothing unless they were given: either then pins, or a policy. */
static void tell(const struct proof *proof, const struct input *input, const struct note_policy *policy)
{
	bool pinned = input->key || input->fingerprint || (policy && note_policy_pins(policy));
	const struct plan *plan = &proof->audit.plan;
	const struct plan_batch *batch = &plan->batches[proof->batch];
	const struct receipt *receipt = &proof->card.receipt;
	char key[65], identity[2 * P256_COMPRESSED + 1], firmware[65], k[7], opc[7];
	char words[32 * WORDS_LONGEST], names[CLOSING_NAMES];
	json_t *cosigned, *missing, *result;

	hex_write(key, proof->summary.key, 32);
	hex_write(identity, receipt->identity, P256_COMPRESSED);
	hex_write(firmware, receipt->firmware, 32);
	hex_write(k, receipt->kcv_k, 3);
	hex_write(opc, receipt->kcv_opc, 3);
	say("%s: card %s was loaded in ceremony %s (%s), once",
	    pinned ? "sound" : "self-consistent, signer unknown", proof->line.iccid, plan->id,
	    plan_mode(plan));
	say("  signed by    %s%s", key, pinned ? "" : " (not compared with anything)");
	say("  fingerprint  %s%s", proof->note.fingerprint, pinned ? "" : " (not compared with anything)");
	words_write(words, sizeof(words), proof->summary.fingerprint, 16);
	say("               %s", words);
	words_write(words, sizeof(words), proof->summary.fingerprint + 16, 16);
	say("               %s", words);
	say("  batch        %s, ticket %u, key %s, slot %u", batch->id, (unsigned)proof->line.number,
	    plan_method_name(batch->method), batch->slot);
	say("  check values K %s, OPc %s", k, opc);
	say("  card         %s", identity);
	say("  firmware     %s (as the card says)", firmware);
	cosigned = closing_names(names, proof->keys, plan, true);
	say("  note         signed by the ceremony's key%s%s", names[0] ? " and by " : "", names);
	missing = closing_names(names, proof->keys, plan, false);
	if (names[0])
		say("               not signed by %s", names);
	if (!pinned)
		say_note(
			"whoever made this file could have made another, of any card: give --fingerprint, --key or "
			"--policy");
	words_write(words, sizeof(words), proof->summary.fingerprint, 32);
	result = json_pack("{s:s, s:i, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:i, s:s, s:s, s:s, s:s, "
			   "s:s, s:{s:o, s:o}}",
			   "type", "result", "schema", 1, "pinned", pinned, "ceremony", plan->id, "mode",
			   plan_mode(plan), "key", key, "fingerprint", proof->note.fingerprint, "words",
			   words, "batch", batch->id, "number", (int)proof->line.number, "method",
			   plan_method_name(batch->method), "slot", (int)batch->slot, "iccid",
			   proof->line.iccid, "identity", identity, "firmware", firmware, "kcv_k", k,
			   "kcv_opc", opc, "note", "cosigned", cosigned, "missing", missing);
	if (result && policy)
		(void)json_object_set_new(result, "policy", closing_tell_policy(policy, input->policy));
	say_result(result);
}

int cmd_verify_proof(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.args_doc = "PROOF",
		.doc = "Check the proof that a card was loaded in a ceremony, from simrite ceremony prove. Needs no other "
		       "file. Exit status 1 says no. Without --fingerprint, --key or --policy it cannot say whose "
		       "ceremony it was.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	struct note_policy *policy = NULL;
	struct proof *proof;
	int result = -1;

	options_parse(&argp, "simrite ceremony verify-proof", argc, argv, &input, &input.options);
	proof = calloc(1, sizeof(*proof));
	if (!proof) {
		fault_set(&fault, FAULT_SYSTEM, NULL, "no memory");
		return say_fault(&fault);
	}
	if (!input.policy || (policy = note_policy_load(input.policy, &fault)))
		result = verify(proof, &input, policy, &fault);
	if (result == 0)
		tell(proof, &input, policy);
	proof_free(proof);
	free(proof);
	free(policy);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

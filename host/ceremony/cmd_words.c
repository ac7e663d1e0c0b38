/* cmd_words.c - is this a whole share, as it was printed? Answered without saying what it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ceremony/command.h"
#include "ceremony/hierarchy.h"
#include "ceremony/locked.h"
#include "ceremony/quorum.h"
#include "crypto/compare.h"
#include "lib/hex.h"
#include "lib/options.h"
#include "lib/say.h"

enum {
	KEY_SALT = 0x100
};

struct input {
	struct options options;
	const char *mnemonic, *share, *transcript;
	uint8_t salt[32];
	bool has_salt;
};

/* Locked. */
struct secrets {
	struct mnemonic_room room;
	struct slip39_share words, own;
	struct share_file file;
};

static const struct argp_option own_options[] = {
	{"mnemonic", 'm', "SOURCE", 0, "Where the words come from: prompt (the default), file:PATH or fd:N",
	 0},
	{"share", 's', "FILE", 0, "Compare them with the share they were printed from", 0},
	{"transcript", 't', "FILE", 0, "Are they a share of this ceremony?", 0},
	{"salt", KEY_SALT, "HEX", 0, "And the one that was committed to there: the salt is on the sheet", 0},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case 'm':
		input->mnemonic = value;
		return 0;
	case 's':
		input->share = value;
		return 0;
	case 't':
		input->transcript = value;
		return 0;
	case KEY_SALT:
		input->has_salt = true;
		if (hex_read(input->salt, sizeof(input->salt), value, strlen(value)) < 0)
			argp_error(state, "--salt wants 64 hex digits");
		return 0;
	case ARGP_KEY_END:
		if (input->has_salt && !input->transcript)
			argp_error(state, "--salt needs --transcript: the commitment is there");
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "words are typed or read, never on the command line");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Where do the typed words differ from the file's: in which share, set or value? */
static int compare(const struct secrets *secret, const char *path, struct fault *fault)
{
	const struct slip39_share *words = &secret->words, *own = &secret->own;

	if (mnemonic_is_ours(words, "the mnemonic", fault) < 0)
		return -1;
	if (words->set.id != own->set.id)
		return fault_set(fault, FAULT_NO, "take the sheet of this ceremony and set",
				 "the words are of another set than \"%s\": identifier %u, not %u", path,
				 words->set.id, own->set.id);
	if (words->share.x != own->share.x || words->threshold != own->threshold)
		return fault_set(fault, FAULT_NO, "take the sheet of this custodian",
				 "the words are share %u (%u are needed), \"%s\" is share %u (%u)",
				 words->share.x + 1U, words->threshold, path, own->share.x + 1U,
				 own->threshold);
	if (compare_equal(words->share.value, own->share.value, SHARE_LENGTH) != GRANTED)
		return fault_set(fault, FAULT_NO, "find out where this sheet comes from",
				 "the words are a whole share, but not the value in \"%s\"", path);
	return 0;
}

/* The commitment can be computed from words and salt. */
static int compare_transcript(const struct secrets *secret, const struct audit *audit,
			      const struct input *input, struct fault *fault)
{
	const struct slip39_share *words = &secret->words;
	const struct plan *plan = &audit->plan;
	uint8_t commitment[32];

	if (mnemonic_is_ours(words, "the mnemonic", fault) < 0 ||
	    quorum_place(audit, words, "the mnemonic", fault) < 0)
		return -1;
	if (!input->has_salt)
		return 0;
	if (hierarchy_share(commitment, plan->id, audit->set, words->share.x + 1U, plan->threshold,
			    plan->total, input->salt, words->share.value, fault) < 0)
		return -1;
	if (memcmp(commitment, audit->share[words->share.x], sizeof(commitment)) != 0)
		return fault_set(fault, FAULT_NO,
				 "compare the salt first; then find out where this sheet comes from",
				 "the words and the salt are not what share %u of the transcript commits to",
				 words->share.x + 1U);
	return 0;
}

static int work(struct secrets *secret, struct audit *audit, const struct input *input, struct fault *fault)
{
	if (input->transcript && quorum_transcript(audit, input->transcript, fault) < 0)
		return -1;
	if (input->share) {
		if (share_file_read(&secret->file, input->share, fault) < 0)
			return -1;
		share_file_slip39(&secret->own, &secret->file);
	}
	if (mnemonic_read(&secret->words, &secret->room, input->mnemonic ? input->mnemonic : "prompt",
			  "the mnemonic", fault) < 0)
		return -1;
	if (input->share && compare(secret, input->share, fault) < 0)
		return -1;
	return input->transcript ? compare_transcript(secret, audit, input, fault) : 0;
}

static const char *compared(const struct input *input)
{
	if (input->share)
		return "file";
	if (input->has_salt)
		return "commitment";
	return input->transcript ? "place" : "nothing";
}

static void tell(const struct secrets *secret, const struct audit *audit, const struct input *input)
{
	const struct slip39_share *words = &secret->words;
	const struct slip39_set *set = &words->set;

	say("whole: %u words, share %u of those of which %u are needed", slip39_word_count(set->length),
	    words->share.x + 1U, words->threshold);
	say("  identifier   %u (%sextendable, iteration exponent %u)", set->id, set->extendable ? "" : "not ",
	    set->exponent);
	if (set->group_count > 1)
		say("  group        %u of %u, of which %u are needed", words->group + 1U, set->group_count,
		    set->group_threshold);
	if (input->share)
		say("  and it is the share of %s in %s", secret->file.custodian, input->share);
	if (input->transcript)
		say("  and it is %s share %u of ceremony %s, of %s",
		    input->has_salt ? "what was committed to as" : "called", words->share.x + 1U,
		    audit->plan.id, audit->plan.custodians[words->share.x].name);
	if (!input->share && !input->has_salt)
		say_note("that it is the right one only its file (--share), its salt with the transcript\n"
			 "(--salt, --transcript) or a restore shows");
	say_result(json_pack("{s:s, s:i, s:i, s:i, s:i, s:b, s:i, s:i, s:i, s:i, s:s}", "type", "result",
			     "schema", 1, "words", (int)slip39_word_count(set->length), "index",
			     words->share.x + 1, "threshold", (int)words->threshold, "extendable",
			     set->extendable ? 1 : 0, "identifier", (int)set->id, "group", words->group + 1,
			     "groups", (int)set->group_count, "group_threshold", (int)set->group_threshold,
			     "compared", compared(input)));
}

int cmd_words(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.doc = "Check the words of one share, SLIP-0039's of any kind: typed at a prompt that does not show them "
		       "and asks again for a wrong one, or read. It says what the share says of itself, not its value.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	struct secrets *secret;
	struct audit *audit;
	int result = -1;

	options_parse(&argp, "simrite ceremony words", argc, argv, &input, &input.options);
	locked_json();
	secret = locked_stack(&fault) == 0 ? locked_new(sizeof(*secret), &fault) : NULL;
	audit = calloc(1, sizeof(*audit));
	if (!audit)
		fault_set(&fault, FAULT_SYSTEM, NULL, "no memory");
	else if (secret)
		result = work(secret, audit, &input, &fault);
	if (result == 0)
		tell(secret, audit, &input);
	if (audit)
		audit_free(audit);
	free(audit);
	locked_free(secret, sizeof(*secret));
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

/* cmd_words.c - is this a whole share, as it was printed? Answered without saying what it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ceremony/audit.h"
#include "ceremony/command.h"
#include "ceremony/locked.h"
#include "ceremony/mnemonic.h"
#include "ceremony/share_file.h"
#include "crypto/compare.h"
#include "lib/options.h"
#include "lib/say.h"

struct input {
	struct options options;
	const char *mnemonic, *share;
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

static int work(struct secrets *secret, const struct input *input, struct fault *fault)
{
	if (input->share) {
		if (share_file_read(&secret->file, input->share, fault) < 0)
			return -1;
		share_file_slip39(&secret->own, &secret->file);
	}
	if (mnemonic_read(&secret->words, &secret->room, input->mnemonic ? input->mnemonic : "prompt",
			  "the mnemonic", fault) < 0)
		return -1;
	return input->share ? compare(secret, input->share, fault) : 0;
}

static void tell(const struct secrets *secret, const struct input *input)
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
	else
		say_note(
			"that it is the right one only the file it was printed from (--share) or a restore shows");
	say_result(json_pack("{s:s, s:i, s:i, s:i, s:i, s:b, s:i, s:i, s:i, s:i, s:b}", "type", "result",
			     "schema", 1, "words", (int)slip39_word_count(set->length), "index",
			     words->share.x + 1, "threshold", (int)words->threshold, "extendable",
			     set->extendable ? 1 : 0, "identifier", (int)set->id, "group", words->group + 1,
			     "groups", (int)set->group_count, "group_threshold", (int)set->group_threshold,
			     "compared", input->share ? 1 : 0));
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
	int result = -1;

	options_parse(&argp, "simrite ceremony words", argc, argv, &input, &input.options);
	locked_json();
	secret = locked_new(sizeof(*secret), &fault);
	if (secret)
		result = work(secret, &input, &fault);
	if (result == 0)
		tell(secret, &input);
	locked_free(secret, sizeof(*secret));
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

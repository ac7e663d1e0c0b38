/* cmd_recover.c - the way back after a disaster, and a thief's way in: a
 * quorum of shares, files or words, is the master key. Nothing here needs the token. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ceremony/audit.h"
#include "ceremony/command.h"
#include "ceremony/hierarchy.h"
#include "ceremony/locked.h"
#include "ceremony/quorum.h"
#include "ceremony/walk.h"
#include "crypto/compare.h"
#include "lib/canonical.h"
#include "lib/options.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "lib/words.h"

enum {
	KEY_EXPOSE = 0x100,
	KEY_CEREMONY,
	KEY_CONFIRM,
	KEY_UNCHECKED,

	TRIES = 5 /* of what is typed at a prompt; each costs nobody anything */
};

struct input {
	struct options options;
	const char *batch, *out, *transcript, *passphrase, *ceremony;
	const char *shares[SHARE_MAX], *mnemonics[SHARE_MAX], *confirm;
	struct signer cards[SHARE_MAX];
	unsigned count, mnemonic_count, card_count;
	bool expose, unchecked;
};

/* Locked. */
struct secrets {
	struct quorum quorum;
	uint8_t ems[32], master[32], batch[32]; /* ems: the master as it was split */
	uint8_t check[16];                      /* the batch key's; not secret */
	char hex[65 + 1], passphrase[SLIP39_PASSPHRASE + 1];
	char ceremony[PLAN_ID + 1]; /* not secret */
};

static const struct argp_option own_options[] = {
	{"batch", 'b', "ID", 0, "The batch whose key is wanted", 0},
	{"out", 'o', "FILE", 0, "Where the key goes: 64 hex digits, mode 0600; must not exist", 0},
	{"transcript", 't', "FILE", 0, "Check shares and result against the ceremony's transcript", 0},
	{"mnemonic", 'm', "SOURCE", 0,
	 "A share in words (SLIP-0039), as on a paper sheet: file:PATH, fd:N or prompt; may be repeated", 0},
	{"card", 'c', "NAME[=SOURCE]", 0,
	 "A share on the card of custodian NAME, whose PIN comes from file:PATH, fd:N or prompt (unless given); may be repeated",
	 0},
	{"confirm", KEY_CONFIRM, "ID", 0,
	 "Every custodian of a card allows its share to be released for ceremony ID; at a terminal each is asked",
	 0},
	{"ceremony", KEY_CEREMONY, "ID", 0, "Of which ceremony the words are, when there is no transcript",
	 0},
	{"passphrase", 'P', "SOURCE", 0, "What the shares were encrypted with: file:PATH, fd:N or prompt", 0},
	{"unchecked", KEY_UNCHECKED, NULL, 0,
	 "There is no transcript any more: write whatever key these shares and this batch id give", 0},
	{"expose-key", KEY_EXPOSE, NULL, 0,
	 "Yes: take the key of a whole batch out of the HSM's protection and write it to a file", 0},
	{0},
};

static void take_card(struct input *input, char *value, const struct argp_state *state)
{
	char *equals = strchr(value, '=');

	if (input->card_count == SHARE_MAX || equals == value || (equals && !equals[1])) {
		argp_error(state, "--card wants NAME or NAME=SOURCE, at most %d times", SHARE_MAX);
		return;
	}
	if (equals)
		*equals = 0;
	input->cards[input->card_count++] = (struct signer){.name = value, .pin = equals ? equals + 1 : NULL};
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case 'b':
		input->batch = value;
		return 0;
	case 'o':
		input->out = value;
		return 0;
	case 't':
		input->transcript = value;
		return 0;
	case 'm':
		if (input->mnemonic_count == SHARE_MAX)
			argp_error(state, "more than %d shares", SHARE_MAX);
		input->mnemonics[input->mnemonic_count++] = value;
		return 0;
	case 'c':
		take_card(input, value, state);
		return 0;
	case KEY_CONFIRM:
		input->confirm = value;
		return 0;
	case KEY_CEREMONY:
		input->ceremony = value;
		return 0;
	case 'P':
		input->passphrase = value;
		return 0;
	case KEY_EXPOSE:
		input->expose = true;
		return 0;
	case KEY_UNCHECKED:
		input->unchecked = true;
		return 0;
	case ARGP_KEY_ARG:
		if (input->count == SHARE_MAX)
			argp_error(state, "more than %d shares", SHARE_MAX);
		input->shares[input->count++] = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->batch || !input->out ||
		    input->count + input->mnemonic_count + input->card_count == 0)
			argp_error(state,
				   "wants --batch ID, --out FILE and the SHAREs, --mnemonic or --card");
		if (input->card_count && !input->transcript)
			argp_error(state, "--card wants --transcript: it says whose card is which");
		if (input->transcript && input->unchecked)
			argp_error(state, "--transcript checks, --unchecked does not: give one of them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* ---- against the transcript ---- */

static int find_batch(const struct audit *audit, const char *id, unsigned *found, struct fault *fault)
{
	for (*found = 0; *found < audit->plan.batch_count; ++*found)
		if (strcmp(audit->plan.batches[*found].id, id) == 0)
			return 0;
	return fault_set(fault, FAULT_INPUT, NULL, "the ceremony's plan has no batch \"%s\"", id);
}

static int check_result(const struct audit *audit, const struct secrets *secret, const struct input *input,
			unsigned batch, struct fault *fault)
{
	static const uint8_t none[16];
	uint8_t check[16];

	if (hierarchy_master_check(check, secret->master, audit->plan.id, audit->nonce, fault) < 0)
		return -1;
	if (compare_equal(check, audit->master_check, 16) != GRANTED)
		return fault_set(
			fault, FAULT_NO, NULL,
			input->passphrase
				? "the passphrase is wrong, or the shares: another master than the transcript's"
				: "these shares give another master than the transcript's");
	if (memcmp(audit->batches[batch].check, none, 16) != 0 &&
	    compare_equal(secret->check, audit->batches[batch].check, 16) != GRANTED)
		return fault_set(fault, FAULT_NO, NULL, "the batch key is not the transcript's");
	return 0;
}

/* ---- the work ---- */

static int write_key(struct secrets *secret, const char *path, struct fault *fault)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600), saved;

	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot make \"%s\": %s", path, strerror(errno));
	hex_write(secret->hex, secret->batch, 32);
	secret->hex[64] = '\n';
	errno = ENOSPC;
	if (write(fd, secret->hex, 65) == 65 && fsync(fd) == 0 && close(fd) == 0)
		return 0;
	saved = errno;
	(void)unlink(path);
	return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write \"%s\": %s", path, strerror(saved));
}

static int check_passphrase_wanted(const struct secrets *secret, const struct input *input,
				   struct fault *fault)
{
	const struct share_file *file = quorum_file(&secret->quorum);

	if (file && file->passphrase && !input->passphrase)
		return fault_set(fault, FAULT_USAGE, "give --passphrase SOURCE",
				 "these shares restore nothing without their passphrase");
	if (file && !file->passphrase && input->passphrase)
		return fault_set(fault, FAULT_USAGE, "leave --passphrase out",
				 "these shares were made without a passphrase");
	return 0;
}

/* 1: what was typed can be no passphrase, `fault` says why. */
static int read_passphrase(struct secrets *secret, const struct input *input, struct fault *fault)
{
	if (!input->passphrase)
		return 0;
	if (secret_text(secret->passphrase, sizeof(secret->passphrase), input->passphrase,
			"the passphrase of the shares", fault) < 0)
		return -1;
	if (!secret->passphrase[0])
		fault_set(fault, FAULT_INPUT, NULL, "an empty passphrase is none");
	else if (slip39_passphrase(secret->passphrase, fault) == 0)
		return 0;
	return 1;
}

/* The master as it was before SLIP-0039 encrypted it, and the batch key; any
 * passphrase gives some: only the transcript (`audit`, or NULL) knows which. 1 as above, also for the wrong
 * one.
 */
static int derive(struct secrets *secret, const struct audit *audit, const struct input *input,
		  const char *ceremony, unsigned batch, struct fault *fault)
{
	uint8_t data[32];
	int result = read_passphrase(secret, input, fault);

	if (result != 0)
		return result;
	if (slip39_decrypt(secret->master, secret->ems, &secret->quorum.of[0].share.set, secret->passphrase,
			   fault) < 0 ||
	    hierarchy_batch(data, ceremony, input->batch, fault) < 0 ||
	    hierarchy_derive(secret->batch, secret->master, data, fault) < 0 ||
	    hierarchy_batch_check(secret->check, secret->batch, fault) < 0)
		return -1;
	if (!audit || check_result(audit, secret, input, batch, fault) == 0)
		return 0;
	return input->passphrase && fault->code == FAULT_NO ? 1 : -1;
}

/* At a prompt a wrong passphrase is asked for again: the words need not be typed again for it. */
static int restore(struct secrets *secret, const struct audit *audit, const struct input *input,
		   const char *ceremony, unsigned batch, struct fault *fault)
{
	bool prompt = input->passphrase && strcmp(input->passphrase, "prompt") == 0;
	int result;

	if (quorum_combine(secret->ems, &secret->quorum, fault) < 0 ||
	    check_passphrase_wanted(secret, input, fault) < 0)
		return -1;
	for (unsigned tries = 1;; tries++) {
		result = derive(secret, audit, input, ceremony, batch, fault);
		if (result <= 0)
			return result;
		if (!prompt || tries == TRIES)
			return -1;
		say_note("%s: once more (try %u of %u; Ctrl-C ends this)", fault->text, tries + 1, TRIES);
	}
}

/* ---- the shares ---- */

/* One share in words. One that is whole, but of another ceremony or there
 * already, is told at once when it was typed, and asked for again. */
static int add_words(struct quorum *quorum, const struct audit *audit, const char *source,
		     struct fault *fault)
{
	bool prompt = strcmp(source, "prompt") == 0;

	for (unsigned tries = 1;; tries++) {
		if (quorum_add_words(quorum, source, fault) < 0)
			return -1;
		if (!prompt || quorum_check_last(quorum, audit, fault) == 0)
			return 0;
		if (tries == TRIES)
			return -1;
		say_note("%s: once more (try %u of %u; Ctrl-C ends this)", fault->text, tries + 1, TRIES);
		quorum_drop_last(quorum);
	}
}

static int add_all(struct quorum *quorum, const struct input *input, const struct audit *audit,
		   struct fault *fault)
{
	for (unsigned i = 0; i < input->count; i++)
		if (quorum_add_file(quorum, input->shares[i], fault) < 0)
			return -1;
	for (unsigned i = 0; i < input->mnemonic_count; i++)
		if (add_words(quorum, audit, input->mnemonics[i], fault) < 0)
			return -1;
	return 0;
}

/* The batch key comes from the ceremony's name, too. */
static const char *ceremony_of(const struct secrets *secret, const struct audit *audit,
			       const struct input *input, struct fault *fault)
{
	const struct share_file *file = quorum_file(&secret->quorum);
	const char *known = input->transcript ? audit->plan.id : file ? file->ceremony : NULL;

	if (known && input->ceremony && strcmp(known, input->ceremony) != 0)
		fault_set(fault, FAULT_INPUT, NULL, "the ceremony is %s, not %s", known, input->ceremony);
	else if (!known && !input->ceremony)
		fault_set(fault, FAULT_USAGE, "give --ceremony ID: it is on every paper sheet",
			  "words do not say of which ceremony they are");
	else
		return known ? known : input->ceremony;
	return NULL;
}

/* Nobody's card gives its share for a ceremony that its holder was not told of. */
static int confirmed(const struct input *input, const struct audit *audit, const char *id, const char *name,
		     struct fault *fault)
{
	struct walk *walk;
	int result;

	if (input->confirm && strcmp(input->confirm, id) == 0)
		return 0;
	if (input->confirm || !isatty(STDIN_FILENO))
		return fault_set(fault, FAULT_POLICY, "each custodian has to agree: --confirm ID",
				 "the release of the share of %.64s for ceremony %s is not confirmed", name,
				 id);
	if (walk_open(&walk, &audit->plan, NULL, NULL, fault) < 0)
		return -1;
	result = walk_type(walk, name, id, fault,
			   "Your card will give its share out, once, to restore the key of batch %s.\n"
			   "   To allow that, type the ceremony's id, %s.",
			   input->batch, id);
	walk_close(walk);
	return result;
}

/* What would come to nothing is refused before a card counts a release for it. */
static int check_before_cards(const struct input *input, const struct audit *audit, struct fault *fault)
{
	unsigned count = input->count + input->mnemonic_count + input->card_count, seen = 0, who;

	for (unsigned i = 0; i < input->card_count; i++) {
		if (quorum_holder(&who, &audit->plan, input->cards[i].name, fault) < 0)
			return -1;
		if (seen >> who & 1)
			return fault_set(fault, FAULT_USAGE, "each --card once",
					 "the card of %.64s is given twice", input->cards[i].name);
		seen |= 1U << who;
	}
	if (access(input->out, F_OK) == 0)
		return fault_set(fault, FAULT_INPUT, "choose another --out, or take it away",
				 "\"%s\" is there already", input->out);
	if (count < audit->plan.threshold)
		return fault_set(fault, FAULT_POLICY, NULL, "%u shares are needed, %u given: no quorum",
				 audit->plan.threshold, count);
	if (audit->passphrase && !input->passphrase)
		return fault_set(fault, FAULT_USAGE, "give --passphrase SOURCE",
				 "these shares restore nothing without their passphrase");
	if (!audit->passphrase && input->passphrase)
		return fault_set(fault, FAULT_USAGE, "leave --passphrase out",
				 "these shares were made without a passphrase");
	return 0;
}

static int add_cards(struct quorum *quorum, const struct input *input, const struct audit *audit,
		     struct fault *fault)
{
	const char *id = audit->plan.id;

	if (!input->card_count)
		return 0;
	if (!id)
		return fault_set(fault, FAULT_USAGE, "give --transcript FILE: it names their cards",
				 "--card wants --transcript");
	if (check_before_cards(input, audit, fault) < 0)
		return -1;
	for (unsigned i = 0; i < input->card_count; i++)
		if (confirmed(input, audit, id, input->cards[i].name, fault) < 0 ||
		    quorum_add_card(quorum, audit, &input->cards[i], input->passphrase != NULL, fault) < 0)
			return -1;
	return 0;
}

static int recover(struct secrets *secret, struct audit *audit, const struct input *input,
		   struct fault *fault)
{
	const struct audit *known = input->transcript ? audit : NULL;
	const char *ceremony;
	unsigned batch = 0;

	if (!input->expose)
		return fault_set(
			fault, FAULT_POLICY, "say so with --expose-key",
			"this writes the key of a whole batch to a file; every card of it can then be copied");
	if (!input->transcript && !input->unchecked)
		return fault_set(
			fault, FAULT_POLICY, "give --transcript FILE; without one there is --unchecked",
			"nothing says that the ceremony made a batch \"%s\": any name would give a key",
			input->batch);
	if (input->transcript && (quorum_transcript(audit, input->transcript, fault) < 0 ||
				  find_batch(audit, input->batch, &batch, fault) < 0))
		return -1;
	if (add_all(&secret->quorum, input, known, fault) < 0 ||
	    add_cards(&secret->quorum, input, audit, fault) < 0 ||
	    quorum_check(&secret->quorum, known, fault) < 0 ||
	    !(ceremony = ceremony_of(secret, audit, input, fault)) ||
	    restore(secret, known, input, ceremony, batch, fault) < 0)
		return -1;
	(void)snprintf(secret->ceremony, sizeof(secret->ceremony), "%s", ceremony);
	return write_key(secret, input->out, fault);
}

static void tell(const struct secrets *secret, const struct input *input)
{
	char check[33], words[16 * WORDS_LONGEST];

	hex_write(check, secret->check, sizeof(secret->check));
	words_write(words, sizeof(words), secret->check, sizeof(secret->check));
	say("%s", input->out);
	say("  check value  %s", check);
	say("               %s", words);
	say_note(
		"WARNING: %s now holds the key of batch %s in the clear.\n"
		"Whoever reads it can compute the key of every card of the batch. %u custodians together can\n"
		"always do this; so can whoever steals their shares. Record why it was done, and remove the file.",
		input->out, input->batch, secret->quorum.of[0].file.threshold);
	if (!input->transcript)
		say_note("nobody checked that this is a key of the ceremony, or that it made such a batch");
	say_result(json_pack("{s:s, s:i, s:s, s:s, s:s, s:b, s:s, s:s}", "type", "result", "schema", 1,
			     "ceremony", secret->ceremony, "batch", input->batch, "file", input->out,
			     "checked", input->transcript ? 1 : 0, "check", check, "words", words));
}

int cmd_recover(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.args_doc = "[SHARE...]",
		.doc = "Put the shares of a quorum together and write one batch key to a file. This is the way back "
		       "when the HSM is lost, and exactly what a thief of a quorum of shares can do.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	struct secrets *secret;
	struct audit *audit;
	int result = -1;

	options_parse(&argp, "simrite ceremony recover", argc, argv, &input, &input.options);
	locked_json();
	secret = locked_stack(&fault) == 0 ? locked_new(sizeof(*secret), &fault) : NULL;
	audit = calloc(1, sizeof(*audit));
	if (!audit)
		fault_set(&fault, FAULT_SYSTEM, NULL, "no memory");
	else if (secret)
		result = recover(secret, audit, &input, &fault);
	if (result == 0)
		tell(secret, &input);
	if (audit)
		audit_free(audit);
	free(audit);
	locked_free(secret, sizeof(*secret));
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

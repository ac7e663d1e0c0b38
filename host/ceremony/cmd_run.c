#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ceremony/command.h"
#include "ceremony/locked.h"
#include "ceremony/rite.h"
#include "lib/canonical.h"
#include "lib/options.h"
#include "lib/say.h"

struct input {
	struct options options;
	const char *plan, *out, *passphrase;
	struct rite_entropy entropy[PLAN_CUSTODIANS], words[PLAN_CUSTODIANS];
	unsigned entropy_count, words_count;
	const char *print;
	struct signer signers[PLAN_PARTIES];
	unsigned signer_count;
	bool software_token, affirm_destroyed, unattended;
};

enum {
	KEY_OUT = 'o',
	KEY_ENTROPY = 'e',
	KEY_PASSPHRASE = 'P',
	KEY_SIGNER = 's',
	KEY_PIN = 'p',
	KEY_SOFTWARE_TOKEN = 0x100,
	KEY_AFFIRM,
	KEY_PRINT,
	KEY_WORDS,
	KEY_UNATTENDED
};

static const struct argp_option own_options[] = {
	{"out", KEY_OUT, "FOLDER", 0,
	 "Where transcript, shares and the default HSM go; empty, or one to go on in", 0},
	{"entropy", KEY_ENTROPY, "NAME=SOURCE", 0,
	 "Also use what custodian NAME brings: file:PATH, fd:N or prompt (a line of dice rolls, say); may be repeated",
	 0},
	{"passphrase", KEY_PASSPHRASE, "SOURCE", 0,
	 "Encrypt what is shared (SLIP-0039) with a passphrase from file:PATH, fd:N or prompt; without it no share restores anything",
	 0},
	{"signer", KEY_SIGNER, "NAME=SOURCE", 0,
	 "How party NAME signs: card (unless given), pkcs11:URI with object=LABEL, or file:KEY.pem in a rehearsal; may be repeated",
	 0},
	{"pin", KEY_PIN, "NAME=SOURCE", 0,
	 "Where the PIN of NAME's card comes from: file:PATH, fd:N or prompt (unless given); may be repeated",
	 0},
	{"print", KEY_PRINT, "COMMAND", 0,
	 "How a share that is kept on paper is printed: the shell's COMMAND gets the PDF on standard input",
	 0},
	{"words", KEY_WORDS, "NAME=SOURCE", 0,
	 "Where the words on NAME's sheet are read from, to be put together with the others: prompt (unless given), file:PATH or fd:N; may be repeated",
	 0},
	{"affirm-destroyed", KEY_AFFIRM, NULL, 0,
	 "Say that everything was destroyed that the plan lists under destruction", 0},
	{"unattended", KEY_UNATTENDED, NULL, 0,
	 "Ask nobody, at a terminal either: everything comes from options", 0},
	{"software-token", KEY_SOFTWARE_TOKEN, NULL, 0,
	 "Hold a production ceremony on SoftHSM, whose keys are files that can be copied", 0},
	{0},
};

/* NAME=SOURCE: returns SOURCE, and ends NAME. */
static const char *take_source(char *value, const char *option, const struct argp_state *state)
{
	char *equals = strchr(value, '=');

	if (!equals || equals == value || !equals[1]) {
		argp_error(state, "%s wants NAME=SOURCE, not \"%s\"", option, value);
		return "";
	}
	*equals = 0;
	return equals + 1;
}

static void take_entropy(struct input *input, char *value, const struct argp_state *state)
{
	const char *source = take_source(value, "--entropy", state);

	if (input->entropy_count == PLAN_CUSTODIANS) {
		argp_error(state, "--entropy is given too often");
		return;
	}
	input->entropy[input->entropy_count++] = (struct rite_entropy){value, source};
}

static void take_words(struct input *input, char *value, const struct argp_state *state)
{
	const char *source = take_source(value, "--words", state);

	if (input->words_count == PLAN_CUSTODIANS) {
		argp_error(state, "--words is given too often");
		return;
	}
	input->words[input->words_count++] = (struct rite_entropy){value, source};
}

/* --signer and --pin of one party go together. */
static struct signer *signer_of(struct input *input, const char *name, const struct argp_state *state)
{
	unsigned i = 0;

	while (i < input->signer_count && strcmp(input->signers[i].name, name) != 0)
		i++;
	if (i == PLAN_PARTIES) {
		argp_error(state, "--signer and --pin name too many parties");
		i = 0;
	} else if (i == input->signer_count) {
		input->signers[input->signer_count++].name = name;
	}
	return &input->signers[i];
}

static void take_signer(struct input *input, char *value, const struct argp_state *state)
{
	const char *source = take_source(value, "--signer", state);

	signer_of(input, value, state)->source = source;
}

static void take_pin(struct input *input, char *value, const struct argp_state *state)
{
	const char *source = take_source(value, "--pin", state);

	signer_of(input, value, state)->pin = source;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case KEY_OUT:
		input->out = value;
		return 0;
	case KEY_ENTROPY:
		take_entropy(input, value, state);
		return 0;
	case KEY_PASSPHRASE:
		input->passphrase = value;
		return 0;
	case KEY_SIGNER:
		take_signer(input, value, state);
		return 0;
	case KEY_PIN:
		take_pin(input, value, state);
		return 0;
	case KEY_PRINT:
		input->print = value;
		return 0;
	case KEY_WORDS:
		take_words(input, value, state);
		return 0;
	case KEY_AFFIRM:
		input->affirm_destroyed = true;
		return 0;
	case KEY_UNATTENDED:
		input->unattended = true;
		return 0;
	case KEY_SOFTWARE_TOKEN:
		input->software_token = true;
		return 0;
	case ARGP_KEY_ARG:
		if (input->plan)
			argp_error(state, "one PLAN only");
		input->plan = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->plan)
			argp_error(state, "which PLAN?");
		if (!input->out)
			argp_error(state, "--out FOLDER is missing");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* plan->total: nobody. */
static unsigned custodian_of(const struct plan *plan, const char *name)
{
	unsigned i = 0;

	while (i < plan->total && strcmp(plan->custodians[i].name, name) != 0)
		i++;
	return i;
}

/* Whoever brings entropy or signs must be in the plan, or it would silently be left out. */
static int check_people(const struct input *input, const struct plan *plan, struct fault *fault)
{
	for (unsigned e = 0; e < input->entropy_count; e++)
		if (custodian_of(plan, input->entropy[e].name) == plan->total)
			return fault_set(fault, FAULT_USAGE, "write the name as the plan does",
					 "--entropy names \"%s\", who is no custodian of the plan",
					 input->entropy[e].name);
	for (unsigned w = 0; w < input->words_count; w++) {
		unsigned i = custodian_of(plan, input->words[w].name);

		if (i == plan->total || plan->custodians[i].share != PLAN_PAPER)
			return fault_set(fault, FAULT_USAGE, "write the name as the plan does",
					 "--words names \"%s\", who keeps no share on paper",
					 input->words[w].name);
	}
	for (unsigned i = 0; i < plan->total; i++)
		for (unsigned e = 0; e < input->entropy_count; e++)
			if (plan->custodians[i].share == PLAN_CARD &&
			    strcmp(plan->custodians[i].name, input->entropy[e].name) == 0)
				return fault_set(fault, FAULT_USAGE, "leave --entropy out",
						 "the contribution of %s is drawn on the card",
						 plan->custodians[i].name);
	for (unsigned i = 0; i < input->signer_count; i++)
		if (signer_check(&input->signers[i], plan, fault) < 0)
			return -1;
	return 0;
}

static void tell(const struct rite *rite)
{
	const struct transcript_summary *summary = &rite->summary;
	char fingerprint[65], key[65];
	json_t *batches = json_array();
	bool files = false;

	hex_write(fingerprint, summary->fingerprint, 32);
	hex_write(key, summary->key, 32);
	say("ceremony %s (%s) is closed", rite->plan->id, plan_mode(rite->plan));
	say("  transcript   %s (%u lines)", rite->path, summary->count);
	say("  note         %s/transcript.note", rite->folder);
	say("  fingerprint  %s", fingerprint);
	say("  signed by    %s", key);
	say("  HSM          %s", rite->uri);
	for (unsigned i = 0; i < rite->plan->batch_count; i++) {
		say("  batch key    simrite batch %s", rite->plan->batches[i].id);
		(void)json_array_append_new(batches, json_string(rite->plan->batches[i].id));
	}
	for (unsigned i = 0; i < rite->plan->total; i++)
		if (rite->plan->custodians[i].share == PLAN_PAPER)
			say("  share        on the sheet of %s", rite->plan->custodians[i].name);
		else if (rite->plan->custodians[i].share == PLAN_CARD)
			say("  share        on the card of %s", rite->plan->custodians[i].name);
		else {
			files = true;
			say("  share        %s/shares/share-%u.json -> %s", rite->folder, i + 1,
			    rite->plan->custodians[i].name);
		}
	say_note("%swrite the fingerprint on paper",
		 files ? "hand each share file to its custodian, remove it here, and " : "");
	say_result(json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "type", "result", "schema",
			     1, "state", "closed", "ceremony", rite->plan->id, "mode", plan_mode(rite->plan),
			     "transcript", rite->path, "fingerprint", fingerprint, "key", key, "hsm",
			     rite->uri, "batches", batches));
}

/* Not at its end, and nothing is wrong: somebody or something is not there yet. */
static void tell_waiting(const struct rite *rite)
{
	const struct rite_waiting *waiting = &rite->waiting;

	say("ceremony %s waits for %s: %s", rite->plan->id,
	    strcmp(waiting->what, "person") == 0 ? "a person" : waiting->what, waiting->who);
	say("  %s", waiting->how);
	say_result(json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s}}", "type", "result", "schema",
			     1, "state", "waiting", "ceremony", rite->plan->id, "mode", plan_mode(rite->plan),
			     "transcript", rite->path, "waiting", "for", waiting->what, "who", waiting->who,
			     "how", waiting->how));
}

/* A ceremony that names its administrator is held by people: at a terminal they are walked through it. */
static bool walks(const struct input *input, const struct plan *plan)
{
	return !input->unattended && !input->options.json && isatty(STDIN_FILENO) && isatty(STDERR_FILENO) &&
	       strcmp(plan->parties[0].role, "administrator") == 0;
}

static int record(void *context, const char *by, const char *text, struct fault *fault)
{
	struct rite *rite = context;

	if (rite_exception_check(rite->plan, by, text, fault) < 0)
		return -1;
	if (rite->audit.stage == AUDIT_CLOSED)
		return fault_set(fault, FAULT_USAGE, NULL,
				 "the transcript is closed: write it on paper, beside the fingerprint");
	if (!rite->transcript) {
		if (!rite->early)
			rite->early = json_array();
		return json_array_append_new(rite->early, json_pack("[s, s]", by, text)) == 0
			       ? 0
			       : fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	}
	return rite_exception(rite, by, text, fault);
}

static int hold(struct rite *rite, const struct input *input, struct fault *fault)
{
	if (walks(input, rite->plan) &&
	    (walk_open(&rite->walk, rite->plan, record, rite, fault) < 0 || rite_welcome(rite, fault) < 0))
		return -1;
	return rite_run(rite, input->out, fault);
}

int cmd_run(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.args_doc = "PLAN",
		.doc = "Hold the ceremony of PLAN. Run it again with the same folder to go on after a stop or a "
		       "crash; an attempt that was not finished is begun anew, and nothing of it is used.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	struct plan plan = {0};
	struct rite *rite = NULL;
	int result = -1;

	options_parse(&argp, "simrite ceremony run", argc, argv, &input, &input.options);
	(void)signal(SIGXFSZ, SIG_IGN); /* a file size limit is a full disk: an error to report */
	locked_json();
	stop_catch();
	if (locked_stack(&fault) < 0 || plan_load(&plan, input.plan, &fault) < 0 ||
	    check_people(&input, &plan, &fault) < 0)
		goto out;
	rite = calloc(1, sizeof(*rite));
	if (!rite) {
		fault_set(&fault, FAULT_SYSTEM, NULL, "no memory");
		goto out;
	}
	rite->plan = &plan;
	rite->entropy_count = input.entropy_count;
	rite->software_token = input.software_token;
	rite->passphrase = input.passphrase;
	rite->print = input.print;
	rite->words_count = input.words_count;
	memcpy(rite->words, input.words, sizeof(rite->words));
	rite->affirm_destroyed = input.affirm_destroyed;
	rite->signer_count = input.signer_count;
	memcpy(rite->entropy, input.entropy, sizeof(rite->entropy));
	memcpy(rite->signers, input.signers, sizeof(rite->signers));
	result = hold(rite, &input, &fault);
	progress_end();
	if (result == 0 && rite->waiting.what[0])
		tell_waiting(rite);
	else if (result == 0)
		tell(rite);
	rite_end(rite);
	walk_close(rite->walk);
out:
	free(rite);
	plan_free(&plan);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

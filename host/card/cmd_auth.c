/* AUTHENTICATE, in two forms: with a RAND and AUTN somebody gives, or with K
 * and OPc, from which vectors are made here and every answer is checked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "card/commands.h"
#include "lib/card_aka.h"
#include "lib/card_file.h"
#include "lib/fault.h"
#include "lib/hex.h"
#include "lib/key_form.h"
#include "lib/personalise.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "lib/sequence.h"

enum {
	KEY_RAND = 0xC001,
	KEY_AUTN,
	KEY_K,
	KEY_OPC,
	KEY_ALGORITHM,
	KEY_PROFILE,
	KEY_SQN,
	KEY_REVEAL,
	ROUNDS = 2,
};

struct input {
	struct command_input command;
	const char *rand, *autn, *k, *opc, *algorithm, *profile, *sqn;
	bool reveal;
};

struct job {
	struct reader *reader;
	struct subscriber_key key;
	struct aka_vector vector;
	struct card_aka_answer answer;
	uint64_t sqn;      /* to ask with */
	uint64_t sqn_card; /* what an AUTS told */
	bool has_key, told;
};

static const struct argp_option rows[] = {
	{"rand", KEY_RAND, "HEX", 0, "The challenge, 16 bytes, with --autn", 0},
	{"autn", KEY_AUTN, "HEX", 0, "The network's authentication token, 16 bytes (TUAK: also 24 or 40)", 0},
	{"k", KEY_K, "SOURCE", 0, "Make the vector here from this K; SOURCE is file:PATH, fd:N or prompt", 0},
	{"opc", KEY_OPC, "SOURCE", 0, "and this OPc or TOPc", 0},
	{"algorithm", KEY_ALGORITHM, "NAME", 0,
	 "which are for this algorithm, as in simrite-profile(5) (milenage)", 0},
	{"profile", KEY_PROFILE, "PROFILE", 0, "Take K and OPc from a profile (or \"test\")", 0},
	{"sqn", KEY_SQN, "HEX", 0, "Ask with this sequence number, 6 bytes, and do not resynchronise", 0},
	{"reveal", KEY_REVEAL, NULL, 0, "Print RES, CK and IK, which are secrets", 0},
	{0},
};

static error_t check_choice(const struct input *input, struct argp_state *state)
{
	int given = (input->rand || input->autn) + (input->k || input->opc) + (input->profile != NULL);

	if (given != 1)
		argp_error(state, "give --rand and --autn, or --k and --opc, or --profile");
	if (!input->rand != !input->autn || (input->opc && !input->k) ||
	    (input->k && !input->opc && !input->algorithm))
		argp_error(state, "one of a pair is missing");
	if (input->algorithm && !input->k)
		argp_error(state, "--algorithm goes with --k");
	if (input->rand && input->sqn)
		argp_error(state, "--sqn makes no sense with a given --autn");
	return 0;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;
	const char **where = NULL;

	switch (key) {
	case ARGP_KEY_INIT:
		command_init(state, &input->command);
		return 0;
	case KEY_RAND:
		where = &input->rand;
		break;
	case KEY_AUTN:
		where = &input->autn;
		break;
	case KEY_K:
		where = &input->k;
		break;
	case KEY_OPC:
		where = &input->opc;
		break;
	case KEY_ALGORITHM:
		where = &input->algorithm;
		break;
	case KEY_PROFILE:
		where = &input->profile;
		break;
	case KEY_SQN:
		where = &input->sqn;
		break;
	case KEY_REVEAL:
		input->reveal = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return 0;
	case ARGP_KEY_END:
		return check_choice(input, state);
	default:
		return ARGP_ERR_UNKNOWN;
	}
	*where = value;
	return 0;
}

static int public_hex(uint8_t *out, size_t length, const char *text, const char *name, struct fault *fault)
{
	if (hex_read(out, length, text, strlen(text)) == 0)
		return 0;
	return fault_set(fault, FAULT_USAGE, NULL, "%s is not %zu hex digits", name, 2 * length);
}

static int gather_vector(struct aka_vector *vector, const struct input *input, struct fault *fault)
{
	size_t length = strlen(input->autn) / 2;

	if (length != 24 && length != 40)
		length = AKA_AUTN;
	vector->autn_length = (uint8_t)length;
	return public_hex(vector->rand, AKA_RAND, input->rand, "--rand", fault) != 0
		       ? -1
		       : public_hex(vector->autn, length, input->autn, "--autn", fault);
}

static int gather_key(struct subscriber_key *key, const struct input *input, struct fault *fault)
{
	if (key_form_read(key, input->algorithm ? input->algorithm : "milenage", fault) != 0)
		return fault_prefix(fault, "--algorithm");
	if (!input->opc != !key->sizes.opc)
		return fault_set(fault, FAULT_USAGE, NULL, "%s %s", key_form_name(key->algorithm),
				 key->sizes.opc ? "needs --opc" : "has no --opc");
	if (secret_hex(key->k, key->sizes.k, input->k, "K", fault) != 0)
		return -1;
	return key->sizes.opc ? secret_hex(key->opc, key->sizes.opc, input->opc, "OPc", fault) : 0;
}

static int gather(struct job *job, const struct input *input, struct fault *fault)
{
	uint8_t sqn[6];
	struct profile profile;
	int result = 0;

	job->has_key = !input->rand;
	if (input->sqn) {
		if (public_hex(sqn, sizeof(sqn), input->sqn, "--sqn", fault) != 0)
			return -1;
		job->sqn = sequence_value(sqn);
	}
	if (input->rand)
		return gather_vector(&job->vector, input, fault);
	if (input->k)
		return gather_key(&job->key, input, fault);
	if (load_profile(&profile, input->profile, fault) != 0)
		return -1;
	if (!profile.has_key)
		result = fault_set(fault, FAULT_INPUT, NULL, "the profile has no key");
	job->key = profile.key;
	profile_wipe(&profile);
	return result;
}

/* ---- telling ---- */

static void show_secret(json_t *object, const char *name, const char *key, const uint8_t *bytes,
			size_t length, bool reveal)
{
	char hex[65];

	if (!reveal)
		return;
	hex_write(hex, bytes, length);
	say("%-4s %s", name, hex);
	(void)json_object_set_new(object, key, json_string(hex));
	secret_wipe(hex, sizeof(hex));
}

static void show_sqn(json_t *object, const struct job *job)
{
	uint8_t bytes[6];
	char hex[13];

	if (!job->told)
		return;
	sequence_bytes(bytes, job->sqn_card);
	hex_write(hex, bytes, 6);
	say("the card's highest SQN is %s: SEQ %llu, IND %u", hex,
	    (unsigned long long)(job->sqn_card >> SEQUENCE_IND_BITS), (unsigned)(job->sqn_card & 31));
	(void)json_object_set_new(object, "sqn_card", json_string(hex));
}

static void show(const struct job *job, const struct input *input)
{
	static const char *const kinds[] = {"accepted", "resynchronise", "mac-failure", "refused"};
	const struct card_aka_answer *a = &job->answer;
	json_t *object = json_pack("{s:s, s:s, s:b}", "reader", reader_name(job->reader), "answer",
				   kinds[a->kind], "proven", job->has_key && a->kind == CARD_AKA_RES);
	char auts[2 * AKA_AUTS_MAX + 1];

	show_sqn(object, job);
	if (a->kind == CARD_AKA_RES) {
		say("the card accepted AUTN and answered RES of %zu bytes, CK, IK%s%s", a->res_length,
		    a->has_kc ? ", Kc" : "",
		    job->has_key    ? ": all as computed here"
		    : input->reveal ? ""
				    : " (shown with --reveal)");
		show_secret(object, "RES", "res", a->res, a->res_length, input->reveal);
		show_secret(object, "CK", "ck", a->ck, a->ck_length, input->reveal);
		show_secret(object, "IK", "ik", a->ik, a->ik_length, input->reveal);
	} else if (a->kind == CARD_AKA_AUTS) {
		hex_write(auts, a->auts, a->auts_length);
		say("AUTS %s", auts);
		(void)json_object_set_new(object, "auts", json_string(auts));
	}
	say_result(object);
}

static int verdict(const struct job *job, const struct input *input, struct fault *fault)
{
	switch (job->answer.kind) {
	case CARD_AKA_RES:
		return 0;
	case CARD_AKA_AUTS:
		return fault_set(
			fault, FAULT_NO,
			input->sqn
				? "use a higher SQN, or leave --sqn out to resynchronise"
				: "give AUTS to the authentication centre: it goes on above the card's SQN",
			"the card took K and OPc for right and the SQN for stale");
	case CARD_AKA_REFUSED:
		return fault_set(fault, FAULT_NO, "use simrite card info to see what key it has",
				 "the card's key is of another algorithm or size");
	default:
		return fault_set(fault, FAULT_NO,
				 "K, OPc (not OP), RAND or AUTN is not what the network used",
				 "the card finds the MAC in AUTN wrong");
	}
}

/* ---- asking ---- */

static int ask(struct job *job, struct fault *fault)
{
	if (job->has_key && card_aka_vector(&job->vector, &job->key, job->sqn, fault) != 0)
		return -1;
	return card_aka_run(job->reader, &job->answer, &job->vector, fault);
}

/* A key for GSM only has no AUTN and no sequence numbers. */
static int run_gsm(struct job *job, struct fault *fault)
{
	if (card_check_key(job->reader, NULL, &job->key, fault) != 0)
		return -1;
	say("the card answered SRES and Kc of %s: as computed here", key_form_name(job->key.algorithm));
	say_result(json_pack("{s:s, s:s, s:b}", "reader", reader_name(job->reader), "answer", "gsm", "proven",
			     1));
	return 0;
}

static int run(struct job *job, const struct input *input, struct fault *fault)
{
	if (card_select_usim(job->reader, fault) != 0)
		return -1;
	if (job->has_key && !algorithm_has_3g(&job->key))
		return run_gsm(job, fault);
	if (job->has_key && !input->sqn) {
		/* an SQN that is surely stale: the AUTS tells where the card is */
		if (card_check_key(job->reader, &job->sqn_card, &job->key, fault) != 0)
			return -1;
		job->told = true;
		job->sqn = card_aka_next_sqn(job->sqn_card);
	}
	if (ask(job, fault) != 0)
		return -1;
	if (job->has_key && card_aka_judge(&job->sqn_card, &job->answer, &job->vector, &job->key, fault) < 0)
		return -1;
	job->told = job->told || (job->has_key && job->answer.kind == CARD_AKA_AUTS);
	show(job, input);
	return verdict(job, input, fault);
}

int cmd_auth(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_reader_argp, 0, NULL, 0}, {&unlock_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = rows,
		.parser = parse,
		.doc = "Run AUTHENTICATE in the 3G context and say what the answer proves.\v"
		       "With a key, the card is first asked with a stale SQN, tells its own in AUTS, and is then "
		       "asked with the next one: a resynchronisation as the network does it.",
		.children = children};
	struct input input = {0};
	struct job job = {0};
	struct fault fault;
	int result;

	options_parse(&argp, "simrite card auth", argc, argv, &input, &input.command.options);
	result = gather(&job, &input, &fault);
	if (result == 0)
		result = open_card(&job.reader, &input.command, &fault);
	if (result == 0)
		result = run(&job, &input, &fault);
	reader_close(job.reader);
	secret_wipe(&job, sizeof(job));
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}

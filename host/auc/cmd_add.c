#include "auc/commands.h"
#include "lib/hex.h"
#include "lib/key_form.h"
#include "lib/numbers.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "lib/sequence.h"

#include <string.h>

enum {
	OPTION_IMSI = 0x200,
	OPTION_ICCID,
	OPTION_K,
	OPTION_OPC,
	OPTION_ALGORITHM,
	OPTION_AMF,
	OPTION_SQN,
	OPTION_REPLACE,
};

struct input {
	struct command_input shared;
	const char *imsi, *iccid, *k, *opc, *algorithm, *amf, *sqn;
	bool replace;
};

static const struct argp_option add_options[] = {
	{"imsi", OPTION_IMSI, "DIGITS", 0, "The subscriber", 0},
	{"iccid", OPTION_ICCID, "DIGITS", 0, "The card, if known", 0},
	{"algorithm", OPTION_ALGORITHM, "NAME", 0, "What K is for, as in simrite-profile(5) (milenage)", 0},
	{"k", OPTION_K, "SOURCE", 0, "K: file:PATH, fd:N or prompt, 32 hex digits (TUAK: or 64)", 0},
	{"opc", OPTION_OPC, "SOURCE", 0, "OPc, likewise (TUAK: TOPc, 64 digits)", 0},
	{"amf", OPTION_AMF, "HEX", 0, "Authentication management field (8000)", 0},
	{"sqn", OPTION_SQN, "HEX", 0, "Last sequence number used, 12 digits (000000000000)", 0},
	{"replace", OPTION_REPLACE, NULL, 0, "If the IMSI is there already, give it these keys", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		place_init(state, &input->shared);
		return 0;
	case OPTION_IMSI:
		input->imsi = argument;
		return 0;
	case OPTION_ICCID:
		input->iccid = argument;
		return 0;
	case OPTION_K:
		input->k = argument;
		return 0;
	case OPTION_OPC:
		input->opc = argument;
		return 0;
	case OPTION_ALGORITHM:
		input->algorithm = argument;
		return 0;
	case OPTION_AMF:
		input->amf = argument;
		return 0;
	case OPTION_SQN:
		input->sqn = argument;
		return 0;
	case OPTION_REPLACE:
		input->replace = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return EINVAL;
	case ARGP_KEY_END:
		if (!input->imsi || !input->k || (!input->opc && !input->algorithm))
			argp_error(state, "--imsi, --k and --opc are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The numbers of the command line into a record; no secret yet. */
static int fill(struct subscriber *subscriber, uint64_t *sqn, const struct input *input, struct fault *fault)
{
	uint8_t amf[2] = {0x80, 0x00}, sqn_hex[6] = {0};

	if (numbers_imsi(subscriber->imsi, input->imsi, 0, fault) < 0 ||
	    (input->iccid && numbers_iccid(subscriber->iccid, input->iccid, 0, fault) < 0))
		return -1;
	if (input->amf && hex_read(amf, 2, input->amf, strlen(input->amf)) < 0)
		return fault_set(fault, FAULT_USAGE, NULL, "--amf \"%s\" is not 4 hex digits", input->amf);
	if (input->sqn && hex_read(sqn_hex, 6, input->sqn, strlen(input->sqn)) < 0)
		return fault_set(fault, FAULT_USAGE, NULL, "--sqn \"%s\" is not 12 hex digits", input->sqn);
	subscriber->amf = (uint16_t)(amf[0] << 8 | amf[1]);
	*sqn = sequence_value(sqn_hex);
	return 0;
}

static int read_key(struct subscriber_key *key, const struct input *input, struct fault *fault)
{
	if (key_form_read(key, input->algorithm ? input->algorithm : "milenage", fault) < 0)
		return fault_prefix(fault, "--algorithm");
	if (!input->opc != !key->sizes.opc)
		return fault_set(fault, FAULT_USAGE, NULL, "%s %s", key_form_name(key->algorithm),
				 key->sizes.opc ? "needs --opc" : "has no --opc");
	if (secret_hex(key->k, key->sizes.k, input->k, "K", fault) != 0)
		return -1;
	return key->sizes.opc ? secret_hex(key->opc, key->sizes.opc, input->opc, "OPc", fault) : 0;
}

static int add(struct auc *auc, const struct input *input, struct fault *fault)
{
	struct subscriber subscriber = {.design = DESIGN_PLAIN};
	struct subscriber_key key = {0};
	uint64_t sqn = 0;
	int result = -1;

	if (fill(&subscriber, &sqn, input, fault) == 0 && read_key(&key, input, fault) == 0 &&
	    key_form_checks(subscriber.kcv_k, subscriber.kcv_opc, &key, fault) == 0)
		result = auc_add(auc, &subscriber, &key, sqn, input->replace, fault);
	secret_wipe(&key, sizeof(key));
	return result;
}

int cmd_add(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_argp, 0, NULL, 0}, {&place_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = add_options,
		.parser = parse,
		.doc = "Add one subscriber. Keys come from a file only you can read, a descriptor or a prompt.",
		.children = children,
	};
	static const char *const done[] = {"added", "already there", "replaced"};
	struct auc *auc = NULL;
	struct input input = {0};
	struct fault fault = {0};
	int result = -1;

	options_parse(&argp, "simrite auc add", argc, argv, &input, &input.shared.options);
	if (auc_open(&auc, &input.shared.place, &fault) == 0)
		result = add(auc, &input, &fault);
	auc_close(auc);
	if (result < 0)
		return say_fault(&fault);
	say("%s: %s", input.imsi, done[result]);
	say_result(json_pack("{s:s, s:s}", "imsi", input.imsi, "done", done[result]));
	return FAULT_NONE;
}

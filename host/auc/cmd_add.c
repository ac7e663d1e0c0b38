#include "auc/commands.h"
#include "crypto/kcv.h"
#include "lib/hex.h"
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
	OPTION_AMF,
	OPTION_SQN,
	OPTION_REPLACE,
};

struct input {
	struct command_input shared;
	const char *imsi, *iccid, *k, *opc, *amf, *sqn;
	bool replace;
};

static const struct argp_option add_options[] = {
	{"imsi", OPTION_IMSI, "DIGITS", 0, "The subscriber", 0},
	{"iccid", OPTION_ICCID, "DIGITS", 0, "The card, if known", 0},
	{"k", OPTION_K, "SOURCE", 0, "K: file:PATH, fd:N or prompt, 32 hex digits", 0},
	{"opc", OPTION_OPC, "SOURCE", 0, "OPc, likewise", 0},
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
		if (!input->imsi || !input->k || !input->opc)
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

static int add(struct auc *auc, const struct input *input, struct fault *fault)
{
	struct subscriber subscriber = {.design = DESIGN_PLAIN};
	uint8_t keys[WRAP_KEYS];
	uint64_t sqn = 0;
	int result = -1;

	if (fill(&subscriber, &sqn, input, fault) == 0 && secret_hex(keys, 16, input->k, "K", fault) == 0 &&
	    secret_hex(keys + 16, 16, input->opc, "OPc", fault) == 0) {
		if (kcv(subscriber.kcv_k, (struct span){keys, 16}) < 0 ||
		    kcv(subscriber.kcv_opc, (struct span){keys + 16, 16}) < 0)
			fault_set(fault, FAULT_BUG, NULL, "the cipher library refused a key");
		else
			result = auc_add(auc, &subscriber, keys, sqn, input->replace, fault);
	}
	secret_wipe(keys, sizeof(keys));
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

/* The file is read through once before, so that what goes out is an output file whole. */
#include "batch/commands.h"
#include "lib/envelope_keys.h"
#include "lib/options.h"
#include "lib/output.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "lib/whole_file.h"

#include <errno.h>
#include <unistd.h>

enum {
	OPTION_OUT = 0x200,
	OPTION_OPERATOR,
	OPTION_BUREAU,
	OPTION_HSM,
};

struct input {
	struct options options;
	const char *file, *out, *operator_key, *bureau_key, *hsm;
};

static const struct argp_option seal_options[] = {
	{"operator", OPTION_OPERATOR, "KEY", 0, "The operator's public key for this batch (SPKI, base64)", 0},
	{"bureau-key", OPTION_BUREAU, "KEY", 0, "The bureau's own: file:KEY.pem, or a label in the token", 0},
	{"hsm", OPTION_HSM, "URI", 0, "The token with the bureau's key", 0},
	{"out", OPTION_OUT, "FILE", 0, "The sealed file; may travel by any way", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case OPTION_OUT:
		input->out = argument;
		return 0;
	case OPTION_OPERATOR:
		input->operator_key = argument;
		return 0;
	case OPTION_BUREAU:
		input->bureau_key = argument;
		return 0;
	case OPTION_HSM:
		input->hsm = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (input->file)
			argp_usage(state);
		input->file = argument;
		return 0;
	case ARGP_KEY_END:
		if (!input->file || !input->operator_key || !input->bureau_key || !input->out)
			argp_error(state, "FILE, --operator, --bureau-key and --out are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int check(const char *path, struct fault *fault)
{
	struct output_reader *reader;
	struct output_record record;
	int got;

	if (output_open(&reader, path, fault) < 0)
		return -1;
	while ((got = output_next(reader, &record, fault)) == 1)
		secret_wipe(&record, sizeof(record));
	output_close(reader);
	return got;
}

static long seal(const struct input *input, struct fault *fault)
{
	struct envelope_ring *ring = NULL;
	struct whole_file file;
	long count = -1;

	if (access(input->out, F_OK) == 0)
		return fault_set(fault, FAULT_POLICY, NULL, "%s: is there already", input->out);
	if (check(input->file, fault) < 0 || envelope_keys_open(&ring, input->bureau_key, input->hsm,
								input->operator_key, "operator", fault) < 0)
		return -1;
	if (whole_file_open(&file, input->out, fault) == 0) {
		count = envelope_seal(file.out, input->file, envelope_keys(ring), fault);
		if (count < 0)
			whole_file_drop(&file);
		else if (whole_file_keep(&file, input->out, fault) < 0)
			count = -1;
	}
	envelope_keys_close(ring);
	return count;
}

int cmd_seal(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = seal_options,
		.parser = parse,
		.args_doc = "FILE",
		.doc = "Seal an output file to one operator: every secret of it encrypted, and bound to its card.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	long count;

	options_parse(&argp, "simrite batch seal", argc, argv, &input, &input.options);
	count = seal(&input, &fault);
	if (count < 0)
		return say_fault(&fault);
	say("%s: %ld cards, sealed", input.out, count);
	say_note("%s still holds what was sealed: destroy it when the operator has imported", input.file);
	say_result(json_pack("{s:s, s:i}", "file", input.out, "cards", (int)count));
	return FAULT_NONE;
}

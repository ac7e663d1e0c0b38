/* pack and unpack: the same options, the other way. */
#include "bureau/commands.h"
#include "bureau/packed.h"
#include "lib/options.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "lib/whole_file.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OPTION_CIPHER = 0x200,
	OPTION_KEY,
	OPTION_INDEX,
	OPTION_OUT,
};

struct input {
	struct options options;
	const char *file, *cipher, *key, *out;
	unsigned index;
};

static const struct argp_option pack_options[] = {
	{"cipher", OPTION_CIPHER, "NAME", 0, "DES-CBC, DES-ECB or AES-ECB", 0},
	{"transport-key", OPTION_KEY, "SOURCE", 0,
	 "The key both sides share, in hex: file:PATH, fd:N or prompt", 0},
	{"index", OPTION_INDEX, "N", 0, "What both sides call it (1)", 0},
	{"out", OPTION_OUT, "FILE", 0, "The file to write (made, mode 0600)", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case OPTION_CIPHER:
		input->cipher = argument;
		return 0;
	case OPTION_KEY:
		input->key = argument;
		return 0;
	case OPTION_INDEX:
		input->index = options_number(state, argument, 1, 255);
		return 0;
	case OPTION_OUT:
		input->out = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (input->file)
			argp_usage(state);
		input->file = argument;
		return 0;
	case ARGP_KEY_END:
		if (!input->file || !input->cipher || !input->key || !input->out)
			argp_error(state, "FILE, --cipher, --transport-key and --out are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static long work(const struct input *input, bool pack, struct fault *fault)
{
	struct packing packing = {.index = input->index};
	struct whole_file file;
	long count = -1;

	if (transport_named(&packing.cipher, input->cipher) < 0)
		return fault_set(fault, FAULT_USAGE, NULL, "\"%.32s\" is no cipher of a transport key",
				 input->cipher);
	packing.key_length = transport_key_length(packing.cipher);
	(void)umask(077);
	if (access(input->out, F_OK) == 0)
		return fault_set(fault, FAULT_POLICY, NULL, "%s: is there already", input->out);
	if (secret_hex(packing.key, packing.key_length, input->key, "transport key", fault) == 0 &&
	    whole_file_open(&file, input->out, fault) == 0) {
		count = (pack ? packed_write : packed_read)(file.out, input->file, &packing, fault);
		if (count < 0)
			whole_file_drop(&file);
		else if (whole_file_keep(&file, input->out, fault) < 0)
			count = -1;
	}
	secret_wipe(&packing, sizeof(packing));
	return count;
}

static int command(int argc, char **argv, const char *name, bool pack)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	const struct argp argp = {
		.options = pack_options,
		.parser = parse,
		.args_doc = "FILE",
		.doc = pack ? "Encrypt Ki and OPc of an output file under a transport key, as in 2010."
			    : "Decrypt them again.",
		.children = children,
	};
	struct input input = {.index = 1};
	struct fault fault = {0};
	long count;

	options_parse(&argp, name, argc, argv, &input, &input.options);
	count = work(&input, pack, &fault);
	if (count < 0)
		return say_fault(&fault);
	say("%s: %ld cards, %s", input.out, count, pack ? input.cipher : "in the clear");
	say_result(json_pack("{s:s, s:i}", "file", input.out, "cards", (int)count));
	return FAULT_NONE;
}

int cmd_pack(int argc, char **argv)
{
	return command(argc, argv, "simrite old-bureau pack", true);
}

int cmd_unpack(int argc, char **argv)
{
	return command(argc, argv, "simrite old-bureau unpack", false);
}

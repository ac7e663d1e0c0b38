/* For tests and for comparing with another implementation. CK and IK are
 * session keys, so they go to a file of mode 0600 and never to a terminal. */
#include "auc/commands.h"
#include "lib/hex.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "lib/sequence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	OPTION_IMSI = 0x200,
	OPTION_RAND,
	OPTION_OUT,
	TEXT = 512,
};

struct input {
	struct command_input shared;
	const char *imsi, *rand, *out;
};

static const struct argp_option vector_options[] = {
	{"imsi", OPTION_IMSI, "DIGITS", 0, "The subscriber", 0},
	{"out", OPTION_OUT, "FILE", 0, "Where to write it (made, mode 0600)", 0},
	{"rand", OPTION_RAND, "HEX", 0, "RAND, 32 digits (drawn)", 0},
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
	case OPTION_RAND:
		input->rand = argument;
		return 0;
	case OPTION_OUT:
		input->out = argument;
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return EINVAL;
	case ARGP_KEY_END:
		if (!input->imsi || !input->out)
			argp_error(state, "--imsi and --out are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static size_t format(char text[static TEXT], const char *imsi, const struct auc_vector *vector)
{
	char rand[33], autn[2 * AKA_AUTN_MAX + 1], sqn[13];
	char ik[2 * AKA_KEY_MAX + 1], ck[2 * AKA_KEY_MAX + 1], res[2 * AKA_RES_MAX + 1];
	uint8_t sqn_at[6];
	int length;

	hex_write(rand, vector->aka.rand, 16);
	hex_write(autn, vector->aka.autn, vector->aka.autn_length);
	hex_write(ik, vector->aka.ik, vector->aka.ik_length);
	hex_write(ck, vector->aka.ck, vector->aka.ck_length);
	hex_write(res, vector->aka.res, vector->aka.res_length);
	sequence_bytes(sqn_at, vector->sqn);
	hex_write(sqn, sqn_at, 6);
	length = snprintf(text, TEXT,
			  "{\"imsi\":\"%s\",\"rand\":\"%s\",\"autn\":\"%s\",\"ik\":\"%s\",\"ck\":\"%s\","
			  "\"res\":\"%s\",\"sqn\":\"%s\"}\n",
			  imsi, rand, autn, ik, ck, res, sqn);
	secret_wipe(ik, sizeof(ik));
	secret_wipe(ck, sizeof(ck));
	secret_wipe(res, sizeof(res));
	return (size_t)length;
}

static int vector_write(const char *path, const char *text, size_t length, struct fault *fault)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(errno));
	if (write(fd, text, length) != (ssize_t)length || close(fd) < 0) {
		fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(errno));
		(void)unlink(path);
		return -1;
	}
	return 0;
}

int cmd_vector(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_argp, 0, NULL, 0}, {&place_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = vector_options,
		.parser = parse,
		.doc = "Make one authentication vector, as serve would, and write it as JSON.",
		.children = children,
	};
	struct auc_vector vector = {0};
	struct auc *auc = NULL;
	struct input input = {0};
	struct fault fault = {0};
	char text[TEXT];
	uint8_t rand[16];
	int result = -1;

	options_parse(&argp, "simrite auc vector", argc, argv, &input, &input.shared.options);
	if (input.rand && hex_read(rand, 16, input.rand, strlen(input.rand)) < 0)
		fault_set(&fault, FAULT_USAGE, NULL, "--rand is not 32 hex digits");
	else if (auc_open(&auc, &input.shared.place, &fault) == 0)
		result = auc_vector(auc, &vector, input.imsi, input.rand ? rand : NULL, &fault);
	if (result == 0)
		result = vector_write(input.out, text, format(text, input.imsi, &vector), &fault);
	auc_close(auc);
	secret_wipe(&vector, sizeof(vector));
	secret_wipe(text, sizeof(text));
	if (result < 0)
		return say_fault(&fault);
	say("%s: a vector for IMSI %s", input.out, input.imsi);
	say_result(json_pack("{s:s, s:s}", "imsi", input.imsi, "file", input.out));
	return FAULT_NONE;
}

/* A key of DES is 56 bits, and 2^55 trials on average; to show a search in a demonstration all but the
 * lowest bits are told. What is told goes into a second file, which a thief may be given. */
#include "bureau/commands.h"
#include "crypto/hmac.h"
#include "lib/hex.h"
#include "lib/options.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "weak/des_slice.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	OPTION_KIND = 0x200,
	OPTION_BITS,
	OPTION_SEED,
	OPTION_OUT,
	TEXT = 128,
};

struct input {
	struct options options;
	const char *kind, *seed, *out;
	unsigned bits;
};

static const struct argp_option key_options[] = {
	{"kind", OPTION_KIND, "NAME", 0, "des (8 bytes), aes (16) or seed (4)", 0},
	{"bits", OPTION_BITS, "N", 0,
	 "How many of its bits stay unknown (56 of des, 32 of seed; aes has all 128)", 0},
	{"seed", OPTION_SEED, "TEXT", 0, "The same text makes the same key", 0},
	{"out", OPTION_OUT, "FILE", 0, "The key in hex (mode 0600); what is told of it is in FILE.space", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case OPTION_KIND:
		input->kind = argument;
		return 0;
	case OPTION_BITS:
		input->bits = options_number(state, argument, 1, 56);
		return 0;
	case OPTION_SEED:
		input->seed = argument;
		return 0;
	case OPTION_OUT:
		input->out = argument;
		return 0;
	case ARGP_KEY_END:
		if (!input->kind || !input->out || !input->seed)
			argp_error(state, "--kind, --seed and --out are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int put(const char *path, mode_t mode, const char *text, struct fault *fault)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	size_t length = strlen(text);
	int bad = fd < 0 || write(fd, text, length) != (ssize_t)length;

	if (bad)
		(void)fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return bad ? -1 : 0;
}

/* The key, and the line about it. */
static int make(uint8_t *key, size_t *length, char told[static TEXT], const struct input *input,
		struct fault *fault)
{
	const uint8_t *seed = (const uint8_t *)input->seed, *kind = (const uint8_t *)input->kind;
	uint8_t mac[SHA256_LENGTH];
	unsigned bits = input->bits;
	uint64_t number = 0;

	if (hmac(mac, (struct span){seed, strlen(input->seed)}, (struct span){kind, strlen(input->kind)}) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "no hash");
	for (int i = 0; i < 8; i++)
		number = number << 8 | mac[i];
	if (strcmp(input->kind, "aes") == 0) {
		memcpy(key, mac, *length = 16);
		(void)snprintf(told, TEXT, "aes bits=128\n");
	} else if (strcmp(input->kind, "des") == 0) {
		bits = bits ? bits : 56;
		number >>= 8;
		des_key(key, number);
		*length = 8;
		(void)snprintf(told, TEXT, "des first=%014" PRIx64 " bits=%u\n", number >> bits << bits,
			       bits);
	} else if (strcmp(input->kind, "seed") == 0 && bits <= 32) {
		bits = bits ? bits : 32;
		number &= (1ULL << bits) - 1;
		for (int i = 0; i < 4; i++)
			key[i] = (uint8_t)(number >> (24 - 8 * i));
		*length = 4;
		(void)snprintf(told, TEXT, "seed bits=%u\n", bits);
	} else {
		return fault_set(fault, FAULT_USAGE, "des, aes or seed; a seed has at most 32 bits",
				 "no such kind of key");
	}
	return 0;
}

int cmd_key(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = key_options,
		.parser = parse,
		.doc = "Make a transport key, a vendor key or a seed for the laboratory.",
		.children = children,
	};
	uint8_t key[16];
	char text[40], told[TEXT], space[512];
	size_t length = 0;
	struct input input = {0};
	struct fault fault = {0};
	int result;

	options_parse(&argp, "simrite old-bureau key", argc, argv, &input, &input.options);
	result = make(key, &length, told, &input, &fault);
	if (result == 0) {
		hex_write(text, key, length);
		text[2 * length] = '\n';
		text[2 * length + 1] = 0;
		(void)snprintf(space, sizeof(space), "%s.space", input.out);
		result = put(input.out, 0600, text, &fault) < 0 ? -1 : put(space, 0644, told, &fault);
	}
	secret_wipe(key, sizeof(key));
	secret_wipe(text, sizeof(text));
	if (result < 0)
		return say_fault(&fault);
	told[strcspn(told, "\n")] = 0;
	say("%s: %s", input.out, told);
	say_result(json_pack("{s:s, s:s}", "file", input.out, "space", told));
	return FAULT_NONE;
}

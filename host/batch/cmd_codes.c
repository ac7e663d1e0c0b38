/* Nobody keeps a derived card's PUK: the one desk that may ask the token for it
 * does so when a subscriber calls. */
#include "batch/commands.h"
#include "batch/keys.h"
#include "lib/numbers.h"
#include "lib/options.h"
#include "lib/say.h"
#include "lib/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	OPTION_ICCID = 0x200,
	OPTION_HSM,
	OPTION_OUT,
	TEXT = 160,
};

struct input {
	struct options options;
	const char *order, *iccid, *hsm, *out;
};

static const struct argp_option codes_options[] = {
	{"iccid", OPTION_ICCID, "DIGITS", 0, "The card", 0},
	{"out", OPTION_OUT, "FILE", 0, "Where to write them as JSON (made, mode 0600)", 0},
	{"hsm", OPTION_HSM, "URI", 0, "The token with the batch key (the order's)", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case OPTION_ICCID:
		input->iccid = argument;
		return 0;
	case OPTION_HSM:
		input->hsm = argument;
		return 0;
	case OPTION_OUT:
		input->out = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (input->order)
			argp_usage(state);
		input->order = argument;
		return 0;
	case ARGP_KEY_END:
		if (!input->order || !input->iccid || !input->out)
			argp_error(state, "ORDER, --iccid and --out are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Is it a card of this order? Otherwise a typing slip would give a wrong PUK. */
static int belongs(const struct order *order, const char *iccid, struct fault *fault)
{
	char one[21], imsi[16];
	uint32_t number;

	for (number = 1; number <= order->count; number++) {
		order_card(one, imsi, order, number);
		if (strcmp(one, iccid) == 0)
			return 0;
	}
	return fault_set(fault, FAULT_INPUT, "check the digits", "batch %s has no ICCID %.20s", order->batch,
			 iccid);
}

static int codes_write(const struct output_record *record, const char *path, struct fault *fault)
{
	char text[TEXT];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), length, result = 0;

	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(errno));
	length = snprintf(text, sizeof(text),
			  "{\"iccid\":\"%s\",\"pin1\":\"%s\",\"puk1\":\"%s\",\"adm1\":\"%s\"}\n",
			  record->iccid, record->pin1, record->puk1, record->adm1);
	if (write(fd, text, (size_t)length) != length) {
		result = fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(errno));
		(void)unlink(path);
	}
	secret_wipe(text, sizeof(text));
	close(fd);
	return result;
}

static int compute(struct output_record *record, const struct order *order, const struct input *input,
		   struct fault *fault)
{
	struct batch_key key;
	int result;

	if (order->design != DESIGN_DERIVED)
		return fault_set(fault, FAULT_INPUT, "look into the batch's output file",
				 "batch %s is not derived: its codes were drawn at random", order->batch);
	if (belongs(order, input->iccid, fault) < 0 || keys_open(&key, order, input->hsm, fault) < 0)
		return -1;
	(void)snprintf(record->iccid, sizeof(record->iccid), "%s", input->iccid);
	result = keys_make(record, order->design, &key, fault);
	keys_close(&key);
	return result;
}

int cmd_codes(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = codes_options,
		.parser = parse,
		.args_doc = "ORDER",
		.doc = "Compute the PIN, PUK and ADM1 a derived card was made with.",
		.children = children,
	};
	struct output_record record = {0};
	struct order order;
	struct input input = {0};
	struct fault fault = {0};
	int result;

	options_parse(&argp, "simrite batch codes", argc, argv, &input, &input.options);
	result = order_load(&order, input.order, &fault);
	if (result == 0)
		result = compute(&record, &order, &input, &fault);
	if (result == 0)
		result = codes_write(&record, input.out, &fault);
	secret_wipe(&record, sizeof(record));
	if (result < 0)
		return say_fault(&fault);
	say("%s: the codes of card %s", input.out, input.iccid);
	say_result(json_pack("{s:s, s:s}", "iccid", input.iccid, "file", input.out));
	return FAULT_NONE;
}

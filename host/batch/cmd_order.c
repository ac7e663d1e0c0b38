#include "batch/commands.h"
#include "lib/numbers.h"
#include "lib/options.h"
#include "lib/order.h"
#include "lib/say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	OPTION_BATCH = 0x200,
	OPTION_DESIGN,
	OPTION_COUNT,
	OPTION_IMSI,
	OPTION_ICCID,
	OPTION_MNC,
	OPTION_SPN,
	OPTION_PIN,
	OPTION_HSM,
	OPTION_KEY,
	OPTION_OUT,
};

struct input {
	struct options options;
	const char *batch, *design, *count, *imsi, *iccid, *mnc, *spn, *hsm, *key, *out;
	bool pin1_enabled;
};

static const struct argp_option order_options[] = {
	{"batch", OPTION_BATCH, "ID", 0, "The batch: 1 to 40 letters, digits, '.', '_', '-'", 0},
	{"design", OPTION_DESIGN, "NAME", 0,
	 "bulk-plain (keys in the output file), derived (none) or agreed (the bureau has none)", 0},
	{"count", OPTION_COUNT, "N", 0, "How many cards", 0},
	{"first-imsi", OPTION_IMSI, "DIGITS", 0, "IMSI of card 1 (001010000000101, a test network)", 0},
	{"first-iccid", OPTION_ICCID, "DIGITS", 0,
	 "ICCID of card 1 with its check digit (8988211000000001019)", 0},
	{"mnc-length", OPTION_MNC, "2|3", 0, "Digits of the network code in the IMSI (2)", 0},
	{"spn", OPTION_SPN, "NAME", 0, "Service provider name (none)", 0},
	{"pin1-enabled", OPTION_PIN, NULL, 0, "Cards ask for PIN1 (they do not)", 0},
	{"hsm", OPTION_HSM, "URI", 0, "The token that holds the batch key; derived only", 0},
	{"key", OPTION_KEY, "LABEL", 0, "The batch key's label there (\"simrite batch ID\")", 0},
	{"out", OPTION_OUT, "FILE", 0, "Write the order there (standard output)", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct input *input = state->input;
	const char **const text[] = {&input->batch, &input->design, &input->count, &input->imsi,
				     &input->iccid, &input->mnc,    &input->spn};

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case OPTION_PIN:
		input->pin1_enabled = true;
		return 0;
	case OPTION_HSM:
		input->hsm = argument;
		return 0;
	case OPTION_KEY:
		input->key = argument;
		return 0;
	case OPTION_OUT:
		input->out = argument;
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return EINVAL;
	case ARGP_KEY_END:
		if (!input->batch || !input->design || !input->count)
			argp_error(state, "--batch, --design and --count are needed");
		return 0;
	default:
		if (key < OPTION_BATCH || key > OPTION_SPN)
			return ARGP_ERR_UNKNOWN;
		*text[key - OPTION_BATCH] = argument;
		return 0;
	}
}

static int copy(char *out, size_t size, const char *text, const char *option, struct fault *fault)
{
	if (!text)
		return 0;
	if (strlen(text) >= size)
		return fault_set(fault, FAULT_USAGE, NULL, "%s is too long", option);
	memcpy(out, text, strlen(text) + 1);
	return 0;
}

static int number(uint32_t *out, const char *text, const char *option, struct fault *fault)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value > ORDER_CARDS_MAX)
		return fault_set(fault, FAULT_USAGE, NULL, "%s \"%.20s\" is not a number up to %d", option,
				 text, ORDER_CARDS_MAX);
	*out = (uint32_t)value;
	return 0;
}

static int make(struct order *order, const struct input *input, struct fault *fault)
{
	uint32_t mnc_length = 2;

	if (copy(order->batch, sizeof(order->batch), input->batch, "--batch", fault) < 0 ||
	    copy(order->first_imsi, sizeof(order->first_imsi), input->imsi ? input->imsi : "001010000000101",
		 "--first-imsi", fault) < 0 ||
	    copy(order->first_iccid, sizeof(order->first_iccid),
		 input->iccid ? input->iccid : "8988211000000001019", "--first-iccid", fault) < 0 ||
	    copy(order->spn, sizeof(order->spn), input->spn, "--spn", fault) < 0 ||
	    copy(order->hsm, sizeof(order->hsm), input->hsm, "--hsm", fault) < 0 ||
	    copy(order->key, sizeof(order->key), input->key, "--key", fault) < 0 ||
	    number(&order->count, input->count, "--count", fault) < 0 ||
	    (input->mnc && number(&mnc_length, input->mnc, "--mnc-length", fault) < 0))
		return -1;
	if (design_named(&order->design, input->design) < 0)
		return fault_set(fault, FAULT_USAGE, "bulk-plain, derived or agreed", "no design \"%.20s\"",
				 input->design);
	order->mnc_length = mnc_length < 10 ? (uint8_t)mnc_length : 0;
	order->pin1_enabled = input->pin1_enabled;
	if (order->design == DESIGN_DERIVED && !order->key[0])
		(void)snprintf(order->key, sizeof(order->key), "simrite batch %s", order->batch);
	return order_check(order, fault);
}

static int order_save(const char *path, const char *text, size_t length, struct fault *fault)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0)
		return fault_set(fault, errno == EEXIST ? FAULT_POLICY : FAULT_SYSTEM, NULL, "%s: %s", path,
				 strerror(errno));
	if (write(fd, text, length) != (ssize_t)length || fsync(fd) < 0 || close(fd) < 0) {
		fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(errno));
		(void)unlink(path);
		return -1;
	}
	return 0;
}

int cmd_order(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = order_options,
		.parser = parse,
		.doc = "Write a work order (simrite-batch(5)) and check it. It holds no secret.",
		.children = children,
	};
	struct order order = {0};
	struct input input = {0};
	struct fault fault = {0};
	char text[ORDER_TEXT];
	size_t length;

	options_parse(&argp, "simrite batch order", argc, argv, &input, &input.options);
	if (make(&order, &input, &fault) < 0)
		return say_fault(&fault);
	length = order_write(text, &order);
	if (length <= 1)
		fault_set(&fault, FAULT_SYSTEM, NULL, "no memory");
	else if (input.out)
		(void)order_save(input.out, text, length, &fault);
	if (fault.code)
		return say_fault(&fault);
	if (input.out)
		say("%s: batch %s, %u cards, %s", input.out, order.batch, (unsigned)order.count,
		    design_name(order.design));
	else
		say("%.*s", (int)length - 1, text);
	say_result(json_loadb(text, length, 0, NULL));
	return FAULT_NONE;
}

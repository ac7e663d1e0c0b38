/* One reader after the other, blank cards only: the laboratory's bureau, not one that lives with
 * interruptions (host/batch). */
#include "bureau/commands.h"
#include "lib/delivery.h"
#include "lib/key_form.h"
#include "lib/options.h"
#include "lib/order.h"
#include "lib/personalise.h"
#include "lib/reader.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "weak/generator.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

enum {
	OPTION_READERS = 0x200,
	OPTION_OUT,
	OPTION_GENERATOR,
	OPTION_SECRET,
	READERS_MAX = 64,
};

struct input {
	struct options options;
	const char *order, *readers, *out, *generator, *secret;
};

/* The bureau's generator, as it stands. */
struct source {
	enum weak_scheme scheme;
	uint8_t vendor_key[8]; /* des-imsi */
	uint32_t x;            /* lcg's state; aes-seed's seed */
};

static const struct argp_option personalise_options[] = {
	{"readers", OPTION_READERS, "PREFIX", 0, "Use the readers whose names begin so", 0},
	{"out", OPTION_OUT, "FOLDER", 0, "Where the output file goes (made, mode 0700)", 0},
	{"generator", OPTION_GENERATOR, "NAME", 0, "des-imsi, lcg, aes-seed or hash-iccid", 0},
	{"secret", OPTION_SECRET, "SOURCE", 0,
	 "Its vendor key (8 bytes, hex) or seed (4): file:PATH, fd:N or prompt; hash-iccid has none", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case OPTION_READERS:
		input->readers = argument;
		return 0;
	case OPTION_OUT:
		input->out = argument;
		return 0;
	case OPTION_GENERATOR:
		input->generator = argument;
		return 0;
	case OPTION_SECRET:
		input->secret = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (input->order)
			argp_usage(state);
		input->order = argument;
		return 0;
	case ARGP_KEY_END:
		if (!input->order || !input->readers || !input->out || !input->generator)
			argp_error(state, "ORDER, --readers, --out and --generator are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int source_open(struct source *source, const struct input *input, struct fault *fault)
{
	uint8_t seed[4];

	if (weak_named(&source->scheme, input->generator) < 0)
		return fault_set(fault, FAULT_USAGE, "des-imsi, lcg, aes-seed or hash-iccid",
				 "there is no generator \"%.32s\"", input->generator);
	if ((source->scheme == WEAK_HASH) != !input->secret)
		return fault_set(fault, FAULT_USAGE, NULL,
				 input->secret ? "hash-iccid has no secret" : "%s needs --secret",
				 input->generator);
	if (source->scheme == WEAK_HASH)
		return 0;
	if (source->scheme == WEAK_DES_IMSI)
		return secret_hex(source->vendor_key, sizeof(source->vendor_key), input->secret, "vendor key",
				  fault);
	if (secret_hex(seed, sizeof(seed), input->secret, "seed", fault) < 0)
		return -1;
	source->x = (uint32_t)seed[0] << 24 | (uint32_t)seed[1] << 16 | (uint32_t)seed[2] << 8 | seed[3];
	return 0;
}

static int draw(struct output_record *record, struct source *source, struct fault *fault)
{
	struct weak_keys keys;
	int e = 0;

	switch (source->scheme) {
	case WEAK_DES_IMSI:
		e = weak_des_imsi(&keys, source->vendor_key, record->imsi);
		break;
	case WEAK_LCG:
		weak_lcg(&keys, &source->x);
		break;
	case WEAK_AES_SEED:
		e = weak_aes_seed(&keys, source->x, record->iccid);
		break;
	default:
		e = weak_hash(&keys, WEAK_ICCID, record->iccid, record->imsi);
	}
	if (e < 0 || key_form_read(&record->key, "milenage", fault) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the generator refused");
	memcpy(record->key.k, keys.k, 16);
	memcpy(record->key.opc, keys.opc, 16);
	return 0;
}

/* PIN, PUK and ADM are random: no generator is weak in everything. */
static int draw_codes(struct output_record *record, struct fault *fault)
{
	uint32_t r[3];

	if (getrandom(r, sizeof(r), 0) != (ssize_t)sizeof(r))
		return fault_set(fault, FAULT_SYSTEM, NULL, "no random bytes: %s", strerror(errno));
	(void)snprintf(record->pin1, sizeof(record->pin1), "%04u", r[0] % 10000);
	(void)snprintf(record->puk1, sizeof(record->puk1), "%08u", r[1] % 100000000);
	(void)snprintf(record->adm1, sizeof(record->adm1), "%08u", r[2] % 100000000);
	return 0;
}

static int make_card(const char *name, struct output_record *record, const struct order *order,
		     struct fault *fault)
{
	struct reader *reader;
	struct profile profile;
	int result;

	if (reader_open(&reader, name, fault) < 0)
		return -1;
	order_profile(&profile, record, order);
	result = personalise(reader, &scp03_test_keys, &profile, fault);
	profile_wipe(&profile);
	reader_close(reader);
	return result;
}

static bool keep_none(void *context, const struct output_record *record)
{
	(void)context;
	(void)record;
	return false;
}

static int make_all(const struct order *order, struct source *source, const struct reader_entry *entry,
		    struct delivery *delivery, struct fault *fault)
{
	struct output_record record;
	char line[OUTPUT_LINE];
	int result = 0;

	progress_start(order->batch, order->count);
	for (uint32_t i = 1; i <= order->count && result == 0; i++) {
		memset(&record, 0, sizeof(record));
		order_card(record.iccid, record.imsi, order, i);
		memcpy(record.batch, order->batch, sizeof(record.batch));
		record.number = i;
		result = draw(&record, source, fault);
		if (result == 0)
			result = draw_codes(&record, fault);
		if (result == 0)
			result = make_card(entry[i - 1].name, &record, order, fault);
		if (result == 0)
			result = delivery_add(delivery, line, &record, fault);
		progress_at(i, record.iccid);
	}
	progress_end();
	secret_wipe(&record, sizeof(record));
	return result < 0 ? -1 : delivery_finish(delivery, fault);
}

/* As many readers with cards as the order has cards; in their order. */
static int take_readers(struct reader_entry entry[static READERS_MAX], const char *prefix, uint32_t wanted,
			struct fault *fault)
{
	struct reader_entry all[READERS_MAX];
	int count = reader_list(all, READERS_MAX, fault);
	uint32_t n = 0;

	for (int i = 0; i < count; i++)
		if (strncmp(all[i].name, prefix, strlen(prefix)) == 0 && all[i].card_present &&
		    n < READERS_MAX)
			entry[n++] = all[i];
	if (count >= 0 && n < wanted)
		return fault_set(fault, FAULT_CARD, NULL, "%u cards are ordered and %u are in readers",
				 (unsigned)wanted, (unsigned)n);
	return count < 0 ? -1 : 0;
}

static int run(const struct input *input, struct order *order, struct fault *fault)
{
	struct reader_entry entry[READERS_MAX];
	struct delivery *delivery = NULL;
	struct source source = {0};
	int result;

	if (order_load(order, input->order, fault) < 0 || source_open(&source, input, fault) < 0)
		return -1;
	if (order->design != DESIGN_PLAIN)
		return fault_set(fault, FAULT_INPUT, NULL, "the order is not for bulk-plain keys");
	if (mkdir(input->out, 0700) < 0 && errno != EEXIST)
		return fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", input->out, strerror(errno));
	if (delivery_finished(input->out, order->batch))
		return fault_set(fault, FAULT_POLICY, NULL, "%s: batch %s is made", input->out, order->batch);
	if (take_readers(entry, input->readers, order->count, fault) < 0 ||
	    delivery_open(&delivery, input->out, order->batch, DESIGN_PLAIN, keep_none, NULL, fault) < 0)
		return -1;
	result = make_all(order, &source, entry, delivery, fault);
	delivery_close(delivery);
	secret_wipe(&source, sizeof(source));
	return result;
}

int cmd_personalise(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = personalise_options,
		.parser = parse,
		.args_doc = "ORDER",
		.doc = "Make an order's cards, one to a reader, with keys that can be guessed. For the laboratory.",
		.children = children,
	};
	struct order order;
	struct input input = {0};
	struct fault fault = {0};

	options_parse(&argp, "simrite old-bureau personalise", argc, argv, &input, &input.options);
	stop_catch();
	if (run(&input, &order, &fault) < 0)
		return say_fault(&fault);
	say("%s/%s.csv: %u cards made, keys by %s", input.out, order.batch, (unsigned)order.count,
	    input.generator);
	say_result(json_pack("{s:s, s:s, s:i, s:o}", "batch", order.batch, "generator", input.generator,
			     "cards", (int)order.count, "file",
			     json_sprintf("%s/%s.csv", input.out, order.batch)));
	return FAULT_NONE;
}

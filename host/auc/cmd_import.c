/* All or nothing: a file that is wrong on its last line adds nobody. */
#include "auc/agreed.h"
#include "auc/commands.h"
#include "lib/envelope_keys.h"
#include "lib/output.h"
#include "lib/say.h"
#include "lib/secret.h"

#include <string.h>

enum {
	OPTION_REPLACE = 0x200,
	OPTION_RECEIPTS,
	OPTION_AGREE_KEY,
	OPTION_AUTHORITY,
	OPTION_FACTORY,
	OPTION_BATCH,
	OPTION_ENVELOPE_KEY,
	OPTION_BUREAU
};

struct input {
	struct command_input shared; /* first: place_init() sees it */
	const char *file, *batch, *envelope_key, *bureau;
	struct agreed_source agreed; /* its hsm is the place's */
	bool replace;
};

static const struct argp_option import_options[] = {
	{"replace", OPTION_REPLACE, NULL, 0, "Give subscribers already there the file's keys", 0},
	{"receipts", OPTION_RECEIPTS, "FILE", 0, "The cards' receipts, of an agreed batch", 0},
	{"agree-key", OPTION_AGREE_KEY, "KEY", 0,
	 "The batch's key pair: its label in the token (\"simrite agree BATCH\"), or file:KEY.pem", 0},
	{"authority", OPTION_AUTHORITY, "KEY", 0, "The ceremony's public key, as its transcript has it", 0},
	{"factory", OPTION_FACTORY, "KEY", 0, "The factory's public key, as the ceremony's plan has it", 0},
	{"batch", OPTION_BATCH, "ID", 0, "Refuse the file when it is another batch's", 0},
	{"envelope-key", OPTION_ENVELOPE_KEY, "KEY", 0,
	 "Of a sealed file: our key, its label in the token or file:KEY.pem", 0},
	{"bureau-key", OPTION_BUREAU, "KEY", 0, "Of a sealed file: the bureau's public key (SPKI, base64)",
	 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		place_init(state, &input->shared);
		return 0;
	case OPTION_REPLACE:
		input->replace = true;
		return 0;
	case OPTION_RECEIPTS:
		input->agreed.receipts = argument;
		return 0;
	case OPTION_AGREE_KEY:
		input->agreed.key = argument;
		return 0;
	case OPTION_AUTHORITY:
		input->agreed.authority = argument;
		return 0;
	case OPTION_FACTORY:
		input->agreed.factory = argument;
		return 0;
	case OPTION_BATCH:
		input->batch = argument;
		return 0;
	case OPTION_ENVELOPE_KEY:
		input->envelope_key = argument;
		return 0;
	case OPTION_BUREAU:
		input->bureau = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (input->file)
			argp_usage(state);
		input->file = argument;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which file?");
		return EINVAL;
	case ARGP_KEY_END:
		if (!input->envelope_key != !input->bureau)
			argp_error(state, "--envelope-key and --bureau-key come together");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* What an import is made of. */
struct work {
	struct auc *auc;
	struct output_reader *reader;
	struct envelope_ring *ring; /* of a sealed file */
	struct agreed *agreed;      /* opened at the first card of an agreed batch */
	unsigned count[3];          /* by enum auc_added */
};

static int import_record(struct work *work, const struct input *input, struct output_record *record,
			 struct fault *fault)
{
	struct subscriber subscriber = {.design = output_design(work->reader), .amf = 0x8000};
	int added;

	if (input->batch && strcmp(record->batch, input->batch) != 0)
		return fault_set(fault, FAULT_INPUT, "nothing was imported", "IMSI %s is of batch %s, not %s",
				 record->imsi, record->batch, input->batch);
	if (subscriber.design == DESIGN_AGREED &&
	    ((!work->agreed && agreed_open(&work->agreed, &input->agreed, record->batch, fault) < 0) ||
	     agreed_key(work->agreed, &record->key, record, fault) < 0))
		return -1;
	memcpy(subscriber.imsi, record->imsi, sizeof(subscriber.imsi));
	memcpy(subscriber.iccid, record->iccid, sizeof(subscriber.iccid));
	memcpy(subscriber.batch, record->batch, sizeof(subscriber.batch));
	memcpy(subscriber.kcv_k, record->kcv_k, 3);
	memcpy(subscriber.kcv_opc, record->kcv_opc, 3);
	added = auc_add(work->auc, &subscriber, subscriber.design == DESIGN_DERIVED ? NULL : &record->key, 0,
			input->replace, fault);
	if (added >= 0)
		work->count[added]++;
	return added;
}

static int import_all(struct work *work, const struct input *input, struct fault *fault)
{
	struct output_record record;
	int got, added = 0;

	if (auc_begin(work->auc, fault) < 0)
		return -1;
	while (added >= 0 && (got = output_next(work->reader, &record, fault)) == 1) {
		added = import_record(work, input, &record, fault);
		secret_wipe(&record, sizeof(record));
	}
	if (added < 0 || got < 0 || auc_commit(work->auc, fault) < 0) {
		auc_rollback(work->auc);
		return -1;
	}
	return 0;
}

/* Everything but the receipts' side, which the first record opens. */
static int import_file(struct work *work, struct input *input, struct fault *fault)
{
	struct auc_place place = input->shared.place;
	bool agreed;

	if (input->envelope_key && envelope_keys_open(&work->ring, input->envelope_key, place.hsm,
						      input->bureau, "bureau", fault) < 0)
		return -1;
	if (output_open_sealed(&work->reader, input->file, work->ring ? envelope_keys(work->ring) : NULL,
			       fault) < 0)
		return -1;
	agreed = output_design(work->reader) == DESIGN_AGREED;
	if (agreed != (input->agreed.receipts != NULL))
		return fault_set(fault, FAULT_USAGE, agreed ? "give --receipts and the bureau's file" : NULL,
				 agreed ? "%s: an agreed batch is imported with its receipts"
					: "%s: only an agreed batch has receipts",
				 input->file);
	input->agreed.hsm = place.hsm;
	if (agreed)
		place.hsm = NULL; /* one login is enough */
	return auc_open(&work->auc, &place, fault) < 0 ? -1 : import_all(work, input, fault);
}

int cmd_import(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_argp, 0, NULL, 0}, {&place_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = import_options,
		.parser = parse,
		.args_doc = "FILE",
		.doc = "Add the subscribers of a bureau's output file, of any design; all of them or none.",
		.children = children,
	};
	struct work work = {.auc = NULL};
	struct input input = {0};
	struct fault fault = {0};
	const char *design;
	int result;

	options_parse(&argp, "simrite auc import", argc, argv, &input, &input.shared.options);
	result = import_file(&work, &input, &fault);
	if (result == 0) {
		design = design_name(output_design(work.reader));
		say("%s: %u added, %u replaced, %u already there (%s)", input.file, work.count[AUC_NEW],
		    work.count[AUC_REPLACED], work.count[AUC_SAME], design);
		say_result(json_pack("{s:s, s:s, s:i, s:i, s:i}", "file", input.file, "design", design,
				     "added", (int)work.count[AUC_NEW], "replaced",
				     (int)work.count[AUC_REPLACED], "same", (int)work.count[AUC_SAME]));
	}
	agreed_close(work.agreed);
	output_close(work.reader);
	envelope_keys_close(work.ring);
	auc_close(work.auc);
	return result < 0 ? say_fault(&fault) : FAULT_NONE;
}

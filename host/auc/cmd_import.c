/* All or nothing: a file that is wrong on its last line adds nobody. */
#include "auc/commands.h"
#include "lib/output.h"
#include "lib/say.h"
#include "lib/secret.h"

#include <string.h>

enum {
	OPTION_REPLACE = 0x200
};

struct input {
	struct command_input shared; /* first: place_init() sees it */
	const char *file;
	bool replace;
};

static const struct argp_option import_options[] = {
	{"replace", OPTION_REPLACE, NULL, 0, "Give subscribers already there the file's keys", 0},
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
	case ARGP_KEY_ARG:
		if (input->file)
			argp_usage(state);
		input->file = argument;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which file?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int import_record(struct auc *auc, const struct output_record *record, enum design design,
			 bool replace, struct fault *fault)
{
	struct subscriber subscriber = {.design = design, .amf = 0x8000};

	memcpy(subscriber.imsi, record->imsi, sizeof(subscriber.imsi));
	memcpy(subscriber.iccid, record->iccid, sizeof(subscriber.iccid));
	memcpy(subscriber.batch, record->batch, sizeof(subscriber.batch));
	memcpy(subscriber.kcv_k, record->kcv_k, 3);
	memcpy(subscriber.kcv_opc, record->kcv_opc, 3);
	return auc_add(auc, &subscriber, design == DESIGN_DERIVED ? NULL : &record->key, 0, replace, fault);
}

static int import_all(struct auc *auc, struct output_reader *reader, bool replace, unsigned count[static 3],
		      struct fault *fault)
{
	struct output_record record;
	int got, added = 0;

	if (auc_begin(auc, fault) < 0)
		return -1;
	while ((got = output_next(reader, &record, fault)) == 1) {
		added = import_record(auc, &record, output_design(reader), replace, fault);
		secret_wipe(&record, sizeof(record));
		if (added < 0)
			break;
		count[added]++;
	}
	if (got < 0 || added < 0 || auc_commit(auc, fault) < 0) {
		auc_rollback(auc);
		return -1;
	}
	return 0;
}

int cmd_import(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_argp, 0, NULL, 0}, {&place_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = import_options,
		.parser = parse,
		.args_doc = "FILE",
		.doc = "Add the subscribers of a bureau's output file, of either design; all of them or none.",
		.children = children,
	};
	struct output_reader *reader = NULL;
	struct auc *auc = NULL;
	struct input input = {0};
	struct fault fault = {0};
	unsigned count[3] = {0};
	int result = -1;

	options_parse(&argp, "simrite auc import", argc, argv, &input, &input.shared.options);
	if (auc_open(&auc, &input.shared.place, &fault) == 0 && output_open(&reader, input.file, &fault) == 0)
		result = import_all(auc, reader, input.replace, count, &fault);
	if (result == 0) {
		say("%s: %u added, %u replaced, %u already there (%s)", input.file, count[AUC_NEW],
		    count[AUC_REPLACED], count[AUC_SAME], design_name(output_design(reader)));
		say_result(json_pack("{s:s, s:s, s:i, s:i, s:i}", "file", input.file, "design",
				     design_name(output_design(reader)), "added", (int)count[AUC_NEW],
				     "replaced", (int)count[AUC_REPLACED], "same", (int)count[AUC_SAME]));
	}
	output_close(reader);
	auc_close(auc);
	return result < 0 ? say_fault(&fault) : FAULT_NONE;
}

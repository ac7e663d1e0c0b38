#include "auc/commands.h"
#include "lib/hex.h"
#include "lib/say.h"
#include "lib/sequence.h"

static error_t parse(int key, char *argument, struct argp_state *state)
{
	(void)argument;
	switch (key) {
	case ARGP_KEY_INIT:
		place_init(state, state->input);
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int show(void *context, const struct auc_entry *entry)
{
	const struct subscriber *s = &entry->subscriber;
	char k[7], opc[7], sqn[13];
	uint8_t sqn_at[6];

	(void)context;
	hex_write(k, s->kcv_k, 3);
	hex_write(opc, s->kcv_opc, 3);
	sequence_bytes(sqn_at, entry->sqn);
	hex_write(sqn, sqn_at, 6);
	say("%-15s  %-20s  %-10s  %-20s  %s  %s  %04x  %s  %s", s->imsi, s->iccid, design_name(s->design),
	    s->batch, k, opc, s->amf, sqn, entry->algorithm);
	say_result(json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s}", "imsi", s->imsi, "iccid",
			     s->iccid, "design", design_name(s->design), "batch", s->batch, "kcv_k", k,
			     "kcv_opc", opc, "amf", (int)s->amf, "sqn", sqn, "algorithm", entry->algorithm));
	return stop_asked();
}

int cmd_list(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_argp, 0, NULL, 0}, {&place_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.parser = parse,
		.doc = "Show every subscriber: IMSI, ICCID, design, batch, check values of K and OPc, AMF, the "
		       "end of the sequence numbers reserved so far, and the algorithm.",
		.children = children,
	};
	struct auc *auc = NULL;
	struct command_input input = {0};
	struct fault fault = {0};
	int result = -1;

	options_parse(&argp, "simrite auc list", argc, argv, &input, &input.options);
	stop_catch();
	if (auc_open(&auc, &input.place, &fault) == 0)
		result = auc_list(auc, show, NULL, &fault);
	auc_close(auc);
	return result < 0 ? say_fault(&fault) : FAULT_NONE;
}

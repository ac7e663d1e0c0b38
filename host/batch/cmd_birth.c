/* The factory's step: who a card is, is made on the card and certified once,
 * before anybody orders anything of it. */
#include "batch/commands.h"
#include "gp/personalise.h"
#include "lib/card_state.h"
#include "lib/options.h"
#include "lib/personalise.h"
#include "lib/say.h"
#include "lib/signing_key.h"

#include <string.h>

enum {
	OPTION_READERS = 0x200,
	OPTION_FACTORY,
	OPTION_KEYS,
	READERS = 64
};

struct input {
	struct options options;
	const char *readers, *factory, *keys;
};

struct tally {
	unsigned born, already;
};

static const struct argp_option birth_options[] = {
	{"readers", OPTION_READERS, "PREFIX", 0, "Use the readers whose names begin so", 0},
	{"factory", OPTION_FACTORY, "SIGNER", 0,
	 "The factory's key: a PKCS#11 URI with ;object=LABEL, or, in simulations, file:KEY.pem", 0},
	{"card-keys", OPTION_KEYS, "FILE", 0, "The blank cards' SCP03 key set (the public test keys)", 0},
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
	case OPTION_FACTORY:
		input->factory = argument;
		return 0;
	case OPTION_KEYS:
		input->keys = argument;
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return EINVAL;
	case ARGP_KEY_END:
		if (!input->readers || !input->factory)
			argp_error(state, "--readers and --factory are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* A certificate that is there must be this factory's, of this card. */
static int check_certificate(const struct card_trust *trust, const struct signing_key *factory,
			     struct fault *fault)
{
	struct span bytes = {trust->certificate, sizeof(trust->certificate)};
	struct certificate certificate;

	if (ticket_certificate_parse(&certificate, bytes) < 0 ||
	    memcmp(certificate.identity, trust->identity, sizeof(trust->identity)) != 0 ||
	    ticket_verify(bytes, (struct span){signing_key_point(factory), P256_UNCOMPRESSED}) < 0)
		return fault_set(fault, FAULT_CARD, "take it out, or name that factory's key",
				 "the card was certified by another factory");
	return 0;
}

static int certify(struct reader *reader, const struct card_trust *trust, const struct signing_key *factory,
		   const struct scp03_key_set *keys, struct fault *fault)
{
	struct certificate certificate;
	uint8_t bytes[TICKET_CERTIFICATE];

	memcpy(certificate.identity, trust->identity, sizeof(certificate.identity));
	memcpy(certificate.firmware, trust->firmware, sizeof(certificate.firmware));
	if (signing_key_sign(factory, bytes, ticket_certificate_write(bytes, &certificate), fault) < 0)
		return -1;
	return personalise_grouping(reader, keys, DGI_CERTIFICATE, (struct span){bytes, sizeof(bytes)},
				    fault);
}

/* 1: it was born now, 0: before, -1. */
static int give_birth(struct reader *reader, const struct signing_key *factory,
		      const struct scp03_key_set *keys, struct fault *fault)
{
	struct card_trust trust;

	if (card_trust_read(reader, &trust, fault) < 0)
		return -1;
	if (trust.has_certificate)
		return check_certificate(&trust, factory, fault);
	if (!trust.has_identity &&
	    (personalise_grouping(reader, keys, DGI_IDENTITY, (struct span){NULL, 0}, fault) < 0 ||
	     card_trust_read(reader, &trust, fault) < 0))
		return -1;
	return certify(reader, &trust, factory, keys, fault) < 0 ? -1 : 1;
}

static int visit(struct tally *tally, const char *name, const struct signing_key *factory,
		 const struct scp03_key_set *keys, struct fault *fault)
{
	struct reader *reader;
	int born;

	if (reader_open(&reader, name, fault) < 0)
		return -1;
	born = give_birth(reader, factory, keys, fault);
	reader_close(reader);
	if (born < 0)
		return fault_prefix(fault, "reader \"%s\"", name);
	tally->born += born == 1;
	tally->already += born == 0;
	return 0;
}

static int visit_all(struct tally *tally, const struct input *input, const struct signing_key *factory,
		     const struct scp03_key_set *keys, struct fault *fault)
{
	struct reader_entry entries[READERS];
	int count = reader_list(entries, READERS, fault), matching = 0;

	if (count < 0)
		return -1;
	if (count > READERS)
		count = READERS;
	for (int i = 0; i < count; i++) {
		if (strncmp(entries[i].name, input->readers, strlen(input->readers)) != 0)
			continue;
		matching++;
		if (stop_asked())
			return fault_set(fault, FAULT_STOPPED, "the same command goes on", "stopped");
		if (entries[i].card_present && visit(tally, entries[i].name, factory, keys, fault) < 0)
			return -1;
	}
	if (matching == 0)
		return fault_set(fault, FAULT_CARD, "\"simrite card list\" shows the readers",
				 "no reader's name begins with \"%s\"", input->readers);
	return 0;
}

int cmd_birth(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = birth_options,
		.parser = parse,
		.doc = "Let blank cards make their identities, and certify them. Cards that have theirs stay as "
		       "they are.",
		.children = children,
	};
	struct scp03_key_set keys = scp03_test_keys;
	struct signing_key *factory = NULL;
	struct tally tally = {0};
	struct input input = {0};
	struct fault fault = {0};
	int result = -1;

	options_parse(&argp, "simrite batch birth", argc, argv, &input, &input.options);
	stop_catch();
	if ((!input.keys || scp03_key_set_load(&keys, input.keys, &fault) == 0) &&
	    signing_key_open(&factory, input.factory, &fault) == 0)
		result = visit_all(&tally, &input, factory, &keys, &fault);
	signing_key_close(factory);
	if (result < 0)
		return say_fault(&fault);
	say("%u cards born, %u were before", tally.born, tally.already);
	say_result(json_pack("{s:i, s:i}", "born", (int)tally.born, "already", (int)tally.already));
	return FAULT_NONE;
}

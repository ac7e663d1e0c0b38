/* card_options.h - what the commands for one party's card share. */
#ifndef SIMRITE_CARD_OPTIONS_H
#define SIMRITE_CARD_OPTIONS_H

#include <argp.h>
#include <jansson.h>

#include "lib/custodian.h"
#include "lib/options.h"

/* Where PINs come from (lib/secret.h); a source that is not given is the prompt. */
struct card_options {
	struct options options;
	const char *pin, *fresh, *code;
	bool last; /* --force-last-try */
};

/* --pin and --force-last-try as an argp child behind options_reader_argp. */
extern const struct argp card_options_argp;

/* In a parser's ARGP_KEY_INIT: hand the shared parts to the two children. */
void card_options_init(struct argp_state *state, struct card_options *options);

/* A new PIN or code, of `least` to 8 digits; at the prompt asked for twice, and until it is one. */
int card_options_fresh(char value[static CUSTODIAN_PIN + 2], const char *source, const char *what,
		       size_t least, struct fault *fault);

/* Say, and give as JSON, who the card is and what it holds. The result takes no reference. */
json_t *card_options_show(const struct custodian_card *card, const struct custodian_status *status);

#endif

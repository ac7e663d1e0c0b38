/* corpus_forms.h - the forms in which keys are written down (corpus.h), and what has none. */
#ifndef SIMRITE_CORPUS_FORMS_H
#define SIMRITE_CORPUS_FORMS_H

#include <stdbool.h>
#include <stdio.h>

#include "bureau/corpus.h"
#include "bureau/dice.h"

enum {
	CORPUS_CARDS = 40
};

struct corpus_card {
	char imsi[16], iccid[21], k[33], opc[33], pin[5], puk[9];
};

struct corpus_item {
	enum corpus_form form;
	unsigned number, count;
	struct corpus_card card[CORPUS_CARDS];
};

/* Draw an item's cards. */
void corpus_draw(struct corpus_item *item, struct dice *dice);

/* The file that is attached or dropped, or of those forms that are in the body the body. */
void corpus_write(FILE *out, const struct corpus_item *item, struct dice *dice);
bool corpus_in_body(enum corpus_form form);
const char *corpus_extension(enum corpus_form form);

/* A mail's body that holds no key, of the kind `kind` (any number); and a binary one. */
void corpus_noise(FILE *out, unsigned kind, struct dice *dice);
const char *corpus_noise_subject(unsigned kind);

#endif

/* design.h - the ways to deliver keys, as rows of one table.
 *
 * A design says how the cards of a batch get their keys, what travels between
 * bureau and operator, and what each place leaks when it is robbed. The world
 * (world.h) is built from the row; nothing else knows a design by its name.
 * A new design is a row here and, where its steps are not those of a row that
 * is there, a function beside it. */
#ifndef SIMRITE_DESIGN_H
#define SIMRITE_DESIGN_H

#include <stdbool.h>

#include "lib/output.h"

/* What the cards' keys come from. */
enum key_source {
	KEYS_RANDOM,     /* each card its own */
	KEYS_ONE_MASTER, /* computed from one key, whatever the batch */
	KEYS_PER_BATCH,  /* computed from a key of the batch */
	KEYS_AGREED,     /* card and operator agree; the bureau never has them */
};

struct design_row {
	const char *name;
	const char *text;    /* one line: how the cards get their keys */
	const char *making;  /* the same, of a batch that is being made */
	const char *travels; /* what is in the mail */
	const char *id;      /* batch ids begin so; a rehearsal's when the ceremony makes its key */
	enum design_form {   /* what the bureau's program is told (lib/output.h) */
		FORM_PLAIN = DESIGN_PLAIN,
		FORM_DERIVED = DESIGN_DERIVED,
		FORM_AGREED = DESIGN_AGREED,
	} form;
	enum key_source keys;
	bool ceremony; /* a key ceremony comes first */
	/* How many secrets there are whose loss alone opens every card of every
	 * batch, and which: from the design, not measured. */
	unsigned secrets;
	const char *which;
};

/* By name, or NULL. */
const struct design_row *design_find(const char *name);
/* Row `i` of the table, or NULL behind the last. */
const struct design_row *design_at(unsigned i);

#endif

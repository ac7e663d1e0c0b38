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

#include "lib/fault.h"
#include "lib/output.h"

struct world;
struct batch;

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
	bool ceremony;    /* a key ceremony comes first */
	const char *card; /* the program that every card is, of sim/backdoors; NULL: the honest one */
	/* How a bureau of 2010 does it, and what it could have done (old_ways.h). */
	const char *generator; /* NULL: simrite-batch draws or computes them; else simrite-old-bureau's */
	const char *transport; /* NULL: as it is; a cipher under a shared transport key; or "sealed" */
	bool keeps;            /* sealed: the operator's key is not destroyed after the import */
	/* How many secrets there are whose loss alone opens every card of every
	 * batch, and which: from the design, not measured. */
	unsigned secrets;
	const char *which;
	/* Steps that are not those of the other rows; NULL: they are. All work
	 * below the world's folder (world.h), the first and the last inside the
	 * readers.
	 * personalise: make the cards of sealed/order-BATCH.json and write the
	 * output file (world_output()).
	 * pack, unpack: what the mail carries, and what the operator imports, made
	 * of what the mail carried; each names its file in `file`, HEIST_PATH long.
	 * update: after the theft and before the phones attach again. */
	int (*personalise)(const struct world *world, const struct batch *batch, struct fault *fault);
	int (*pack)(char *file, const struct world *world, const struct batch *batch, struct fault *fault);
	int (*unpack)(char *file, const struct world *world, const struct batch *batch, struct fault *fault);
	int (*update)(const struct world *world, const struct batch *batch, struct fault *fault);
};

/* By name, or NULL. */
const struct design_row *design_find(const char *name);
/* Row `i` of the table, or NULL behind the last. */
const struct design_row *design_at(unsigned i);

#endif

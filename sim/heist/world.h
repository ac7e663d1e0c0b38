/* world.h - one world: an operator, a bureau, cards, phones, an antenna.
 *
 * A world is built once, by real programs, and robbed as often as there are
 * thieves (cell.h). What makes it is in world.json, all of it public; what is
 * secret in it is in sealed/. Below its folder:
 *
 *   world.json                         what was asked for
 *   plan.json transcript.jsonl         the ceremony, when the design has one
 *   mail/ radio.pcapng                 what travels in the open
 *   thieves/NAME/captured loot         what each thief got, and made of it
 *   log/                               what every child said
 *   sealed/ (0700)                     everything else:
 *     ceremony/ bureau-BATCH/ cards-BATCH/ auc.db truth-DESIGN/ answers.log
 *     moment/                          files that change, as they were when the thief came
 *
 * Time has two phases, before and after the theft: every card attaches so many
 * times in each, and the sealed truth says in which. */
#ifndef SIMRITE_WORLD_H
#define SIMRITE_WORLD_H

#include <stdbool.h>

#include "heist/design.h"
#include "heist/heist.h"

enum {
	WORLD_BATCHES = 2,
	WORLD_CARDS_MAX = HEIST_CARDS_MAX, /* of a batch */
	WORLD_SESSIONS_MAX = 20,           /* of a card, in a phase */
	WORLD_NAME = 64,
};

enum phase {
	BEFORE,
	AFTER,
};

/* What is asked for. */
struct world_order {
	const struct design_row *designs[WORLD_BATCHES]; /* of each batch; often the same */
	unsigned batches;
	char access[24];  /* how phones attach: "lte", or a method of simrite-radio's --access */
	bool apart;       /* OPc goes another way than K */
	char station[24]; /* the thief (thief.h) that stands between phones and network after the theft; or ""
			   */
	bool require_fs;  /* phones attach with forward secrecy (RFC 9678) or not at all */
	char support[16]; /* what a support mail about an encrypted file compares: "clear" keys,
			     "check-values", "none" */
	unsigned mails;   /* about so many in the mail folder, those that matter among them */
	unsigned space_bits; /* how many bits of a DES key or seed a thief does not know */
	unsigned cards;      /* of each batch */
	unsigned before, after;
	char seed[65];
};

struct batch {
	const struct design_row *design;
	unsigned number;   /* 0.. in the world */
	char name[40];     /* of files and logs: the design's, and a number when it has several batches */
	char id[BATCH_ID]; /* of the order, and of its key in the token */
	char first_imsi[16], first_iccid[21];
};

struct world {
	struct heist at; /* its folder */
	struct world_order order;
	struct batch batches[WORLD_BATCHES];
};

const char *phase_name(enum phase phase);

/* Is it a way to attach that a world can have? */
bool world_access(const char *name);

/* "derived-batch-lte": from what was asked for. */
void world_name(char name[static WORLD_NAME], const struct world_order *order);

/* Lay out a world in a folder that is there; nothing is made yet. */
int world_lay_out(struct world *world, const struct heist *at, const struct world_order *order,
		  struct fault *fault);
/* Write world.json, and read it back in a process of its own. */
int world_write(const struct world *world, struct fault *fault);
int world_read(struct world *world, const struct heist *at, struct fault *fault);

/* "sealed/bureau-derived-1/rehearsal-derived-1.csv" and the like: a name below
 * the world's folder, of a batch. `what` has one %s, for the batch's name. */
void world_file(char path[static HEIST_PATH], const struct world *world, const struct batch *batch,
		const char *what);
/* The bureau's output file of a batch. */
void world_output(char path[static HEIST_PATH], const struct world *world, const struct batch *batch);
/* "softhsm:..." of the ceremony's token. */
void world_token(char uri[static HEIST_PATH], const struct world *world);
const struct batch *world_batch(const struct world *world, const char *name); /* or NULL */
bool world_has_ceremony(const struct world *world);

/* ---- building it, in this order ---- */

/* Its folders and world.json. */
int world_begin(struct world *world, struct fault *fault);
/* The ceremony (nothing where no design has one) and the mails around. */
int world_ceremony(struct world *world, struct fault *fault);
/* This program again, inside simulated readers: cards are made, files travel,
 * the operator imports, phones attach. Or, AFTER, phones attach again. */
int world_batch_run(struct world *world, const struct batch *batch, enum phase phase, bool talk,
		    struct fault *fault);
/* The theft: what changes afterwards is set aside. */
int world_moment(struct world *world, struct fault *fault);
/* All of it, without a word; `step` is called before each, for a progress bar. May be NULL. */
int world_build(struct world *world, void (*step)(void *context, const char *what), void *context,
		struct fault *fault);

/* The inner side of world_batch_run(). */
int world_make(struct world *world, const struct batch *batch, bool talk, struct fault *fault);
int world_attach(struct world *world, const struct batch *batch, enum phase phase, struct fault *fault);

#endif

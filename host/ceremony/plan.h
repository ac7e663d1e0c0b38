/* plan.h - the one reviewed file that is the whole input of a ceremony.
 *
 * JSON, documented in simrite-ceremony-plan(5). Everything in it is checked
 * when it is read, before anything else is touched: unknown members, wrong
 * types, empty texts, numbers out of range, names that occur twice. A fault
 * (FAULT_INPUT) names the place, "custodians[1].name". */
#ifndef SIMRITE_PLAN_H
#define SIMRITE_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/fault.h"

enum {
	PLAN_CUSTODIANS = 16,
	PLAN_BATCHES = 64,
	PLAN_KNOWN = 64,
	PLAN_ID = 32,
	PLAN_TEXT = 128
};

struct plan_custodian {
	const char *name, *role, *jurisdiction;
};

struct plan_batch {
	const char *id;
	unsigned count;          /* cards */
	const char *first_iccid; /* "" when not given */
};

/* Texts point into `json`. */
struct plan {
	json_t *json;
	uint8_t digest[32]; /* SHA-256 of the canonical text */
	const char *id, *title, *operator_name, *hsm;
	bool rehearsal;
	unsigned threshold, total, batch_count, known_count;
	struct plan_custodian custodians[PLAN_CUSTODIANS];
	struct plan_batch batches[PLAN_BATCHES];
	const char *known[PLAN_KNOWN]; /* labels that may be in the token already */
	bool has_previous;
	uint8_t previous[32];
};

/* Caller ends with plan_free(), also after a failure. */
int plan_load(struct plan *plan, const char *path, struct fault *fault);
/* The same from a value, which is borrowed (a transcript's first entry). */
int plan_take(struct plan *plan, const json_t *value, struct fault *fault);
void plan_free(struct plan *plan);

/* Is this the label of an object that the ceremony makes? */
bool plan_makes(const struct plan *plan, const char *label);
/* Is it one that may be in the token already? */
bool plan_knows(const struct plan *plan, const char *label);

const char *plan_mode(const struct plan *plan); /* "rehearsal" or "production" */
/* How many sets of `threshold` custodians there are. */
unsigned plan_quorums(const struct plan *plan);
/* How many of those lie inside one jurisdiction. */
unsigned plan_quorums_in_one_jurisdiction(const struct plan *plan);

#endif

/* plan.h - the one reviewed file that is the whole input of a ceremony.
 *
 * JSON, documented in simrite-ceremony-plan(5), its shape also in
 * docs/ceremony/plan.schema.json. Everything in it is checked when it is
 * read, before anything else is touched: unknown members, wrong types, empty
 * texts, numbers out of range, names, keys, serials and bags that occur
 * twice, a quorum inside too few jurisdictions. A fault (FAULT_INPUT) names
 * the place, "custodians[1].name".
 *
 * plan.c reads it, plan_parties.c who takes part, plan_batches.c what is
 * made; plan_policy.c computes who can do what together. */
#ifndef SIMRITE_PLAN_H
#define SIMRITE_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "ceremony/place.h"
#include "keys/subscriber_key.h"
#include "lib/fault.h"

enum {
	PLAN_CUSTODIANS = 16,
	PLAN_WITNESSES = 8,
	PLAN_PARTIES = 1 + PLAN_CUSTODIANS + PLAN_WITNESSES,
	PLAN_BATCHES = 64,
	PLAN_KNOWN = 64,
	PLAN_DEVICES = 32,
	PLAN_SOFTWARE = 16,
	PLAN_FACTORIES = 8,
	PLAN_DESTRUCTION = 16,
	PLAN_SLOTS = 4, /* key slots of a card: KEY_SLOTS of firmware/bounds.h */
	PLAN_ID = 32,
	PLAN_TEXT = PLACE_TEXT
};

/* What a custodian's share is kept in. */
enum plan_share {
	PLAN_FILE,
	PLAN_CARD,
	PLAN_PAPER
};

/* Somebody who takes part. Who has a key signs. */
struct plan_party {
	const char *name;
	const char *role; /* "administrator", "custodian" or "witness" */
	const char *key;  /* SubjectPublicKeyInfo, DER, base64; NULL: none */
	uint8_t point[65];
};

struct plan_custodian {
	const char *name, *role, *jurisdiction;
	const char *serial, *bag; /* of the card; "" when not given */
	enum plan_share share;
	bool says_share; /* the plan says so, and the transcript then, too */
};

struct plan_batch {
	const char *id;
	unsigned count;           /* cards */
	const char *first_iccid;  /* "" when not given */
	unsigned method;          /* enum slot_method; 0: a batch key alone, no tickets */
	unsigned slot;            /* the cards' key slot; with a method */
	uint32_t expires;         /* of its tickets, Unix seconds; with a method */
	const char *expires_text; /* as the plan says it; "" without a method */
	uint32_t first_ticket;    /* number of its first one; with a method */
};

struct plan_device {
	const char *name, *kind;
	const char *serial, *bag, *new_bag; /* "" when not given */
};

struct plan_software {
	const char *name;
	uint8_t sha256[32];
};

/* Texts point into `json`. */
struct plan {
	json_t *json;
	uint8_t digest[32]; /* SHA-256 of the canonical text */
	const char *id, *title, *operator_name, *hsm;
	bool rehearsal;
	unsigned threshold, total, batch_count, known_count;
	unsigned jurisdictions; /* every quorum holds people of that many, at least */
	struct plan_custodian custodians[PLAN_CUSTODIANS];
	/* administrator (if there is one), custodians by index, witnesses */
	struct plan_party parties[PLAN_PARTIES];
	unsigned party_count, first_custodian;
	struct plan_batch batches[PLAN_BATCHES];
	const char *known[PLAN_KNOWN]; /* labels that may be in the token already */
	struct plan_device devices[PLAN_DEVICES];
	struct plan_software software[PLAN_SOFTWARE]; /* the programs that may be used; none: any */
	struct plan_party factories[PLAN_FACTORIES];  /* whose cards are genuine */
	const char *destruction[PLAN_DESTRUCTION];    /* what is destroyed at the end, and how */
	unsigned device_count, software_count, factory_count, destruction_count;
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

/* The party of this name, or NULL. */
const struct plan_party *plan_party(const struct plan *plan, const char *name);
/* How many parties sign, and the i-th of them, in the order they sign in. */
unsigned plan_signers(const struct plan *plan);
const struct plan_party *plan_signer(const struct plan *plan, unsigned i);
/* The i-th custodian as a party. */
const struct plan_party *plan_custodian(const struct plan *plan, unsigned i);
const char *plan_share_name(enum plan_share share); /* "file", "card", "paper" */
const char *plan_method_name(unsigned method);      /* "injected", "derived", "agreed"; NULL for 0 */

/* How many batches have this method (0: any, so that they have tickets), and
 * the i-th of them, in the plan's order, as its number among all batches, from 0. */
unsigned plan_batches_with(const struct plan *plan, unsigned method);
unsigned plan_batch_with(const struct plan *plan, unsigned method, unsigned i);
/* The number of the batch of this id, or batch_count. */
unsigned plan_batch(const struct plan *plan, const char *id);

/* May a program of this SHA-256 hold the ceremony? And a token of this serial
 * number: when the plan lists an HSM among its devices, it must be one of those. */
bool plan_allows_program(const struct plan *plan, const uint8_t sha256[static 32]);
bool plan_allows_hsm(const struct plan *plan, const char *serial);

/* ---- plan_policy.c: sets of custodians, as bits (1: the first) ---- */

/* The first set of `size` custodians, and the next one; 0 after the last. */
unsigned plan_first_set(unsigned size);
unsigned plan_next_set(const struct plan *plan, unsigned set);
/* How many jurisdictions the people of a set come from (upper and lower case being one). */
unsigned plan_jurisdictions_of(const struct plan *plan, unsigned set);
/* All custodians of the jurisdiction of custodian i; 0 when an earlier one has it, too. */
unsigned plan_compatriots(const struct plan *plan, unsigned i);
/* "Alice, Bob" */
void plan_set_names(char *out, size_t size, const struct plan *plan, unsigned set);
/* How many sets of `threshold` custodians there are. */
unsigned plan_quorums(const struct plan *plan);
/* How many of those lie inside one jurisdiction. */
unsigned plan_quorums_in_one_jurisdiction(const struct plan *plan);
/* How many custodians together can deny the master to the others. */
unsigned plan_blocking(const struct plan *plan);
/* Is no quorum inside fewer jurisdictions than the plan asks for? FAULT_INPUT names one. */
int plan_check_policy(const struct plan *plan, struct fault *fault);

/* ---- for plan.c only ---- */

int plan_take_id(const char **out, const struct place *place, bool rehearsal, struct fault *fault);
int plan_take_parties(struct plan *plan, const struct place *top, struct fault *fault);
int plan_take_batches(struct plan *plan, const struct place *top, struct fault *fault);
int plan_take_things(struct plan *plan, const struct place *top, struct fault *fault);

#endif

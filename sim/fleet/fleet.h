/* fleet.h - a million subscribers of one operator, under one way to deliver keys.
 *
 * Every subscriber has a whole card (chip.h), personalised through SCP03 by
 * the host's own code, and answers three AUTHENTICATEs: two sessions that an
 * antenna hears, and one challenge that nobody hears the answer of. Cards are
 * made one after the other in the memory of one chip for each thread; what is
 * kept of a subscriber is its keys and what the card answered to the
 * challenge: the sealed truth.
 *
 * The key comes by the same code as elsewhere: firmware/keys/derive.h and
 * host/ceremony/hierarchy.h for derived ones, the card's own ECDH (STORE DATA,
 * DGI_AGREE) for agreed ones. */
#ifndef SIMRITE_FLEET_H
#define SIMRITE_FLEET_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "crypto/sha256.h"
#include "fleet/draw.h"
#include "theft/spoils.h"

enum {
	FLEET_SESSIONS = 2, /* 0 before the theft, 1 after it */
	FLEET_PATH = 512,
	FLEET_COUNT_MAX = 10000000,
	FLEET_BATCHES_MAX = 1000,
	FLEET_THREADS_MAX = 64,
};

enum fleet_design {
	FLEET_PLAIN,         /* the file of 2010: every key in it, in clear */
	FLEET_AEAD,          /* each record sealed under the batch's transport key, bound to its card */
	FLEET_DERIVED,       /* K and OPc from one master and the ICCID */
	FLEET_DERIVED_BATCH, /* the same from a key of the batch, which comes from a master */
	FLEET_AGREED,        /* the card and the operator agree */
	FLEET_DESIGNS
};
const char *fleet_design_name(enum fleet_design design);

/* One subscriber, sealed. */
struct member {
	uint8_t k[16], opc[16]; /* as the operator has them */
	uint8_t res[8];         /* the card's answer to the challenge */
};

struct fleet {
	enum fleet_design design;
	uint8_t seed[DRAW_SEED];
	uint32_t count, batches;
	unsigned threads;
	char folder[FLEET_PATH]; /* where heard.bin and challenges.bin are */

	uint8_t master[32];
	uint8_t (*batch_key)[32]; /* transport key, batch key, or private half of the agreement */
	uint8_t (*agree_public)[P256_COMPRESSED]; /* FLEET_AGREED */

	struct member *members;
	struct agreement *agreements; /* FLEET_AGREED */
	struct heard *heard;          /* session s of subscriber i: [s * count + i] */
	struct heard_challenge *challenges;

	/* of the run */
	atomic_uint next, done;
	atomic_ullong commands;
	atomic_bool failed;
	pthread_mutex_t lock; /* of the fault */
	struct fault *fault;
};

/* Memory, files and the operator's secrets. `folder` exists. The caller ends it, also after a failure. */
int fleet_begin(struct fleet *fleet, enum fleet_design design, const char *folder, struct fault *fault);
/* Every card lives its life. FAULT_STOPPED when that was asked for. */
int fleet_run(struct fleet *fleet, struct fault *fault);
/* SHA-256 of all that was heard, as heard.bin and challenges.bin have it: two fleets are the same, or not. */
int fleet_digest(uint8_t digest[static SHA256_LENGTH], const struct fleet *fleet, struct fault *fault);
void fleet_end(struct fleet *fleet); /* wipes; the files stay */

/* ---- numbers ---- */

/* Batches are as long as each other, but the last ones one shorter. */
uint32_t fleet_batch_first(const struct fleet *fleet, uint32_t batch);
uint32_t fleet_batch_of(const struct fleet *fleet, uint32_t subscriber);
#define FLEET_CEREMONY "rehearsal-fleet"
void fleet_batch_name(char name[static 32], uint32_t batch);
void fleet_imsi(char imsi[static 16], uint32_t subscriber);
int fleet_iccid(char iccid[static 21], uint32_t subscriber, struct fault *fault);

/* What the user says in a session; 32 bytes. */
int fleet_words(uint8_t words[static HEARD_DATA], const struct fleet *fleet, uint32_t subscriber,
		unsigned session);

/* ---- keys.c: how each design brings keys to card and operator ---- */

struct reader;
struct profile;
/* Make the operator's secrets of the design. */
int keys_begin(struct fleet *fleet, struct fault *fault);
/* The bureau makes the card; member's keys are what the operator then has. */
int keys_deliver(struct fleet *fleet, struct reader *chip, struct profile *profile, uint32_t subscriber,
		 struct fault *fault);
/* A record as it travels, or as a database keeps it. */
int keys_seal(struct envelope *envelope, const struct fleet *fleet, uint32_t subscriber,
	      const uint8_t key[static 32], const char *purpose);

/* ---- life.c: one subscriber's whole life ---- */

int life(struct fleet *fleet, struct reader *chip, uint32_t subscriber, struct fault *fault);

#endif

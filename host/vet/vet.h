/* vet.h - one sample card under examination, and what every check may use.
 *
 * The vetter owns the sample: it gives it keys, PINs and numbers of its own
 * choice (vet_begin()), so that it can tell a right answer from a wrong one.
 * What is not the card's is drawn from a seed: the same seed asks the same. */
#ifndef SIMRITE_VET_H
#define SIMRITE_VET_H

#include <stdbool.h>

#include "lib/card_aka.h"
#include "lib/profile.h"
#include "lib/reader.h"
#include "lib/scp03_host.h"
#include "vet/leaks.h"

/* How much to ask. */
struct vet_budget {
	unsigned challenges;      /* of 256 bytes */
	unsigned power_ups;       /* power cycles */
	unsigned authentications; /* of the long run */
	unsigned signatures;      /* and agreements and channels */
	bool deep;                /* every class, every AMF, every tag */
};

/* 16 bytes that no two cards and no two power-ups may have in common. */
struct vet_print {
	uint8_t bytes[16];
	unsigned card;
	const char *what;
};

/* Of all cards of a run. */
struct vet_prints {
	struct vet_print *at;
	size_t count, room;
};

enum vet_verdict {
	VET_CLEAN,
	VET_FOUND,
	VET_NOT_DONE
};

/* What a check has to say. */
struct vet_finding {
	enum vet_verdict verdict;
	char text[400]; /* what was found, or what was measured; why it was not done */
};

struct vet {
	struct reader *card, *reference; /* reference: an honest card to compare with, or NULL */
	struct scp03_key_set keys;       /* of the card's channel */
	struct vet_budget budget;
	uint64_t seed, drawn;
	unsigned number; /* of this card in the run, from 1 */
	struct profile profile;
	uint8_t iccid[10];
	uint64_t seq; /* highest SEQ the card accepted */
	struct leaks leaks;
	struct vet_prints *prints;
	unsigned long apdus;
};

/* Personalise card and reference with values of the seed's, and look for secrets in every answer from now on.
 * FAULT_POLICY for a card that is personalised already, unless `overwrite`. */
int vet_begin(struct vet *vet, bool overwrite, struct fault *fault);
void vet_end(struct vet *vet); /* wipes what it knows; closes no reader */

/* Bytes of the seed's. */
void vet_draw(struct vet *vet, void *out, size_t length);

/* Select ADF.USIM of the card, or the reference, and verify PIN1. */
int vet_ready(struct vet *vet, struct reader *reader, struct fault *fault);

/* AUTHENTICATE of the card with this SQN and AMF and a fresh RAND; vet_again() with a vector that was used.
 */
int vet_aka(struct vet *vet, struct aka_vector *vector, struct card_aka_answer *answer, uint64_t sqn,
	    const uint8_t amf[static 2], struct fault *fault);
int vet_again(struct vet *vet, const struct aka_vector *vector, struct card_aka_answer *answer,
	      struct fault *fault);
/* Is the answer RES, CK and IK of this vector? */
bool vet_is_right(const struct aka_vector *vector, const struct card_aka_answer *answer);

/* GET CHALLENGE; fewer bytes than asked for are a fault. */
int vet_challenge(struct vet *vet, uint8_t *out, unsigned length, struct fault *fault);

/* Keep 16 bytes of a card for the comparison of all that was kept. */
int vet_print(struct vet_prints *prints, unsigned card, const uint8_t bytes[static 16], const char *what,
	      struct fault *fault);
/* Which came twice? Fills in `finding`: VET_FOUND, or VET_CLEAN. */
void vet_compare_prints(struct vet_prints *prints, struct vet_finding *finding);

/* Add to a finding: VET_FOUND and why (the first few reasons are kept); or what was measured. */
void vet_found(struct vet_finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));
void vet_say(struct vet_finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

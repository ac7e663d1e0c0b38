/* checks.h - the questions `simrite vet card` asks, in their order.
 *
 * A check returns 0 with its finding, or -1 and a fault when reader or card
 * stopped. It leaves PIN tries full and the card usable. */
#ifndef SIMRITE_CHECKS_H
#define SIMRITE_CHECKS_H

#include "vet/vet.h"

struct check {
	const char *name;  /* as in --only and the JSON result */
	const char *about; /* what is done */
	const char *shows; /* what it can find */
	const char *blind; /* what it cannot */
	int (*run)(struct vet *vet, struct vet_finding *finding, struct fault *fault);
};

/* The table; the last row has no name. */
extern const struct check checks[];

int check_power_ups(struct vet *vet, struct vet_finding *finding, struct fault *fault);
int check_random(struct vet *vet, struct vet_finding *finding, struct fault *fault);
int check_answers(struct vet *vet, struct vet_finding *finding, struct fault *fault);
int check_sequence(struct vet *vet, struct vet_finding *finding, struct fault *fault);
int check_long_run(struct vet *vet, struct vet_finding *finding, struct fault *fault);
int check_instructions(struct vet *vet, struct vet_finding *finding, struct fault *fault);
int check_files(struct vet *vet, struct vet_finding *finding, struct fault *fault);
int check_signatures(struct vet *vet, struct vet_finding *finding, struct fault *fault);
int check_agreements(struct vet *vet, struct vet_finding *finding, struct fault *fault);
int check_channel(struct vet *vet, struct vet_finding *finding, struct fault *fault);
int check_codes(struct vet *vet, struct vet_finding *finding, struct fault *fault);
int check_messages(struct vet *vet, struct vet_finding *finding, struct fault *fault);
int check_leaks(struct vet *vet, struct vet_finding *finding, struct fault *fault); /* of all before it */

#endif

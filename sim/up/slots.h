/* slots.h - the cards of a simulation going into and out of its readers.
 *
 * Used by the keeper only, whose children card processes and boards become. */
#ifndef SIMRITE_SLOTS_H
#define SIMRITE_SLOTS_H

#include <sys/types.h>
#include <winscard.h>

#include "up/simulation.h"

struct slots {
	const struct simulation *simulation;
	SCARDCONTEXT pcsc;
	pid_t children[SIMULATION_CARDS_MAX]; /* card process or board; 0: none */
};

/* Connect to the simulation's pcscd (process `pcscd`), waiting until it serves. */
int slots_open(struct slots *slots, const struct simulation *simulation, pid_t pcscd, struct fault *fault);

/* Put card `slot` in, or take it out, and return when its reader shows so. */
int slots_insert(struct slots *slots, unsigned slot, struct fault *fault);
int slots_remove(struct slots *slots, unsigned slot, struct fault *fault);

/* 1, 0, or -1 and why: what the reader shows. */
int slots_present(const struct slots *slots, unsigned slot, struct fault *fault);

/* A child with this pid was waited for: 1 when it was a card or board. */
int slots_ended(struct slots *slots, pid_t pid);

/* End what was started. */
void slots_close(struct slots *slots);

#endif
